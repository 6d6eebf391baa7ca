"""A mail to somebody whose token ends soon."""

from webapp.i18n import N_, _
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow
from webapp.personal_tokens import repository

WHY = N_("You get this because it is about your account.")


@composes("token_ends", is_own=True)
def letter_of_end(mail: MailRow) -> Letter | None:
    """That it does, and when; nothing of one that is over, or was revoked meanwhile."""
    token = repository.one(mail.data["token"])
    return None if token is None or token.is_over else Letter({"token": token}, why=_(WHY))
