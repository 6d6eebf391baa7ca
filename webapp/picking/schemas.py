from typing import Annotated

from pydantic import BeforeValidator, Field

from webapp.picking.rows import Kind
from webapp.types import In, Out, clean


class ChoicesQuery(In):
    """What is sought among the people, labels or milestones that issues of a project can be given."""

    of: Kind = Kind.PERSON
    q: Annotated[
        str,
        BeforeValidator(clean),
        Field(max_length=100, description="What the name begins with, a word of it, or a handle."),
    ] = ""


class FindQuery(In):
    """What is sought among the choices of one field, and the list or board that led to it."""

    find: Annotated[str, BeforeValidator(clean), Field(max_length=100)] = ""
    q: str = ""
    board: str = ""


class ChoiceOut(Out):
    id: int
    name: str
    handle: str | None
    color: str | None
    said: Annotated[str, Field(description="How a query says it, within quotation marks if it has any.")]
