"""What somebody has to show at a login beside their password: seen and changed by themselves, or taken away for them.

Whoever changes it ends all sign-ins of the account, as with another password; a new one takes the place of the one
that asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from webapp import clock, config
from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth.service import Login, end_all, end_tokens
from webapp.auth.standing import Whom
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound, SignInNeeded
from webapp.factors import ceremonies, challenges, codes, proving, repository, sealing, totp
from webapp.factors.keys import keys
from webapp.factors.rows import Answer, Factors, Purpose, Site
from webapp.i18n import N_, _, ngettext
from webapp.mail import service as mail
from webapp.models.accounts import User
from webapp.projects.standing import confirm

MOST = 20
SETTING_UP = 1800  # seconds in which somebody brings an app to show a code
# Begins a sign-in in the place of the one that asks.
Again = Callable[[Viewer], Login]
_APP, _PASSKEY = {"factor": "authenticator"}, {"factor": "passkey"}
# How what changed is noted, by the word that its mail has for it.
NOTED: Mapping[str, tuple[Kind, dict[str, Any]]] = {
    "app_added": (Kind.FACTOR_ADDED, {"after": _APP}),
    "app_removed": (Kind.FACTOR_REMOVED, {"before": _APP}),
    "passkey_added": (Kind.FACTOR_ADDED, {"after": _PASSKEY}),
    "passkey_removed": (Kind.FACTOR_REMOVED, {"before": _PASSKEY}),
    "codes_renewed": (Kind.CODES_RENEWED, {}),
}
NEEDED = N_("You need a second factor here. Add another one before you remove this one.")


@dataclass(frozen=True, slots=True)
class Setup:
    """A secret for an app, the address that tells it all, and the token by which it is known again."""

    secret: str
    address: str
    token: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The sign-in that takes the place of the one that asked, and the recovery codes, if there are new ones."""

    login: Login
    codes: list[str]


def own(by: Viewer) -> Factors:
    """All that one has."""
    return repository.of(by.id)


@transaction
def reseal() -> int:
    """Seal with the present key what was sealed with a former one, which may then go; how many these were."""
    present, *former = keys().seeds
    number = 0
    for app in repository.authenticators() if former else ():
        about = proving.about(app.user_id)
        if sealing.opened(app.seed, about, [present]) is None and (secret := sealing.opened(app.seed, about, former)):
            app.seed, number = sealing.seal(secret, about, [present]), number + 1
    return number


def is_required(by: Viewer) -> bool:
    """Whether somebody like this has to have a second factor here."""
    return config.of_this_app().asks_factor(is_admin=by.is_admin)


def set_up(by: Viewer, site: Site, secret: str | None = None) -> Setup:
    """A secret for an app of one's own: a new one, or the one that is being set up."""
    secret = secret or totp.secret()
    token = sealing.token(secret, _setting_up(by.id), keys().seeds)
    return Setup(secret, totp.address(secret, by.email, f"Cairn ({site.host})"), token)


def being_set_up(by: Viewer, token: str) -> str | None:
    """The secret of a setup that has not ended; None if that took too long, or is another's."""
    return sealing.of_token(token, _setting_up(by.id), keys().seeds, lasts=SETTING_UP)


@transaction
def add_authenticator(token: str, code: str, again: Again, by: Viewer) -> Changed:
    """Let an app be a factor that shows a right code. Raises Invalid, Conflict for somebody who has one."""
    user = _held(by)
    secret = being_set_up(by, token)
    if secret is None:
        raise Conflict(_("This took too long. Scan the code below, which is a new one."))
    step = totp.step_of(codes.plain(code), secret, clock.now())
    if step is None:
        raise Invalid.on(
            "code", _("is not right. Try the next one; if that is wrong too, look at the clock of your device.")
        )
    if repository.authenticator(user.id) is not None:
        raise Conflict(_("You have an authenticator app already. Remove it first."))
    repository.put_authenticator(user.id, sealing.seal(secret, proving.about(user.id), keys().seeds), step)
    return _changed(user, "app_added", again)


@transaction
def remove_authenticator(again: Again, by: Viewer) -> Changed:
    """Take one's app away. Raises NotFound, Conflict where it is the last factor and one is needed."""
    user = _held(by)
    if not repository.remove_authenticator(user.id):
        raise NotFound()
    return _changed(user, "app_removed", again)


@transaction
def add_passkey(name: str, answer: Answer, site: Site, again: Again, by: Viewer) -> Changed:
    """Let a passkey that a device has just made be a factor. Raises Invalid, Conflict."""
    user = _held(by)
    challenge = challenges.use(Purpose.ADD, user.id, answer.token)
    made = ceremonies.registered(answer, challenge, site) if challenge else None
    if made is None:
        raise proving.wrong_passkey()
    if len(repository.passkeys(user.id)) >= MOST:
        raise Conflict(
            ngettext(
                "You have %(num)s passkey. Remove those that you no longer use.",
                "You have %(num)s passkeys. Remove those that you no longer use.",
                MOST,
            )
        )
    if repository.presented(made.credential_id) is not None:
        raise Conflict(_("This passkey is registered already."))
    repository.add_passkey(user.id, name, *made)
    return _changed(user, "passkey_added", again)


@transaction
def rename_passkey(passkey_id: int, name: str, by: Viewer) -> None:
    """Give one's passkey another name. Raises NotFound."""
    if not repository.rename_passkey(by.id, passkey_id, name):
        raise NotFound()


@transaction
def remove_passkey(passkey_id: int, again: Again, by: Viewer) -> Changed:
    """Take one's passkey away. Raises NotFound, Conflict where it is the last factor and one is needed."""
    user = _held(by)
    if not repository.remove_passkey(user.id, passkey_id):
        raise NotFound()
    return _changed(user, "passkey_removed", again)


@transaction
def renew_codes(again: Again, by: Viewer) -> Changed:
    """Let other recovery codes take the place of one's own. Raises Conflict for somebody without a factor."""
    user = _held(by)
    if not user.has_factor:
        raise Conflict(_("Recovery codes stand for a second factor. Add one first: they come with it."))
    return Changed(_told(user, "codes_renewed", again), _new_codes(user))


@transaction
def reset(whom: Whom) -> Person:
    """Take away all that somebody has, for an administrator who knows that it is them who ask: their password alone
    lets them in again. All their sign-ins and tokens end, and they hear of it by mail.

    Raises Invalid for an unknown address, NotFound for an unknown number, Conflict for somebody without a factor.
    """
    user = _found(whom)
    if not user.has_factor:
        raise Conflict(_("%(name)s has no second factor.", name=user.name))
    repository.remove_all(user.id)
    user.has_factor = False
    end_all(user)
    end_tokens(user)
    audit.note(Kind.FACTOR_RESET, target=audit.person(user))
    mail.post("factor", user, {"what": "reset"})
    return Person(user.id, user.name)


def _found(whom: Whom) -> User:
    """Somebody else as they are now, locked."""
    user = repository.locked(whom) if isinstance(whom, int) else repository.locked_at(whom)
    if user is None and isinstance(whom, str):
        raise Invalid.on("", _("%(address)s is nobody's address here.", address=whom))
    if user is None:
        raise NotFound()
    return user


def _held(by: Viewer) -> User:
    """The person as they are now, locked: first that, then whether the sign-in that asks still stands."""
    user = repository.locked(by.id)
    if user is None:
        raise SignInNeeded()
    confirm()
    return user


def _changed(user: User, what: str, again: Again) -> Changed:
    """End what the change of a factor ends, and tell. With the first factor come recovery codes, with the last they
    go.
    """
    had, user.has_factor = user.has_factor, repository.has_any(user.id)
    if not user.has_factor:
        if config.of_this_app().asks_factor(is_admin=user.is_admin):
            raise Conflict(_(NEEDED))
        repository.remove_codes(user.id)
    fresh = _new_codes(user) if user.has_factor and not had else []
    return Changed(_told(user, what, again), fresh)


def _told(user: User, what: str, again: Again) -> Login:
    kind, told = NOTED[what]
    end_all(user)
    audit.note(kind, target=audit.person(user), **told)
    mail.post("factor", user, {"what": what})
    return again(Viewer.of(user))


def _new_codes(user: User) -> list[str]:
    fresh = codes.made()
    repository.put_codes(user.id, [codes.summed(one) for one in fresh])
    return fresh


def _setting_up(user_id: int) -> str:
    return f"setup {user_id}"
