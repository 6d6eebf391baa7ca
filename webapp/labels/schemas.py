from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from webapp.i18n import _
from webapp.types import MAX_ID, UNSET, Colour, In, Name, Out, Summary, Wrong, example


def _chosen(value: Any) -> Any:
    if value == "":
        raise Wrong(_("is still to be chosen"))
    return value


class Coloured(In):
    """A form's last choice of a colour is the one that is typed beside it."""

    beside = frozenset({"color_other"})

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any, info: ValidationInfo) -> Any:
        if info.mode == "json" or "color_other" not in data:
            return data
        rest = {name: value for name, value in data.items() if name != "color_other"}
        return {**rest, "color": data["color_other"]} if rest.get("color") == "other" else rest


class LabelIn(Coloured, json_schema_extra=example(name="granite", color="#7d7871")):
    name: Name
    color: Colour = "#7d7871"
    description: Summary = ""


class LabelEdit(Coloured, json_schema_extra=example(color="#0e7ec4")):
    name: Name = UNSET
    color: Colour = UNSET
    description: Summary = UNSET


class MergeIn(In, json_schema_extra=example(into=2)):
    into: Annotated[
        int, BeforeValidator(_chosen), Field(ge=1, le=MAX_ID, description="The label that takes its place.")
    ]


class LabelOut(Out):
    id: int
    name: str
    color: str
    description: str
    issue_count: int
