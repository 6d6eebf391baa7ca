"""Making an account. Where people get mail, it is made only by a link that went to its address.

So nobody finds out who has one: whoever gives the address of somebody who has is answered the same. And nobody takes
an address that is not theirs, or waits with a password of their own until its owner follows the link: the password
is asked for once more there. Where no mail reaches people an account is made at once, as nobody could follow a link;
then a taken address is told.
"""

from webapp.access import Viewer
from webapp.auth import allowances, making, passwords, throttle
from webapp.auth.schemas import RegisterIn
from webapp.auth.throttle import Attempt
from webapp.db import release, transaction
from webapp.errors import Invalid
from webapp.i18n import _
from webapp.links import confirming, repository
from webapp.links.holding import link_of, made
from webapp.links.schemas import FinishIn
from webapp.mail import service as mail
from webapp.models.account_tokens import Purpose


def by_link() -> bool:
    """Whether accounts are made by links in mails."""
    return mail.reaches_people()


def register(draft: RegisterIn, *, address: str) -> Viewer | None:
    """Make an account, or send a link to its address that makes it: then nobody is returned.

    `address` is where the request comes from. Raises what `making.register` does; Conflict only in the first case.
    """
    passwords.require_taken()
    if not by_link():
        return _at_once(draft, address)
    hashed = making.prepare(draft, address=address)
    if allowances.may_write_to(draft.email):
        _write(draft, hashed)
    return None


def get(token: str) -> str:
    """The address of the account that a link makes. Raises Over."""
    return link_of(Purpose.REGISTER, token).email


def finish(token: str, draft: FinishIn, *, address: str) -> tuple[Viewer, str]:
    """Make the account, for whoever knows the password that was chosen for it; and where they wanted to go on to.

    Raises Over, Invalid for another password, TooMany after failures, Conflict if somebody has the address meanwhile.
    """
    passwords.require_taken()
    link = link_of(Purpose.REGISTER, token)
    stored: str = link.data["password_hash"]
    attempt = Attempt(address, link.email)
    throttle.require_patience(attempt)
    release()
    if not passwords.matches(draft.password, stored):
        throttle.count(attempt)
        raise Invalid.on("password", _("is not the one that was chosen. Register again if you do not know it."))
    return _finish(token)


def _at_once(draft: RegisterIn, address: str) -> Viewer:
    person = making.register(draft, address=address)
    if mail.is_configured():
        confirming.write(person)
    return person


def is_taken(email: str) -> bool:
    """Whether somebody has the address."""
    return repository.is_taken(email)


@transaction
def _write(draft: RegisterIn, password_hash: str) -> None:
    """The same for every address: what the mail says is found out when it is sent."""
    token = made()
    repository.end_former(Purpose.REGISTER, draft.email)
    asked = {"name": draft.name, "password_hash": password_hash, "time_zone": draft.time_zone, "next": draft.next}
    repository.add(Purpose.REGISTER, draft.email, token, data=asked)
    mail.post("register", draft.email, {"token": token})


@transaction
def _finish(token: str) -> tuple[Viewer, str]:
    link = link_of(Purpose.REGISTER, token, locked=True)
    asked = link.data
    zone = asked.get("time_zone", "UTC")
    person = making.create(asked["name"], link.email, asked["password_hash"], confirmed=True, time_zone=zone)
    repository.use(link)
    return person, asked.get("next", "")
