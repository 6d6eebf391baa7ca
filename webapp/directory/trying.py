"""What Cairn would make of somebody who logs in by the directory, told step by step, without their password."""

from collections.abc import Iterator

from webapp.config import of_this_app
from webapp.config.ldap import PROVIDER, Ldap
from webapp.directory import line, looking
from webapp.directory.line import Trouble
from webapp.directory.looking import Ambiguous, Person
from webapp.errors import Conflict
from webapp.sso import people


def told(login: str) -> Iterator[str]:
    """The steps, each once it is done. Raises Conflict, which says why there is no next one."""
    settings = of_this_app()
    if settings.ldap_url is None:
        raise Conflict("LDAP_URL is not set: nobody logs in by a directory.")
    try:
        with line.to(settings) as there:
            person = looking.by_login(there, settings, login)
    except Trouble as error:
        raise Conflict(str(error)) from None
    except Ambiguous as error:
        raise Conflict(f"More than one is {login}, so none of them is let in: {error}") from None
    yield f"{settings.ldap_url} answers {settings.ldap_bind_dn or 'whom it does not know'}, {_secrecy(settings)}."
    if person is None:
        raise Conflict(f"Nobody below {settings.ldap_base_dn} is {login} by {settings.ldap_user_filter}.")
    yield from _of(person, settings)


def _of(person: Person, settings: Ldap) -> Iterator[str]:
    yield f"Found: {person.dn}"
    yield f"  stays: {person.id or 'nothing, so nobody is let in; set LDAP_ID_ATTRIBUTE'}"
    yield f"  address: {person.email or f'none in {settings.ldap_email_attribute}, so there is no account to make'}"
    yield f"  name: {person.name or 'none'}"
    if person.is_disabled:
        yield "  disabled there, so not let in"
    if settings.ldap_group_base_dn is None:
        yield "  groups: not asked for, as LDAP_GROUP_BASE_DN is not set"
    for group in person.groups:
        yield f"  group {group}: gives {', '.join(settings.ldap_groups.get(group, ())) or 'nothing'}"
    yield f"Here: {_here(person, settings)}"


def _here(person: Person, settings: Ldap) -> str:
    user = people.owner(PROVIDER, person.id)
    if user is not None:
        return f"{user.name} (number {user.id}){'' if user.is_active else ', who is deactivated'}."
    if person.email and people.addressed(person.email) is not None:
        return f"the account of {person.email} is not linked: its owner logs in to it once, and agrees."
    return "a new account, with the first login." if settings.ldap_provision else "nobody, and LDAP_PROVISION is off."


def _secrecy(settings: Ldap) -> str:
    there = settings.ldap_server
    if there is not None and there.is_tls:
        return "encrypted"
    return "encrypted by StartTLS" if settings.ldap_start_tls else "not encrypted"
