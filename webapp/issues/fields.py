"""The fields of an issue, told once. Whatever lists fields takes them from here, or is held to them by a test
(tests/changes/test_fields.py). CONTRIBUTING.md says what else a new one needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal

from webapp.events import doings
from webapp.events import fields as events
from webapp.events.hiding import Hidden
from webapp.events.kinds import Happening
from webapp.i18n import N_
from webapp.models.issues import Priority, Reason

STATES = ("open", "closed", "all")


class Right(Enum):
    """Whose right it is to change a field of an issue."""

    OWN = "those who may edit any issue, and who wrote this one"
    CLOSE = "those who may close any issue, and who wrote this one"
    PLAN = "those who may edit any issue"


@dataclass(frozen=True, slots=True)
class Asked:
    """How the query language asks for a field: as what, in words, and by an example.

    `choices` are all values that it takes, if it takes a few. `was` asks for what it once was as well. What `lasts`
    is decided by the issues of a project alone, neither by the time nor by who asks.
    """

    name: str
    meaning: str
    example: str
    choices: tuple[str, ...] = ()
    was: bool = False
    lasts: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is stored of an issue and can be changed.

    `name` is what JSON, forms and events call it, `label` what pages do, `column` where it is stored (of many things:
    their ids), `event` what tells of its change.
    """

    name: str
    label: str
    column: str
    event: type[Happening]
    right: Right
    # None is asked for as a word.
    asked: Asked | None = None
    # Whether an issue can be without it, so that `has:` and `no:` ask for it.
    optional: bool = False
    # Stored and told just as it is sent.
    plain: bool = False
    # What is typed into its input, if that is not one of a few things: forms draw it by that and by the hint.
    typed: Literal["text", "day", "number"] | None = None
    hint: str = ""
    # The same where many are changed at once, some of which shall be without it.
    hint_of_many: str = ""
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
    # Whether templates/issues/_details.html has lines of its own for it; a typed one else stands there by its label.
    own_lines: bool = False

    @property
    def is_many(self) -> bool:
        """Whether it is many things, which are tied to the issue."""
        return bool(self.also)

    @property
    def is_by_label(self) -> bool:
        """Whether an issue's page shows it by its label and value alone."""
        return self.typed is not None and not self.own_lines

    @property
    def input(self) -> str:
        """The template of its input: what is typed shares one."""
        return f"issues/parts/_{self.name if self.typed is None else 'typed'}.html"

    @property
    def query(self) -> str | None:
        """What the query language calls it."""
        return self.asked.name if self.asked is not None else None

    @property
    def was(self) -> bool:
        """Whether `was:` asks for what it once was."""
        return self.asked is not None and self.asked.was

    def changed(self, old: Any, new: Any) -> Happening:
        """The event that a plain field has become another."""
        event: Any = self.event
        happening: Happening = event(old, new)
        return happening


_LABELS = ("add_labels", "remove_labels", "add_label_ids", "remove_label_ids")
_PEOPLE = ("add_assignees", "remove_assignees")

FIELDS: tuple[Field, ...] = (
    Field("title", N_("Title"), "title", events.Renamed, Right.OWN, plain=True, bulk=False),
    Field("body", N_("Text"), "body", events.Described, Right.OWN, bulk=False, table=False),
    Field(
        "private", N_("Private"), "private", Hidden, Right.OWN, plain=True, own_lines=True
    ),
    Field(
        "state", N_("State"), "state", doings.Closed, Right.CLOSE,
        Asked("state", N_("Its state"), "state:closed", STATES, lasts=True), new=False,
    ),
    Field(
        "close_reason", N_("Reason"), "close_reason", doings.Reclosed, Right.CLOSE,
        Asked("reason", N_("Why it was closed"), "reason:not_planned", tuple(Reason), lasts=True), new=False,
    ),
    Field(
        "resolution_note", N_("Resolution note"), "resolution_note", events.Noted, Right.CLOSE,
        Asked("resolution", N_("What its resolution note says"), 'resolution:"turned out"', lasts=True),
        optional=True, plain=True, typed="text", hint=N_("In a line, how it was resolved."), new=False,
        part="resolution", own_lines=True,
    ),
    Field(
        "status", N_("Status"), "status_id", events.MovedStatus, Right.CLOSE,
        Asked("status", N_("Its step of the workflow"), 'status:"In progress"', was=True, lasts=True),
        names=True, part="status",
    ),
    Field(
        "labels", N_("Labels"), "label_ids", events.Labelled, Right.PLAN,
        Asked(
            "label", N_("Carries the label; with commas, one of them"), "label:bug,regression", was=True, lasts=True
        ),
        optional=True, names=True, also=_LABELS, part="labels",
    ),
    Field(
        "assignees", N_("Assignees"), "assignee_ids", events.Assigned, Right.PLAN,
        Asked("assignee", N_("Who it is assigned to"), "assignee:@me", was=True, lasts=True),
        optional=True, names=True, also=_PEOPLE, part="assignees",
    ),
    Field(
        "milestone", N_("Milestone"), "milestone_id", events.Milestoned, Right.PLAN,
        Asked("milestone", N_("The milestone that it belongs to"), 'milestone:"1.0"', was=True, lasts=True),
        optional=True, names=True, part="milestone",
    ),
    Field(
        "start_on", N_("Start"), "start_on", events.Started, Right.PLAN,
        Asked("start", N_("When work is to begin"), "start:2026-11"),
        optional=True, plain=True, typed="day", hint=N_("Like 2026-03-31."),
        hint_of_many=N_("Like 2026-03-31, or none."), part="dates", own_lines=True,
    ),
    Field(
        "due_on", N_("Due"), "due_on", events.Scheduled, Right.PLAN,
        Asked("due", N_("When it is due"), "due:<7d"),
        optional=True, plain=True, typed="day", hint=N_("Like 2026-03-31."),
        hint_of_many=N_("Like 2026-03-31, or none."), part="dates", own_lines=True,
    ),
    Field(
        "priority", N_("Priority"), "priority", events.Prioritised, Right.PLAN,
        Asked("priority", N_("How pressing it is"), "priority:>=high", tuple(Priority), was=True, lasts=True),
        optional=True, plain=True, part="priority",
    ),
    Field(
        "estimate", N_("Estimate"), "estimate", events.Estimated, Right.PLAN,
        Asked("estimate", N_("Its points"), "estimate:1..3", lasts=True),
        optional=True, plain=True, typed="number", hint=N_("In points."),
        hint_of_many=N_("In points, or none."), part="estimate", own_lines=True,
    ),
    Field(
        "parent", N_("Part of"), "parent_id", events.Reparented, Right.PLAN,
        Asked("parent", N_("The issue that it is a part of"), "parent:#12"), optional=True, bulk=False, part="parent",
    ),
)  # fmt: skip


@cache
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
