"""Another address for an account: it counts once a link that went there was followed.

Whoever has the former one can take it back for three days, whoever has the account by then.
"""

from webapp import clock
from webapp.access import Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import allowances, passwords, ways_in
from webapp.auth import service as auth
from webapp.auth.service import Lasting, Login
from webapp.config import of_this_app
from webapp.config.keys import Ring
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, SignInNeeded
from webapp.i18n import _
from webapp.links import repository
from webapp.links.holding import holder_of, link_of, made, require_mail, take
from webapp.links.schemas import AddressIn
from webapp.mail import service as mail
from webapp.models.account_tokens import Purpose
from webapp.models.accounts import User


def ask(by: Viewer, draft: AddressIn) -> None:
    """Send a link to the address that one wants. Nobody learns whether somebody has it.

    That they have just shown who they are is asked before, as not everybody has a password here to do it by.
    Raises TooMany after many mails, Forbidden where no mail is sent.
    """
    require_mail()
    allowances.spend("mail", by)
    _write(by.id, draft.email)


def get(token: str, by: Viewer) -> str:
    """The address that a link brings. Raises Over, Forbidden for somebody else's."""
    link = link_of(Purpose.MOVE, token)
    _require_own(holder_of(link), by.id)
    return link.email


def move(token: str, by: Viewer, *, agent: str, lasting: Lasting, refresh_key: Ring | None = None) -> Login:
    """Let the address of a link be one's own. All one's sign-ins end; a new one begins in their place.

    Raises Over, Forbidden for somebody else's link, Conflict if somebody has the address meanwhile.
    """
    return _move(token, by.id, agent, lasting, refresh_key)


def former(token: str) -> str:
    """The address that a link brings back. Raises Over."""
    return link_of(Purpose.UNDO, token).email


def undo(token: str) -> tuple[str, str | None]:
    """Give an account back the address that it had: its sign-ins end, and so do later links. Raises Over.

    Returns the address, and the token of a link by which another password can be chosen at once: whoever changed the
    address knows the one that there is. None for who has no password here, and where none is taken.
    """
    ways_in.settle(holder_of(link_of(Purpose.UNDO, token)).id)
    return _undo(token)


@transaction
def _undo(token: str) -> tuple[str, str | None]:
    link, user = take(Purpose.UNDO, token)
    changed = {"email": user.email}, {"email": link.email}
    _give(user, link.email)
    ways_in.end_all_ways(user)  # whoever took the address may have made some
    # An older one stays: who has the account now must not end it by moving on and back.
    repository.end_of(user.id, Purpose.UNDO, since=link.id)
    audit.note(Kind.MOVE_UNDONE, target=audit.person(user), before=changed[0], after=changed[1])
    return link.email, _reset_of(user)


@transaction
def _write(user_id: int, email: str) -> None:
    user, token = repository.person(user_id, locked=True), made()
    if user is None:
        raise SignInNeeded()
    repository.end_of(user.id, Purpose.MOVE)
    repository.add(Purpose.MOVE, email, token, of=(user.id, user.token_epoch))
    mail.post("move", user, {"token": token}, address=email)
    audit.note(Kind.MOVE_ASKED, target=audit.person(user), after={"email": email})


@transaction
def _move(token: str, user_id: int, agent: str, lasting: Lasting, refresh_key: Ring | None) -> Login:
    link, user = take(Purpose.MOVE, token)
    _require_own(user, user_id)
    before, back = user.email or "", made()
    _give(user, link.email)
    repository.use(link)
    repository.add(Purpose.UNDO, before, back, of=(user.id, None))
    mail.post("moved", user, {"token": back, "address": link.email}, address=before)
    audit.note(Kind.MOVED, target=audit.person(user), before={"email": before}, after={"email": link.email})
    return auth.begin(Viewer.of(user), agent=agent, lasting=lasting, refresh_key=refresh_key)


def _give(user: User, email: str) -> None:
    """Let this be the address of somebody, whose row is locked; what was sent to the former one is worth nothing."""
    if (user.email or "").lower() != email.lower() and repository.is_taken(email):
        raise Conflict(_("Somebody else has this address by now."))
    repository.end_of(user.id, Purpose.RESET, Purpose.MOVE, Purpose.CONFIRM)
    user.email, user.email_confirmed_at = email, clock.now()
    auth.end_all(user)
    repository.flush()


def _reset_of(user: User) -> str | None:
    if not of_this_app().takes_passwords or not passwords.is_one(user.password_hash):
        return None
    token = made()
    repository.add(Purpose.RESET, user.email or "", token, of=(user.id, user.token_epoch))
    return token


def _require_own(user: User, user_id: int) -> None:
    if user.id != user_id:
        raise Forbidden(_("This link belongs to another account. Log in with that one."))
