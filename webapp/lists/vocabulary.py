"""What a query can ask about issues: the fields, what their values are, and how to say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.i18n import N_, _
from webapp.issues import fields
from webapp.issues.fields import BY_QUERY, STATES
from webapp.models.issues import Priority
from webapp.paging import Cut, whole

SORTS = ("created", "updated", "priority", "due", "comments", "reactions")
GROUPS = ("status", "assignee", "milestone", "priority")
ABSENT = (*(name for name, field in BY_QUERY.items() if field.optional), "comment", "reaction", "attachment")
CHANGED = tuple(field.query or field.name for field in fields.FIELDS)
PEOPLE = ("assignee", "author", "mentions", "commenter", "involves")
ANSWERS = ("yes", "no")
# A name in a query, behind its kind.
Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """What a field asks for, in words and by example; `choices` are all values that it takes, if it takes a few."""

    meaning: str
    example: str
    choices: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()


# Those of an issue's own fields are told with these, in webapp/issues/fields.py.
VOCABULARY: Mapping[str, Field] = {
    "is": Field(
        N_("Its state, or what holds for it"),
        "is:open",
        (*STATES, "overdue", "blocked", "assigned", "unassigned", "private"),
    ),
    **{
        asked.name: Field(asked.meaning, asked.example, asked.choices)
        for asked in (field.asked for field in fields.FIELDS)
        if asked is not None
    },
    "author": Field(N_("Who opened it"), "author:ada"),
    "mentions": Field(N_("Who is named in its texts"), "mentions:@me"),
    "commenter": Field(N_("Who commented"), "commenter:ada"),
    "involves": Field(N_("Author, assignee, commenter or mentioned"), "involves:@me"),
    "created": Field(N_("When it was opened"), "created:>2026-01-01"),
    "updated": Field(N_("Its latest activity"), "updated:<2d"),
    "closed": Field(N_("When it was closed"), "closed:2026-11-01..2026-11-07"),
    "comments": Field(N_("How many comments it has"), "comments:>10"),
    "reactions": Field(N_("How many reactions it has"), "reactions:>5"),
    "no": Field(N_("Has none of these"), "no:assignee", ABSENT),
    "has": Field(N_("Has one of these"), "has:attachment", (*ABSENT, "child")),
    "blocked": Field(N_("Waits for an open issue"), "blocked:yes", ANSWERS),
    "blocks": Field(N_("An open issue waits for it"), "blocks:yes", ANSWERS),
    "project": Field(N_("The project, by its key or its name"), "project:CAIRN"),
    "was:status": Field(N_("Is or was in this status"), 'was:status:"In progress"'),
    "was:assignee": Field(N_("Is or was assigned to somebody"), "was:assignee:@me"),
    "was:label": Field(N_("Carries or carried the label"), "was:label:regression"),
    "was:milestone": Field(N_("Is or was planned for it"), 'was:milestone:"1.0"'),
    "was:priority": Field(N_("Is or was that pressing"), "was:priority:urgent", tuple(Priority)),
    "changed": Field(
        N_("What changed"), "changed:assignee after:-30d", CHANGED, ("after", "before", "by", "from", "to")
    ),
    "reopened": Field(N_("How often it was opened again"), "reopened:>1"),
    "in": Field(N_("Its status, and for how long it has been that"), 'in:"In review" for:>5d', (), ("for",)),
    "sort": Field(
        N_("The order"), "sort:updated-desc", tuple(f"{by}-{way}" for by in SORTS for way in ("asc", "desc"))
    ),
    "group": Field(N_("What the list is divided by"), "group:status", GROUPS),
}
# What only follows another field.
MODIFIERS: Mapping[str, Field] = {
    "after": Field(N_("Changed since then"), "changed:status after:2026-01-01"),
    "before": Field(N_("Changed before then"), "changed:status before:-7d"),
    "by": Field(N_("Changed by somebody"), "changed:priority by:@me"),
    "from": Field(N_("What it was before the change"), "changed:status from:Todo"),
    "to": Field(N_("What it was changed to"), "changed:priority to:urgent"),
    "for": Field(N_("How long it has been so"), 'in:"In review" for:>5d'),
}
FIELDS: Mapping[str, tuple[str, ...]] = {
    **{name: field.modifiers for name, field in VOCABULARY.items()},
    **dict.fromkeys(MODIFIERS, ()),
}


def offered(choices: Mapping[str, Sequence[tuple[str, str]]]) -> Cut[dict[str, Any]]:
    """The vocabulary with the values that a project's fields may have."""
    entries = []
    for name, field in VOCABULARY.items():
        bare = {"in": "status"}.get(name, name.removeprefix("was:"))
        kind = "assignee" if bare in PEOPLE else bare
        values = ["@me"] * (bare in PEOPLE) + [value for value, _word in choices.get(kind, ())]
        about = {"name": name, "meaning": _(field.meaning), "example": field.example}
        entries.append({**about, "values": [*field.choices, *values]})
    return whole(entries)
