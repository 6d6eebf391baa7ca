"""That somebody reads what is sent to the address of their account."""

from webapp import clock
from webapp.access import Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import allowances
from webapp.db import transaction
from webapp.i18n import _
from webapp.links import repository
from webapp.links.holding import holder_of, link_of, made, over, require_mail, take
from webapp.links.rows import Address
from webapp.mail import service as mail
from webapp.models.account_tokens import AccountToken, Purpose
from webapp.models.accounts import User


def of(by: Viewer) -> Address:
    """One's own address, and since when it is confirmed."""
    return repository.address_of(by.id)


def ask(by: Viewer) -> None:
    """Send a link to one's own address. Raises TooMany after many, Forbidden where no mail is sent."""
    require_mail()
    allowances.spend("mail", by)
    if allowances.may_write_to(by.email):
        write(by)


@transaction
def write(person: Viewer) -> None:
    """Send a link that confirms their address to somebody, in the transaction at hand."""
    token = made()
    repository.end_former(Purpose.CONFIRM, person.email)
    repository.add(Purpose.CONFIRM, person.email, token, of=(person.id, None))
    mail.post("confirm", person, {"token": token})


def told(person: Viewer) -> str:
    """What newcomers are told whose address waits to be confirmed, behind their welcome; else nothing."""
    if not mail.is_configured() or of(person).confirmed_at is not None:
        return ""
    return " " + _(
        "A mail is on its way to %(address)s. Its link confirms your address, within three days.",
        address=person.email,
    )


def get(token: str) -> str:
    """The address that a link confirms. Raises Over."""
    link = link_of(Purpose.CONFIRM, token)
    _require_same(link, holder_of(link))
    return link.email


@transaction
def confirm(token: str) -> None:
    """Confirm it, and use the link up. Raises Over."""
    link, user = take(Purpose.CONFIRM, token)
    _require_same(link, user)
    user.email_confirmed_at = user.email_confirmed_at or clock.now()
    repository.use(link)
    audit.note(Kind.ADDRESS_CONFIRMED, target=audit.person(user))


@transaction
def prove(by: Viewer, email: str) -> None:
    """Confirm somebody's address if it is this one, as they have a link that went there."""
    if by.email.lower() == email.lower():
        repository.confirm(by.id, email)


def _require_same(link: AccountToken, user: User) -> None:
    """Go on only if the address is still theirs. Another password does not matter here."""
    if (user.email or "").lower() != link.email.lower():
        raise over(Purpose.CONFIRM)
