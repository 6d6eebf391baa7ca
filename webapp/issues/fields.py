"""The fields of an issue, told once. Whatever lists fields takes them from here, or is held to them by a test
(tests/changes/test_fields.py). CONTRIBUTING.md says what else a new one needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from webapp.events import kinds
from webapp.events.kinds import Happening


class Right(Enum):
    """Whose right it is to change a field of an issue."""

    OWN = "those who may edit any issue, and who wrote this one"
    CLOSE = "those who may close any issue, and who wrote this one"
    PLAN = "those who may edit any issue"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is stored of an issue and can be changed.

    `name` is what JSON, forms and events call it, `column` where it is stored (of many things: their ids), `event`
    what tells of its change.
    """

    name: str
    column: str
    event: type[Happening]
    right: Right
    # What the query language calls it, and whether `was:` asks for what it once was. None is asked for as a word.
    query: str | None = None
    was: bool = False
    # Whether an issue can be without it, so that `has:` and `no:` ask for it.
    optional: bool = False
    # Stored and told just as it is sent.
    plain: bool = False
    # Names what the project has, by its id: labels, people.
    names: bool = False
    # Names under which it is sent beside its own: what is to be added and taken away.
    also: tuple[str, ...] = ()
    # Where it can be given: with a new issue, and to many at once (under its own name, or under the others).
    new: bool = True
    bulk: bool = True
    # Whether CSV has it; JSON Lines has all.
    table: bool = True
    # The page that has the form for it alone.
    part: str | None = None

    @property
    def is_many(self) -> bool:
        """Whether it is many things, which are tied to the issue."""
        return bool(self.also)

    def changed(self, old: Any, new: Any) -> Happening:
        """The event that a plain field has become another."""
        event: Any = self.event
        told: Happening = event(old, new)
        return told


_LABELS = ("add_labels", "remove_labels", "add_label_ids", "remove_label_ids")
_PEOPLE = ("add_assignees", "remove_assignees")

FIELDS: tuple[Field, ...] = (
    Field("title", "title", kinds.Renamed, Right.OWN, plain=True, bulk=False),
    Field("body", "body", kinds.Described, Right.OWN, bulk=False, table=False),
    Field("state", "state", kinds.Closed, Right.CLOSE, "state", new=False),
    Field("close_reason", "close_reason", kinds.Reclosed, Right.CLOSE, "reason", new=False),
    Field(
        "resolution_note", "resolution_note", kinds.Noted, Right.CLOSE, "resolution",
        optional=True, plain=True, new=False, part="resolution",
    ),
    Field("status", "status_id", kinds.MovedStatus, Right.CLOSE, "status", was=True, names=True, part="status"),
    Field(
        "labels", "label_ids", kinds.Labelled, Right.PLAN, "label",
        was=True, optional=True, names=True, also=_LABELS, part="labels",
    ),
    Field(
        "assignees", "assignee_ids", kinds.Assigned, Right.PLAN, "assignee",
        was=True, optional=True, names=True, also=_PEOPLE, part="assignees",
    ),
    Field(
        "milestone", "milestone_id", kinds.Milestoned, Right.PLAN, "milestone",
        was=True, optional=True, names=True, part="milestone",
    ),
    Field("start_on", "start_on", kinds.Started, Right.PLAN, "start", optional=True, plain=True, part="dates"),
    Field("due_on", "due_on", kinds.Scheduled, Right.PLAN, "due", optional=True, plain=True, part="dates"),
    Field(
        "priority", "priority", kinds.Prioritised, Right.PLAN, "priority",
        was=True, optional=True, plain=True, part="priority",
    ),
    Field(
        "estimate", "estimate", kinds.Estimated, Right.PLAN, "estimate",
        optional=True, plain=True, part="estimate",
    ),
    Field("parent", "parent_id", kinds.Reparented, Right.PLAN, "parent", optional=True, bulk=False, part="parent"),
)  # fmt: skip


def sent_by(right: Right) -> frozenset[str]:
    """The names under which fields are sent that it takes this right to change."""
    return frozenset(name for field in FIELDS if field.right is right for name in (field.name, *field.also))


# What is stored and told as it is.
PLAIN: Mapping[str, Field] = {field.name: field for field in FIELDS if field.plain}
BY_QUERY: Mapping[str, Field] = {field.query: field for field in FIELDS if field.query is not None}
# The fields of each page that has a form for them alone.
PARTS: Mapping[str, tuple[str, ...]] = {
    part: tuple(field.name for field in FIELDS if field.part == part)
    for part in dict.fromkeys(field.part for field in FIELDS)
    if part is not None
}
