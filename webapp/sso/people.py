"""Who is who, for a provider whose people type a password here: asked before it is known who comes."""

from collections.abc import Sequence

from webapp.models.accounts import User
from webapp.sso import repository


def addressed(email: str) -> User | None:
    """The person here who has this address, in any case."""
    return repository.addressed(email)


def person(user_id: int) -> User | None:
    """Somebody by their number."""
    return repository.person(user_id)


def subjects_of(user_id: int, provider: str) -> Sequence[str]:
    """What a provider knows the person by: several, where accounts were merged; the oldest first."""
    return [one.subject for one in repository.of(user_id) if one.provider == provider]


def logged_in(provider: str) -> Sequence[tuple[int, str]]:
    """Who comes in by a provider, and is logged in or has a token that stands: their numbers and subjects."""
    return repository.logged_in(provider)


def owner(provider: str, subject: str) -> User | None:
    """Whose login at a provider this is."""
    return repository.owner(provider, subject)
