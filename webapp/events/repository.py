from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB, array, distinct_on

from webapp.db import AnyRow, db
from webapp.events.happening import Happening
from webapp.events.kinds import KINDS, Closed, Moved, MovedStatus, Reclosed, Reopened, of
from webapp.events.telling import QUOTING, comment_of, readable_data
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.events import Event
from webapp.paging import Key
from webapp.reading import among, read

_EVENTS = select(
    Event.id,
    Event.kind,
    readable_data(),
    Event.created_at,
    Event.change_id,
    User.id.label("actor_id"),
    User.name.label("actor_name"),
    User.avatar,
).join(User, User.id == Event.actor_id)

# An event's data with what was put away.
_WHOLE: Any = func.coalesce(Event.data["apart"]["was"], Event.data, type_=JSONB)


def blot(issue_id: int, comment_id: int | None, words: Sequence[str]) -> None:
    """Put a dot in the place of these words wherever an event quotes them as the tasks of this text."""
    about = comment_of(Event.data)
    own = about.is_(None) if comment_id is None else about == comment_id
    sides = {side for kind in QUOTING for side in KINDS[kind].erases.words}
    quoting = or_(*(Event.data[side].has_any(array(list(words))) for side in sorted(sides)))
    quoting_events = select(Event).where(Event.issue_id == issue_id, Event.kind.in_(QUOTING), own, quoting)
    for event in db.session.scalars(quoting_events.with_for_update()):
        event.data = of(event.kind, event.data).blotted(words).data()
    db.session.flush()


def blot_comments(comment_ids: Sequence[int]) -> None:
    """The same for all words of these comments' tasks."""
    homes = select(Comment.issue_id).where(Comment.id.in_(comment_ids))
    about = comment_of(Event.data).in_(comment_ids)
    quoting_events = select(Event).where(Event.issue_id.in_(homes), Event.kind.in_(QUOTING), about)
    for event in db.session.scalars(quoting_events.order_by(Event.id).with_for_update()):
        event.data = of(event.kind, event.data).blotted().data()
    db.session.flush()


def rehome(issue_ids: Collection[int], project_id: int, hidden: int | None) -> None:
    """Let the events of issues be another project's; those that name issues put these away, if that one is hidden.

    What was put away when they left the project to which they come back is there again.
    """
    cases = [(Event.data["apart"]["of"].as_integer() == project_id, Event.data["apart"]["was"])]
    if hidden is not None:
        named = ~Event.data.has_key("apart")
        cases += [
            (and_(Event.kind == kind, named), _unnamed(one, hidden)) for kind, one in KINDS.items() if one.elsewhere
        ]
    moved = update(Event).where(among(Event.issue_id, issue_ids))
    values = {"project_id": project_id, "data": case(*cases, else_=Event.data)}
    db.session.execute(moved.values(values).execution_options(synchronize_session=False))


def _unnamed(kind: type[Happening], hidden: int) -> ColumnElement[Any]:
    """The data of an event without what names other issues; the whole of it is put away under `apart`."""
    data: Any = Event.data
    for path in kind.elsewhere:
        data = func.jsonb_delete_path(data, array(path))
    return func.jsonb_concat(data, func.jsonb_build_object("apart", _apart(hidden)))


def _apart(hidden: int) -> ColumnElement[Any]:
    return func.jsonb_build_object("of", literal(hidden), "was", Event.data)


def leavings(issue_ids: Collection[int], project_id: int) -> dict[int, Happening]:
    """The events with which these issues went away from a project last, by issue."""
    left = _leaving(issue_ids, project_id)
    last = select(Event.issue_id, Event.kind, _WHOLE).where(*left).ext(distinct_on(Event.issue_id))
    rows = read(last.order_by(Event.issue_id, Event.id.desc()))
    return {id: of(kind, data) for id, kind, data in rows if id is not None}


def turned_since(issue_ids: Collection[int], project_id: int) -> set[int]:
    """Those of these issues whose status or state was changed since they went away from a project last."""
    left = _leaving(issue_ids, project_id)
    last = select(Event.issue_id, func.max(Event.id).label("id")).where(*left).group_by(Event.issue_id)
    since = last.subquery("last")
    rows = select(Event.issue_id).join(since, (Event.issue_id == since.c.issue_id) & (Event.id > since.c.id))
    turned = Event.kind.in_([one.kind for one in (MovedStatus, Closed, Reclosed, Reopened)])
    return {id for id in read(rows.where(turned).distinct()).scalars() if id is not None}


def _leaving(issue_ids: Collection[int], project_id: int) -> tuple[ColumnElement[bool], ...]:
    """The condition on events with which these issues went away from a project."""
    those = among(Event.issue_id, issue_ids), Event.kind == Moved.kind
    return *those, _WHOLE["from_id"].as_integer() == project_id


def events(issue_id: int, beyond: Key | None, limit: int) -> Sequence[AnyRow]:
    """Events of an issue beyond a time and an id, oldest first."""
    statement = _EVENTS.where(Event.issue_id == issue_id)
    if beyond is not None:
        statement = statement.where(tuple_(Event.created_at, Event.id) > beyond)
    return read(statement.order_by(Event.created_at, Event.id).limit(limit)).all()


def count(issue_id: int, limit: int) -> int:
    """How many events an issue has, counted up to the limit."""
    some = select(Event.id).where(Event.issue_id == issue_id).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def newest_events(issue_id: int) -> Sequence[AnyRow]:
    """The newest event of each kind."""
    newest = _EVENTS.where(Event.issue_id == issue_id).ext(distinct_on(Event.kind))
    return read(newest.order_by(Event.kind, Event.id.desc())).all()
