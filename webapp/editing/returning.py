"""A move is taken back: the issues have their former numbers again, and what they had left behind."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.changes import repository
from webapp.changes.batch import Batch, Refusal
from webapp.db import transaction
from webapp.editing import moving, rewording
from webapp.editing.rewording import Reworded
from webapp.errors import Conflict, Forbidden, NotFound, Overtaken
from webapp.events.kinds import Moved, of
from webapp.i18n import N_, _
from webapp.issues import linking
from webapp.issues.rows import IssueDetail
from webapp.models.events import Event
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# How long a change can be undone.
UNDOABLE = timedelta(hours=1)
# What the event of its move says of each issue, by its id.
Moves = Mapping[int, Moved]
MEANWHILE = N_("It was moved again meanwhile.")


def require_own(events: Sequence[Event], by: Viewer) -> None:
    """Go on only if `by` did this, and lately."""
    if any(event.actor_id != by.id for event in events):
        raise Forbidden(_("You can only undo what you did yourself."))
    if events and clock.now() - events[0].created_at > UNDOABLE:
        raise Conflict(_("This was too long ago to be undone."))


def moves(project: ProjectRow, events: Sequence[Event], by: Viewer) -> Sequence[Event]:
    """One change's events that took issues to other projects, if any concerns this one, and `by` may take them back.

    Raises Conflict if it was too long ago, Forbidden if it was somebody else.
    """
    if not any(one.project_id == project.id or _moved(one).from_id == project.id for one in events):
        return ()
    require_own(events, by)
    return events


def whither(events: Sequence[Event], change: UUID, by: Viewer) -> ProjectRow:
    """The project to which the move of these events took issues. Those that were moved on are elsewhere now."""
    on = _moved_on(change)
    there = next((one for one in events if one.issue_id not in on), events[0])
    return projects.get(str(there.project_id), by)


def by_issue(events: Sequence[Event]) -> Moves:
    """What events of moves say, by issue."""
    return {event.issue_id: _moved(event) for event in events if event.issue_id is not None}


def _moved(event: Event) -> Moved:
    happened = of(event.kind, event.data)
    return happened if isinstance(happened, Moved) else Moved(None, "")


def take_back(project: ProjectRow, moved: Moves, change: UUID, by: Viewer) -> Batch:
    """Take the issues of a project that one change brought there back to where they were.

    Whatever else was done to them since goes along. Those that are gone, or were moved again, stay and are named.
    Raises Conflict if there is no way back.
    """
    home = _home(moved, by)
    return _take_back(project, home, moved, rewording.reworded(moved, project), change, by)


def take_one_back(project: ProjectRow, number: int, change: UUID, by: Viewer) -> IssueDetail | None:
    """The same for one issue, which is returned as it is where it was; None if this was no move of it."""
    require(by, Do.COMMENT, project)
    issue_id = repository.id_of(project.id, number)
    events = [one for one in repository.moves_of(change) if one.issue_id == issue_id]
    if issue_id is None or not moves(project, events, by):
        return None
    batch = take_back(project, by_issue(events), change, by)
    if batch.refused:
        raise Overtaken(_("%(reason)s Nothing was undone.", reason=batch.refused[0].detail))
    home = projects.get(batch.went[issue_id].rpartition("-")[0], by)
    return moving.moved_issue(batch, issue_id, home, by)


def _home(moved: Moves, by: Viewer) -> ProjectRow:
    ids = {one.from_id for one in moved.values()}
    try:
        return projects.get(str(ids.pop()), by) if len(ids) == 1 and None not in ids else _nowhere()
    except NotFound:
        return _nowhere()


def _nowhere() -> ProjectRow:
    raise Conflict(_("The project that it came from is not there any more, or you cannot see it."))


@transaction
def _take_back(
    project: ProjectRow, home: ProjectRow, moved: Moves, texts: Reworded, change: UUID, by: Viewer
) -> Batch:
    linking.lock_ties()
    rows = {row.id: row for row in repository.going(repository.with_ids(project.id, moved))}
    on = _moved_on(change)
    batch = Batch(project, by, {id: row for id, row in rows.items() if id not in on})
    batch.refused += _refused(moved.keys() - rows.keys() - on, _("It is no longer there."))
    batch.refused += _refused(moved.keys() & on, _(MEANWHILE))
    former = {id: number for id in batch.rows if (number := moved[id].from_number)}
    moving.move(batch, home, texts, former)
    return batch


def _moved_on(change: UUID) -> set[int | None]:
    """The issues that were moved again since a change."""
    return {id for id, kinds in repository.kinds_after(change).items() if Moved.kind in kinds}


def _refused(ids: Collection[int], detail: str) -> list[Refusal]:
    return [Refusal(number, detail) for number in repository.numbers_of(ids)]
