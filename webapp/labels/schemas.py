from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from webapp.types import MAX_ID, UNSET, Colour, In, Name, Out, Summary


def _chosen(value: Any) -> Any:
    if value == "":
        raise ValueError("is still to be chosen")
    return value


class LabelIn(In):
    name: Name
    color: Colour = "#7d7871"
    description: Summary = ""


class LabelEdit(In):
    name: Name = UNSET
    color: Colour = UNSET
    description: Summary = UNSET


class MergeIn(In):
    into: Annotated[
        int, BeforeValidator(_chosen), Field(ge=1, le=MAX_ID, description="The label that takes its place.")
    ]


class LabelOut(Out):
    id: int
    name: str
    color: str
    description: str
    issue_count: int
