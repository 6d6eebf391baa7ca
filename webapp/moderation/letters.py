"""Mails to those who own a project about what waits for them to decide there."""

from webapp.i18n import _
from webapp.mail.composing import Letter, MailingList, composes
from webapp.mail.rows import MailRow
from webapp.moderation import reporting
from webapp.moderation import service as moderation
from webapp.projects import service as projects

# So many are named.
NAMED = 10


@composes("report")
def letter_of_report(mail: MailRow) -> Letter | None:
    """What was reported of a post, unless that is decided by now, or its reader owns the project no longer."""
    told = reporting.to_tell(mail.data["reports"], mail.reader.id)
    project = projects.known(told[0].project_id) if told else None
    if project is None:
        return None
    first = told[0]
    return Letter(
        {"project": project, "about": first, "said": told, "path": f"/projects/{project.key}/moderation"},
        thread=f"reports-{first.key}-{first.comment or 0}",
        why=_("You get this because you own the project."),
        mailing_list=MailingList(project.key, project.name),
    )


@composes("waiting")
def letter_of_waiting(mail: MailRow) -> Letter | None:
    """What waits for approval now, unless all is decided, or its reader owns the project no longer."""
    project = projects.known(mail.data["project"])
    posts = moderation.waiting_for(project, mail.reader.id) if project else []
    if project is None or not posts:
        return None
    shown = {"number": len(posts), "posts": posts[:NAMED], "path": f"/projects/{project.key}/moderation"}
    return Letter(
        {"project": project, **shown},
        thread=f"waiting-{project.key}",
        why=_("You get this because you own the project."),
        mailing_list=MailingList(project.key, project.name),
    )
