from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from webapp.accounts.schemas import PersonOut
from webapp.types import In, Out, clean, example

TypedHandle = Annotated[
    str,
    BeforeValidator(clean),
    Field(min_length=1, max_length=100, description="With or without @."),
    AfterValidator(lambda value: value.removeprefix("@")),
]


class BlockIn(In, json_schema_extra=example(handle="grace")):
    """Whom to block, by their handle."""

    handle: TypedHandle


class BlockOut(Out):
    id: Annotated[int, Field(description="The id of the person.")]
    user: PersonOut
    blocked_by: PersonOut
    created_at: datetime
