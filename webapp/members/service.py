from collections.abc import Sequence
from dataclasses import replace

from webapp.access import Do, Role, Viewer, can, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.changes import engine
from webapp.changes.want import Want, Where
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import _
from webapp.mail import service as mail
from webapp.members import notices, repository
from webapp.members.rows import MemberRow
from webapp.members.schemas import MemberEdit, TransferIn
from webapp.models.accounts import User
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

__all__ = ["MemberRow", "edit", "get", "listing", "of", "remove", "take_turns", "transfer"]


def of(project: ProjectRow) -> Sequence[MemberRow]:
    """All members of a project, by name; without their addresses."""
    return [replace(member, email=None) for member in repository.of_project(project.id)]


def listing(project: ProjectRow, by: Viewer | None) -> Sequence[MemberRow]:
    """All members of a project, by name; their addresses only for those who say who is in it."""
    require(by, Do.SEE, project)
    return repository.of_project(project.id) if can(by, Do.MANAGE_MEMBERS, project) else of(project)


def take_turns(project_ids: Sequence[int]) -> None:
    """Wait until nobody else changes who is in these projects, which are in the order of their ids."""
    for id in project_ids:
        repository.lock_members(id)


def is_in(project: ProjectRow, user_id: int) -> bool:
    """Whether somebody is a member."""
    return repository.numbered(project.id, user_id) is not None


def get(project: ProjectRow, user_id: int, by: Viewer | None) -> MemberRow:
    """This person as a member of the project. Raises NotFound."""
    member = repository.numbered(project.id, user_id)
    if member is None:
        raise NotFound()
    return member if can(by, Do.MANAGE_MEMBERS, project) else replace(member, email=None)


def require_removal(project: ProjectRow, user_id: int, by: Viewer) -> MemberRow:
    """The member, if `by` may see the form that removes them, or lets `by` leave."""
    if user_id != by.id:
        require(by, Do.MANAGE_MEMBERS, project)
    member = get(project, user_id, by)
    if user_id != by.id:
        require_over(project, member.role, by)
    return member


def require_edit(project: ProjectRow, user_id: int, by: Viewer) -> MemberRow:
    """The member, if `by` may see the form that gives them another role."""
    require(by, Do.MANAGE_MEMBERS, project)
    member = get(project, user_id, by)
    require_over(project, member.role, by)
    return member


def require_over(project: ProjectRow, role: Role, by: Viewer) -> None:
    """Go on only if `by` may give and take this role: what an owner is, only owners say."""
    require(by, Do.MANAGE_MEMBERS, project)
    if role is Role.OWNER:
        require(by, Do.MANAGE_OWNERS, project)


def given_by(project: ProjectRow, by: Viewer | None) -> list[Role]:
    """The roles that `by` may give and take."""
    return [role for role in Role if role is not Role.OWNER or can(by, Do.MANAGE_OWNERS, project)]


def require_transfer(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that gives the project to somebody else."""
    require(by, Do.MANAGE_OWNERS, project)


@transaction
def add(project: ProjectRow, person: User, role: Role, by: Viewer) -> MemberRow:
    """Let somebody who has an account be a member. Raises Conflict if they are one."""
    require_over(project, role, by)
    if not repository.add(project.id, person.id, role):
        raise Conflict.on("email", _("is that of %(name)s, who is a member already.", name=person.name))
    notices.tell(project, person, None, by)
    audit.note(Kind.MEMBER_ADDED, actor=by, target=audit.person(person), project=project, after={"role": role})
    return get(project, person.id, by)


@transaction
def edit(project: ProjectRow, user_id: int, changes: MemberEdit, by: Viewer) -> MemberRow:
    """Give a member another role. Raises Conflict for the last owner."""
    project = at_lock(project, by)
    require_over(project, changes.role, by)
    member = get(project, user_id, by)
    require_over(project, member.role, by)
    if changes.role is not member.role:
        projects.confirm()  # it may be their own role
        _leave_an_owner(project, member, by)
        repository.put(project.id, member.id, changes.role)
        notices.tell(project, member, member.role, by)
        was, given = {"role": member.role}, {"role": changes.role}
        of = audit.person(member.user)
        audit.note(Kind.MEMBER_CHANGED, actor=by, target=of, project=project, before=was, after=given)
    return get(project, user_id, by)


@transaction
def remove(project: ProjectRow, user_id: int, by: Viewer) -> None:
    """Let somebody be no longer a member: anybody may leave, even an archived project.

    They are taken from the open issues that they were assigned to; in closed ones it stays told who worked
    on them. Raises Conflict for the last owner.
    """
    project = at_lock(project, by)
    member = require_removal(project, user_id, by)
    unfinished = Where(assignee_id=member.id, is_open=True, with_trash=True)
    engine.hold(project, unfinished)
    projects.confirm()
    _leave_an_owner(project, member, by)
    repository.remove(project.id, member.id)  # waits for whoever is giving them an issue
    engine.apply(project, unfinished, Want(remove_assignees={member.id: member.user.name}), by)
    notices.tell(project, member, member.role, by)
    was = {"role": member.role}
    audit.note(Kind.MEMBER_REMOVED, actor=by, target=audit.person(member.user), project=project, before=was)


@transaction
def transfer(project: ProjectRow, draft: TransferIn, by: Viewer) -> ProjectRow:
    """Let a member, or whoever has this address, own the project; its owner until now becomes a maintainer."""
    project = at_lock(project, by)
    require(by, Do.MANAGE_OWNERS, project)
    heir = _heir(project, draft)
    if heir.id == project.owner_id:
        raise Conflict.on(
            "email" if draft.email else "user_id",
            _("is that of %(name)s, who owns the project already.", name=heir.name),
        )
    _require_accepted(project, heir, "email" if draft.email else "user_id")
    projects.confirm()
    before, former = repository.numbered(project.id, heir.id), repository.numbered(project.id, project.owner_id)
    repository.put(project.id, project.owner_id, Role.MAINTAINER)
    repository.put(project.id, heir.id, Role.OWNER)
    repository.hand_over(project.id, heir.id)
    notices.tell(project, heir, before.role if before else None, by, owns=True)
    if former is not None:
        notices.tell(project, former, former.role, by)
    was, given = {"owner": former and former.user.name}, {"owner": heir.name}
    audit.note(Kind.TRANSFERRED, actor=by, target=audit.person(heir), project=project, before=was, after=given)
    return projects.get(project.key, by)


def at_lock(project: ProjectRow, by: Viewer) -> ProjectRow:
    """The project as it is now, when nobody else changes who is in it until the transaction ends.

    Read again, since the rights of `by` may have changed while waiting.
    """
    repository.lock_members(project.id)
    return projects.get(str(project.id), by)


def _require_accepted(project: ProjectRow, heir: User, field: str) -> None:
    """Where people can be asked by mail, nobody owns a project who did not agree to."""
    member = repository.numbered(project.id, heir.id)
    if mail.reaches_people() and (member is None or member.role is not Role.OWNER):
        raise Invalid.on(
            field, _("must be an owner already. Make them one, which they have to accept, and try again.")
        )


def _leave_an_owner(project: ProjectRow, member: MemberRow, by: Viewer) -> None:
    """Where an owner goes, another one must stay; and the project is in the name of one who does."""
    if member.role is not Role.OWNER:
        return
    others = [one for one in repository.owners(project.id) if one.id != member.id]
    if not others:
        raise Conflict(
            _(
                "%(name)s is the last owner of %(key)s. Make somebody else an owner first.",
                name=member.user.name,
                key=project.key,
            )
        )
    if member.id == project.owner_id:
        repository.hand_over(project.id, others[0].id)
        notices.tell(project, others[0], Role.OWNER, by, owns=True)


def _heir(project: ProjectRow, draft: TransferIn) -> User:
    if draft.email is not None:
        field, heir = "email", repository.addressed(draft.email)
    else:
        field, known = "user_id", repository.numbered(project.id, draft.user_id or 0)
        heir = repository.person(known.id) if known else None
    if heir is None:
        raise Invalid.on(
            field, _("belongs to nobody here.") if draft.email else _("must be a member of the project.")
        )
    if not heir.is_active or heir.password_hash is None:
        raise Invalid.on(field, _("is that of %(name)s, who cannot log in.", name=heir.name))
    return heir
