from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import uuid4

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.approval import service as approval
from webapp.changes.batch import Change
from webapp.comments import closing, privacy, repository
from webapp.comments.closing import NOTHING, Closed, Closings, LeftOpen
from webapp.comments.schemas import CommentEdit, CommentIn, CommentQuery
from webapp.db import AnyRow, apart, transaction
from webapp.editing import one as editing
from webapp.errors import Gone, NotFound, Overtaken
from webapp.events import service as events
from webapp.events.kinds import CommentEdited
from webapp.history import service as history
from webapp.i18n import _
from webapp.issues import holding
from webapp.issues.rows import IssueDetail
from webapp.models.comments import Comment
from webapp.paging import Cut, cut, place
from webapp.projects.service import ProjectRow
from webapp.projects.standing import alone_by, confirm_by
from webapp.references import service as references
from webapp.references.service import Prepared
from webapp.references.written import Written, is_heard, tell
from webapp.text.anchors import placed
from webapp.text.cache import Made, html_of, kept, outdated
from webapp.text.markdown import find


@dataclass(frozen=True, slots=True)
class CommentRow:
    id: int
    author: Person
    body: str
    body_html: str
    created_at: datetime
    edited_at: datetime | None
    version: int
    reactions: tuple[int, ...] = ()  # how many there are of each feeling
    private: bool = False
    held: bool = False  # until it is approved
    closings: Closings = NOTHING  # what it closed by saying so, or left open, told to its writer
    unheard: Sequence[Person] = ()  # whom it names and who hear nothing of it, told to its writer

    @property
    def closed(self) -> Sequence[Closed]:
        return self.closings.closed

    @property
    def left_open(self) -> Sequence[LeftOpen]:
        return self.closings.left_open


class Said(NamedTuple):
    """A new comment, and what its author made of the issue with it, if anything."""

    comment: CommentRow
    change: Change | None


def listing(issue: IssueDetail, query: CommentQuery) -> Cut[CommentRow]:
    """The comments of an issue, oldest first."""
    at = place(query.cursor, datetime, int)
    rows = repository.of_issue(issue.id, at, query.limit + 1)
    page = cut(marked(issue, shown(rows)), query.limit, at, lambda row: (row.created_at, row.id))
    page.total = issue.comment_count + (rows[0].private_count if rows else 0)
    return page


def get(project: ProjectRow, issue: IssueDetail, comment_id: int) -> CommentRow:
    """One comment of an issue. Raises NotFound, or Gone for one in the trash."""
    return marked(issue, shown([read(project, issue, comment_id)]))[0]


def read(project: ProjectRow, issue: IssueDetail, comment_id: int) -> AnyRow:
    """The same as it is stored: for a change, which is no time to make HTML."""
    row = repository.numbered(issue.id, comment_id)
    if row is None:
        raise NotFound()
    if row.deleted_at is not None:
        raise Gone(_("Its place in the issue is still marked."), project, issue.number, comment_id)
    return row


def require_comment(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may comment."""
    require(by, Do.COMMENT, project)


def require_edit(project: ProjectRow, comment: CommentRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that changes the comment."""
    require(by, Do.EDIT_COMMENT, project, comment.author.id)


def create(project: ProjectRow, issue: IssueDetail, draft: CommentIn, by: Viewer) -> Said:
    """Comment on an issue; `draft.state` closes or reopens it in the same change."""
    require(by, Do.COMMENT, project)
    if draft.private:
        privacy.require_private(project, by)
    text = references.prepared(draft.body, project, by)
    comment, change = _create(project, issue, draft, text, by)
    if text.html is None:
        comment = replace(get(project, issue, comment.id), closings=comment.closings)
    if draft.private and text.names:
        comment = replace(comment, unheard=privacy.unheard(project, text.names, by))
    return Said(comment, change)


@transaction
def _create(project: ProjectRow, issue: IssueDetail, draft: CommentIn, text: Prepared, by: Viewer) -> Said:
    require(by, Do.COMMENT, project)
    if draft.private:
        privacy.require_private(project, by)
    named = closing.hold_named(project, issue, text.closing, by)
    require(by, Do.SEE, project)
    held = approval.is_held(project, by)
    draft = draft.model_copy(update={"private": True}) if held else draft
    values = {"body": draft.body, "private": draft.private, **kept(text.final_html)}
    add = partial(repository.add, project.id, issue.id, by, uuid4(), values)
    more = named, held, draft.state, is_heard(draft.body, text.names)
    asked = alone_by(by, project, add, more) or add()
    if asked is None:
        holding.hold(project, issue.number, by)  # waits, or says what has become of it
        asked = add()
    added = confirm_by(by, asked)
    if held:
        approval.hold(project, issue.id, added.comment_id)
    tell(Written(project, issue.id, issue.number, added.comment_id, draft.body, by, text.names, is_new=True))
    closings = closing.close_named(project, issue, named, by, is_told=not draft.private)
    change = None
    if draft.state is not None:
        change = editing.change(project, issue.number, {"state": draft.state}, by, force=draft.force)
    return Said(
        _new(added, draft, placed(text.html or "", _place(added.comment_id)), by, closings, held=held), change
    )


def _new(added: AnyRow, draft: CommentIn, html: str, by: Viewer, closings: Closings, *, held: bool) -> CommentRow:
    """The comment that was just written, as it is."""
    return CommentRow(
        added.comment_id,
        Person(by.id, by.name),
        draft.body,
        html,
        added.created_at,
        None,
        version=1,
        private=draft.private,
        held=held,
        closings=closings,
    )


def edit(project: ProjectRow, issue: IssueDetail, comment_id: int, changes: CommentEdit, by: Viewer) -> CommentRow:
    """Change a comment's text, or who sees it. Raises Conflict if it is no longer at `changes.version`."""
    names = find(changes.body).names if "body" in changes.model_fields_set else ()
    _edit(project, issue, comment_id, changes, names, by)
    row = get(project, issue, comment_id)
    return replace(row, unheard=privacy.unheard(project, names, by)) if row.private and names else row


@transaction
def _edit(
    project: ProjectRow,
    issue: IssueDetail,
    comment_id: int,
    changes: CommentEdit,
    names: Sequence[str],
    by: Viewer,
) -> None:
    require(by, Do.EDIT_COMMENT, project, read(project, issue, comment_id).author_id)
    row = locked(project, issue, comment_id, by)
    if changes.version is not None and changes.version != row.version:
        raise Overtaken(_("This comment was changed meanwhile. Compare, and save again."))
    if "private" in changes.model_fields_set:
        privacy.wish(project, row, by, private=changes.private)
    if "body" in changes.model_fields_set and changes.body != row.body:
        rewrite(row, changes.body, by)
        told = CommentEdited(row.id, row.author_id, row.version - 1, row.version)
        events.record(issue.id, project.id, by, told)
        tell(Written(project, issue.id, issue.number, row.id, row.body, by, names))


def locked(project: ProjectRow, issue: IssueDetail, comment_id: int, by: Viewer) -> Comment:
    """The comment, which nobody else can change until the transaction ends. Raises NotFound.

    Its issue as well: nobody deletes it or takes it to another project meanwhile.
    """
    holding.hold(project, issue.number, by)
    row = repository.locked(comment_id)
    if row is None:
        raise NotFound()
    return row


def rewrite(row: Comment, text: str, by: Viewer) -> None:
    """Give a locked comment another text; the former one is kept."""
    history.keep(row.issue_id, row.id, row.version, row.body, by)
    row.body, row.body_html, row.html_version = text, None, None
    row.edited_at = clock.now()
    row.version += 1
    repository.flush()


def shown(rows: Sequence[AnyRow]) -> list[CommentRow]:
    """Rows with their HTML, which is made and kept where it is missing or outdated."""
    made: Made = {}
    late = outdated(rows)
    links = references.links_of_comments(late) if late else {}
    shown = [_comment(row, html_of(row, made, links.get(row.id)) if late else row.body_html) for row in rows]
    if made:
        _keep(made)
    return shown


def marked(issue: IssueDetail, rows: list[CommentRow]) -> list[CommentRow]:
    """The same comments with those marked that are held. Nothing is asked where none is private."""
    if not any(row.private for row in rows):
        return rows
    held = approval.of_issue(issue.id)
    return [replace(row, held=True) if row.id in held else row for row in rows]


def _comment(row: AnyRow, html: str) -> CommentRow:
    return CommentRow(
        id=row.id,
        author=Person(row.author_id, row.author_name, row.author_avatar),
        body=row.body,
        body_html=placed(html, _place(row.id)),
        created_at=row.created_at,
        edited_at=row.edited_at,
        version=row.version,
        reactions=tuple(row.reactions),
        private=row.private,
    )


def _place(comment_id: int) -> str:
    """What the places of its text are called by: a page shows many comments, which may say the same."""
    return f"c{comment_id}"


@apart
def _keep(made: Made) -> None:
    repository.store_html(made)
