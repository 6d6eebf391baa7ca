"""Being an imported person: by a link that an administrator has sent to the address of whom they take for them.

What is done with it stands above, in `webapp/people` and `webapp/claiming`; here is what makes it a link of a mail.
"""

from webapp.access import Viewer
from webapp.links import repository
from webapp.links.holding import holder_of, link_of, made, stands, take
from webapp.links.rows import Claim
from webapp.models.account_tokens import AccountToken, Purpose
from webapp.models.accounts import User

__all__ = ["holds"]


def holds(token: str) -> bool:
    """Whether a link would be taken, were it followed now."""
    return stands(Purpose.CLAIM, token)


def write(user: User, email: str, by: Viewer, *, mailed: bool) -> str:
    """Another link for somebody imported, in the transaction at hand; those until now are worth nothing any more."""
    token = made()
    repository.end_of(user.id, Purpose.CLAIM)
    data = {"by": by.id, "mailed": mailed}
    repository.add(Purpose.CLAIM, email, token, of=(user.id, user.token_epoch), data=data)
    return token


def pending(user_id: int) -> Claim | None:
    """The link that waits for whoever was imported so, if there is one; also one that has expired."""
    return repository.claim_of(user_id)


def end(user_id: int) -> None:
    """Take it back, in the transaction at hand."""
    repository.end_of(user_id, Purpose.CLAIM)


def expects(email: str) -> bool:
    """Whether an administrator has invited somebody by a mail to this address, in any case, who has not come yet."""
    return repository.is_claimed_by(email)


def get(token: str) -> tuple[Claim, User]:
    """The link and whom it makes one, both as they are. Raises Over."""
    link = link_of(Purpose.CLAIM, token)
    return _told(link), holder_of(link)


def taken(token: str) -> tuple[Claim, User]:
    """The same until the transaction ends, and the link is used up by that. Raises Over."""
    link, user = take(Purpose.CLAIM, token)
    told = _told(link)
    repository.use(link)
    return told, user


def sender(claim: Claim) -> str:
    """The name of who sent it, as they are called now; nothing if they are gone."""
    person = repository.person(claim.by_id)
    return person.name if person else ""


def _told(link: AccountToken) -> Claim:
    return Claim(link.email, link.created_at, link.expires_at, False, link.data["by"], link.data["mailed"])
