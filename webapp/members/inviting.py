"""Ways into a project.

Where people get mail, those who share a project with whoever adds them are members at once. Others are invited by
mail, with an account or without, and so is whoever shall own it: they accept by the link, or on their own first page,
and nobody learns who has an account. Where no mail reaches people, whoever has an account is a member at once, and
for others there is a link that is told only once.

Nobody joins by registering with an address that was invited: the link must be used, and whoever has it may use it,
whatever their address; or the address must be confirmed. A link that went by mail confirms the address by the way.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from webapp import hashing
from webapp.access import Do, Role, Viewer, can, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import allowances, making, passwords
from webapp.auth.schemas import RegisterIn
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, Invalid, NotFound, Over
from webapp.i18n import Whole, _, ngettext
from webapp.links import confirming
from webapp.mail import service as mail
from webapp.members import invitations, repository
from webapp.members import service as members
from webapp.members.rows import InvitationRow, MemberRow
from webapp.members.schemas import MemberEdit, MemberIn, NewcomerIn
from webapp.models.accounts import User
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# Enough for a whole organisation at once; all of them stand on one page.
MOST = 200


def by_mail() -> bool:
    """Whether invitations go by mail."""
    return mail.reaches_people()


def pending(project: ProjectRow, by: Viewer | None) -> Sequence[InvitationRow]:
    """The invitations that nobody has taken yet. Raises Forbidden for those who may not invite."""
    require(by, Do.MANAGE_MEMBERS, project)
    return invitations.pending(project.id)


def shown(project: ProjectRow, by: Viewer | None) -> Sequence[InvitationRow]:
    """The same for a page that others see as well: to them there are none."""
    return invitations.pending(project.id) if can(by, Do.MANAGE_MEMBERS, project) else []


@transaction
def add(
    project: ProjectRow, draft: MemberIn, by: Viewer, *, among_friends: bool = False
) -> MemberRow | InvitationRow:
    """Let whoever has this address be a member, or invite it. `among_friends`: whoever has an account is known here.

    Raises Conflict on the address of somebody who is a member or invited already, TooMany after many mails.
    """
    project = members.at_lock(project, by)
    members.require_over(project, draft.role, by)
    person = repository.addressed(draft.email)
    if person is not None and _need_not_accept(project, person, draft.role, by, among_friends=among_friends):
        return members.add(project, person, draft.role, by)
    before = invitations.addressed(project.id, draft.email)
    if before is not None and not before.is_over:
        raise Conflict.on("email", _("is invited already. Renew that invitation if its link is lost."))
    if before is None and len(invitations.pending(project.id)) >= MOST:
        raise Conflict(
            ngettext(
                "%(num)s invitation waits to be taken. Take some of them back first.",
                "%(num)s invitations wait to be taken. Take some of them back first.",
                MOST,
            )
        )
    return _invited(project, draft, by, before)


def edit(project: ProjectRow, user_id: int, changes: MemberEdit, by: Viewer) -> MemberRow:
    """Give a member another role. Whoever shall own the project is asked by mail, and stays what they were so far.

    Raises what `members.edit` and `add` do, Invalid for somebody without an address.
    """
    if changes.role is not Role.OWNER or user_id == by.id or not by_mail():
        return members.edit(project, user_id, changes, by)
    member = members.require_edit(project, user_id, by)
    if member.role is Role.OWNER:
        return member
    if not member.email:
        raise Invalid.on(
            "role", _("cannot be asked of %(name)s: there is no address to write to.", name=member.user.name)
        )
    add(project, MemberIn(email=member.email, role=Role.OWNER), by)
    return member


@transaction
def renew(project: ProjectRow, invitation_id: int, by: Viewer) -> InvitationRow:
    """Give an invitation another link; the one until now is worth nothing any more."""
    project = members.at_lock(project, by)
    before = _numbered(project, invitation_id, by)
    return _invited(project, MemberIn(email=before.email, role=before.role), by, before)


@transaction
def revoke(project: ProjectRow, invitation_id: int, by: Viewer) -> None:
    """Take an invitation back."""
    project = members.at_lock(project, by)
    invitation = _numbered(project, invitation_id, by)
    invitations.remove(invitation.id)
    audit.note(Kind.INVITATION_REVOKED, actor=by, target=_noted(invitation), project=project)


def get(token: str) -> InvitationRow:
    """The invitation whose link this is.

    Raises NotFound, or Over for one that was used, has expired, or whose sender may no longer give that role.
    """
    invitation = _valid(invitations.presented(hashing.of_token(token)))
    _require_given(invitation)
    return invitation


@transaction
def accept(token: str, by: Viewer) -> ProjectRow:
    """Let `by` into the project, and use the link up. Raises Conflict for somebody who is in already."""
    return _accept(lambda locked: invitations.presented(hashing.of_token(token), locked=locked), by)


def own(by: Viewer) -> Sequence[InvitationRow]:
    """The invitations that went to the address of `by`, if it is confirmed, and still hold."""
    return invitations.to(by.id)


@transaction
def accept_own(invitation_id: int, by: Viewer) -> ProjectRow:
    """The same as `accept` for one of one's own. Raises NotFound for another one."""
    return _accept(lambda locked: invitations.own(invitation_id, by.id, locked=locked), by)


@transaction
def decline(invitation_id: int, by: Viewer) -> None:
    """Take back an invitation that went to one's own address. Raises NotFound for another one."""
    invitation = _valid(invitations.own(invitation_id, by.id, locked=True))
    invitations.remove(invitation.id)
    project = projects.known(invitation.project_id)
    audit.note(Kind.INVITATION_DECLINED, actor=by, target=_noted(invitation), project=project)


def register(token: str, draft: NewcomerIn, *, address: str) -> tuple[Viewer, ProjectRow]:
    """Make an account for the invited address, and let it into the project; neither if one of them fails.

    Raises what `making.register` and `accept` do.
    """
    passwords.require_taken()
    invitation = get(token)
    entry = RegisterIn(name=draft.name, email=invitation.email, password=draft.password)
    hashed = making.prepare(entry, address=address)
    return _register(token, invitation, draft, hashed)


def add_for_owner(key: str, draft: MemberIn) -> MemberRow | InvitationRow:
    """The same as `add` in the name of the project's owner: for the command line."""
    owner = invitations.owner_of(key.upper())
    if owner is None:
        raise Invalid.on(
            "project", Whole(_("%(key)s is the key of no project that somebody owns who can log in.", key=key))
        )
    return add(projects.get(key, owner), draft, owner, among_friends=True)


def _need_not_accept(project: ProjectRow, person: User, role: Role, by: Viewer, *, among_friends: bool) -> bool:
    """Whether somebody is a member at once; or is one already, which whoever may add people knows."""
    if not by_mail():
        return True
    if role is Role.OWNER:
        member = repository.numbered(project.id, person.id)
        return member is not None and member.role is Role.OWNER
    if repository.numbered(project.id, person.id) is not None:
        return True
    known = among_friends or repository.share_a_project(person.id, by.id)
    return known and person.email_confirmed_at is not None


@transaction
def _register(token: str, invitation: InvitationRow, draft: NewcomerIn, hashed: str) -> tuple[Viewer, ProjectRow]:
    repository.lock_members(invitation.project_id)  # before the person, as all who join a project
    known, zone = invitation.mailed, draft.time_zone
    person = making.create(draft.name, invitation.email, hashed, confirmed=known, time_zone=zone)
    if mail.is_configured() and not invitation.mailed:
        confirming.write(person)
    return person, accept(token, person)


def _accept(find: Callable[[bool], InvitationRow | None], by: Viewer) -> ProjectRow:
    known = _valid(find(False))
    repository.lock_members(known.project_id)  # nobody takes the rights of its sender away meanwhile
    invitation = _valid(find(True))
    projects.confirm()
    _require_given(invitation)
    if not repository.add(invitation.project_id, by.id, invitation.role):
        _promote(invitation, by)
    invitations.use(invitation.id)
    if invitation.mailed:
        confirming.prove(by, invitation.email)
    project, given = projects.get(str(invitation.project_id), by), {"role": invitation.role}
    audit.note(Kind.INVITATION_ACCEPTED, actor=by, target=_noted(invitation), project=project, after=given)
    return project


def _promote(invitation: InvitationRow, by: Viewer) -> None:
    """Let somebody who is in the project already own it, if that is what they were asked."""
    member = repository.numbered(invitation.project_id, by.id)
    if invitation.role is not Role.OWNER or member is None or member.role is Role.OWNER:
        raise Conflict(_("You are a member of %(project)s already.", project=invitation.project_name))
    repository.put(invitation.project_id, by.id, Role.OWNER)


def _invited(project: ProjectRow, draft: MemberIn, by: Viewer, before: InvitationRow | None) -> InvitationRow:
    """Write the invitation, over the one that there was for the address."""
    token = secrets.token_urlsafe(32)
    if before is None:
        number = invitations.add(
            project.id, draft.email, draft.role, hashing.of_token(token), by.id, mailed=by_mail()
        )
    else:
        number = before.id
        invitations.renew(number, hashing.of_token(token), by.id, role=draft.role, mailed=by_mail())
    invited = _numbered(project, number, by)
    kind, given = Kind.INVITATION_RENEWED if before else Kind.INVITED, {"role": draft.role}
    audit.note(kind, actor=by, target=_noted(invited), project=project, after=given)
    if by_mail():
        allowances.spend("mail", by)
        mail.post("invitation", draft.email, {"token": token})
        return invited
    return replace(invited, link=f"/invitations/{token}")


def _noted(invitation: InvitationRow) -> audit.Target:
    return audit.Target("invitation", invitation.id, invitation.email)


def _numbered(project: ProjectRow, invitation_id: int, by: Viewer) -> InvitationRow:
    require(by, Do.MANAGE_MEMBERS, project)
    invitation = invitations.numbered(project.id, invitation_id)
    if invitation is None:
        raise NotFound()
    members.require_over(project, invitation.role, by)
    return invitation


def _valid(invitation: InvitationRow | None) -> InvitationRow:
    if invitation is None:
        raise NotFound(_("There is no such invitation. It was taken back, or its link is not whole."))
    if invitation.is_over:
        raise Over(
            _(
                "This invitation was used already, or it has expired. Ask %(name)s for another one.",
                name=invitation.invited_by.name,
            )
        )
    return invitation


def _require_given(invitation: InvitationRow) -> None:
    """Go on only if its sender may still give that role in its project. Raises Over if not."""
    sender = invitations.sender(invitation)
    try:
        if sender is None:
            raise NotFound()
        project = projects.get(str(invitation.project_id), sender)
        members.require_over(project, invitation.role, sender)
        projects.confirm()
    except (NotFound, Forbidden):
        raise Over(
            _("Its project is archived, or who sent it may no longer invite you. Ask somebody else there.")
        ) from None
