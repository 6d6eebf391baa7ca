from datetime import datetime
from typing import Annotated

from pydantic import Field

from webapp.types import Out


class PersonOut(Out):
    """Somebody as others see them."""

    id: int
    name: str


class ProfileOut(PersonOut):
    email: Annotated[str | None, Field(description="Null but to this person and to administrators.")]
    avatar_url: str
    time_zone: str
    created_at: datetime
