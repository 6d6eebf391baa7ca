"""Ways into a project: for those who have an account directly, for others by a link that is told only once.

An address proves nothing until mail has confirmed it. So nobody joins by registering with an address that was
invited: the link must be used, and whoever has it may use it, whatever their address.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from webapp.access import Do, Viewer, can, require
from webapp.auth import making
from webapp.auth.schemas import RegisterIn
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, Invalid, NotFound, Over
from webapp.members import invitations, repository
from webapp.members import service as members
from webapp.members.rows import InvitationRow, MemberRow
from webapp.members.schemas import MemberIn, NewcomerIn
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# Enough for a whole organisation at once; all of them stand on one page.
MOST = 200


def pending(project: ProjectRow, by: Viewer | None) -> Sequence[InvitationRow]:
    """The invitations that nobody has taken yet. Raises Forbidden for those who may not invite."""
    require(by, Do.MANAGE_MEMBERS, project)
    return invitations.pending(project.id)


def shown(project: ProjectRow, by: Viewer | None) -> Sequence[InvitationRow]:
    """The same for a page that others see as well: to them there are none."""
    return invitations.pending(project.id) if can(by, Do.MANAGE_MEMBERS, project) else []


@transaction
def add(project: ProjectRow, draft: MemberIn, by: Viewer) -> MemberRow | InvitationRow:
    """Let whoever has this address be a member; an address that nobody here has is invited.

    Raises Conflict on the address of somebody who is a member or invited already.
    """
    project = members.at_lock(project, by)
    members.require_over(project, draft.role, by)
    person = repository.addressed(draft.email)
    if person is not None:
        return members.add(project, person, draft.role, by)
    before = invitations.addressed(project.id, draft.email)
    if before is not None and not before.is_over:
        raise Conflict.on("email", "is invited already. Renew that invitation if its link is lost.")
    if before is None and len(invitations.pending(project.id)) >= MOST:
        raise Conflict(f"{MOST} invitations wait to be taken. Take some of them back first.")
    return _invited(project, draft, by, before)


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
    invitations.remove(_numbered(project, invitation_id, by).id)


def get(token: str) -> InvitationRow:
    """The invitation whose link this is.

    Raises NotFound, or Over for one that was used, has expired, or whose sender may no longer give that role.
    """
    invitation = _valid(invitations.presented(_digest(token)))
    _require_given(invitation)
    return invitation


@transaction
def accept(token: str, by: Viewer) -> ProjectRow:
    """Let `by` into the project, and use the link up. Raises Conflict for somebody who is in already."""
    known = _valid(invitations.presented(_digest(token)))
    repository.lock_members(known.project_id)  # nobody takes the rights of its sender away meanwhile
    invitation = _valid(invitations.presented(_digest(token), locked=True))
    projects.confirm()
    _require_given(invitation)
    if not repository.add(invitation.project_id, by.id, invitation.role):
        raise Conflict(f"You are a member of {invitation.project_name} already.")
    invitations.use(invitation.id)
    return projects.get(str(invitation.project_id), by)


def register(token: str, draft: NewcomerIn, *, address: str) -> tuple[Viewer, ProjectRow]:
    """Make an account for the invited address, and let it into the project. Raises what `auth.register` does."""
    invitation = get(token)
    entry = RegisterIn(name=draft.name, email=invitation.email, password=draft.password)
    person = making.register(entry, address=address)
    return person, accept(token, person)


def add_for_owner(key: str, draft: MemberIn) -> MemberRow | InvitationRow:
    """The same as `add` in the name of the project's owner: for the command line."""
    owner = invitations.owner_of(key.upper())
    if owner is None:
        raise Invalid.on("project", f"{key} is the key of no project that somebody owns who can log in.")
    return add(projects.get(key, owner), draft, owner)


def _invited(project: ProjectRow, draft: MemberIn, by: Viewer, before: InvitationRow | None) -> InvitationRow:
    """Write the invitation, over the one that there was for the address."""
    token = secrets.token_urlsafe(32)
    if before is None:
        number = invitations.add(project.id, draft.email, draft.role, _digest(token), by.id)
    else:
        number = before.id
        invitations.renew(number, _digest(token), by.id, role=draft.role)
    return replace(_numbered(project, number, by), link=f"/invitations/{token}")


def _numbered(project: ProjectRow, invitation_id: int, by: Viewer) -> InvitationRow:
    require(by, Do.MANAGE_MEMBERS, project)
    invitation = invitations.numbered(project.id, invitation_id)
    if invitation is None:
        raise NotFound()
    members.require_over(project, invitation.role, by)
    return invitation


def _valid(invitation: InvitationRow | None) -> InvitationRow:
    if invitation is None:
        raise NotFound("There is no such invitation. It was taken back, or its link is not whole.")
    if invitation.is_over:
        raise Over("This invitation was used already, or it has expired. Ask for another one.")
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
        raise Over("Its project is archived, or who sent it may no longer invite you. Ask for another one.") from None


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
