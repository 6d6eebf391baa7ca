"""Another password for whoever forgot theirs: by a link that goes to the address of the account."""

from webapp import clock
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import allowances, changing, passwords, ways_in
from webapp.db import release, transaction
from webapp.links import repository
from webapp.links.holding import holder_of, link_of, made, require_mail, take
from webapp.links.schemas import ForgottenIn, NewPasswordIn
from webapp.mail import service as mail
from webapp.models.account_tokens import Purpose


def ask(draft: ForgottenIn, *, address: str) -> None:
    """Send a link to whoever has this address. Nobody learns whether somebody has it, nor by how long that takes.

    `address` is where the request comes from. Raises TooMany after many from there, Forbidden where no mail is sent.
    """
    passwords.require_taken()
    require_mail()
    allowances.spend("link", None, address)
    if allowances.may_write_to(draft.email):
        _write(draft.email, draft.next)


def require(token: str) -> None:
    """Go on only with a link that holds. Raises Over, Forbidden where nobody has a password."""
    passwords.require_taken()
    holder_of(link_of(Purpose.RESET, token))


def reset(token: str, draft: NewPasswordIn) -> str:
    """Give the account of a link another password: its sign-ins end, and none begins. Where to go on to after that.

    Raises Over, Invalid for a password that is easily guessed, Unavailable in a rush.
    """
    passwords.require_taken()
    user = holder_of(link_of(Purpose.RESET, token))
    changing.refuse_guessable("new_password", draft.new_password, user.name, user.email or "")
    release()
    hashed = passwords.hashed(draft.new_password)
    ways_in.settle(holder_of(link_of(Purpose.RESET, token)).id)
    return _reset(token, hashed)


@transaction
def _write(email: str, onward: str) -> None:
    """The same for everybody: a mail to who has no account is dropped when its turn has come."""
    user, token = repository.person_at(email), made()
    repository.end_former(Purpose.RESET, email)
    of = (user.id, user.token_epoch) if user else None
    repository.add(Purpose.RESET, email, token, of=of, data={"next": onward})
    mail.post("reset", user or email, {"token": token})
    # An address of nobody is not noted, as for a login; that somebody asked takes the same time.
    audit.note(Kind.RESET_ASKED, target=audit.person(user) if user else None)


@transaction
def _reset(token: str, password_hash: str) -> str:
    link, user = take(Purpose.RESET, token)
    onward: str = link.data.get("next", "")
    changing.give(user, password_hash)
    ways_in.end_all_ways(user)  # whoever had the account until now may have made them
    user.email_confirmed_at = user.email_confirmed_at or clock.now()
    repository.use(link)
    audit.note(Kind.RESET_DONE, target=audit.person(user))
    return onward
