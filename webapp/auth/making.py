"""Making accounts."""

from webapp import clock
from webapp.access import Viewer
from webapp.accounts import handles
from webapp.auth import passwords, repository, throttle
from webapp.auth.schemas import RegisterIn
from webapp.auth.service import refuse_guessable
from webapp.auth.throttle import Registration
from webapp.db import release, transaction
from webapp.errors import Conflict
from webapp.i18n import _
from webapp.models.accounts import User


def register(draft: RegisterIn, *, address: str | None = None) -> Viewer:
    """Make an account; `address` is where the request comes from, if it comes from outside.

    The e-mail address has to be confirmed then; otherwise whoever runs Cairn vouches for it.
    Raises Conflict for a taken e-mail address, and what `prepare` does.
    """
    _require_room(draft, address)
    _refuse_taken(draft.email)
    release()
    hashed = passwords.hashed(draft.password)
    return create(draft.name, draft.email, hashed, confirmed=address is None, time_zone=draft.time_zone)


def prepare(draft: RegisterIn, *, address: str) -> str:
    """The password of an account to be, hashed: the same work whether somebody has the e-mail address or not.

    Raises Invalid for a password that is easily guessed, TooMany after many registrations from there,
    Unavailable in a rush.
    """
    _require_room(draft, address)
    release()
    return passwords.hashed(draft.password)


@transaction
def create(name: str, email: str, password_hash: str, *, confirmed: bool, time_zone: str = "UTC") -> Viewer:
    """Make an account with a password that is hashed already. Raises Conflict for a taken address."""
    _refuse_taken(email)
    wish = handles.wish(name, email)
    handle = handles.free(wish, repository.handles(wish))
    user = User(name=name, email=email, handle=handle, password_hash=password_hash, time_zone=time_zone)
    user.email_confirmed_at = clock.now() if confirmed else None
    repository.add(user)
    return Viewer.of(user)


def _require_room(draft: RegisterIn, address: str | None) -> None:
    if address is not None:
        attempt = Registration(address)
        throttle.require_patience(attempt)
        throttle.count(attempt)
        release()
    refuse_guessable("password", draft.password, draft.name, draft.email)


def _refuse_taken(email: str) -> None:
    if repository.credentials(email) is not None:
        raise Conflict.on("email", _("is already registered. Log in instead."))
