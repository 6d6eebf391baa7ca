"""Mails about the account of whom they go to. Whether a link still holds is asked when it is sent."""

from dataclasses import replace

from webapp.i18n import N_, _
from webapp.links import claiming, holding, registering
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow
from webapp.models.account_tokens import Purpose

WHY = N_("You get this because it is about your account.")


@composes("reset", is_secret=True, is_own=True)
def letter_of_reset(mail: MailRow) -> Letter | None:
    """The link that gives a forgotten password a successor."""
    return _with_link(mail, Purpose.RESET)


@composes("confirm", is_secret=True, is_own=True)
def letter_of_confirmation(mail: MailRow) -> Letter | None:
    """The link that confirms an address."""
    return _with_link(mail, Purpose.CONFIRM)


@composes("register", is_secret=True, is_own=True)
def letter_of_registration(mail: MailRow) -> Letter | None:
    """The link that makes an account; or, to somebody who has one, that they have."""
    letter = _with_link(mail, Purpose.REGISTER)
    if letter is None:
        return None
    return replace(letter, values={**letter.values, "taken": registering.is_taken(mail.reader.address)})


@composes("move", is_secret=True, is_own=True)
def letter_of_move(mail: MailRow) -> Letter | None:
    """The link that gives an account this address; none to an address that somebody has by now."""
    return None if registering.is_taken(mail.reader.address) else _with_link(mail, Purpose.MOVE)


@composes("moved", is_secret=True, is_own=True)
def letter_of_moved(mail: MailRow) -> Letter | None:
    """That the account has another address, and the link that takes it back."""
    letter = _with_link(mail, Purpose.UNDO)
    return letter and replace(letter, values={**letter.values, "address": mail.data["address"]})


@composes("claim", is_secret=True, is_own=True)
def letter_of_claim(mail: MailRow) -> Letter | None:
    """The link that makes whoever follows it somebody imported."""
    token = mail.data.get("token", "")
    if not claiming.holds(token):
        return None
    claim, user = claiming.get(token)
    by = claiming.sender(claim)
    values = {"by": by, "name": user.name, "until": claim.expires_at, "path": f"/claims/{token}"}
    return Letter(values, why=_("You get this because %(name)s gave your address.", name=by))


@composes("signed_in", is_own=True)
def letter_of_sign_in(mail: MailRow) -> Letter:
    """That somebody logged in with a browser or program that was not known."""
    return Letter({"at": mail.created_at, "agent": mail.data["agent"]}, why=_(WHY))


@composes("password_changed", is_own=True)
def letter_of_password(mail: MailRow) -> Letter:
    """That there is another password since."""
    return Letter({"at": mail.created_at}, why=_(WHY))


def _with_link(mail: MailRow, purpose: Purpose) -> Letter | None:
    token = mail.data.get("token", "")
    if not holding.stands(purpose, token):
        return None
    return Letter({"path": f"/auth/{purpose}/{token}"}, why=_(WHY))
