from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Page, Reply
from webapp.i18n import _
from webapp.mail_in import mailboxes
from webapp.mail_in.schemas import MailboxIn, MailboxOut
from webapp.projects.service import ProjectRow

bp = Feature("mail_in", "/projects/<project:project>/mail")


@bp.get("", form="index")
def index(project: ProjectRow, by: Viewer) -> Reply[MailboxOut]:
    """The project's own address, and the mails that wait there. For those who look after the project."""
    mailbox = mailboxes.of(project, by)
    return Page("mail_in/show.html", mailbox, project=project, mailbox=mailbox)


@bp.put("", form="index")
def choose(project: ProjectRow, body: MailboxIn, by: Viewer) -> Reply[MailboxOut]:
    """Let mail to the project's address become issues, private ones if you like, or no longer."""
    mailboxes.choose(project, body, by)
    say = _("Mail to this address becomes an issue.") if body.is_open else _("This address takes no mail any more.")
    return Done(mailboxes.of(project, by), at=url_for(".index", project=project.key), say=say)


@bp.post("/<number:letter>/accept")
def accept(project: ProjectRow, letter: int, by: Viewer) -> Reply[None]:
    """Make an issue of a mail that waits, in your name."""
    issue = mailboxes.accept(project, letter, by)
    at = url_for("issues.show", project=project.key, number=issue.number)
    return Done(None, at=at, say=_("The mail is an issue now."))


@bp.delete("/<number:letter>")
def refuse(project: ProjectRow, letter: int, by: Viewer) -> Reply[None]:
    """Let a mail go that waits. Its sender hears nothing."""
    mailboxes.refuse(project, letter, by)
    return Done(None, at=url_for(".index", project=project.key), say=_("The mail is gone."))
