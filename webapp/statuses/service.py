from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from webapp import keeping
from webapp.access import Do, Viewer, require
from webapp.audit import service as audit
from webapp.changes import engine, workflow
from webapp.changes.want import Want, Where
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import Whole, _, ngettext
from webapp.i18n.formats import one_of
from webapp.issues.statuses import StatusRow
from webapp.keeping import Kind
from webapp.models.statuses import Category, Status
from webapp.projects.service import ProjectRow
from webapp.statuses import repository
from webapp.statuses.schemas import StatusEdit, StatusIn, StatusRemovalIn

__all__ = [
    "StatusRow",
    "closed",
    "create",
    "edit",
    "first",
    "get",
    "named",
    "of",
    "of_each",
    "remove",
    "reopened",
    "require_manage",
]

AnyStatus = TypeVar("AnyStatus", Status, StatusRow)
MOST = 50
_OF: Kind[Sequence[StatusRow]] = Kind("statuses", lambda found: 300 * len(found), repr)


def of(project: ProjectRow) -> Sequence[StatusRow]:
    """The statuses of a project, in the order that its issues go through them."""
    return keeping.kept(_OF, project.id, project.words, lambda: repository.of_project(project.id))


def of_each(project_ids: Collection[int]) -> Mapping[int, Sequence[StatusRow]]:
    """The same of several projects, by their ids. One statement."""
    by_project: dict[int, list[StatusRow]] = {id: [] for id in project_ids}
    for status in repository.of_projects(project_ids):
        by_project[status.project_id].append(status)
    return by_project


def get(project: ProjectRow, status_id: int) -> StatusRow:
    return _one(of(project), status_id)


def named(project: ProjectRow, name: str, among: Sequence[StatusRow] | None = None) -> StatusRow:
    """The status with this name, in any case; `among` are the project's, if they are at hand.

    Raises Invalid, naming those that there are.
    """
    statuses = among or of(project)
    for status in statuses:
        if status.name.casefold() == name.casefold():
            return status
    raise Invalid.on("status", _("must be one of %(names)s.", names=one_of([status.name for status in statuses])))


def first(project: ProjectRow) -> StatusRow:
    """The status of a new issue: the first open one."""
    return next(status for status in of(project) if status.is_open)


def reopened(project: ProjectRow, among: Sequence[StatusRow] | None = None) -> StatusRow:
    """The status of an issue that is opened again: something to be done, if the project knows such."""
    return _nearest(among or of(project), (Category.UNSTARTED, Category.BACKLOG, Category.STARTED))


def closed(project: ProjectRow, *, completed: bool, among: Sequence[StatusRow] | None = None) -> StatusRow:
    """The status of an issue that is closed, because it is done or because it will not be."""
    return nearest(among or of(project), completed=completed)


def nearest(among: Sequence[StatusRow], *, completed: bool) -> StatusRow:
    """The same of a project whose statuses are known."""
    return _nearest(among, (Category.DONE, Category.CANCELED) if completed else (Category.CANCELED, Category.DONE))


def require_manage(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the forms that change statuses."""
    require(by, Do.MANAGE_STATUSES, project)


@transaction
def create(project: ProjectRow, draft: StatusIn, by: Viewer) -> Status:
    """Add a status, at the end of its category's others unless a position is given."""
    statuses = _changeable(project, by)
    _refuse_taken(statuses, draft.name)
    if len(statuses) >= MOST:
        raise Invalid.on(
            "name",
            ngettext(
                "would be one too many: a project has at most %(num)s status.",
                "would be one too many: a project has at most %(num)s statuses.",
                MOST,
            ),
        )
    status = Status(project_id=project.id, name=draft.name, category=draft.category, position=len(statuses))
    status.wip_limit = draft.wip_limit
    repository.add(status)
    order = list(Category)
    alike = [one for one in statuses if order.index(Category(one.category)) <= order.index(draft.category)]
    _order([*statuses, status], status, len(alike) if draft.position is None else draft.position)
    _note(project, status, by, {})
    return status


@transaction
def edit(project: ProjectRow, status_id: int, changes: StatusEdit, by: Viewer) -> Status:
    """Change what was sent. Issues keep their status, so one that has some stays open or closed as it is.

    Why they are closed follows the category.
    """
    sent = changes.model_dump(exclude_unset=True)
    differs = "category" in sent and sent["category"] != get(project, status_id).category
    statuses = _changeable(project, by, beside=Where(status_id=status_id, with_trash=True) if differs else None)
    status = _one(statuses, status_id)
    was = _said(status)
    if "name" in sent:
        _refuse_taken([one for one in statuses if one is not status], sent["name"])
        status.name = sent["name"]
    if "category" in sent and sent["category"] != status.category:
        _recategorise(project, statuses, status, Category(sent["category"]), by)
    if "wip_limit" in sent:
        status.wip_limit = sent["wip_limit"]
    if "position" in sent:
        _order(statuses, status, sent["position"])
    repository.flush()
    _note(project, status, by, was)
    return status


@transaction
def remove(project: ProjectRow, status_id: int, removal: StatusRemovalIn, by: Viewer) -> None:
    """Delete a status; its issues move on to another that is open or closed like it."""
    having = Where(status_id=status_id, with_trash=True)
    statuses = _changeable(project, by, beside=having)
    status = _one(statuses, status_id)
    _refuse_last(statuses, status)
    if removal.to is not None:
        engine.apply(project, having, Want(status=_successor(statuses, status, removal.to)), by)
    elif engine.is_any(project, having):
        raise Invalid.on("to", _("is required: issues have this status."))
    repository.remove(status)
    _note(project, status, by, _said(status), is_gone=True)
    _order([one for one in statuses if one is not status])


def _said(status: Status) -> dict[str, Any]:
    """What the audit log says of a status."""
    return {name: getattr(status, name) for name in ("name", "category", "wip_limit", "position")}


def _note(project: ProjectRow, status: Status, by: Viewer, was: Mapping[str, Any], *, is_gone: bool = False) -> None:
    """Note what of a status is another now; saved as it was, it is nothing."""
    before, after = (was, {}) if is_gone else audit.differing(was, _said(status))
    if before or after:
        of = audit.Target("status", status.id, status.name)
        kind = audit.Kind.SETTING_CHANGED
        audit.note(kind, actor=by, target=of, project=project, before=was and before, after=after)


def _changeable(project: ProjectRow, by: Viewer, *, beside: Where | None = None) -> list[Status]:
    """The project's statuses, which nobody else can change; issues that change with theirs come first."""
    require(by, Do.MANAGE_STATUSES, project)
    if beside is not None:
        engine.hold(project, beside)
    repository.lock(project.id)
    return list(repository.changeable(project.id))


def _successor(statuses: Sequence[Status], status: Status, to: int) -> StatusRow:
    """The status that another one's issues move on to."""
    for one in statuses:
        if one.id == to and one is not status and one.is_open == status.is_open:
            return StatusRow(one.id, one.project_id, one.name, one.category, one.position, one.wip_limit)
    raise Invalid.on(
        "to", _("must be another open status.") if status.is_open else _("must be another closed status.")
    )


def _recategorise(
    project: ProjectRow, statuses: Sequence[Status], status: Status, category: Category, by: Viewer
) -> None:
    having = Where(status_id=status.id, with_trash=True)
    if category.is_open != status.is_open:
        _refuse_last(statuses, status)
        if engine.is_any(project, having):
            raise Conflict.on("category", _("would close or open the issues that have this status. Move them first."))
    elif not category.is_open:
        engine.apply(project, having, Want(reason=workflow.reason_in(category)), by)
    status.category = category


def _refuse_last(statuses: Sequence[Status], status: Status) -> None:
    if not any(one.is_open == status.is_open for one in statuses if one is not status):
        raise Conflict(
            _("%(name)s is the project's last open status. Add another one first.", name=status.name)
            if status.is_open
            else _("%(name)s is the project's last closed status. Add another one first.", name=status.name)
        )


def _refuse_taken(statuses: Sequence[Status], name: str) -> None:
    if any(one.name.casefold() == name.casefold() for one in statuses):
        raise Conflict.on("name", Whole(_("%(name)s is already a status of this project.", name=name)))


def _order(statuses: Sequence[Status], moved: Status | None = None, position: int = 0) -> None:
    """Number them anew, with the moved one at its place."""
    order = [status for status in statuses if status is not moved]
    if moved is not None:
        order.insert(position, moved)
    for place, status in enumerate(order):
        status.position = place
    repository.flush()


def _nearest(statuses: Sequence[StatusRow], categories: Sequence[Category]) -> StatusRow:
    for category in categories:
        for status in statuses:
            if status.category == category:
                return status
    raise NotFound()


def _one(statuses: Sequence[AnyStatus], status_id: int) -> AnyStatus:
    for status in statuses:
        if status.id == status_id:
            return status
    raise NotFound()
