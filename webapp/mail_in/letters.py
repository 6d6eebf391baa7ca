"""The answer to a mail of which something could not be done."""

from webapp.errors import NotFound
from webapp.i18n import _
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow
from webapp.mail_in import addresses, repository, service
from webapp.mail_in.addresses import Reply
from webapp.mail_in.rows import Told
from webapp.projects import service as projects


@composes("mail_in")
def letter_of_mail_in(mail: MailRow) -> Letter | None:
    """What was not done, and why."""
    told = service.told(mail.data["incoming"])
    if told is None:
        return None
    lines = [_(line) for line in told.answer.split("\n")]
    values = {"subject": told.subject, "at": told.came_at, "is_taken": told.is_taken, "lines": lines}
    issue = _issue(told, mail.reader.id)
    return Letter({**values, "issue": issue}, why=_("You get this because a mail came in your name."))


def _issue(told: Told, reader: int | None) -> IssueDetail | None:
    """What the mail was about or became, if its sender may see it now."""
    meant = addresses.meant(told.recipient)
    issue_id = meant.issue_id if told.issue_id is None and isinstance(meant, Reply) else told.issue_id
    place, known = repository.place_of(issue_id or 0), repository.with_id(reader or 0)
    if place is None or known is None:
        return None
    try:
        return issues.get(projects.get(str(place.project_id), known.viewer), place.number, known.viewer)
    except NotFound:
        return None
