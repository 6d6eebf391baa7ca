from collections.abc import Sequence
from dataclasses import dataclass

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.editing import one as editing
from webapp.errors import Conflict, Invalid, NotFound
from webapp.events import service as events
from webapp.events.kinds import Linked, Unlinked
from webapp.i18n import Whole, _
from webapp.issues import linking
from webapp.issues import service as issues
from webapp.issues.linking import REVERSED, Target
from webapp.issues.rows import IssueDetail
from webapp.models.issues import Kind, State
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.relations import repository
from webapp.relations.schemas import RelationIn, Way

# Ways that say a stored relation from its other end: what is stored, and that the ends change places.
TURNED = {Way.BLOCKED_BY: Kind.BLOCKS, Way.DUPLICATED_BY: Kind.DUPLICATES}


@dataclass(frozen=True, slots=True)
class Related:
    number: int
    key: str
    project_key: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Relation:
    """An issue that another one is tied to; `id` is None for a parent or child."""

    id: int | None
    kind: Way
    issue: Related


@dataclass(frozen=True, slots=True)
class Progress:
    closed: int
    total: int


@dataclass(frozen=True, slots=True)
class Relations:
    """All that an issue is tied to, and how far its parts are.

    `is_within`: all that it is tied to, and all that names it, is of its own project, may it be seen or not.
    """

    items: Sequence[Relation]
    is_within: bool

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def progress(self) -> Progress:
        children = [one.issue for one in self.items if one.kind is Way.CHILD]
        return Progress(sum(child.state == State.CLOSED for child in children), len(children))

    @property
    def groups(self) -> dict[Way, list[Relation]]:
        """By kind, in the order that a page tells them."""
        groups: dict[Way, list[Relation]] = {}
        for one in self.items:
            groups.setdefault(one.kind, []).append(one)
        return groups


def of(issue: IssueDetail, by: Viewer | None) -> Relations:
    """What the issue is tied to, as far as `by` may see it. Nothing is asked of one that is alone."""
    if issue.is_alone:
        return Relations([], is_within=True)
    rows = repository.of_issue(issue.project_id, issue.id, by)
    tied = [
        Relation(
            row.id,
            Way(row.kind if row.outgoing else REVERSED[Kind(row.kind)]),
            Related(row.number, f"{row.project_key}-{row.number}", row.project_key, row.title, row.state),
        )
        for row in rows
        if row.kind is not None
    ]
    return Relations(tied, is_within=not rows[0].reaches)


def get(issue: IssueDetail, link_id: int, by: Viewer | None) -> Relation:
    """One relation of an issue. Raises NotFound."""
    for one in of(issue, by).items:
        if one.id == link_id:
            return one
    raise NotFound()


@transaction
def create(project: ProjectRow, issue: IssueDetail, draft: RelationIn, by: Viewer) -> Relation:
    """Tie an issue to another. Raises Invalid for a circle, Conflict for what is tied already."""
    require(by, Do.EDIT_ISSUE, project)
    other = linking.target(draft.issue, project, by, field="issue")
    if draft.kind in (Way.PARENT, Way.CHILD):
        return _nest(project, issue, other, draft.kind, by)
    issue = _held(project, issue, other, by)
    kind = TURNED.get(draft.kind) or Kind(draft.kind)
    turned = draft.kind in TURNED
    if turned or kind is Kind.BLOCKS:  # what is blocked cannot simply be closed any more
        require(by, Do.EDIT_ISSUE, other.project)
    if turned:
        source, target = issues.read(other.project, other.number, by), _as_target(project, issue)
        made = linking.link(source, kind, target, other.project, by)
    else:
        made = linking.link(issue, kind, other, project, by)
    if made is None:
        raise Conflict.on("issue", Whole(_("%(key)s already has this relation to this issue.", key=other.key)))
    _tell(Linked, draft.kind, project, issue, other, by)
    return get(issue, made, by)


@transaction
def remove(project: ProjectRow, issue: IssueDetail, link_id: int, by: Viewer) -> None:
    """Untie an issue from another."""
    require(by, Do.EDIT_ISSUE, project)
    linking.lock_ties()
    repository.hold_ends(link_id)
    relation = get(issue, link_id, by)
    repository.remove(link_id)
    home = project if relation.issue.project_key == project.key else projects.get(relation.issue.project_key, by)
    found = issues.read(home, relation.issue.number, by)
    _tell(Unlinked, relation.kind, project, issue, Target(found.id, found.number, found.title, found.state, home), by)


def _nest(project: ProjectRow, issue: IssueDetail, other: Target, way: Way, by: Viewer) -> Relation:
    """A parent or child is the field of the lower issue."""
    if other.project.id != project.id:
        raise Invalid.on("issue", _("must be of the same project to be a part of the other."))
    upper, lower = (other.number, issue.number) if way is Way.PARENT else (issue.number, other.number)
    try:
        editing.change(project, lower, {"parent": upper}, by)
    except Invalid as error:
        raise Invalid.on("issue", *error.errors.get("parent", [str(error)])) from None
    related = Related(other.number, other.key, project.key, other.title, other.state)
    return Relation(None, way, related)


def _held(project: ProjectRow, issue: IssueDetail, other: Target, by: Viewer) -> IssueDetail:
    """The issue as it is now, when neither it nor the other goes anywhere until the transaction ends."""
    linking.hold(issue.id, other, field="issue")
    return issues.read(project, issue.number, by)


def _as_target(project: ProjectRow, issue: IssueDetail) -> Target:
    return Target(issue.id, issue.number, issue.title, issue.state, project)


def _tell(
    happened: type[Linked] | type[Unlinked],
    way: Way,
    project: ProjectRow,
    issue: IssueDetail,
    other: Target,
    by: Viewer,
) -> None:
    """An event on both issues, each told from its own side."""
    back = {Way.BLOCKED_BY: Way.BLOCKS, Way.DUPLICATED_BY: Way.DUPLICATES}.get(way)
    back = back or Way(REVERSED[Kind(way)])
    events.record(issue.id, project.id, by, happened(way, linking.name_for(project, other.project, other.key)))
    events.record(other.id, other.project.id, by, happened(back, linking.name_for(other.project, project, issue.key)))
