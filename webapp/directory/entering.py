"""The ways in by a password, where there is a directory: whom it is asked about, and whom it is not.

Whoever is linked with the directory is asked of it alone, and their password here counts no more: who leaves there is
out here. Whoever has the address of an account here that is not linked is asked for their password here alone: the
directory never sees it, and never takes an account over. All others are asked of the directory.

What is refused is refused alike, and takes a hash and the directory's time whoever was meant: neither tells whether
somebody has an account, and where. If the directory has trouble, all who are refused hear of that.
"""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from webapp.access import Viewer
from webapp.audit.service import Kind
from webapp.auth import attempts, passwords, throttle
from webapp.auth import service as auth
from webapp.auth.schemas import ConfirmIn, LoginIn
from webapp.auth.service import Login, Source, WrongCredentials
from webapp.auth.throttle import Attempt
from webapp.config import of_this_app
from webapp.config.ldap import PROVIDER, Ldap
from webapp.config.sso import SingleSignOn
from webapp.db import release
from webapp.errors import Conflict, Invalid, Unavailable
from webapp.factors import entering
from webapp.factors.entering import From, Halfway, Stay
from webapp.factors.rows import Answer, Site
from webapp.i18n import _
from webapp.models.accounts import User
from webapp.sso import people
from webapp.sso import service as sso
from webapp.sso.rows import Identity
from webapp.sso.service import LinkNeeded

if TYPE_CHECKING:
    from webapp.directory.asking import Find
    from webapp.directory.looking import Person


def log_in(entry: LoginIn, *, came: From, stay: Stay) -> Login | Halfway | LinkNeeded:
    """Let somebody in who knows their password, here or at the directory, and has no second factor or shows it.

    Where no password is taken here, all are asked of the directory. Answers LinkNeeded for whose address there is
    that of an account here that is not linked. Raises what `factors.entering.log_in` and `sso.recognised` do, and
    Unavailable if the directory has trouble.
    """
    settings = _settings()
    if settings is None:
        return entering.log_in(entry, source=came(entry.email), stay=stay)
    user = people.addressed(entry.email)
    if settings.takes_passwords and user is not None and not sso.is_of(user.id, PROVIDER):
        return _by_password_here(entry, settings, came(entry.email), stay)
    release()
    person = _proved(settings, entry, user, came(entry.email))
    try:
        found = sso.recognised(_identity(person), settings.ldap_rules)
    except LinkNeeded as needed:
        return needed
    suffices = settings.ldap_second_factor == "there"
    source = came(found.email or "")
    return entering.come_from(PROVIDER, found, code=entry.code, suffices=suffices, source=source, stay=stay)


def log_in_by_passkey(answer: Answer, site: Site, *, came: From, stay: Stay) -> Login:
    """Let somebody in by a passkey, if the directory still has them where they are linked with it.

    Raises what `factors.entering.log_in_by_passkey` does, and Unavailable if the directory has trouble.
    """
    return entering.log_in_by_passkey(answer, site, came=came, stay=stay, allowed=require_there)


def confirm(by: Viewer, entry: ConfirmIn, *, source: Source) -> None:
    """Go on only if it is this person, whose password is here or at the directory.

    Raises what `factors.entering.confirm` does, and Unavailable if the directory has trouble.
    """
    settings = _settings()
    linked = people.subjects_of(by.id, PROVIDER) if settings else ()
    if settings is None or not linked:
        entering.confirm(by, entry, source=source)
    else:
        entering.confirm(by, entry, source=source, proves=partial(_require_password_there, settings, linked))


def require_there(user: User) -> None:
    """Go on only if the directory still has somebody, where they are linked with it: one of their entries suffices.

    Raises Deactivated, Unavailable.
    """
    settings = _settings()
    linked = people.subjects_of(user.id, PROVIDER) if settings else ()
    if settings is None or not linked:
        return
    from webapp.directory import asking  # only here, as below: ldap3 is 5 MiB, and few have a directory

    release()
    if not any(asking.are_there(settings, linked).values()):
        auth.refuse_deactivated(user, PROVIDER)


def require_password_here(by: Viewer) -> None:
    """Go on only if one's password is here. Raises Conflict for one that the directory has."""
    if there := label_for(by.id):
        raise Conflict(_("Your password is that of %(label)s. Change it there.", label=there))


def label_for(user_id: int) -> str:
    """What it is called for somebody whose password it has; nothing for who has one here."""
    settings = _settings()
    return settings.ldap_label if settings and sso.is_of(user_id, PROVIDER) else ""


def _settings() -> SingleSignOn | None:
    settings = of_this_app()
    return settings if settings.ldap_server is not None else None


def _by_password_here(entry: LoginIn, settings: Ldap, source: Source, stay: Stay) -> Login | Halfway:
    from webapp.directory import asking

    try:
        return entering.log_in(entry, source=source, stay=stay)
    except WrongCredentials:
        release()
        asking.decoy(settings, entry.email)
        raise


def _proved(settings: Ldap, entry: LoginIn, user: User | None, source: Source) -> "Person":
    """Who it is by the directory. Raises WrongCredentials, TooMany after failures, Unavailable."""
    from webapp.directory import asking

    find = asking.by_login(settings, entry.email)
    person = _asked(settings, find, entry.email, entry.password, user, source, Kind.LOGIN_FAIL)
    if person is None:
        raise WrongCredentials()
    return person


def _require_password_there(
    settings: Ldap, ids: Sequence[str], by: Viewer, typed: str, *, source: Source, field: str
) -> None:
    """Raises Invalid for what is not their password there, TooMany after failures, Unavailable."""
    from webapp.directory import asking

    user = people.person(by.id)
    find = asking.by_ids(settings, ids)
    if _asked(settings, find, by.email, typed, user, source, Kind.CONFIRM_FAIL) is None:
        raise Invalid.on(field, _("is not right."))


def _asked(
    settings: Ldap,
    find: "Find",
    typed: str,
    password: str,
    user: User | None,
    source: Source,
    kind: Kind,
) -> "Person | None":
    """Whoever the directory says that it is, counted by what was typed and by who that is: one has several names."""
    from webapp.directory import asking

    tried = [Attempt(source.address, typed, source.device)]
    attempts.require_patience(tried[0])
    release()
    passwords.matches(password, None)

    def before(found: "Sequence[Person]") -> None:
        for one in [person.id for person in found] or [typed]:
            tried.append(Attempt(source.address, f"{PROVIDER}:{one}", source.device))
            attempts.require_patience(tried[-1])
        release()

    try:
        person = asking.proved(settings, find, password, before)
    except Unavailable:
        attempts.failed(*tried[:1], kind=kind, user=user, provider=PROVIDER, why="no answer")
        raise
    if person is None:
        attempts.failed(*tried, kind=kind, user=user, provider=PROVIDER)
        return None
    for one in tried:
        throttle.succeeded(one)
    return person


def _identity(person: "Person") -> Identity:
    """The directory vouches for addresses: it is where they come from."""
    return Identity(PROVIDER, person.id, person.email or None, True, person.name, person.groups)
