"""What becomes of an attempt to show a password: it may have to wait, and if it fails that is counted and noted."""

from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import repository, throttle
from webapp.auth.throttle import Attempt
from webapp.db import transaction
from webapp.errors import TooMany
from webapp.models.accounts import User


def require_patience(attempt: Attempt) -> None:
    """Raises TooMany while the attempt has to wait, which is noted."""
    try:
        throttle.require_patience(attempt)
    except TooMany:
        user = repository.credentials(attempt.account)
        audit.note(Kind.LOGIN_LOCK, target=audit.person(user) if user else None, refused=True)
        raise


@transaction
def failed(*attempts: Attempt, kind: Kind, user: User | None, provider: str = "", why: str = "") -> None:
    """Count a wrong password, and note it once. What was typed as an address is noted only if it is one: it may be a
    password.

    `provider` is where the password was asked for, if not here.
    """
    for attempt in attempts:
        throttle.count(attempt)
    told = {name: said for name, said in (("provider", provider), ("why", why)) if said}
    audit.note(kind, target=audit.person(user) if user else None, after=told or None, refused=True)
