from datetime import datetime
from typing import Annotated

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.types import Out


class AttachmentOut(Out):
    """A file. `markdown` is what to write into the text of an issue or comment, which then keeps the file."""

    id: int
    name: str
    size: int
    media_type: str
    width: Annotated[int | None, Field(description="In pixels, of a picture.")]
    height: int | None
    url: str
    thumbnail_url: str | None
    markdown: str
    uploader: PersonOut
    created_at: datetime
