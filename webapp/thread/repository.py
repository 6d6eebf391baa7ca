"""One statement reads a page of the thread, however long that is: first which entries, then what they show."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from webapp.db import AnyRow, AnySelect, db
from webapp.events.kinds import ASIDE
from webapp.events.telling import readable_data
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.events import Event
from webapp.reading import Built, read

# Where an entry stands: when, comments before the events of the same moment, and its id.
Key = tuple[datetime, int, int]
COMMENT, EVENT = 0, 1
COUNTED = 100_000


def ends(issue_id: int, whole: int, first: int, last: int) -> Sequence[AnyRow]:
    """The whole thread if it has no more than `whole` entries, else its first and last ones; oldest first.

    Each row also says how many entries there are in all.
    """
    return read(_ends(whole, first, last), {"issue_id": issue_id}).all()


@lru_cache
def _ends(whole: int, first: int, last: int) -> Built:
    """The statement, once for all: to build it took longer than to run it."""
    issue_id = bindparam("issue_id", type_=BigInteger)
    total = _total(issue_id)
    early, late = _keys(issue_id, None, whole), _keys(issue_id, None, last, backwards=True)
    place = func.row_number().over(order_by=_order(early))
    numbered = select(early, place.label("place")).subquery("numbered")
    shown = union_all(
        select(*_order(numbered)).where(or_(total <= whole, numbered.c.place <= first)),
        select(*_order(late)).where(total > whole),
    ).subquery("shown")
    return Built(_shown(shown, total.label("total")))


def after(issue_id: int, at: Key | None, limit: int) -> Sequence[AnyRow]:
    """The entries of a thread that follow a place, oldest first."""
    return read(_shown(_keys(issue_id, at, limit), literal(0).label("total"))).all()


def count(issue_id: int) -> int:
    """How many entries a thread has, up to a bound."""
    return db.session.scalar(select(_total(issue_id))) or 0


def _keys(issue_id: Any, at: Key | None, limit: int, *, backwards: bool = False) -> Subquery:
    """Which entries: of each kind at most the limit by its index, and of those together again the limit."""
    branches = []
    for rank, model in ((COMMENT, Comment), (EVENT, Event)):
        own = (model.created_at, model.id)
        branch = _entries(rank, issue_id)
        if at is not None:
            branch = branch.where(_beyond(own, rank, at))
        branch = branch.order_by(*(part.desc() if backwards else part for part in own)).limit(limit)
        part = branch.subquery()
        branches.append(select(*_order(part)))
    both = union_all(*branches).subquery()
    order = [part.desc() if backwards else part for part in _order(both)]
    return select(both).order_by(*order).limit(limit).subquery()


def _entries(rank: int, issue_id: Any) -> AnySelect:
    if rank == COMMENT:
        return select(Comment.created_at, literal(COMMENT).label("rank"), Comment.id).where(
            Comment.issue_id == issue_id
        )
    return select(Event.created_at, literal(EVENT).label("rank"), Event.id).where(
        Event.issue_id == issue_id, *(Event.kind != kind for kind in ASIDE)
    )


def _beyond(own: tuple[Any, Any], rank: int, at: Key) -> Any:
    moment, at_rank, at_id = at
    if rank == at_rank:
        return tuple_(*own) > (moment, at_id)
    return own[0] > moment if rank < at_rank else own[0] >= moment


def _order(keys: Subquery) -> list[ColumnElement[Any]]:
    return [keys.c.created_at, keys.c.rank, keys.c.id]


def _total(issue_id: Any) -> Any:
    """Counted in both indexes, each up to a bound; once, however often the statement asks."""
    counts = [
        select(func.count()).select_from(_entries(rank, issue_id).limit(COUNTED).subquery()).scalar_subquery()
        for rank in (COMMENT, EVENT)
    ]
    counted = select((counts[0] + counts[1]).label("total")).cte("counted")
    return select(counted.c.total).scalar_subquery()


def _shown(keys: Subquery, total: Any) -> AnySelect:
    """The entries with what is shown of them: of a deleted comment not the text, only whether it is there."""
    actor, remover = aliased(User), aliased(User)
    gone = Comment.deleted_at.is_not(None)
    body = case((gone, ""), else_=Comment.body)
    return (
        select(
            keys.c.rank, keys.c.id, keys.c.created_at, total,
            actor.id.label("author_id"), actor.name.label("author_name"),
            actor.avatar.label("author_avatar"),
            body.label("body"), case((gone, None), else_=Comment.body_html).label("body_html"),
            Comment.html_version, Comment.edited_at, Comment.version,
            Comment.reactions, Comment.private, Comment.deleted_at, and_(gone, Comment.body != "").label("is_kept"),
            remover.id.label("remover_id"), remover.name.label("remover_name"),
            remover.avatar.label("remover_avatar"),
            Event.kind, readable_data(), Event.change_id,
        )
        .select_from(keys)
        .outerjoin(Comment, and_(keys.c.rank == COMMENT, Comment.id == keys.c.id))
        .outerjoin(Event, and_(keys.c.rank == EVENT, Event.id == keys.c.id))
        .join(actor, actor.id == func.coalesce(Comment.author_id, Event.actor_id))
        .outerjoin(remover, remover.id == Comment.deleted_by)
        .order_by(*_order(keys))
    )  # fmt: skip
