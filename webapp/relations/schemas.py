from enum import StrEnum

from webapp.issues.schemas import IssueRef
from webapp.models.issues import State
from webapp.types import In, Out, Slice, example


class Way(StrEnum):
    """How an issue is related to another, told from its own side."""

    BLOCKS = "blocks"
    BLOCKED_BY = "blocked_by"
    RELATES = "relates"
    DUPLICATES = "duplicates"
    DUPLICATED_BY = "duplicated_by"
    PARENT = "parent"
    CHILD = "child"


class RelationIn(In, json_schema_extra=example(kind="relates", issue="#2")):
    """`parent` and `child` stay within the project; the others may name any issue that you can see."""

    kind: Way
    issue: IssueRef


class RelatedOut(Out):
    number: int
    key: str
    project_key: str
    title: str
    state: State


class RelationOut(Out):
    """`id` is null for a parent or child, which are changed by the field `parent` of the lower issue."""

    id: int | None
    kind: Way
    issue: RelatedOut


class ProgressOut(Out):
    """How many of an issue's parts are closed."""

    closed: int
    total: int


class RelationsOut(Slice[RelationOut]):
    progress: ProgressOut
