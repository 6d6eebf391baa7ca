"""Doing what the last lines of a mail ask for, by the rights that its sender has on the page."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from webapp.access import Viewer
from webapp.editing import one as editing
from webapp.errors import CairnError, Invalid
from webapp.i18n import _, formats
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueEdit
from webapp.mail_in import repository
from webapp.mail_in.orders import Order
from webapp.milestones import service as milestones
from webapp.models.issues import State
from webapp.projects.service import ProjectRow
from webapp.types import COMMA
from webapp.watching import service as watching

# Puts into words what an input is refused for.
Say = Callable[[Mapping[str, Any]], str]
Asked = Callable[[ProjectRow, str, Viewer], Mapping[str, Any]]


def carry_out(project: ProjectRow, issue: IssueDetail, orders: list[Order], by: Viewer, say: Say) -> list[str]:
    """Do one after the other; answers why those were not done that could not be."""
    return [f"{order}: {why}" for order in orders if (why := _refusal(project, issue, order, by, say))]


def _refusal(project: ProjectRow, issue: IssueDetail, order: Order, by: Viewer, say: Say) -> str:
    try:
        if order.word == "mute":
            watching.mute(issue.id, by.id)
        else:
            _change(project, issue, order, by)
    except ValidationError as error:
        return say(error.errors()[0])
    except CairnError as error:
        return next((" ".join(one) for one in error.errors.values()), str(error))
    return ""


def _change(project: ProjectRow, issue: IssueDetail, order: Order, by: Viewer) -> None:
    if order.word not in ASKED:
        words = formats.gap().join(f"!{one}" for one in [*ASKED, "mute"])
        raise Invalid.on("", _("There is no such command. There are %(words)s.", words=words))
    sent = dict(ASKED[order.word](project, order.what, by))
    plain = {name: value for name, value in sent.items() if name in IssueEdit.model_fields}
    checked = IssueEdit.model_validate(plain).sent
    editing.edit(project, issue.number, {**sent, **checked}, by)


def _names(what: str) -> list[str]:
    names = [one.strip() for one in COMMA.split(what) if one.strip()]
    if not names:
        raise Invalid.on("", _("Say which, as in !label bug."))
    return names


def _people(what: str, by: Viewer) -> list[int]:
    found = []
    for handle in COMMA.sub(" ", what).split() or ["@me"]:
        name = handle.removeprefix("@")
        person = by.id if name.lower() == "me" else repository.with_handle(name)
        if person is None:
            raise Invalid.on("", _("Nobody here is called %(handle)s.", handle=handle))
        found.append(person)
    return found


def _milestone(project: ProjectRow, title: str) -> int | None:
    if title.lower() in ("", "none", "-"):
        return None
    for one in milestones.choices(project):
        if one.title.casefold() == title.casefold():
            return one.id
    raise Invalid.on("", _("There is no milestone %(title)s.", title=title))


ASKED: Mapping[str, Asked] = {
    "close": lambda project, what, by: {"state": State.CLOSED, **({"close_reason": what.lower()} if what else {})},
    "reopen": lambda project, what, by: {"state": State.OPEN},
    "status": lambda project, what, by: {"status": what},
    "label": lambda project, what, by: {"add_labels": _names(what)},
    "unlabel": lambda project, what, by: {"remove_labels": _names(what)},
    "assign": lambda project, what, by: {"add_assignees": _people(what, by)},
    "unassign": lambda project, what, by: {"remove_assignees": _people(what, by)},
    "priority": lambda project, what, by: {"priority": what.lower()},
    "milestone": lambda project, what, by: {"milestone": _milestone(project, what)},
}
