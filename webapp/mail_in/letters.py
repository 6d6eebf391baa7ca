"""The answer to a mail of which something could not be done."""

from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow
from webapp.mail_in import service


@composes("mail_in")
def letter_of_mail_in(mail: MailRow) -> Letter | None:
    """What was not done, and why."""
    told = service.told(mail.data["incoming"])
    if told is None:
        return None
    lines = told.answer.split("\n")
    values = {"subject": told.subject, "at": told.came_at, "is_taken": told.is_taken, "lines": lines}
    return Letter(values, why="You get this because a mail came in your name.")
