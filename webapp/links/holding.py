"""Which link is one, and whose."""

import secrets

from webapp.db import transaction
from webapp.errors import Forbidden, Over
from webapp.i18n import _
from webapp.links import repository
from webapp.mail import service as mail
from webapp.models.account_tokens import AccountToken, Purpose
from webapp.models.accounts import NAMELESS, User


def made() -> str:
    """What makes a link one that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def sends() -> bool:
    """Whether mail is sent from here."""
    return mail.is_configured()


def require_mail() -> None:
    """Raises Forbidden where no mail is sent."""
    if not sends():
        raise Forbidden(_("No mail is sent from here. Whoever runs this Cairn can help: flask password EMAIL"))


def link_of(purpose: Purpose, token: str, *, locked: bool = False) -> AccountToken:
    """The link that holds. Raises Over."""
    link = repository.presented(purpose, token, locked=locked)
    if link is None:
        raise over(purpose)
    return link


def holder_of(link: AccountToken, *, locked: bool = False) -> User:
    """Whose account it is about, if nothing of it changed that ends the link. Raises Over."""
    user = repository.person(link.user_id, locked=locked)
    if user is None or not _may_be_meant(user, link) or link.epoch not in (None, user.token_epoch):
        raise over(Purpose(link.purpose))
    return user


def take(purpose: Purpose, token: str) -> tuple[AccountToken, User]:
    """Both as they are now, until the transaction ends: first the person, as everybody takes them. Raises Over."""
    user = holder_of(link_of(purpose, token), locked=True)
    return link_of(purpose, token, locked=True), user


def stands(purpose: Purpose, token: str) -> bool:
    """Whether a link would be taken, were it followed now."""
    try:
        link = link_of(purpose, token)
        if purpose is not Purpose.REGISTER:
            holder_of(link)
    except Over:
        return False
    return True


def over(purpose: Purpose) -> Over:
    """What is told of a link that is worth nothing; only what was changed cannot be asked for again."""
    if purpose is Purpose.CLAIM:
        return Over(
            _(
                "This invitation was used or taken back, it has expired, or its link is not whole."
                " Ask whoever invited you for another one."
            )
        )
    if purpose is Purpose.UNDO:
        said = _("This link was used already, or it holds no longer. Whoever runs this Cairn can help.")
    else:
        said = _("This link was used already, or it holds no longer. Ask for another one.")
    return Over(said, purpose)


@transaction
def clear() -> None:
    """Forget links that are over for long."""
    repository.clear()


def _may_be_meant(user: User, link: AccountToken) -> bool:
    """Whether the link can be about them: who may log in, or for a claim one person who never could."""
    if link.purpose != Purpose.CLAIM:
        return user.is_active
    return user.password_hash is None and user.origin not in NAMELESS
