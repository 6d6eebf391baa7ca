from collections.abc import Sequence
from typing import Any

from flask import request, url_for

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.approval import service as approval
from webapp.comments import agreeing, privacy, removal
from webapp.comments import service as comments
from webapp.comments.schemas import CommentEdit, CommentIn, CommentMade, CommentOut, CommentQuery
from webapp.editing.notice import button, onward_from, undo_of
from webapp.http import Done, Feature, Form, Made, Page, Reply, merging
from webapp.http.conditions import expected_version
from webapp.http.input import checked
from webapp.http.merging import Way
from webapp.http.negotiation import wants_page
from webapp.http.notices import Undo
from webapp.i18n import N_, _, formats, ngettext
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import PreviewIn
from webapp.pages.issues import previewed
from webapp.pages.thread import issue_page
from webapp.projects.service import ProjectRow
from webapp.text.markdown import find
from webapp.thread import service as thread
from webapp.trash import service as trash
from webapp.types import Slice
from webapp.visibility import service as visibility
from webapp.visibility.agreeing import unseen

bp = Feature("comments", "/projects/<project:project>/issues/<number:number>/comments")
# So many of the issues that a comment closed are named, and so many reasons why others stay open.
NAMED, REASONS = 10, 3
# What is said of a comment, by what it did to the issue's state.
SAID = {
    None: N_("Comment added."),
    "closed": N_("Comment added. Closed."),
    "open": N_("Comment added. Open again."),
}


@bp.get("")
def index(project: ProjectRow, issue: IssueDetail, query: CommentQuery) -> Reply[Slice[CommentOut]]:
    """The comments of an issue, oldest first. A browser is shown the issue's page, which has them."""
    at: dict[str, Any] = {"project": issue.project_key, "number": issue.number}
    if wants_page():
        return Done(None, at=url_for("issues.show", **at))
    page = comments.listing(issue, query)
    page.next = page.after and url_for(".index", **at, limit=query.limit, cursor=page.after)
    return Page("", page)


@bp.page("/new")
def new(project: ProjectRow, issue: IssueDetail, by: Viewer | None) -> Page:
    """The issue's page with its comment form."""
    return issue_page(project, issue, by)


@bp.page("/preview", method="POST", form="new", files="body", spends="preview")
def preview(project: ProjectRow, issue: IssueDetail, body: PreviewIn, by: Viewer) -> Page:
    """The issue's page with the comment shown as it will look."""
    Form.again()
    text = previewed(project, body.body, by)
    return issue_page(project, issue, by, preview=text, aside=_unheard_in(project, body.body, by))


@bp.post("", form="new", creates=True, files="body", spends="comment")
def create(project: ProjectRow, issue: IssueDetail, body: CommentIn, by: Viewer) -> Reply[CommentMade]:
    """Comment on an issue; `state` closes or reopens it in the same change.

    `fixes #12` in it closes that issue, if its author may. A browser whose comment only says +1 is asked
    first whether a reaction would do; a client is not.
    """
    if wants_page() and "anyway" not in request.form and agreeing.says_no_more(body):
        comments.require_comment(project, by)
        Form.again()
        return issue_page(project, issue, by, agrees=True)
    comment, change = comments.create(project, issue, body, by=by)
    at = url_for(".show", project=project.key, number=issue.number, comment=comment.id)
    return Made(
        comment,
        at=at,
        back=_address(project.key, issue.number, comment.id) if wants_page() else "",
        say=_(SAID[body.state if body.state != issue.state else None]),
        undo=undo_of(project, issue.number, change),
        more=_closings(comment),
        onward=onward_from(project, issue, change, by),
    )


@bp.get("/<number:comment>")
def show(project: ProjectRow, issue: IssueDetail, comment: int) -> Reply[CommentOut]:
    """One comment. A browser is shown its place on the issue's page."""
    row = comments.get(project, issue, comment)
    return Done(row, at=place(issue, row))


@bp.page("/<number:comment>/edit")
def edit(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer) -> Page:
    """The form that changes a comment."""
    return _edit(project, issue, comment, by)


@bp.page(
    "/<number:comment>/preview",
    method="POST",
    endpoint="preview_edit",
    form="edit",
    files="body",
    spends="preview",
)
def preview_edit(project: ProjectRow, issue: IssueDetail, comment: int, body: PreviewIn, by: Viewer) -> Page:
    """The same form with its text shown as it will look."""
    Form.again()
    text = previewed(project, body.body, by)
    return _edit(project, issue, comment, by, preview=text, aside=_unheard_in(project, body.body, by))


@bp.patch("/<number:comment>", form="edit", files="body")
def update(project: ProjectRow, issue: IssueDetail, comment: int, body: CommentEdit, by: Viewer) -> Reply[CommentOut]:
    """Change a comment."""
    at = _address(project.key, issue.number, comment)
    if merging.way() == Way.THEIRS:
        return Done(comments.get(project, issue, comment), at=at, say=_("Your changes are discarded."))
    if reveals := unseen(lambda: visibility.if_comment_edited(project, issue, comment, body)):
        return _edit(project, issue, comment, by, reveals=reveals)
    body, aside = merging.set_aside(body)
    is_private = bool(aside) and comments.get(project, issue, comment).private
    remark = checked(CommentIn.model_validate, {"body": aside, "private": is_private}) if aside else None
    row = merging.save(
        body,
        lambda changes: comments.edit(project, issue, comment, changes, by=by),
        now=lambda: _fields(issue, comments.get(project, issue, comment)),
    )
    if remark:
        row = comments.create(project, issue, remark, by=by).comment
    return Done(row, at=_address(project.key, issue.number, row.id), say=_("Saved."), more=_closings(row))


@bp.page("/<number:comment>/delete")
def confirm_remove(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer) -> Page:
    """Asks before a comment is deleted."""
    row = comments.get(project, issue, comment)
    removal.require_removal(project, row, by)
    return Page("comments/delete.html", project=project, issue=issue, comment=row)


@bp.delete("/<number:comment>")
def remove(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer) -> Reply[None]:
    """Delete a comment. For 30 days it can be restored."""
    gone = removal.remove(project, issue, comment, by=by, version=expected_version())
    trash.purge()
    at = url_for("issues.show", project=project.key, number=issue.number)
    return Done(None, at=at, say=_("Comment deleted."), undo=lambda: button(project.key, issue.number, gone))


def _edit(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer, **dressing: Any) -> Page:
    row = comments.get(project, issue, comment)
    comments.require_edit(project, row, by)
    form = Form.of(_fields(issue, row))
    context = {"preview": None, "aside": "", "reveals": (), **dressing}
    return Page("comments/edit.html", project=project, issue=issue, comment=row, form=form, **context)


def _fields(issue: IssueDetail, comment: comments.CommentRow) -> dict[str, Any]:
    """A comment as the values of its form; while it is held, who is to see it then."""
    private = approval.is_private(issue.id, comment.id) if comment.held else comment.private
    return {"body": comment.body, "private": private, "version": comment.version}


def _closings(comment: comments.CommentRow) -> list[tuple[str, Undo | None]]:
    """What a comment closed by saying so, with what takes that back; who hears nothing of it, and what stays open."""
    told: list[tuple[str, Undo | None]] = [
        (
            _("Closed %(keys)s.", keys=_listed(one.keys)),
            Undo(url_for("bulk.undo", project=one.project_key), str(one.change_id)),
        )
        for one in comment.closed
    ]
    told += [(_unheard(comment.unheard), None)] if comment.unheard else []
    return [*told, (_reasons(comment), None)] if comment.left_open else told


def _unheard_in(project: ProjectRow, text: str, by: Viewer) -> str:
    """What is said beside a preview of a comment that is to be private and names somebody who will not see it."""
    names = find(text).names if request.form.get("private") == "true" else ()
    people = privacy.unheard(project, names, by) if names else ()
    return _unheard(people) if people else ""


def _unheard(people: Sequence[Person]) -> str:
    names = _listed([one.name for one in people])
    return ngettext(
        "%(names)s is named and hears nothing of it, as it is private.",
        "%(names)s are named and hear nothing of it, as it is private.",
        len(people),
        names=names,
    )


def _reasons(comment: comments.CommentRow) -> str:
    """Why issues stay open that a comment says it fixes: the first few reasons."""
    reasons: dict[str, list[str]] = {}
    for one in comment.left_open:
        reasons.setdefault(one.detail, []).append(one.key)
    told = [
        ngettext(
            "%(keys)s stays open: %(why)s", "%(keys)s stay open: %(why)s", len(keys), keys=_listed(keys), why=why
        )
        for why, keys in reasons.items()
    ]
    return " ".join(told[:REASONS])


def _listed(keys: Sequence[str]) -> str:
    """Keys as one says them, the first of many."""
    more = len(keys) - NAMED
    named = [*keys[:NAMED], ngettext("%(num)s more", "%(num)s more", more)] if more > 1 else keys
    return formats.listed(named)


def place(issue: IssueDetail, comment: comments.CommentRow) -> str:
    """Where a browser finds a comment, however long the thread is."""
    from_there = thread.cursor_to(issue, comment) if wants_page() else None
    return _address(issue.project_key, issue.number, comment.id, from_there)


def _address(project: str, number: int, comment: int, from_there: str | None = None) -> str:
    """Where a comment stands; in a long thread on a page that begins with it."""
    unfolded: dict[str, Any] = {"timeline": "all", "cursor": from_there} if from_there else {}
    return url_for("issues.show", project=project, number=number, **unfolded, _anchor=f"c{comment}")
