from collections.abc import Sequence

from webapp.access import Viewer
from webapp.accounts import repository
from webapp.accounts.rows import Deed, Part, Profile
from webapp.errors import NotFound, SignInNeeded

PARTS = 100
DEEDS = 20
# What an event's kind says in a list of deeds; the others changed something.
VERBS = {"opened": "opened", "closed": "closed", "reopened": "reopened", "commented": "commented on"}


def get(user_id: int, by: Viewer | None) -> Profile:
    """Somebody whom `by` may know. Raises NotFound, or SignInNeeded where `by` is nobody."""
    person = repository.known(user_id, by)
    if person is None:
        raise NotFound() if by is not None else SignInNeeded()
    return person


def parts(person: Profile, by: Viewer | None) -> Sequence[Part]:
    """The projects that the person is in, as far as `by` sees them."""
    return repository.parts(person.id, by, PARTS)


def deeds(person: Profile, by: Viewer | None) -> Sequence[Deed]:
    """What the person did lately to issues that `by` sees, latest first; several changes in a row as one."""
    found = [*repository.events(person.id, by, 3 * DEEDS), *repository.comments(person.id, by, DEEDS)]
    found.sort(key=lambda deed: deed.at, reverse=True)
    told: list[Deed] = []
    for deed in found:
        if not told or _said(deed) != _said(told[-1]):
            told.append(deed)
    return told[:DEEDS]


def _said(deed: Deed) -> tuple[str, str]:
    return VERBS.get(deed.kind, "changed"), deed.issue_key
