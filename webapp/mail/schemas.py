from typing import Annotated

from pydantic import Field

from webapp.types import Out


class EndedOut(Out):
    ended: Annotated[str, Field(description="Which mails no longer come, in words.")]
