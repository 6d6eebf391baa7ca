"""Queries about what stands in the way of closing issues."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from webapp.access import Viewer
from webapp.models.issues import Issue, IssueLink, Kind, State
from webapp.models.projects import Project
from webapp.projects.sight import visible_to
from webapp.reading import among, read


def open_children(ids: Collection[int]) -> Sequence[tuple[int | None, int, str]]:
    """(parent, child, the child's key) of the open issues that are part of these."""
    rows = read(
        select(Issue.parent_id, Issue.id, func.concat(Project.key, "-", Issue.number))
        .join(Project, Project.id == Issue.project_id)
        .where(among(Issue.parent_id, ids), Issue.state == State.OPEN, Issue.deleted_at.is_(None))
        .order_by(Issue.number)
    )
    return rows.all()


def open_blockers(ids: Collection[int], viewer: Viewer) -> Sequence[tuple[int, int, str]]:
    """(blocked, blocker, the blocker's key) of the open issues that block these, as far as somebody sees them."""
    rows = read(
        select(IssueLink.target_id, Issue.id, func.concat(Project.key, "-", Issue.number))
        .join(Issue, Issue.id == IssueLink.source_id)
        .join(Project, Project.id == Issue.project_id)
        .where(among(IssueLink.target_id, ids), IssueLink.kind == Kind.BLOCKS)
        .where(Issue.state == State.OPEN, Issue.deleted_at.is_(None), visible_to(viewer))
        .order_by(Issue.id)
    )
    return rows.all()
