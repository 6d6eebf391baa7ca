from dataclasses import replace
from typing import Any

from flask import current_app, request, url_for

from webapp.auth import service as auth
from webapp.auth.schemas import UserOut
from webapp.http import Done, Feature, Form, Made, Page, Reply, identity, me, picks, viewer
from webapp.http.canonical import project_at, project_for
from webapp.http.negotiation import wants_page
from webapp.http.pages import kept
from webapp.members import inviting
from webapp.members import service as members
from webapp.members.rows import InvitationRow, MemberRow
from webapp.members.schemas import InvitationOut, InvitedOut, MemberEdit, MemberIn, MemberOut, NewcomerIn, TransferIn
from webapp.paging import whole
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectOut
from webapp.types import Slice

bp = Feature("members")

PROJECT = "/projects/<project:project>"
MEMBER = f"{PROJECT}/members/<number:member>"
INVITATION = f"{PROJECT}/members/invitations/<number:invitation>"


@bp.get(f"{PROJECT}/members")
def index(project: str) -> Reply[Slice[MemberOut]]:
    """Who is in a project, and as what."""
    found = project_at(project)
    return kept(found, lambda: _listing(found))


@bp.post(f"{PROJECT}/members", form="index", creates=True, secret=True)
def add(project: str, body: MemberIn) -> Reply[MemberOut | InvitationOut]:
    """Add somebody by their address.

    Whoever has an account is a member at once. For an unknown address the answer is an invitation with its
    link, which is told this once: send it to them.
    """
    found = project_for(project)
    added = inviting.add(found, body, by=me())
    back = url_for(".index", project=found.key)
    if isinstance(added, MemberRow):
        at = url_for(".show", project=found.key, member=added.id)
        return Made(added, at=at, back=back, say=f"{added.user.name} is in the project now.")
    return _with_link(found, added, Made(_linked(added), at=url_for(".invitations", project=found.key)))


@bp.get(MEMBER)
def show(project: str, member: int) -> Reply[MemberOut]:
    """One member. A browser is shown the person."""
    found = project_at(project)
    return Done(members.get(found, member, viewer()), at=url_for("accounts.show", user=member))


@bp.patch(MEMBER, form="index")
def update(project: str, member: int, body: MemberEdit) -> Reply[MemberOut]:
    """Give a member another role. Only owners make owners, and the last one stays."""
    found = project_for(project)
    changed = members.edit(found, member, body, by=me())
    say = f"{changed.user.name} is {changed.role} now."
    return Done(changed, at=url_for(".index", project=found.key), say=say)


@bp.page(f"{MEMBER}/delete")
def confirm_remove(project: str, member: int) -> Page:
    """Asks before a member is removed, or leaves."""
    found = project_at(project)
    return Page(
        "members/delete.html", project=found, member=members.require_removal(found, member, me()), form=Form.of()
    )


@bp.delete(MEMBER, form="confirm_remove")
def remove(project: str, member: int) -> Reply[None]:
    """Remove a member; yourself, to leave. Open issues are taken from them."""
    found = project_for(project)
    members.remove(found, member, by=me())
    if member == me().id:
        return Done(None, at=url_for("projects.index"), say=f"You have left {found.name}.")
    return Done(None, at=url_for(".index", project=found.key), say="Removed.")


@bp.page(f"{PROJECT}/transfer")
def transfer_form(project: str) -> Page:
    """The form that gives a project to somebody else."""
    found = project_at(project)
    members.require_transfer(found, me())
    form = Form.of()
    offer = picks.offers(found, form, "user_id")["user_id"].without(found.owner_id)
    return Page("members/transfer.html", project=found, offer=offer, form=form)


@bp.post(f"{PROJECT}/transfer", form="transfer_form")
def transfer(project: str, body: TransferIn) -> Reply[ProjectOut]:
    """Give a project to another owner. Who owned it becomes a maintainer."""
    given = members.transfer(project_for(project), body, by=me())
    return Done(given, at=url_for(".index", project=given.key), say="The project has another owner.")


@bp.get(f"{PROJECT}/members/invitations")
def invitations(project: str) -> Reply[Slice[InvitationOut]]:
    """The invitations that nobody has taken yet. A browser is shown them beside the members."""
    found = project_at(project)
    return Done(whole(inviting.pending(found, viewer())), at=url_for(".index", project=found.key))


@bp.post(f"{INVITATION}/renewal", form="index", secret=True)
def renew(project: str, invitation: int) -> Reply[InvitationOut]:
    """Give an invitation another link and another 14 days. Its former link is worth nothing any more."""
    found = project_for(project)
    renewed = inviting.renew(found, invitation, by=me())
    return _with_link(found, renewed, Done(_linked(renewed), at=url_for(".invitations", project=found.key)))


@bp.delete(INVITATION, form="index")
def revoke(project: str, invitation: int) -> Reply[None]:
    """Take an invitation back."""
    found = project_for(project)
    inviting.revoke(found, invitation, by=me())
    return Done(None, at=url_for(".index", project=found.key), say="The invitation is taken back.")


@bp.get("/invitations/<token:token>", secret=True)
def invitation(token: str) -> Reply[InvitedOut]:
    """What the holder of a link is invited to, and by whom."""
    found = inviting.get(token)
    return Page("members/invitation.html", found, invitation=found, token=token, form=Form.of({}))


@bp.post("/invitations/<token:token>", form="invitation", secret=True)
def accept(token: str) -> Reply[ProjectOut]:
    """Take an invitation: you are in the project from now on. The link is used up."""
    project = inviting.accept(token, by=me())
    return Done(project, at=url_for("projects.show", project=project.key), say=f"You are in {project.name} now.")


@bp.post("/invitations/<token:token>/account", form="invitation", creates=True, secret=True, anonymous=True)
def register(token: str, body: NewcomerIn) -> Reply[UserOut]:
    """Make an account for the invited address, also where registration is closed, and take the invitation."""
    person, project = inviting.register(token, body, address=request.remote_addr or "")
    if wants_page():
        identity.sign_in(auth.begin(person, agent=request.user_agent.string, lasting=auth.BROWSER))
    back = url_for("projects.show", project=project.key)
    return Made(
        person, at=url_for("auth.me"), back=back, say=f"Welcome, {person.name}. You are in {project.name} now."
    )


def _listing(project: projects.ProjectRow, **dressing: Any) -> Page:
    listed = members.listing(project, viewer())
    return Page(
        "members/list.html",
        whole(listed),
        project=project,
        members=listed,
        invitations=lambda: inviting.shown(project, viewer()),
        form=Form.of({}),
        roles=[(role.value, role.value.capitalize()) for role in members.given_by(project, viewer())],
        **{"made": None, **dressing},
    )


def _with_link(project: projects.ProjectRow, made: InvitationRow, told: Reply[Any]) -> Reply[Any]:
    """The answer that tells a link: a page shows it at once, because nothing keeps it for a later one."""
    return _listing(project, made=_linked(made)) if wants_page() else told


def _linked(made: InvitationRow) -> InvitationRow:
    base = current_app.config["SETTINGS"].base_url or request.host_url.rstrip("/")
    return replace(made, link=f"{base}{made.link}")
