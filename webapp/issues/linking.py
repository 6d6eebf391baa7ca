"""Issues that have to do with each other: parents, blockers, duplicates. Nothing may go in a circle."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from webapp.access import Do, Viewer, Visibility, require
from webapp.errors import Conflict, Invalid, NotFound, SignInNeeded
from webapp.i18n import Whole, _
from webapp.issues import links, repository
from webapp.issues.rows import IssueDetail, ParentRef
from webapp.models.issues import Issue, Kind
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references import resolving

# The same relation told from the other side.
REVERSED = {Kind.BLOCKS: "blocked_by", Kind.RELATES: "relates", Kind.DUPLICATES: "duplicated_by"}


@dataclass(frozen=True, slots=True)
class Target:
    """An issue that another one is tied to, with its project as the person who ties sees it."""

    id: int
    number: int
    title: str
    state: str
    project: ProjectRow

    @property
    def key(self) -> str:
        return f"{self.project.key}-{self.number}"


class Tied(Protocol):
    """An issue to be tied."""

    @property
    def id(self) -> int: ...


def target(ref: str, project: ProjectRow, by: Viewer, *, field: str) -> Target:
    """The issue that `#12`, `12` or `KEY-12` means or meant, if `by` may see it. Raises Invalid on the field."""
    key, _dash, number = ref.removeprefix("#").rpartition("-")
    try:
        home = projects.get(key, by) if key and key != project.key else project
        issue = resolving.one(home.id, int(number)) if int(number) < 2**63 else None
        if issue is not None and issue.project_id != home.id:
            home = projects.get(str(issue.project_id), by)
    except (NotFound, SignInNeeded):
        issue = None
    if issue is None:
        raise Invalid.on(field, _("names no issue that you can see: %(key)s.", key=ref))
    return Target(issue.id, issue.number, issue.title, issue.state, home)


def lock_ties() -> None:
    """Let nobody else tie issues until the transaction ends. Whoever ties comes here before any issue's row."""
    links.lock_ties()


def hold_all(project: ProjectRow, number: int, sent: Mapping[str, Any], by: Viewer) -> None:
    """Hold an issue together with those that a change ties it to. That one of them is not there is told later."""
    ids = []
    if (upper := sent.get("parent")) is not None:
        ids.append(_id(project, upper))
    if (ref := sent.get("duplicate_of")) is not None:
        with suppress(Invalid):
            ids.append(target(ref, project, by, field="duplicate_of").id)
    if ids:
        links.lock_ties()
        links.held(_id(project, number), *ids)


def hold_each(ids: Collection[int]) -> None:
    """Let nobody change these issues until the transaction ends; they are taken in the order of all."""
    links.held(*ids)


def hold(own_id: int, other: Target, *, field: str) -> None:
    """Let nobody change the two issues, or take them elsewhere, until the transaction ends; in the order of all.

    Raises Invalid on the field if the other has gone meanwhile: whither, not everybody may know.
    """
    links.lock_ties()
    if links.held(own_id, other.id).get(other.id) != other.project.id:
        raise Invalid.on(field, _("names no issue that you can see: %(key)s.", key=other.key))


def _id(project: ProjectRow, number: int) -> int:
    """The issue's id; 0, which none has, where it is not there."""
    found = resolving.one(project.id, number)
    return found.id if found else 0


def parent(project: ProjectRow, child_id: int, number: int) -> Issue:
    """The issue that is to be the parent, locked. Raises Invalid for an unknown one, or one below the child."""
    links.lock_ties()
    meant = resolving.one(project.id, number)
    upper = repository.locked(project.id, meant.number) if meant and meant.project_id == project.id else None
    if upper is None:
        raise Invalid.on("parent", _("names no issue that you can see: %(key)s.", key=f"{project.key}-{number}"))
    if upper.id == child_id:
        raise Invalid.on("parent", _("must be another issue."))
    above = links.ancestors(upper.id)
    if child_id in above:
        way = list(above.values())[: list(above).index(child_id) + 1]
        circle = " → ".join(f"{project.key}-{one}" for one in (above[child_id], *way))
        raise Invalid.on("parent", _("would go in a circle: %(circle)s.", circle=circle))
    return upper


def lost_parent(issue: IssueDetail) -> ParentRef | None:
    """What an issue is a part of, where that is in the trash: it is not shown, but it comes back with its parts."""
    row = links.lost_parent(issue.id) if issue.parent is None else None
    return ParentRef(row.number, f"{issue.project_key}-{row.number}", row.title, row.state) if row else None


def link(
    source: Tied, kind: Kind, other: Target, project: ProjectRow, by: Viewer, *, field: str = "issue"
) -> int | None:
    """Tie two issues; returns the new relation's number, or None if they are tied like this already.

    Both are held. Raises Invalid for an issue tied to itself and for a circle, Conflict for one of an archived
    project.
    """
    if other.id == source.id:
        raise Invalid.on(field, _("must be another issue."))
    require(by, Do.SEE, other.project)
    now = projects.confirm().get(other.project.id, other.project)
    if now.archived_at is not None:
        raise Conflict.on(
            field, Whole(_("%(project)s is archived. Nothing can be changed in it.", project=other.project.key))
        )
    ends = (source.id, other.id)
    if kind is Kind.RELATES:
        ends = (min(ends), max(ends))
    else:
        _refuse_circle(source, kind, other, by, field)
    return links.add(kind, *ends, by.id)


def name_for(project: ProjectRow, other: ProjectRow, key: str) -> str | None:
    """The key by which an event names an issue. One of a project that fewer people see is not named to all these."""
    order = list(Visibility)
    known = project.id == other.id or order.index(other.visibility) >= order.index(project.visibility) > 0
    return key if known else None


def hidden_for(project: ProjectRow, other: ProjectRow) -> int | None:
    """The other project's id, if not everybody who sees the first one may know of issues there."""
    is_open = other.visibility is Visibility.PUBLIC or name_for(project, other, other.key) is not None
    return None if is_open else other.id


def _refuse_circle(source: Tied, kind: Kind, other: Target, by: Viewer, field: str) -> None:
    """A relation in one direction may not lead back to where it began."""
    path = links.path(kind, other.id, source.id)
    if path:
        keys = links.keys_seen_by(path, by)
        circle = " → ".join(keys.get(id, _("an issue that you cannot see")) for id in (source.id, *path))
        raise Invalid.on(field, _("would go in a circle: %(circle)s.", circle=circle))
