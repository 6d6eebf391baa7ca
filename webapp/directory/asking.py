"""Asking the directory who somebody is, without letting all threads wait for it when it does not answer.

Trouble is told to people in one sentence and to whoever looks after it in the log.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from webapp.config.ldap import Ldap
from webapp.directory import line, looking
from webapp.directory.line import Late, Line, Trouble
from webapp.directory.looking import Ambiguous, Person
from webapp.errors import Unavailable
from webapp.gates import Gate
from webapp.i18n import N_, _
from webapp.outside.breaker import Breaker

log = logging.getLogger("cairn.auth")

# Whom a password may be of: nobody, somebody, or the several entries of one person.
Find = Callable[[Line], Sequence[Person]]

HANGS = N_("Many people are logging in at the moment. Try again in a few seconds.")
# So much of a process waits for the directory at most: its threads are for everybody.
gate = Gate(waiting=4, patience=3.0, refusal=HANGS, at_once=4)
# One that was waited for in vain three times in a row is left alone for some seconds. Other trouble keeps nobody
# waiting, and may be that of one person alone.
breaker = Breaker(failures=3, pause=10)


def proved(
    settings: Ldap,
    find: Find,
    password: str,
    before: Callable[[Sequence[Person]], None],
) -> Person | None:
    """Whichever of those found has this password and is not disabled. Raises Unavailable.

    `before` is called once they are found, or nobody, and may refuse to go on. Nobody costs the directory as much
    as somebody: it is shown a password for an entry that is not there.
    """
    with _asked(settings) as there:
        found = find(there)
        before(found)
        # What must not be shown proves nothing, and takes as long as any.
        if not found or not line.is_showable(password):
            _prove_nothing(there, settings)
            return None
        person = next((one for one in found if there.proves(one.dn, password) and not one.is_disabled), None)
        if person is not None and not person.id:
            raise Trouble(f"{person.dn} has neither entryUUID nor objectGUID: set LDAP_ID_ATTRIBUTE.")
        return person


def decoy(settings: Ldap, login: str) -> None:
    """Take the time that `proved` takes, and show the directory no password of anybody. Raises Unavailable."""
    with _asked(settings) as there:
        by_login(settings, login)(there)
        _prove_nothing(there, settings)


def by_login(settings: Ldap, login: str) -> Find:
    """Whoever types this; nobody, if it is more than one person, which is logged."""

    def find(there: Line) -> Sequence[Person]:
        try:
            person = looking.by_login(there, settings, login)
        except Ambiguous as error:
            log.warning("directory_ambiguous entries=%s", error)
            return ()
        return () if person is None else (person,)

    return find


def by_ids(settings: Ldap, ids: Sequence[str]) -> Find:
    """Who has one of these, as far as they are still there."""
    return lambda there: [person for one in ids if (person := looking.by_id(there, settings, one)) is not None]


def are_there(settings: Ldap, ids: Sequence[str]) -> dict[str, bool]:
    """Which of these may still log in. Raises Unavailable."""
    with _asked(settings) as there:
        return {one: looking.is_there(there, settings, one) for one in ids}


def _prove_nothing(there: Line, settings: Ldap) -> None:
    there.proves(f"cn={secrets.token_hex(8)},{settings.ldap_base_dn}", secrets.token_hex(8))


@contextmanager
def _asked(settings: Ldap) -> Iterator[Line]:
    host = settings.ldap_url or ""
    if not breaker.lets(host):
        _refuse("it did not answer lately")
    try:
        with gate.turn(), line.to(settings) as there:
            yield there
    except (Trouble, Ambiguous) as error:
        if isinstance(error, Late):
            breaker.failed(host)
        _refuse(str(error))
    breaker.answered(host)


def _refuse(why: str) -> NoReturn:
    log.error("directory_trouble why=%s", why)
    raise Unavailable(
        _("Your password cannot be checked at the moment. Try again later, or log in to an account of Cairn alone.")
    ) from None
