from typing import Annotated

from pydantic import Field

from webapp.types import UNSET, In, Line, Name, Out, Text, example

Beginning = Annotated[Line, Field(max_length=200, description="What the title begins with.")]
Labels = Annotated[list[Name], Field(max_length=50)]
Position = Annotated[int, Field(ge=0, le=1000, description="Its place among the templates; the first is 0.")]


EXAMPLE = {"name": "Bug", "title": "Bug: ", "body": "What happened?"}


class IssueTemplateIn(In, json_schema_extra=example(**EXAMPLE)):
    name: Name
    title: Beginning = ""
    body: Text = ""
    labels: Labels = []


class IssueTemplateEdit(In, json_schema_extra=example(name="A bug")):
    name: Name = UNSET
    title: Beginning = UNSET
    body: Text = UNSET
    labels: Labels = UNSET
    position: Position = UNSET


class IssueTemplateOut(Out):
    id: int
    name: str
    title: str
    body: str
    labels: list[str]
    position: int
