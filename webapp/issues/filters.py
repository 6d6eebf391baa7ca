"""The list's filters as addresses: the next page, and each active filter with the list without it."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueQuery
from webapp.issues.service import narrowed_to
from webapp.projects.service import ProjectRow

ORDERS = {
    "created-desc": "newest first",
    "created-asc": "oldest first",
    "updated-desc": "latest activity first",
    "updated-asc": "longest quiet first",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """An active filter: what it says, and where the list is without it."""

    text: str
    without: str


def address(project: ProjectRow, query: IssueQuery, cursor: str | None) -> str | None:
    """The same list from another place on; None for no place."""
    return _url(project, {**_said(query), "cursor": cursor}) if cursor else None


def active(project: ProjectRow, query: IssueQuery) -> list[Filter]:
    """The filters that narrow the list, apart from its state, which the page shows anyway."""
    said = _said(query)
    found = []
    for name, word in (("label", "Label"), ("priority", "Priority"), ("status", "Status")):
        chosen = said.get(name, [])
        for one in chosen:
            rest = {**said, name: [other for other in chosen if other != one]}
            found.append(Filter(f"{word}: {one}", _url(project, rest)))
    for name, called in narrowed_to(project, query).items():
        rest = {other: value for other, value in said.items() if other != name}
        found.append(Filter(f"{name.capitalize()}: {called}", _url(project, rest)))
    return found


def told(query: IssueQuery, total: int | None) -> str:
    """What the list shows, in words: "23 open issues with label bug, newest first"."""
    number = "More than 10,000" if total is None else f"{total:,}"
    state = "" if query.state == "all" else f"{query.state} "
    labels = f" with label {' and '.join(query.label)}" if query.label else ""
    return f"{number} {state}issue{'' if total == 1 else 's'}{labels}, {ORDERS[query.sort]}"


def fields(issue: IssueDetail) -> dict[str, Any]:
    """An issue as the values of its form."""
    return {
        "title": issue.title,
        "body": issue.body,
        "labels": [label.name for label in issue.labels],
        "assignees": [person.id for person in issue.assignees],
        "priority": issue.priority,
        "status": issue.status,
        "milestone": issue.milestone and issue.milestone.id,
        "start_on": issue.start_on,
        "estimate": issue.estimate,
        "parent": issue.parent and issue.parent.number,
        "due_on": issue.due_on,
        "version": issue.version,
    }


def _said(query: IssueQuery) -> dict[str, Any]:
    """What the query says beyond the defaults, which addresses leave out."""
    return query.model_dump(mode="json", exclude_defaults=True, exclude={"cursor"})


def _url(project: ProjectRow, values: dict[str, Any]) -> str:
    return url_for("issues.index", project=project.key, **values)
