"""Whether somebody may log in at all, and whether they look after the whole of Cairn."""

from webapp.accounts.rows import Person
from webapp.auth import repository
from webapp.auth.service import end_all
from webapp.db import transaction
from webapp.errors import Conflict, Invalid
from webapp.i18n import _
from webapp.models.accounts import User


@transaction
def deactivate(email: str) -> Person:
    """Let somebody log in no longer: all their sign-ins, refresh and feed tokens end at once.

    What they wrote and were assigned stays. Raises Invalid for an unknown address, Conflict for the last
    administrator.
    """
    user = _locked(email)
    _leave_an_administrator(user)
    user.is_active = False
    end_all(user)
    return Person(user.id, user.name)


@transaction
def activate(email: str) -> Person:
    """Let somebody log in again; what was ended stays ended. Raises Invalid for an unknown address."""
    user = _locked(email)
    user.is_active = True
    return Person(user.id, user.name)


@transaction
def make_administrator(email: str) -> Person:
    """Let somebody act as an owner of every project. Raises Invalid for an unknown address, or for a person
    who cannot log in.
    """
    user = _locked(email)
    if not user.is_active:
        raise Invalid.on("", _("%(address)s is deactivated. Activate the account first.", address=email))
    user.is_admin = True
    return Person(user.id, user.name)


@transaction
def unmake_administrator(email: str) -> Person:
    """Take that back. Raises Invalid for an unknown address, Conflict for the last administrator."""
    user = _locked(email)
    _leave_an_administrator(user)
    user.is_admin = False
    return Person(user.id, user.name)


def _locked(email: str) -> User:
    """The person as they are now. Whoever changes somebody's standing takes turns."""
    repository.lock_standing()
    user = repository.locked_by_address(email)
    if user is None:
        raise Invalid.on("", _("%(address)s is nobody's address here.", address=email))
    return user


def _leave_an_administrator(user: User) -> None:
    """Where an administrator goes, another one who can log in must stay."""
    if user.is_admin and user.is_active and not repository.has_administrator(but=user.id):
        said = _(
            "%(name)s is the last administrator. Make somebody else one first: flask admin EMAIL", name=user.name
        )
        raise Conflict(said)
