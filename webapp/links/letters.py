"""Mails about the account of whom they go to. Whether a link still holds is asked when it is sent."""

from webapp.links import holding
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow
from webapp.models.account_tokens import Purpose

WHY = "You get this because it is about your account."


@composes("reset", is_secret=True, is_own=True)
def letter_of_reset(mail: MailRow) -> Letter | None:
    """The link that gives a forgotten password a successor."""
    return _with_link(mail, Purpose.RESET)


@composes("confirm", is_secret=True, is_own=True)
def letter_of_confirmation(mail: MailRow) -> Letter | None:
    """The link that confirms an address."""
    return _with_link(mail, Purpose.CONFIRM)


@composes("password_changed", is_own=True)
def letter_of_password(mail: MailRow) -> Letter:
    """That there is another password since."""
    return Letter({"at": mail.created_at}, why=WHY)


def _with_link(mail: MailRow, purpose: Purpose) -> Letter | None:
    token = mail.data.get("token", "")
    if not holding.stands(purpose, token):
        return None
    return Letter({"path": f"/auth/{purpose}/{token}"}, why=WHY)
