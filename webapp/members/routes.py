from dataclasses import replace
from typing import Any

from flask import current_app, request, url_for

from webapp.access import Role, Viewer
from webapp.auth import browsers
from webapp.auth import service as auth
from webapp.auth.schemas import UserOut
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.http.pages import kept
from webapp.i18n import N_, _
from webapp.links import confirming
from webapp.members import inviting
from webapp.members import service as members
from webapp.members.rows import InvitationRow, MemberRow
from webapp.members.schemas import InvitationOut, InvitedOut, MemberEdit, MemberIn, MemberOut, NewcomerIn, TransferIn
from webapp.paging import whole
from webapp.picking import picks
from webapp.projects import service as projects
from webapp.projects import steps
from webapp.projects.schemas import ProjectOut
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("members")

PROJECT = "/projects/<project:project>"
MEMBER = f"{PROJECT}/members/<number:member>"
INVITATION = f"{PROJECT}/members/invitations/<number:invitation>"
ROLES = {
    Role.OWNER: N_("Owner"),
    Role.MAINTAINER: N_("Maintainer"),
    Role.MEMBER: N_("Member"),
    Role.REPORTER: N_("Reporter"),
    Role.VIEWER: N_("Viewer"),
}
IS_NOW = {
    Role.OWNER: N_("%(name)s is owner now."),
    Role.MAINTAINER: N_("%(name)s is maintainer now."),
    Role.MEMBER: N_("%(name)s is member now."),
    Role.REPORTER: N_("%(name)s is reporter now."),
    Role.VIEWER: N_("%(name)s is viewer now."),
}


@bp.get(f"{PROJECT}/members")
def index(project: ProjectRow, by: Viewer | None) -> Reply[Slice[MemberOut]]:
    """Who is in a project, and as what."""
    return kept(project, lambda: _listing(project, by=by))


@bp.post(f"{PROJECT}/members", form="index", creates=True, secret=True)
def add(project: ProjectRow, body: MemberIn, by: Viewer) -> Reply[MemberOut | InvitationOut]:
    """Add somebody by their address.

    Where people get mail, those who share a project with you are members at once, and where registration is closed
    all who have an account; to others, and to whoever shall own it, an invitation goes by mail. Elsewhere whoever has
    an account is a member at once; for an unknown address the answer is an invitation with its link, which is told
    this once: send it to them.
    """
    among_friends = current_app.config["SETTINGS"].registration == "closed"
    added = inviting.add(project, body, by=by, among_friends=among_friends)
    back = url_for("projects.show" if steps.at_people(project, by) else ".index", project=project.key)
    if isinstance(added, MemberRow):
        at = url_for(".show", project=project.key, member=added.id)
        return Made(added, at=at, back=back, say=_("%(name)s is in the project now.", name=added.user.name))
    return _with_link(project, added, Made(_linked(added), at=url_for(".invitations", project=project.key)), by=by)


@bp.get(MEMBER)
def show(project: ProjectRow, member: int, by: Viewer | None) -> Reply[MemberOut]:
    """One member. A browser is shown the person."""
    return Done(members.get(project, member, by), at=url_for("accounts.show", user=member))


@bp.page(f"{MEMBER}/edit")
def edit(project: ProjectRow, member: int, by: Viewer) -> Page:
    """The form that gives a member another role."""
    found = members.require_edit(project, member, by)
    form = Form.of({"role": found.role})
    return Page("members/edit.html", project=project, member=found, roles=_roles(project, by), form=form)


@bp.patch(MEMBER, form="edit")
def update(project: ProjectRow, member: int, body: MemberEdit, by: Viewer) -> Reply[MemberOut]:
    """Give a member another role. Only owners make owners, and the last one stays."""
    changed = inviting.edit(project, member, body, by=by)
    say = _(IS_NOW[changed.role], name=changed.user.name)
    if changed.role is not body.role:
        say = _("%(name)s is asked by mail, and owns it once they accept.", name=changed.user.name)
    return Done(changed, at=url_for(".index", project=project.key), say=say)


@bp.page(f"{MEMBER}/delete")
def confirm_remove(project: ProjectRow, member: int, by: Viewer) -> Page:
    """Asks before a member is removed, or leaves."""
    return Page(
        "members/delete.html", project=project, member=members.require_removal(project, member, by), form=Form.of()
    )


@bp.delete(MEMBER, form="confirm_remove")
def remove(project: ProjectRow, member: int, by: Viewer) -> Reply[None]:
    """Remove a member; yourself, to leave. Open issues are taken from them."""
    members.remove(project, member, by=by)
    if member == by.id:
        return Done(None, at=url_for("projects.index"), say=_("You have left %(name)s.", name=project.name))
    return Done(None, at=url_for(".index", project=project.key), say=_("Removed."))


@bp.page(f"{PROJECT}/transfer")
def transfer_form(project: ProjectRow, by: Viewer) -> Page:
    """The form that gives a project to somebody else."""
    members.require_transfer(project, by)
    form = Form.of()
    offer = picks.offers(project, form, "user_id")["user_id"].without(project.owner_id)
    return Page("members/transfer.html", project=project, offer=offer, form=form)


@bp.post(f"{PROJECT}/transfer", form="transfer_form")
def transfer(project: ProjectRow, body: TransferIn, by: Viewer) -> Reply[ProjectOut]:
    """Give a project to another owner. Who owned it becomes a maintainer."""
    given = members.transfer(project, body, by=by)
    return Done(given, at=url_for(".index", project=given.key), say=_("The project has another owner."))


@bp.get(f"{PROJECT}/members/invitations")
def invitations(project: ProjectRow, by: Viewer | None) -> Reply[Slice[InvitationOut]]:
    """The invitations that nobody has taken yet. A browser is shown them beside the members."""
    return Done(whole(inviting.pending(project, by)), at=url_for(".index", project=project.key))


@bp.post(f"{INVITATION}/renewal", form="index", secret=True)
def renew(project: ProjectRow, invitation: int, by: Viewer) -> Reply[InvitationOut]:
    """Give an invitation another link and another 14 days. Its former link is worth nothing any more."""
    renewed = inviting.renew(project, invitation, by=by)
    return _with_link(
        project, renewed, Done(_linked(renewed), at=url_for(".invitations", project=project.key)), by=by
    )


@bp.delete(INVITATION, form="index")
def revoke(project: ProjectRow, invitation: int, by: Viewer) -> Reply[None]:
    """Take an invitation back."""
    inviting.revoke(project, invitation, by=by)
    return Done(None, at=url_for(".index", project=project.key), say=_("The invitation is taken back."))


@bp.get("/invitations/<token:token>", secret=True)
def invitation(token: str) -> Reply[InvitedOut]:
    """What the holder of a link is invited to, and by whom."""
    invited = inviting.get(token)
    return Page("members/invitation.html", invited, invitation=invited, token=token, form=Form.of({}))


@bp.post("/invitations/<token:token>", form="invitation", secret=True)
def accept(token: str, by: Viewer) -> Reply[ProjectOut]:
    """Take an invitation: you are in the project from now on. The link is used up."""
    project = inviting.accept(token, by=by)
    return Done(
        project,
        at=url_for("projects.show", project=project.key),
        say=_("You are in %(name)s now.", name=project.name),
    )


@bp.post("/invitations/<token:token>/account", form="invitation", creates=True, secret=True, anonymous=True)
def register(token: str, body: NewcomerIn) -> Reply[UserOut]:
    """Make an account for the invited address, also where registration is closed, and take the invitation."""
    person, project = inviting.register(token, body, address=request.remote_addr or "")
    if wants_page():
        browsers.sign_in(auth.begin(person, agent=request.user_agent.string, lasting=auth.BROWSER, proved=True))
    back = url_for("projects.show", project=project.key)
    say = _("Welcome, %(name)s. You are in %(project)s now.", name=person.name, project=project.name)
    say += confirming.told(person)
    return Made(person, at=url_for("auth.me"), back=back, say=say)


@bp.post("/invitations/own/<number:invitation>")
def accept_own(invitation: int, by: Viewer) -> Reply[ProjectOut]:
    """Take an invitation that went to your confirmed address: you are in the project from now on."""
    project = inviting.accept_own(invitation, by=by)
    return Done(
        project,
        at=url_for("projects.show", project=project.key),
        say=_("You are in %(name)s now.", name=project.name),
    )


@bp.delete("/invitations/own/<number:invitation>")
def decline(invitation: int, by: Viewer) -> Reply[None]:
    """Decline one."""
    inviting.decline(invitation, by=by)
    return Done(None, at="/", say=_("The invitation is declined."))


def _listing(project: projects.ProjectRow, by: Viewer | None, **dressing: Any) -> Page:
    listed = members.listing(project, by)
    return Page(
        "members/list.html",
        whole(listed),
        project=project,
        members=listed,
        invitations=lambda: inviting.shown(project, by),
        step=steps.at_people(project, by) if len(listed) == 1 else None,
        form=Form.of({}),
        roles=_roles(project, by),
        invites_by_mail=inviting.by_mail(),
        **{"made": None, **dressing},
    )


def _roles(project: ProjectRow, by: Viewer | None) -> list[tuple[str, str]]:
    """The roles to choose from, as values and words."""
    return [(role.value, _(ROLES[role])) for role in members.given_by(project, by)]


def _with_link(project: projects.ProjectRow, made: InvitationRow, reply: Reply[Any], by: Viewer | None) -> Reply[Any]:
    """The answer that tells a link: a page shows it at once, because nothing keeps it for a later one."""
    return _listing(project, made=_linked(made), by=by) if wants_page() else reply


def _linked(made: InvitationRow) -> InvitationRow:
    if made.link is None:  # it goes by mail
        return made
    base = current_app.config["SETTINGS"].base_url or request.host_url.rstrip("/")
    return replace(made, link=f"{base}{made.link}")
