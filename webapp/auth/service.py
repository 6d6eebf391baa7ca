import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from webapp import clock, hashing
from webapp.access import Viewer
from webapp.auth import passwords, refreshing, repository, throttle
from webapp.auth.schemas import LoginIn, PasswordIn, ProfileIn, as_registered
from webapp.auth.throttle import Attempt, spend
from webapp.db import AnyRow, release, transaction
from webapp.errors import Conflict, Deactivated, Invalid, Overtaken, SignInNeeded
from webapp.i18n import N_, Whole, _, languages
from webapp.i18n.formats import one_of
from webapp.mail import service as mail
from webapp.models.accounts import User
from webapp.models.auth import SignIn

__all__ = ["spend"]

log = logging.getLogger("cairn.auth")

MAX_ID = 2**63 - 1
SignedIn = Callable[[int, int], AnyRow | None]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a sign-in lives: `idle` without a sign of life, and `whole` in any case."""

    idle: timedelta
    whole: timedelta


BROWSER = Lasting(timedelta(hours=12), timedelta(hours=24))
REMEMBERED = Lasting(timedelta(days=7), timedelta(days=30))
CLIENT = Lasting(timedelta(minutes=30), timedelta(days=30))


@dataclass(frozen=True, slots=True)
class Source:
    """Where an attempt comes from: `agent` is what it calls itself, `device` a browser that the account knows."""

    address: str
    agent: str
    device: str | None


@dataclass(frozen=True, slots=True)
class Login:
    """A sign-in that has just begun or been renewed; `end` in Unix seconds.

    `is_proved`: whoever has it has shown just now who they are.
    """

    viewer: Viewer
    sid: int
    epoch: int
    end: int
    idle: timedelta
    refresh_token: str | None = None
    is_proved: bool = False


class WrongCredentials(SignInNeeded):
    """The same for an unknown address and for a wrong password."""

    title = detail = N_("Invalid credentials")


def person(sub: str, sid: int, epoch: int, signed_in: SignedIn | None = None) -> Viewer | None:
    """Whom a token's claims speak of, if their sign-in still stands; raises Deactivated for an inactive one.

    `signed_in` may read their row along with something else.
    """
    if not (sub.isascii() and sub.isdigit()) or max(int(sub), sid) > MAX_ID:
        return None
    row = (signed_in or repository.signed_in)(int(sub), sid)
    if row is None or not _stands(row, epoch):
        return None
    return Viewer.of(row, sid=sid, epoch=epoch)


def _stands(row: AnyRow, epoch: int) -> bool:
    """Whether a sign-in has neither ended nor been ended; raises Deactivated for an inactive account."""
    if row.ends_at <= row.now:
        return False
    if not row.is_active:
        raise Deactivated()
    return row.token_epoch == epoch and row.revoked_at is None


def login(entry: LoginIn, *, source: Source, lasting: Lasting, refresh_key: str | None = None) -> Login:
    """Begin a sign-in for whoever knows the password; with a key for it, there is a refresh token as well.

    Raises WrongCredentials, Deactivated for an inactive account, TooMany after failures, Unavailable in a rush.
    """
    attempt = Attempt(source.address, entry.email, source.device)
    throttle.require_patience(attempt)
    user = repository.credentials(entry.email)
    release()
    if not passwords.matches(entry.password, user.password_hash if user else None) or user is None:
        throttle.count(attempt)
        log.info("authn_login_fail address=%s", source.address)
        raise WrongCredentials()
    if not user.is_active:
        raise Deactivated()
    throttle.succeeded(attempt)
    if passwords.outdated(user.password_hash or ""):
        _store_hash(user.id, passwords.hashed(entry.password))
    return replace(_enter(user.id, source, lasting, refresh_key), is_proved=True)


def begin(
    viewer: Viewer, *, agent: str, lasting: Lasting, refresh_key: str | None = None, proved: bool = False
) -> Login:
    """Begin a sign-in for somebody of whom is known who they are; `proved` if they have just typed their password."""
    return replace(_begin(viewer.id, agent, lasting, refresh_key), is_proved=proved)


@transaction
def edit(by: Viewer, changes: ProfileIn) -> Viewer:
    """Change what was sent of one's own account. Raises Conflict for a handle that somebody else has, and Invalid for
    a language that is not offered, but for one's own, which may be so no more.
    """
    user = repository.user(by.id)
    if user is None:
        raise SignInNeeded()
    sent = changes.model_dump(exclude_unset=True)
    if sent.get("handle", user.handle) != user.handle and sent["handle"] in repository.handles(sent["handle"]):
        raise Conflict.on("handle", Whole(_("%(name)s is taken.", name=sent["handle"])))
    if sent.get("language") not in (None, user.language, *languages.OFFERED):
        raise Invalid.on("language", _("must be one of %(codes)s", codes=one_of(languages.OFFERED)))
    for name, value in sent.items():
        setattr(user, name, value)
    user.zone_chosen |= "time_zone" in sent
    return Viewer.of(user)


def log_out(sid: int) -> None:
    """End a sign-in: its tokens are worth nothing from the next request on, in every process."""
    _revoke(sid)


def refresh(token: str, key: str) -> Login:
    """Exchange a refresh token for new tokens; it is used up by that. Raises SignInNeeded.

    A client that asks twice at once, or again after a lost answer, gets the same ones. A token that comes
    back later was copied: its sign-in ends.
    """
    sign_in = refreshing.rotated(token, key)
    user = repository.user(sign_in.user_id) if sign_in else None
    if sign_in is None or user is None or not user.is_active:
        raise SignInNeeded(_("The refresh token is not valid."))
    return _login_of(user, sign_in, CLIENT, refreshing.successor(token, key))


def change_password(
    by: Viewer, entry: PasswordIn, *, source: Source, lasting: Lasting, refresh_key: str | None = None
) -> Login:
    """Change one's own password. All one's sign-ins end; a new one begins in their place.

    Raises Invalid for a wrong current password or one that is easily guessed, TooMany after failures,
    Unavailable in a rush, Conflict if it was changed meanwhile.
    """
    before = require_password(by, entry.current_password, source=source)
    refuse_guessable("new_password", entry.new_password, by.name, by.email)
    hashed = passwords.hashed(entry.new_password)
    return replace(_exchange(by.id, before, hashed, source.agent, lasting, refresh_key), is_proved=True)


def require_password(by: Viewer, typed: str, *, source: Source, field: str = "current_password") -> str | None:
    """Go on only if this is one's own password; as it is stored. Raises Invalid, TooMany after failures."""
    attempt = Attempt(source.address, by.email, source.device)
    throttle.require_patience(attempt)
    user = repository.user(by.id)
    stored = user.password_hash if user else None
    release()
    if not passwords.matches(typed, stored):
        throttle.count(attempt)
        raise Invalid.on(field, _("is not right."))
    throttle.succeeded(attempt)
    return stored


@transaction
def set_password(email: str, password: str) -> None:
    """Give somebody another password and end all their sign-ins. Raises Invalid for an unknown address."""
    user = repository.credentials(as_registered(email))
    if user is None:
        raise Invalid.on("email", _("belongs to nobody here."))
    give(user, passwords.hashed(password))


@transaction
def _exchange(
    user_id: int, before: str | None, after: str, agent: str, lasting: Lasting, refresh_key: str | None
) -> Login:
    user = repository.locked_user(user_id)
    if user is None or user.password_hash != before:
        raise Overtaken(_("Your password was changed meanwhile."))
    give(user, after)
    return _begin(user_id, agent, lasting, refresh_key)


def give(user: User, password_hash: str) -> None:
    """Let this be somebody's password, whose row is locked: all their sign-ins end, and they hear of it by mail."""
    user.password_hash = password_hash
    end_all(user)
    mail.post("password_changed", user, {})


def end_all(user: User) -> None:
    """End all of somebody's sign-ins, and what else holds until their epoch is another one."""
    user.token_epoch += 1
    repository.revoke_all(user.id)


def refuse_guessable(field: str, password: str, name: str, email: str) -> None:
    """Raises Invalid for a password that is easily guessed, Unavailable in a rush."""
    if passwords.guessable(password, [name, *email.split("@")]):
        raise Invalid.on(field, _("is too easy to guess. Several uncommon words make a good one."))


@transaction
def _enter(user_id: int, source: Source, lasting: Lasting, refresh_key: str | None) -> Login:
    """Begin a sign-in with a password; whose it is hears of it, unless the browser or program is known."""
    known = source.device is not None or (refresh_key and repository.is_used(user_id, source.agent[:200]))
    login = _begin(user_id, source.agent, lasting, refresh_key)
    if not known:
        mail.post("signed_in", login.viewer, {"agent": source.agent[:200]})
    return login


@transaction
def _begin(user_id: int, agent: str, lasting: Lasting, refresh_key: str | None) -> Login:
    user = repository.held_user(user_id)
    if user is None:
        raise WrongCredentials()
    if not user.is_active:  # since the password was looked at
        raise Deactivated()
    repository.forget_ended(user_id)
    now = clock.now()
    sign_in = SignIn(user_id=user.id, ends_at=now + lasting.whole, agent=agent[:200], refreshed_at=now)
    repository.add(sign_in)
    token = refreshing.first(sign_in.id, refresh_key) if refresh_key else None
    sign_in.refresh_hash = hashing.of_token(token) if token else None
    return _login_of(user, sign_in, lasting, token)


@transaction
def _store_hash(user_id: int, password_hash: str) -> None:
    if user := repository.user(user_id):
        user.password_hash = password_hash


@transaction
def _revoke(sid: int) -> None:
    repository.revoke(sid)


def _login_of(user: User, sign_in: SignIn, lasting: Lasting, refresh_token: str | None) -> Login:
    end = int(sign_in.ends_at.timestamp())
    return Login(Viewer.of(user), sign_in.id, user.token_epoch, end, lasting.idle, refresh_token)
