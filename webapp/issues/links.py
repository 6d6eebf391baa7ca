"""Queries about relations of issues."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from webapp.access import Viewer
from webapp.db import AnyRow, db
from webapp.models.issues import Issue, IssueLink, Kind
from webapp.models.projects import Project
from webapp.projects.sight import visible_to
from webapp.reading import Built, read

# Any fixed number: those who tie issues take turns, as two relations made at once could close a circle.
TIES = 7311031


def lock_ties() -> None:
    """Let nobody else tie issues until the transaction ends."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": TIES})


def held(*issue_ids: int) -> dict[int, int]:
    """Where these issues are, but for those in the trash; nobody changes that until the transaction ends."""
    those = select(Issue.id, Issue.project_id).where(Issue.id.in_(issue_ids), Issue.deleted_at.is_(None))
    return dict(read(those.order_by(Issue.id).with_for_update(key_share=True)).all())


_CHILD = aliased(Issue)
_LOST_PARENT = Built(
    select(Issue.number, Issue.title, Issue.state)
    .join(_CHILD, _CHILD.parent_id == Issue.id)
    .where(_CHILD.id == bindparam("issue_id"), Issue.deleted_at.is_not(None))
)


def lost_parent(issue_id: int) -> AnyRow | None:
    """(number, title, state) of what an issue is a part of, if that is in the trash."""
    return read(_LOST_PARENT, {"issue_id": issue_id}).one_or_none()


def add(kind: Kind, source_id: int, target_id: int, by: int) -> int | None:
    """The new relation's id; None if it is there already."""
    values = {"kind": kind, "source_id": source_id, "target_id": target_id, "created_by": by}
    made = insert(IssueLink).values(values).on_conflict_do_nothing().returning(IssueLink.id)
    return db.session.scalar(made)


def ancestors(issue_id: int) -> dict[int, int]:
    """(id, number) of an issue and of all that it is a part of, from below."""
    walk = select(Issue.id, Issue.number, Issue.parent_id).where(Issue.id == issue_id).cte("walk", recursive=True)
    above = select(Issue.id, Issue.number, Issue.parent_id).join(walk, Issue.id == walk.c.parent_id)
    whole = walk.union(above)
    return dict(read(select(whole.c.id, whole.c.number)).all())


def path(kind: Kind, start: int, goal: int) -> list[int]:
    """The issues on a way along relations of one kind from `start` to `goal`, with both; empty if there is none."""
    first = (
        select(IssueLink.target_id.label("id"), IssueLink.source_id.label("via"))
        .where(IssueLink.source_id == start, IssueLink.kind == kind)
        .cte("walk", recursive=True)
    )
    further = aliased(IssueLink)
    walk = first.union(
        select(further.target_id, further.source_id).where(further.source_id == first.c.id, further.kind == kind)
    )
    came_from: dict[int, int] = {}
    for id, via in read(select(walk.c.id, walk.c.via)):
        came_from.setdefault(id, via)
    if goal not in came_from:
        return []
    way = [goal]
    while way[-1] != start and len(way) <= len(came_from):
        way.append(came_from[way[-1]])
    return way[::-1]


def keys_seen_by(issue_ids: Sequence[int], viewer: Viewer) -> dict[int, str]:
    """The keys of those of these issues that somebody may see."""
    rows = read(
        select(Issue.id, func.concat(Project.key, "-", Issue.number))
        .join(Project, Project.id == Issue.project_id)
        .where(Issue.id.in_(issue_ids), visible_to(viewer))
    )
    return dict(rows.all())
