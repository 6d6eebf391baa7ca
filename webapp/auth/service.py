from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NoReturn

from webapp import clock, hashing
from webapp.access import Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import attempts, passwords, refreshing, repository, throttle
from webapp.auth.allowances import spend
from webapp.auth.rows import SignedIn
from webapp.auth.schemas import LoginIn, ProfileIn
from webapp.auth.throttle import Attempt
from webapp.config import stored
from webapp.config.keys import Ring
from webapp.db import release, transaction
from webapp.errors import Conflict, Deactivated, Invalid, SignInNeeded
from webapp.i18n import N_, Whole, _, languages
from webapp.i18n.formats import one_of
from webapp.mail import service as mail
from webapp.models.accounts import User
from webapp.models.auth import SignIn
from webapp.settings import service as settings

__all__ = ["spend"]

MAX_ID = 2**63 - 1
Look = Callable[[int, int], SignedIn | None]


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


def person(sub: str, sid: int, epoch: int, signed_in: Look | None = None) -> Viewer | None:
    """Whom a token's claims speak of, if their sign-in still stands; raises Deactivated for an inactive one.

    `signed_in` may read their row along with something else.
    """
    if not (sub.isascii() and sub.isdigit()) or max(int(sub), sid) > MAX_ID:
        return None
    found = (signed_in or repository.signed_in)(int(sub), sid)
    return found.viewer if found is not None and stands(found, epoch) else None


def stands(found: SignedIn, epoch: int) -> bool:
    """Whether a sign-in has neither ended nor been ended; raises Deactivated for an inactive account."""
    if found.settings != stored.at:
        settings.refresh()
    if found.is_over:
        return False
    if not found.is_active:
        raise Deactivated()
    return found.epoch == epoch and not found.is_revoked


def recognised(entry: LoginIn, *, source: Source) -> User:
    """Whose password was typed. That alone lets nobody in who has a second factor: webapp/factors/entering.py.

    Raises WrongCredentials, Deactivated for an inactive account, TooMany after failures, Unavailable in a rush.
    """
    attempt = Attempt(source.address, entry.email, source.device)
    attempts.require_patience(attempt)
    user = repository.credentials(entry.email)
    release()
    if not passwords.matches(entry.password, user.password_hash if user else None) or user is None:
        attempts.failed(attempt, kind=Kind.LOGIN_FAIL, user=user)
        raise WrongCredentials()
    if not user.is_active:
        refuse_deactivated(user)
    throttle.succeeded(attempt)
    if passwords.outdated(user.password_hash or ""):
        _store_hash(user.id, passwords.hashed(entry.password))
    return user


def refuse_deactivated(user: User, provider: str = "") -> NoReturn:
    """Note that somebody tried who may log in no longer, at a provider if not here. Raises Deactivated."""
    why = {"why": "deactivated", **_by(provider)}
    audit.note(Kind.LOGIN_FAIL, target=audit.person(user), after=why, refused=True)
    raise Deactivated()


def enter(
    user_id: int,
    epoch: int,
    *,
    source: Source,
    lasting: Lasting,
    refresh_key: Ring | None = None,
    provider: str = "",
) -> Login:
    """Begin a sign-in for somebody who has shown all that is asked of them; with a key for it, there is a refresh
    token as well.

    `epoch` is theirs as it was when they did; `provider` is where they did, if not here. Raises WrongCredentials if
    their locks were changed since then.
    """
    return replace(_enter(user_id, epoch, source, lasting, refresh_key, provider), is_proved=True)


def begin(
    viewer: Viewer, *, agent: str, lasting: Lasting, refresh_key: Ring | None = None, proved: bool = False
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
    before, after = audit.differing({"name": user.name, "handle": user.handle}, _called(user, sent))
    for name, value in sent.items():
        setattr(user, name, value)
    if after:
        audit.note(Kind.RENAMED, actor=by, target=audit.person(by), before=before, after=after)
    user.zone_chosen |= "time_zone" in sent
    return Viewer.of(user)


def _called(user: User, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody is called once a change is made."""
    return {"name": sent.get("name", user.name), "handle": sent.get("handle", user.handle)}


def log_out(sid: int) -> None:
    """End a sign-in: its tokens are worth nothing from the next request on, in every process."""
    _revoke(sid)


def refresh(token: str, keys: Ring) -> Login:
    """Exchange a refresh token for new tokens; it is used up by that. Raises SignInNeeded.

    A client that asks twice at once, or again after a lost answer, gets the same ones. A token that comes
    back later was copied: its sign-in ends.
    """
    sign_in = refreshing.rotated(token, keys)
    user = repository.user(sign_in.user_id) if sign_in else None
    if sign_in is None or user is None or not user.is_active:
        raise SignInNeeded(_("The refresh token is not valid."))
    return _login_of(user, sign_in, CLIENT, refreshing.successor(token, keys))


def require_password(by: Viewer, typed: str, *, source: Source, field: str = "current_password") -> str | None:
    """Go on only if this is one's own password; as it is stored. Raises Invalid, TooMany after failures."""
    attempt = Attempt(source.address, by.email, source.device)
    attempts.require_patience(attempt)
    user = repository.user(by.id)
    stored = user.password_hash if user else None
    release()
    if not passwords.matches(typed, stored):
        attempts.failed(attempt, kind=Kind.CONFIRM_FAIL, user=user)
        raise Invalid.on(field, _("is not right."))
    throttle.succeeded(attempt)
    return stored


def end_all(user: User) -> None:
    """End all of somebody's logins, and what else holds until their epoch is another one.

    Their personal access tokens stay; where somebody else may have made these, `end_tokens` ends them too.
    """
    user.token_epoch += 1
    repository.revoke_all(user.id)


def end_tokens(user: User | Viewer) -> int:
    """End all of somebody's personal access tokens; how many these were."""
    return repository.revoke_tokens(user.id)


@transaction
def _enter(
    user_id: int, epoch: int, source: Source, lasting: Lasting, refresh_key: Ring | None, provider: str
) -> Login:
    """Whose sign-in it is hears of it, unless the browser or program is known."""
    known = source.device is not None or (refresh_key and repository.is_used(user_id, source.agent[:200]))
    login = _begin(user_id, source.agent, lasting, refresh_key)
    if login.epoch != epoch:
        raise WrongCredentials()
    who = login.viewer
    audit.note(Kind.LOGIN_OK, actor=who, target=audit.person(who), sid=login.sid, after=_by(provider))
    if not known:
        mail.post("signed_in", login.viewer, {"agent": source.agent[:200]})
    return login


@transaction
def _begin(user_id: int, agent: str, lasting: Lasting, refresh_key: Ring | None) -> Login:
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
    if user := repository.revoke(sid):
        audit.note(Kind.LOGOUT, target=audit.person(user), sid=sid)


def _by(provider: str) -> dict[str, str]:
    return {"provider": provider} if provider else {}


def _login_of(user: User, sign_in: SignIn, lasting: Lasting, refresh_token: str | None) -> Login:
    end = int(sign_in.ends_at.timestamp())
    return Login(Viewer.of(user), sign_in.id, user.token_epoch, end, lasting.idle, refresh_token)
