"""Making accounts."""

from webapp import clock
from webapp.access import Viewer
from webapp.accounts import handles
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import allowances, passwords, repository
from webapp.auth.changing import refuse_guessable
from webapp.auth.schemas import RegisterIn
from webapp.db import release, transaction
from webapp.errors import Conflict
from webapp.i18n import _
from webapp.models.accounts import User


def register(draft: RegisterIn, *, address: str | None = None, is_demo: bool = False) -> Viewer:
    """Make an account; `address` is where the request comes from, if it comes from outside.

    The e-mail address has to be confirmed then; otherwise whoever runs Cairn vouches for it.
    Raises Conflict for a taken e-mail address, and what `prepare` does.
    """
    _require_room(draft, address)
    _refuse_taken(draft.email)
    release()
    hashed = passwords.hashed(draft.password)
    told = {"confirmed": address is None, "is_demo": is_demo}
    return create(draft.name, draft.email, hashed, time_zone=draft.time_zone, **told)


def prepare(draft: RegisterIn, *, address: str) -> str:
    """The password of an account to be, hashed: the same work whether somebody has the e-mail address or not.

    Raises Invalid for a password that is easily guessed, TooMany after many registrations from there,
    Unavailable in a rush.
    """
    _require_room(draft, address)
    release()
    return passwords.hashed(draft.password)


@transaction
def create(
    name: str, email: str, password_hash: str, *, confirmed: bool, time_zone: str = "UTC", is_demo: bool = False
) -> Viewer:
    """Make an account with a password that is hashed already. Raises Conflict for a taken address.

    The first one of an installation is an administrator, but for the demo's, whose password is shown to whoever
    starts it.
    """
    is_admin = not is_demo and _is_first()
    _refuse_taken(email)
    wish = handles.wish(name, email)
    handle = handles.free(wish, repository.handles(wish))
    user = User(name=name, email=email, handle=handle, password_hash=password_hash, time_zone=time_zone)
    user.email_confirmed_at = clock.now() if confirmed else None
    user.is_admin = is_admin
    repository.add(user)
    audit.note(Kind.REGISTERED, target=audit.person(user), after={"email": email, **_noted(user)})
    return Viewer.of(user)


def give(user: User, name: str, email: str, password_hash: str, *, confirmed: bool, time_zone: str = "UTC") -> None:
    """Let somebody imported, whose row is locked, be who has this account. Raises Conflict for a taken address."""
    _refuse_taken(email)
    before = {"name": user.name, "origin": user.origin}
    user.name, user.email, user.password_hash, user.time_zone = name, email, password_hash, time_zone
    user.email_confirmed_at = clock.now() if confirmed else None
    user.is_active = True
    if user.handle is None:
        wish = handles.wish(name, email)
        user.handle = handles.free(wish, repository.handles(wish))
    audit.note(Kind.CLAIMED, target=audit.person(user), before=before, after={"email": email})


def _is_first() -> bool:
    """Whether nobody can log in yet. Of several who would be the first, the others wait for one, and then are not."""
    if repository.has_account():
        return False
    repository.lock_standing()
    return not repository.has_account()


def _noted(user: User) -> dict[str, bool]:
    return {"is_admin": True} if user.is_admin else {}


def _require_room(draft: RegisterIn, address: str | None) -> None:
    if address is not None:
        allowances.spend("registration", None, address)
        release()
    refuse_guessable("password", draft.password, draft.name, draft.email)


def _refuse_taken(email: str) -> None:
    if repository.credentials(email) is not None:
        raise Conflict.on("email", _("is already registered. Log in instead."))
