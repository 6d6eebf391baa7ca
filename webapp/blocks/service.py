"""Owners block somebody from their project: that is a right taken from one person, where all others have it."""

from collections.abc import Sequence

from webapp.access import Do, Viewer, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.blocks import repository
from webapp.blocks.rows import BlockRow
from webapp.blocks.schemas import BlockIn
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import _
from webapp.members import service as members
from webapp.models.accounts import User
from webapp.projects.service import ProjectRow


def listing(project: ProjectRow, by: Viewer) -> Sequence[BlockRow]:
    """Whom the owners of a project have blocked, by name. Raises Forbidden for who is none of them."""
    require(by, Do.BLOCK, project)
    return repository.of_project(project.id)


@transaction
def block(project: ProjectRow, draft: BlockIn, by: Viewer) -> BlockRow:
    """Let somebody only read the project, as far as all may. What they wrote stays.

    Raises Forbidden, Invalid for an unknown handle, Conflict for a member, an administrator, oneself, and for who is
    blocked already.
    """
    project = members.at_lock(project, by)
    require(by, Do.BLOCK, project)
    person = repository.called(draft.handle)
    if person is None:
        raise Invalid.on("handle", _("belongs to nobody here."))
    return _block(project, person, by)


def block_author(project: ProjectRow, user_id: int, by: Viewer) -> None:
    """The same of whoever wrote something, within the change that decides on it; twice it changes nothing.

    Raises Conflict, in sentences of no field, for whom it does not block.
    """
    project = members.at_lock(project, by)
    require(by, Do.BLOCK, project)
    person = repository.person(user_id)
    if person is None or repository.numbered(project.id, user_id) is not None:
        return
    if _never(person, by):
        raise Conflict(_("%(name)s cannot be blocked.", name=person.name))
    if members.is_in(project, person.id):
        raise Conflict(_("%(name)s is a member. Remove them from the project first.", name=person.name))
    _put(project, person, by)


def _never(person: User, by: Viewer) -> bool:
    return person.is_admin or person.id == by.id


def _block(project: ProjectRow, person: User, by: Viewer) -> BlockRow:
    if _never(person, by):
        raise Conflict.on("handle", _("is that of %(name)s, who cannot be blocked.", name=person.name))
    if members.is_in(project, person.id):
        detail = _("is that of %(name)s, who is a member. Remove them from the project first.", name=person.name)
        raise Conflict.on("handle", detail)
    return _put(project, person, by)


def _put(project: ProjectRow, person: User, by: Viewer) -> BlockRow:
    if not repository.add(project.id, person.id, by.id):
        raise Conflict.on("handle", _("is that of %(name)s, who is blocked already.", name=person.name))
    audit.note(Kind.PERSON_BLOCKED, actor=by, target=audit.person(person), project=project)
    return get(project, person.id)


@transaction
def unblock(project: ProjectRow, user_id: int, by: Viewer) -> None:
    """Let somebody take part again. Raises Forbidden, NotFound for who is not blocked."""
    project = members.at_lock(project, by)
    require(by, Do.BLOCK, project)
    row = get(project, user_id)
    repository.remove(project.id, user_id)
    audit.note(Kind.PERSON_UNBLOCKED, actor=by, target=audit.person(row.user), project=project)


def get(project: ProjectRow, user_id: int) -> BlockRow:
    """Somebody who is blocked. Raises NotFound."""
    found = repository.numbered(project.id, user_id)
    if found is None:
        raise NotFound()
    return found
