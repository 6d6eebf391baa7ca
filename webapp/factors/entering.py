"""The ways in, and to show again who one is: by password and what else is asked for, or by a passkey alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from webapp.access import Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import passwords
from webapp.auth import service as auth
from webapp.auth.schemas import ConfirmIn, LoginIn
from webapp.auth.service import Lasting, Login, Source
from webapp.config.keys import Ring
from webapp.db import release
from webapp.errors import Invalid, SignInNeeded
from webapp.factors import ceremonies, proving, repository
from webapp.factors.rows import Answer, Purpose, Site
from webapp.i18n import N_, _
from webapp.models.accounts import User

OVER = N_("Your password was typed too long ago. Log in again.")


@dataclass(frozen=True, slots=True)
class Halfway:
    """Somebody who has typed a password, or logged in at a `provider`, and has to show a second factor; `epoch` is
    theirs as it was then.
    """

    user_id: int
    epoch: int
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """How whoever comes in stays: for how long, and by what key their refresh token is signed, if they get one."""

    lasting: Lasting
    refresh_key: Ring | None


# Where a request comes from, to the account with an address.
From = Callable[[str], Source]


class Proves(Protocol):
    """Goes on only if a password is somebody's; raises Invalid on the field."""

    def __call__(self, by: Viewer, typed: str, *, source: Source, field: str) -> object: ...


def log_in(entry: LoginIn, *, source: Source, stay: Stay) -> Login | Halfway:
    """Let somebody in who knows the password, and has no second factor or shows it by a code beside.

    Raises what `auth.recognised` does, and Invalid or TooMany for a wrong code.
    """
    passwords.require_taken()
    user = auth.recognised(entry, source=source)
    reached = Halfway(user.id, user.token_epoch)
    if user.has_factor:
        if not entry.code:
            return reached
        release()
        proving.show_code(user.id, entry.code, source=source)
    return _enter(reached, source, stay)


def come_from(
    provider: str, user: User, *, suffices: bool, source: Source, stay: Stay, code: str = ""
) -> Login | Halfway:
    """Let somebody in whom a provider knows. Who has a second factor here shows it, perhaps by a code beside, unless
    the provider's login `suffices`. Raises WrongCredentials, Deactivated, and Invalid or TooMany for a wrong code.
    """
    reached = Halfway(user.id, user.token_epoch, provider)
    if user.has_factor and not suffices:
        if not code:
            return reached
        release()
        proving.show_code(user.id, code, source=source)
    return _enter(reached, source, stay)


def go_on(reached: Halfway, code: str, *, came: From, stay: Stay) -> Login:
    """Let somebody in after their password, by a code. Raises Invalid, TooMany, SignInNeeded."""
    source = came(_require_same(reached).email or "")
    proving.show_code(reached.user_id, code, source=source)
    return _enter(reached, source, stay)


def go_on_by_passkey(reached: Halfway, answer: Answer, site: Site, *, came: From, stay: Stay) -> Login:
    """The same by a passkey."""
    source = came(_require_same(reached).email or "")
    proving.show_passkey(reached.user_id, answer, site, Purpose.FACTOR, source=source)
    return _enter(reached, source, stay)


def log_in_by_passkey(
    answer: Answer, site: Site, *, came: From, stay: Stay, allowed: Callable[[User], None] = lambda _: None
) -> Login:
    """Let somebody in by a passkey alone, whose device knows who holds it.

    Raises Invalid for one that is not right or not known, Deactivated, TooMany after failures, and what `allowed`
    does for whom it refuses.
    """
    passkey = repository.presented(ceremonies.credential_of(answer) or b"")
    user = repository.person(passkey.user_id) if passkey else None
    if user is None:
        raise proving.wrong_passkey()
    reached, source = Halfway(user.id, user.token_epoch), came(user.email or "")
    proving.show_passkey(user.id, answer, site, Purpose.LOGIN, source=source, alone=True)
    if not user.is_active:
        auth.refuse_deactivated(user)
    allowed(user)
    return _enter(reached, source, stay)


def confirm(by: Viewer, entry: ConfirmIn, *, source: Source, proves: Proves | None = None) -> None:
    """Go on only if it is this person: by password, and by a code where they have a second factor.

    `proves` says whose password it is, if it is not kept here. Raises Invalid, TooMany after failures, Unavailable
    in a rush.
    """
    if proves is None:
        passwords.require_taken()
        proves = auth.require_password
    if not entry.password:
        raise Invalid.on("password", _("is required."))
    if by.has_factor and not entry.code:
        raise Invalid.on("code", _("is required."))
    proves(by, entry.password, source=source, field="password")
    if by.has_factor:
        proving.show_code(by.id, entry.code, source=source)
    note_confirmed(by)


def confirm_by_passkey(by: Viewer, answer: Answer, site: Site, *, source: Source) -> None:
    """The same by a passkey alone, whose device knows who holds it."""
    proving.show_passkey(by.id, answer, site, Purpose.CONFIRM, source=source, alone=True)
    note_confirmed(by)


def note_confirmed(by: Viewer) -> None:
    """Note that somebody has shown again who they are."""
    audit.note(Kind.CONFIRM_OK, actor=by, target=audit.person(by))


def stands(reached: Halfway) -> bool:
    """Whether nobody has changed the locks of the account since its password was typed."""
    user = repository.person(reached.user_id)
    return user is not None and user.token_epoch == reached.epoch


def ways(reached: Halfway) -> list[str]:
    """By what the account's second factor can be shown."""
    own = repository.of(reached.user_id)
    there = {"totp": own.authenticator, "passkey": own.passkeys, "recovery": own.codes_left}
    return [name for name, found in there.items() if found]


def has_passkeys(user_id: int) -> bool:
    """Whether the person has any."""
    return bool(repository.passkeys(user_id))


def over() -> SignInNeeded:
    """What is told to somebody whose password was typed too long ago, or elsewhere."""
    return SignInNeeded(_(OVER))


def _require_same(reached: Halfway) -> User:
    user = repository.person(reached.user_id)
    if user is None or user.token_epoch != reached.epoch:
        raise over()
    return user


def _enter(reached: Halfway, source: Source, stay: Stay) -> Login:
    return auth.enter(
        reached.user_id,
        reached.epoch,
        source=source,
        lasting=stay.lasting,
        refresh_key=stay.refresh_key,
        provider=reached.provider,
    )
