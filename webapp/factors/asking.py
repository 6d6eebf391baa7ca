"""What a browser asks a passkey for, and by which challenge the answer is known."""

from typing import Any, NamedTuple

from webapp.access import Viewer
from webapp.factors import ceremonies, challenges, repository
from webapp.factors.rows import Purpose, Site


class Asked(NamedTuple):
    """The options of navigator.credentials, and the token of the challenge in them."""

    options: dict[str, Any]
    challenge_token: str


def to_add(by: Viewer, site: Site) -> Asked:
    """For a new passkey of one's own."""
    challenge, token = challenges.made(Purpose.ADD, by.id)
    who = ceremonies.handle(by.id), by.email, by.name
    return Asked(ceremonies.creating(challenge, site, who, _known(by.id)), token)


def to_log_in(site: Site) -> Asked:
    """For any passkey of this site, of which nobody says whose it is: its device does."""
    challenge, token = challenges.made(Purpose.LOGIN, None)
    return Asked(ceremonies.asking(challenge, site, (), verified=True), token)


def to_go_on(user_id: int, site: Site) -> Asked:
    """For one of somebody's passkeys after their password."""
    challenge, token = challenges.made(Purpose.FACTOR, user_id)
    return Asked(ceremonies.asking(challenge, site, _known(user_id), verified=False), token)


def to_confirm(by: Viewer, site: Site) -> Asked:
    """For one of one's own, which says that it knows who holds it."""
    challenge, token = challenges.made(Purpose.CONFIRM, by.id)
    return Asked(ceremonies.asking(challenge, site, _known(by.id), verified=True), token)


def _known(user_id: int) -> list[bytes]:
    return [one.credential_id for one in repository.passkeys(user_id)]
