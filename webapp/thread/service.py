from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from webapp import clock, keeping
from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.comments import removal
from webapp.comments import service as comments
from webapp.comments.service import CommentRow
from webapp.db import AnyRow
from webapp.events.kinds import of
from webapp.events.service import EventRow
from webapp.issues.removal import KEPT
from webapp.issues.rows import IssueDetail
from webapp.paging import cursor, place
from webapp.projects.service import ProjectRow
from webapp.reactions import service as reactions
from webapp.reactions.service import Reacted
from webapp.references import service as references
from webapp.references.service import CrossReference
from webapp.thread import repository
from webapp.thread.happened import mention

FOLDED_ABOVE, FIRST, LAST = 100, 20, 60
PAGE = 200
# Events of one person that follow each other within this time are told in one line.
RUN = timedelta(minutes=15)
# Before all entries of a moment, whatever they are.
_BEFORE_ALL = -1, 0


@dataclass(slots=True)
class Entry:
    """A line of the thread: a comment, the mark of a deleted one, or what one person did in a while."""

    id: int
    kind: str
    actor: Person
    created_at: datetime
    body: str = ""
    body_html: str = ""
    edited_at: datetime | None = None
    remover: Person | None = None
    deleted_at: datetime | None = None
    is_restorable: bool = False
    events: list[EventRow] = field(default_factory=list)
    felt: Sequence[Reacted] = ()
    is_reacted_to: bool = False
    private: bool = False
    held: bool = False

    @property
    def author(self) -> Person:
        """Whose comment it is."""
        return self.actor


@dataclass(frozen=True, slots=True)
class Thread:
    """Oldest first. Of a long one `hidden` entries are left out between `before` and `after`.

    Of a thread that is read in pages `is_begun` says that something came before this one, and `next` is the
    cursor of what follows. `since` is when what is new to its reader began: that part is never left out. What
    they did themselves is not new to them.
    """

    before: list[Entry]
    hidden: int = 0
    after: list[Entry] = field(default_factory=list)
    is_begun: bool = False
    next: str | None = None
    since: datetime | None = None
    reader: int | None = None
    felt: Sequence[Reacted] = ()  # about the issue itself

    @property
    def new_before(self) -> int | None:
        """Above which entry of `before` what is new begins, if it does there."""
        return self._first_new(self.before)

    @property
    def new_after(self) -> int | None:
        """The same for `after`."""
        return self._first_new(self.after) if self.new_before is None else None

    def _first_new(self, entries: Sequence[Entry]) -> int | None:
        if (since := self.since) is None:
            return None
        news = (at for at, one in enumerate(entries) if one.created_at >= since and one.actor.id != self.reader)
        return next(news, None)


def with_reactions(thread: Thread, issue: IssueDetail, viewer: Viewer | None) -> Thread:
    """The same with what is felt about the issue and the comments in it. Nothing is asked where nobody reacts."""
    entries = [entry for entry in (*thread.before, *thread.after) if entry.is_reacted_to]
    felt = reactions.shown(issue, [entry.id for entry in entries], viewer)
    for entry in entries:
        entry.felt = felt.get(entry.id, ())
    return replace(thread, felt=felt.get(None, ()), reader=viewer.id if viewer else None)


def folded(project: ProjectRow, issue: IssueDetail, viewer: Viewer | None, since: datetime | None = None) -> Thread:
    """An issue's thread; of a long one the beginning and the end, or all from where it is new."""
    rows = repository.ends(issue.id, FOLDED_ABOVE, FIRST, LAST)
    mentions = _mentions(issue, viewer)
    total = rows[0].total if rows else 0
    if total <= FOLDED_ABOVE:
        return Thread(_entries([*rows, *mentions], project, issue, viewer, since), since=since)
    early, late = rows[:FIRST], rows[FIRST:]
    if since is not None and since < late[0].created_at:
        late = _since(issue, since, early)
        if len(late) > PAGE:
            return page(project, issue, cursor((since, *_BEFORE_ALL)), viewer, since)
    begin = [one for one in mentions if one.created_at <= early[-1].created_at]
    end = [one for one in mentions if one.created_at >= late[0].created_at]
    hidden = total - FIRST - len(late) + len(mentions) - len(begin) - len(end)
    before = _entries([*early, *begin], project, issue, viewer, since)
    return Thread(before, hidden, _entries([*late, *end], project, issue, viewer, since), since=since)


def _mentions(issue: IssueDetail, viewer: Viewer | None) -> list[CrossReference]:
    """The last texts elsewhere that name the issue. Nothing is asked of one that is alone."""
    return [] if issue.is_alone else references.mentioned_in(issue.id, viewer)


def _since(issue: IssueDetail, since: datetime, early: Sequence[AnyRow]) -> Sequence[AnyRow]:
    """What follows the beginning of a thread, from a time on: up to one more than a page shows."""
    begin = max(since, early[-1].created_at)
    rows = repository.after(issue.id, (begin, *_BEFORE_ALL), PAGE + 1 + len(early))
    return [row for row in rows if _key(row) > _key(early[-1])]


def page(
    project: ProjectRow,
    issue: IssueDetail,
    word: str | None,
    viewer: Viewer | None,
    since: datetime | None = None,
) -> Thread:
    """A page of the unfolded thread, from a cursor on."""
    at = place(word, datetime, int, int)
    rows = repository.after(issue.id, at.key if at else None, PAGE + 1)
    shown = rows[:PAGE]
    following = cursor(_key(shown[-1])) if len(rows) > PAGE else None
    mentions = [
        one
        for one in _mentions(issue, viewer)
        if (at is None or one.created_at >= at.key[0]) and (not following or one.created_at < shown[-1].created_at)
    ]
    entries = _entries([*shown, *mentions], project, issue, viewer, since)
    return Thread(entries, is_begun=at is not None, next=following, since=since)


def cursor_to(issue: IssueDetail, comment: CommentRow) -> str | None:
    """From where to read so that a comment comes first; None where the thread is short enough to show it anyway."""
    if repository.count(issue.id) <= FOLDED_ABOVE:
        return None
    return cursor((comment.created_at, repository.COMMENT, comment.id - 1))


def _key(row: AnyRow) -> repository.Key:
    return row.created_at, row.rank, row.id


def _entries(
    rows: Sequence[AnyRow | CrossReference],
    project: ProjectRow,
    issue: IssueDetail,
    viewer: Viewer | None,
    since: datetime | None = None,
) -> list[Entry]:
    texts = _texts(issue, [row for row in rows if not isinstance(row, CrossReference)])
    entries: list[Entry] = []
    for row in sorted(rows, key=lambda one: one.created_at):
        if isinstance(row, CrossReference):
            _tell(entries, mention(row), since)
        elif row.rank == repository.EVENT:
            _tell(entries, _event(row), since)
        elif row.deleted_at is None:
            entries.append(_comment(texts[row.id]))
        else:
            entries.append(_mark(row, project, viewer))
    return entries


def _texts(issue: IssueDetail, rows: Sequence[AnyRow]) -> dict[int, CommentRow]:
    """The comments among these that were not deleted, by id."""
    written = [row for row in rows if row.rank == repository.COMMENT and row.deleted_at is None]
    return {row.id: row for row in comments.marked(issue, comments.shown(written))}


def _tell(entries: list[Entry], event: EventRow, since: datetime | None) -> None:
    """Add an event to the line before it, if that is the same person's and recent; else as a line of its own.

    What is new begins with a line of its own.
    """
    last = entries[-1] if entries else None
    begins = since is not None and last is not None and last.created_at < since <= event.created_at
    if last and last.events and not begins and _go_together(last.events[-1], event):
        last.events.append(event)
    else:
        entries.append(Entry(event.id, "event", event.actor, event.created_at, events=[event]))


def _go_together(one: EventRow, other: EventRow) -> bool:
    soon = other.created_at - one.created_at <= RUN
    return one.actor.id == other.actor.id and (soon or one.change_id == other.change_id is not None)


def _event(row: AnyRow) -> EventRow:
    return EventRow(row.id, _actor(row), of(row.kind, row.data), row.created_at, row.change_id)


def _comment(row: CommentRow) -> Entry:
    entry = Entry(row.id, "comment", row.author, row.created_at, row.body, row.body_html, row.edited_at)
    entry.is_reacted_to = bool(row.reactions)
    entry.private, entry.held = row.private, row.held
    return entry


def _mark(row: AnyRow, project: ProjectRow, viewer: Viewer | None) -> Entry:
    kept = row.is_kept and clock.now() - row.deleted_at < KEPT
    if kept:
        keeping.true_until(row.deleted_at + KEPT)
    return Entry(
        row.id,
        "deleted",
        _actor(row),
        row.created_at,
        remover=Person(row.remover_id, row.remover_name, row.remover_avatar),
        deleted_at=row.deleted_at,
        private=row.private,
        is_restorable=kept and removal.may_restore(project, row.remover_id, row.deleted_at, viewer),
    )


def _actor(row: AnyRow) -> Person:
    return Person(row.author_id, row.author_name, row.author_avatar)
