"""Mails about who is in a project: invitations, and what others made of one's part in it."""

from webapp.errors import NotFound
from webapp.i18n import _
from webapp.mail.composing import Letter, MailingList, composes
from webapp.mail.rows import MailRow
from webapp.members import inviting, repository
from webapp.projects import service as projects


@composes("invitation", is_secret=True, is_own=True)
def letter_of_invitation(mail: MailRow) -> Letter | None:
    """Who invites to what, as long as that holds."""
    token = mail.data.get("token", "")
    try:
        invitation = inviting.get(token)
    except NotFound:
        return None
    return Letter(
        {"invitation": invitation, "path": f"/invitations/{token}"},
        why=_("You get this because %(name)s gave your address.", name=invitation.invited_by.name),
    )


@composes("membership")
def letter_of_membership(mail: MailRow) -> Letter | None:
    """What somebody is in a project since others said so; nothing where they are what they were before that."""
    project, first, last = projects.known(mail.data["project"]), mail.data["acts"][0], mail.data["acts"][-1]
    member = repository.numbered(mail.data["project"], mail.reader.id or 0)
    role, by = member and member.role, repository.person(last["by"])
    owns = project is not None and last["owns"] and project.owner_id == mail.reader.id
    if project is None or by is None or (role == first["before"] and not owns):
        return None
    return Letter(
        {"project": project, "role": role, "before": first["before"], "owns": owns, "by": by.name},
        by=by.name,
        why=_("You get this because it is about your part in the project."),
        mailing_list=MailingList(project.key, project.name),
    )
