"""Whether somebody may log in at all, and whether they look after the whole of Cairn."""

from webapp.accounts.rows import Person
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import repository
from webapp.auth.service import end_all, end_tokens
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import _
from webapp.models.accounts import User

# Commands name somebody by their address, pages by their number.
Whom = str | int


def take_turns() -> None:
    """Wait until nobody else changes somebody's standing: two who change each other's would lock in a circle."""
    repository.lock_standing()


@transaction
def end_sign_ins(whom: Whom, *, provider: str = "") -> Person:
    """End all of somebody's logins, and their tokens of every kind. Raises Invalid or NotFound for nobody.

    If a `provider` is named, nobody does it: it has them no more.
    """
    user = _locked(whom)
    end_all(user)
    end_tokens(user)
    if provider:
        audit.note(Kind.IDENTITY_GONE, target=audit.person(user), after={"provider": provider})
    else:
        audit.note(Kind.ALL_ENDED, target=audit.person(user))
    return Person(user.id, user.name)


@transaction
def deactivate(whom: Whom) -> Person:
    """Let somebody log in no longer: all their sign-ins and tokens of every kind end at once.

    What they wrote and were assigned stays. Raises Invalid for an unknown address, NotFound for an
    unknown number, Conflict for the last administrator.
    """
    user = _locked(whom)
    leave_an_administrator(user)
    user.is_active = False
    end_all(user)
    end_tokens(user)
    audit.note(Kind.DEACTIVATED, target=audit.person(user))
    return Person(user.id, user.name)


@transaction
def activate(whom: Whom) -> Person:
    """Let somebody log in again; what was ended stays ended. Raises Invalid or NotFound for nobody."""
    user = _locked(whom)
    if not user.is_active:
        user.is_active = True
        audit.note(Kind.ACTIVATED, target=audit.person(user))
    return Person(user.id, user.name)


@transaction
def make_administrator(whom: Whom, *, provider: str = "") -> Person:
    """Let somebody act as an owner of every project, by their groups at a provider if one is named. Raises Invalid
    for who cannot log in, and Invalid or NotFound for nobody.
    """
    user = _locked(whom)
    if not user.is_active:
        raise Invalid.on(
            "", _("%(address)s is deactivated. Activate the account first.", address=user.email or user.name)
        )
    if user.password_hash is None:
        raise Invalid.on("", _("%(name)s was imported, and cannot log in.", name=user.name))
    if not user.is_admin:
        user.is_admin = True
        audit.note(Kind.ADMINISTRATOR_MADE, target=audit.person(user), after=_by_groups(provider))
    return Person(user.id, user.name)


@transaction
def unmake_administrator(whom: Whom, *, provider: str = "") -> Person:
    """Take that back. Raises Invalid or NotFound for nobody, Conflict for the last administrator."""
    user = _locked(whom)
    leave_an_administrator(user)
    if user.is_admin:
        user.is_admin = False
        audit.note(Kind.ADMINISTRATOR_UNMADE, target=audit.person(user), after=_by_groups(provider))
    return Person(user.id, user.name)


def is_last_administrator(user: User) -> bool:
    """Whether nobody else is one who can log in."""
    return user.is_admin and user.is_active and not repository.has_administrator(but=user.id)


def leave_an_administrator(user: User) -> None:
    """Where an administrator goes, another one who can log in must stay. Raises Conflict."""
    if is_last_administrator(user):
        said = _(
            "%(name)s is the last administrator. Make somebody else one first: flask admin EMAIL", name=user.name
        )
        raise Conflict(said)


def _by_groups(provider: str) -> dict[str, str]:
    return {"groups_of": provider} if provider else {}


def _locked(whom: Whom) -> User:
    """The person as they are now. Whoever changes somebody's standing takes turns."""
    take_turns()
    if isinstance(whom, int):
        user = repository.locked_by_number(whom)
        if user is None:
            raise NotFound()
        return user
    user = repository.locked_by_address(whom)
    if user is None:
        raise Invalid.on("", _("%(address)s is nobody's address here.", address=whom))
    return user
