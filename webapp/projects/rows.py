"""A project as pages and services know it, and how it is read."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp import eyes
from webapp.access import Role, Visibility, sees_private
from webapp.db import AnySelect
from webapp.models.issues import Issue, has_hidden
from webapp.models.members import Block
from webapp.models.projects import Membership, Project, ProjectStamp, Stamp
from webapp.models.watching import ProjectWatch


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as somebody sees it; `role` is theirs in it, if any."""

    id: int
    key: str
    name: str
    description: str
    visibility: Visibility
    owner_id: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    importing_since: datetime | None
    open_issues: int
    closed_issues: int
    version: int
    default_view_id: int | None
    private_role: Role  # from which on its private issues and comments are seen
    # Whether any of its issues that whoever looks may see is private, or has private comments.
    has_private: bool
    # Counters that move with what is shown of its issues, with its words, and with people's names.
    stamp: int
    words: int
    people: int
    role: Role | None
    # What whoever looks chose to hear of it, and how often they chose something here: for it or for its issues.
    level: str | None = None
    choices: int | None = None
    # Whether its owners let whoever looks only read.
    blocked: bool = False

    @property
    def edition(self) -> tuple[int, str, int, int, int, eyes.Eyes | str | None]:
        """What its lists and boards show is the same as long as this is, whoever looks.

        Nearly all see either each of its private issues and comments or none. Who may see some has an edition of
        their own.
        """
        return self.id, self.key, self.stamp, self.words, self.people, self._private_seen

    @property
    def still(self) -> "ProjectRow":
        """The same without what moves with each of its issues."""
        return replace(self, stamp=0, updated_at=self.created_at)

    @property
    def _private_seen(self) -> eyes.Eyes | str | None:
        if not self.has_private:
            return "none"
        return "all" if sees_private(self.role, self.private_role) else eyes.looking()


def _counter(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    mine = select(column).where(ProjectStamp.project_id == Project.id).scalar_subquery()
    return func.coalesce(mine, 0).label(column.key)


def _has_private() -> ColumnElement[bool]:
    hidden = Issue.__table__.alias("any_private")
    return exists().where(hidden.c.project_id == Project.id, has_hidden(hidden.c)).label("has_private")


COLUMNS = (
    Project.id, Project.key, Project.name, Project.description, Project.visibility, Project.owner_id,
    Project.created_at, Project.updated_at, Project.archived_at, Project.importing_since,
    Project.open_issues, Project.closed_issues,
    Project.version, Project.default_view_id, Project.private_role, _has_private(),
    _counter(ProjectStamp.stamp), _counter(ProjectStamp.words),
    select(Stamp.people).scalar_subquery().label("people"),
    Membership.role,
)  # fmt: skip

# What somebody chose, and what was chosen for them, for whoever looks for themselves; behind the columns of all.
CHOSEN = (ProjectWatch.level, ProjectWatch.choices, Block.user_id.is_not(None).label("blocked"))


def blocks(viewer_id: Any) -> ColumnElement[bool]:
    """That a block keeps somebody from taking part in the project of the same row."""
    return and_(Block.project_id == Project.id, Block.user_id == viewer_id)


def as_seen_by(viewer_id: ColumnElement[int]) -> AnySelect:
    """All projects, each as a ProjectRow of somebody has it, whether they see it or not."""
    mine = and_(Membership.project_id == Project.id, Membership.user_id == viewer_id)
    chosen = and_(ProjectWatch.project_id == Project.id, ProjectWatch.user_id == viewer_id)
    rows = select(*COLUMNS, *CHOSEN).outerjoin_from(Project, Membership, mine)
    return rows.outerjoin(ProjectWatch, chosen).outerjoin(Block, blocks(viewer_id))
