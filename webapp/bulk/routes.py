from typing import get_args

from flask import url_for

from webapp.access import Do, Viewer, can
from webapp.bulk.schemas import BulkEdit, BulkOut, BulkQuery, BulkUndoIn, ChosenQuery, Part
from webapp.changes.batch import Change
from webapp.editing import service as changes
from webapp.editing import undoing
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.http.input import query_of
from webapp.http.negotiation import referrer
from webapp.http.notices import Undo
from webapp.i18n import _, ngettext
from webapp.i18n.saying import nN_
from webapp.picking import picks
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses

bp = Feature("bulk", "/projects/<project:project>/issues")

NAMED = 5
_CHANGED = nN_("%(num)s issue changed.", "%(num)s issues changed.")
_MOVED = nN_("%(num)s issue moved.", "%(num)s issues moved.")
_AS_BEFORE = nN_("%(num)s issue as before.", "%(num)s issues as before.")
# The fields of the form that name people, labels or a milestone, by the part of it that has them.
PICKED = {
    "milestone": ("milestone",),
    "assignees": ("add_assignees", "remove_assignees"),
    "labels": ("add_labels", "remove_labels"),
}


@bp.page("/bulk")
def form(project: ProjectRow, by: Viewer) -> Page:
    """What is to be changed of the chosen issues, and how many these are; with `do` only that."""
    changes.require_change(project, by)
    query = query_of(ChosenQuery)  # it is in the address of a refused form as well
    shown = Form.of(query)
    numbers = None if query.every else _numbers(shown) or None
    part = _part(shown)
    may_move = not part and can(by, Do.EDIT_ISSUE, project)
    picked = _picked(part)
    return Page(
        "bulk/part.html" if part else "bulk/form.html",
        project=project,
        q=query.q,
        numbers=numbers or (),
        count=changes.count(project, query.q, numbers, by),
        form=shown,
        part=part,
        statuses=statuses.of(project) if part in ("", "status") else (),
        offer=picks.offers(project, shown, *picked) if picked else {},
        ways=changes.ways(project, query.q, numbers, by) if may_move else (),
    )


def _part(shown: Form) -> str:
    """The one thing that is to be changed, if it is one."""
    part = shown.value("do")
    return part if part in get_args(Part) else ""


def _picked(part: str) -> list[str]:
    """The fields that offer something to choose from."""
    return [name for of, names in PICKED.items() if part in ("", of) for name in names]


def _numbers(shown: Form) -> list[int]:
    """The issues that were ticked; what is no number, or too large for one, is none of them."""
    return [int(number) for number in shown.values("numbers") if number.isdecimal() and len(number) < 19]


@bp.patch("", twin="/bulk", form="form")
def change(project: ProjectRow, query: BulkQuery, body: BulkEdit, by: Viewer) -> Reply[BulkOut]:
    """Change all issues that match a query, in one transaction, with an event in each."""
    done = changes.change(project, query.q, body.numbers, body.sent, by, expected=body.expected, force=body.force)
    at = url_for("issues.index", project=project.key, q=query.q)
    words = _CHANGED if done.left_behind is None else _MOVED
    return Done(done, at=at, say=_outcome(project, done, words), undo=lambda: _undo_of(project, done))


@bp.post("/undo")
def undo(project: ProjectRow, body: BulkUndoIn, by: Viewer) -> Reply[BulkOut]:
    """Undo a change of your own of many issues within an hour. What was changed again since stays as it is."""
    done = undoing.undo(project, body.change, by=by)
    return Done(done, at=_where_the_button_stood(project), say=_outcome(project, done, _AS_BEFORE))


def _where_the_button_stood(project: ProjectRow) -> str:
    """The list as it was narrowed, the milestone or the issue; where no browser tells, the whole list."""
    came = referrer()
    if came is None:
        return url_for("issues.index", project=project.key)
    return f"{came.path}?{came.query}".rstrip("?")


def _undo_of(project: ProjectRow, done: Change) -> Undo | None:
    return Undo(url_for(".undo", project=project.key), str(done.id)) if done.id else None


def _outcome(project: ProjectRow, change: Change, done: tuple[str, str]) -> str:
    """What came of it: how many, and the first of those that were left out."""
    sentences = [ngettext(*done, change.changed)]
    if change.unchanged:
        sentences.append(ngettext("%(num)s had that already.", "%(num)s had that already.", change.unchanged))
    if change.refused:
        first = [f"{project.key}-{one.number}: {one.detail}" for one in change.refused[:NAMED]]
        left = ngettext("%(num)s left as before.", "%(num)s left as before.", len(change.refused))
        sentences.append(f"{left} {' '.join(first)}")
    if change.left_behind:
        sentences.append(_("Left behind: %(what)s.", what=change.left_behind.in_words()))
    sentences += change.warnings
    return " ".join(sentences)
