from collections.abc import Sequence
from typing import IO

from webapp.access import Viewer
from webapp.accounts.rows import Deed, Part, Profile
from webapp.attachments import ownership, storage
from webapp.auth import allowances
from webapp.db import transaction
from webapp.errors import Invalid, NotFound, SignInNeeded
from webapp.i18n import _
from webapp.profiles import repository

PARTS = 100
DEEDS = 20
# How wide and high an uploaded picture is kept.
SIDE = 128
# What an event's kind says in a list of deeds; the others changed something.


def get(user_id: int, by: Viewer | None) -> Profile:
    """Somebody whom `by` may know. Raises NotFound, or SignInNeeded where `by` is nobody."""
    person = repository.known(user_id, by)
    if person is None:
        raise NotFound() if by is not None else SignInNeeded()
    return person


def put_picture(stream: IO[bytes], by: Viewer) -> Profile:
    """Let the middle of an uploaded picture stand for `by`, small, and nothing else of the file.

    Raises Invalid if it is no picture, TooLarge if it has too many bytes, TooMany after too many uploads, and
    Unavailable if the folder for files is another database's.
    """
    ownership.require()
    allowances.spend("upload", by)
    stored = storage.keep_square(stream, SIDE)
    if stored is None:
        raise Invalid.on("file", _("must be a PNG, JPEG, GIF or WebP picture."))
    try:
        before = _put(stored, by)
    except BaseException:
        storage.remove(stored)
        raise
    if before is not None:
        storage.remove(before)
    return get(by.id, by)


def remove_picture(by: Viewer) -> None:
    """Let initials stand for `by` again. Raises Unavailable if the folder for files is another database's."""
    ownership.require()
    if (before := _put(None, by)) is not None:
        storage.remove(before)


@transaction
def _put(stored: str | None, by: Viewer) -> str | None:
    return repository.put_avatar(by.id, stored)


def parts(person: Profile, by: Viewer | None) -> Sequence[Part]:
    """The projects that the person is in, as far as `by` sees them."""
    return repository.parts(person.id, by, PARTS)


def owned_alone(user_id: int) -> Sequence[str]:
    """The keys of the projects that nobody owns who can log in, but for this person."""
    return repository.owned_alone(user_id)


def deeds(person: Profile, by: Viewer | None) -> Sequence[Deed]:
    """What the person did lately to issues that `by` sees, latest first; several changes in a row as one."""
    latest = [*repository.events(person.id, by, 3 * DEEDS), *repository.comments(person.id, by, DEEDS)]
    latest.sort(key=lambda deed: deed.at, reverse=True)
    shown: list[Deed] = []
    for deed in latest:
        if not shown or _act(deed) != _act(shown[-1]):
            shown.append(deed)
    return shown[:DEEDS]


def _act(deed: Deed) -> tuple[str, str]:
    return deed.verb, deed.issue_key
