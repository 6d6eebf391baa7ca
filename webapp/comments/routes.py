from typing import Any

from flask import url_for

from webapp.comments import removal
from webapp.comments import service as comments
from webapp.comments.schemas import CommentEdit, CommentIn, CommentOut, CommentQuery
from webapp.http import Done, Feature, Form, Made, Page, Reply, me, merging, viewer
from webapp.http.canonical import project_at, project_for
from webapp.http.conditions import expected_version
from webapp.http.input import checked
from webapp.http.merging import Way
from webapp.http.negotiation import wants_page
from webapp.issues import service as issues
from webapp.issues.routes import previewed
from webapp.issues.schemas import PreviewIn
from webapp.thread import service as thread
from webapp.thread.presenting import issue_page
from webapp.trash import service as trash
from webapp.types import Slice
from webapp.undo.notice import undo_of

bp = Feature("comments", "/projects/<project:project>/issues/<number:number>/comments")


@bp.get("")
def index(project: str, number: int, query: CommentQuery) -> Reply[Slice[CommentOut]]:
    """The comments of an issue, oldest first. A browser is shown the issue's page, which has them."""
    issue = issues.get(project_at(project), number, viewer())
    at: dict[str, Any] = {"project": issue.project_key, "number": number}
    if wants_page():
        return Done(None, at=url_for("issues.show", **at))
    page = comments.listing(issue, query)
    page.next = page.after and url_for(".index", **at, limit=query.limit, cursor=page.after)
    return Page("", page)


@bp.page("/new")
def new(project: str, number: int) -> Page:
    """The issue's page with its comment form."""
    return issue_page(project, number)


@bp.page("/preview", method="POST", form="new", files="body")
def preview(project: str, number: int, body: PreviewIn) -> Page:
    """The issue's page with the comment shown as it will look."""
    Form.again()
    return issue_page(project, number, preview=previewed(project, body.body))


@bp.post("", form="new", creates=True, files="body")
def create(project: str, number: int, body: CommentIn) -> Reply[CommentOut]:
    """Comment on an issue; `state` closes or reopens it in the same change."""
    found = project_for(project)
    comment = comments.create(found, issues.get(found, number, me()), body, by=me())
    at = url_for(".show", project=found.key, number=number, comment=comment.id)
    return Made(
        comment,
        at=at,
        back=_place(found.key, number, comment.id),
        say="Comment added.",
        undo=undo_of(found, number) if body.state else None,
    )


@bp.get("/<number:comment>")
def show(project: str, number: int, comment: int) -> Reply[CommentOut]:
    """One comment. A browser is shown its place on the issue's page."""
    found = project_at(project)
    issue = issues.get(found, number, viewer())
    row = comments.get(found, issue, comment)
    from_there = thread.cursor_to(issue, row) if wants_page() else None
    return Done(row, at=_place(found.key, number, comment, from_there))


@bp.page("/<number:comment>/edit")
def edit(project: str, number: int, comment: int) -> Page:
    """The form that changes a comment."""
    context = _found(project, number, comment)
    comments.require_edit(context["project"], context["comment"], me())
    return Page("comments/edit.html", **context, form=Form.of(_fields(context["comment"])))


@bp.patch("/<number:comment>", form="edit", files="body")
def update(project: str, number: int, comment: int, body: CommentEdit) -> Reply[CommentOut]:
    """Change a comment."""
    found = project_for(project)
    issue, at = issues.get(found, number, me()), _place(found.key, number, comment)
    if merging.way() == Way.THEIRS:
        return Done(comments.get(found, issue, comment), at=at, say="Your changes are discarded.")
    body, aside = merging.set_aside(body)
    remark = checked(CommentIn.model_validate, {"body": aside}) if aside else None
    row = merging.save(
        body,
        lambda changes: comments.edit(found, issue, comment, changes, by=me()),
        now=lambda: _fields(comments.get(found, issue, comment)),
    )
    if remark:
        row = comments.create(found, issue, remark, by=me())
    return Done(row, at=_place(found.key, number, row.id), say="Saved.")


@bp.page("/<number:comment>/delete")
def confirm_remove(project: str, number: int, comment: int) -> Page:
    """Asks before a comment is deleted."""
    context = _found(project, number, comment)
    removal.require_removal(context["project"], context["comment"], me())
    return Page("comments/delete.html", **context)


@bp.delete("/<number:comment>")
def remove(project: str, number: int, comment: int) -> Reply[None]:
    """Delete a comment. For 30 days it can be restored."""
    found = project_for(project)
    removal.remove(found, issues.get(found, number, me()), comment, by=me(), version=expected_version())
    trash.purge()
    at = url_for("issues.show", project=found.key, number=number)
    return Done(None, at=at, say="Comment deleted.", undo=undo_of(found, number))


def _found(project: str, number: int, comment: int) -> dict[str, Any]:
    found = project_at(project)
    issue = issues.get(found, number, me())
    return {"project": found, "issue": issue, "comment": comments.get(found, issue, comment)}


def _fields(comment: comments.CommentRow) -> dict[str, Any]:
    """A comment as the values of its form."""
    return {"body": comment.body, "version": comment.version}


def _place(project: str, number: int, comment: int, from_there: str | None = None) -> str:
    """Where a comment stands; in a long thread on a page that begins with it."""
    unfolded: dict[str, Any] = {"timeline": "all", "cursor": from_there} if from_there else {}
    return url_for("issues.show", project=project, number=number, **unfolded, _anchor=f"c{comment}")
