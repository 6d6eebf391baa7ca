"""What can be done where somebody comes from, as links and buttons of a page: the palette without a script."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from webapp.access import Do, Viewer, can
from webapp.i18n import N_, _
from webapp.issues.fields import FIELDS, PARTS
from webapp.issues.rows import IssueDetail
from webapp.keys.schemas import PlaceOut
from webapp.keys.service import Here
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses

LABELS = {"dates": N_("Dates")} | {
    field.part: field.label for field in FIELDS if field.part and field.part != "dates"
}
PRIORITIES = next(field.asked.choices for field in FIELDS if field.name == "priority" and field.asked)
# What is chosen for an issue, as it is called where no heading says what it is.
LEVELS = {
    "all": N_("Watch: Everything"),
    "participating": N_("Watch: While you take part"),
    "nothing": N_("Watch: Nothing, unless it names you"),
}
VALUES = {
    "urgent": N_("Priority: Urgent"),
    "high": N_("Priority: High"),
    "medium": N_("Priority: Medium"),
    "low": N_("Priority: Low"),
    "none": N_("Priority: None"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """A link, or a button that sends these fields. What `waits` is one of many, shown once somebody types."""

    name: str
    at: str
    fields: Sequence[tuple[str, str]] | None = None
    key: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Actions of one kind, below their heading."""

    name: str
    actions: Sequence[Action]


def groups(here: Here | None, places: Sequence[PlaceOut], q: str, by: Viewer | None) -> list[Group]:
    """What a page lists for some letters: what can be done here, then where to go. No group is empty."""
    listed = []
    if here and here.issue:
        listed.append(
            Group(f"{here.issue.key} {here.issue.title}", _called(q, _of_issue(here.project, here.issue, by)))
        )
    if here:
        listed.append(Group(here.project.name, _called(q, _of_project(here.project, by))))
    kinds = (("issue", _("Issues") if q else _("Recent issues")), ("project", _("Projects")), ("page", _("Pages")))
    for kind, name in kinds:
        listed.append(Group(name, [Action(one.name, one.at, key=one.key) for one in places if one.kind == kind]))
    return [group for group in listed if group.actions]


def _called(q: str, actions: Iterator[Action]) -> list[Action]:
    """Those whose names have all the words."""
    words = q.lower().split()
    return [one for one in actions if all(word in one.name.lower() for word in words) and (words or not one.waits)]


def _of_issue(project: ProjectRow, issue: IssueDetail, by: Viewer | None) -> Iterator[Action]:
    where: dict[str, Any] = {"project": project.key, "number": issue.number}
    if by:
        yield from _changes(project, issue, by, where)
        watch = url_for("watching.choose_of_issue", **where, _method="POST")
        yield from (Action(_(name), watch, [("level", level)]) for level, name in LEVELS.items())
    yield Action(_("History"), url_for("history.of_issue", **where))


def _changes(project: ProjectRow, issue: IssueDetail, by: Viewer, where: dict[str, Any]) -> Iterator[Action]:
    author = issue.author.id
    if can(by, Do.COMMENT, project):
        yield Action(_("Comment"), url_for("issues.show", **where, _anchor="commenting"))
    if can(by, Do.EDIT_ISSUE, project):
        yield from _fields(issue, by, where)
        yield from _values(project, issue, where)
    if can(by, Do.CLOSE_ISSUE, project, author):
        yield from _endings(issue, where)
    if can(by, Do.EDIT_ISSUE, project, author):
        yield Action(_("Edit"), url_for("issues.edit", **where))
    if can(by, Do.EDIT_ISSUE, project):
        yield Action(_("Move to another project…"), url_for("moves.form", **where))
        yield Action(_("Relations…"), url_for("relations.index", **where))
    if can(by, Do.DELETE_ISSUE, project):
        yield Action(_("Delete…"), url_for("issues.confirm_remove", **where))


def _fields(issue: IssueDetail, by: Viewer, where: dict[str, Any]) -> Iterator[Action]:
    """The page of each field, and the one value that has no need of it."""
    people = [one.id for one in issue.assignees]
    if by.id not in people:
        fields = [("version", str(issue.version)), *(("assignees", str(id)) for id in [*people, by.id])]
        yield Action(_("Assign to me"), url_for("issues.update", **where, _method="POST"), fields)
    for part in PARTS:
        if part != "resolution" or issue.state == "closed":
            yield Action(_("%(field)s…", field=_(LABELS[part])), url_for("issues.part", **where, part=part))


def _values(project: ProjectRow, issue: IssueDetail, where: dict[str, Any]) -> Iterator[Action]:
    """Of fields with few values, each that the issue has not."""
    update = url_for("issues.update", **where, _method="POST")
    values = [("priority", value, _(VALUES[value])) for value in PRIORITIES if value != issue.priority]
    values += [
        ("status", one.name, _("Status: %(name)s", name=one.name))
        for one in statuses.of(project)
        if one.id != issue.status_id
    ]
    for field, value, name in values:
        fields = [("version", str(issue.version)), (field, value)]
        yield Action(name, update, fields, waits=True)


def _endings(issue: IssueDetail, where: dict[str, Any]) -> Iterator[Action]:
    if issue.state == "closed":
        yield Action(_("Reopen"), url_for("issues.reopen", **where, _method="POST"), ())
        return
    for reason, name in (("completed", _("Close as completed")), ("not_planned", _("Close as not planned"))):
        yield Action(name, url_for("issues.close", **where), [("close_reason", reason)])
    yield Action(_("Close as duplicate of…"), url_for("issues.closure", **where))


def _of_project(project: ProjectRow, by: Viewer | None) -> Iterator[Action]:
    if by and can(by, Do.OPEN_ISSUE, project):
        yield Action(_("New issue"), url_for("issues.new", project=project.key))
    for name, endpoint in (
        (_("Overview"), "projects.show"), (_("Issues"), "issues.index"), (_("Board"), "board.show"),
        (_("Milestones"), "milestones.index"), (_("Labels"), "labels.index"),
    ):  # fmt: skip
        yield Action(name, url_for(endpoint, project=project.key))
    if by and can(by, Do.EDIT_PROJECT, project):
        yield Action(_("Settings"), url_for("projects.edit", project=project.key))
