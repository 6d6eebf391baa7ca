"""Who comes in, and into which project."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp import eyes, hashing
from webapp.access import Viewer
from webapp.auth import bearing
from webapp.auth import service as auth
from webapp.auth.rows import SignedIn
from webapp.entrance import guard
from webapp.projects.service import ProjectRow

# What the last look of this process has found. To be wrong costs a statement, and shows nobody anything.
_is_any_private = False


def entering(
    claims: Mapping[str, Any], ref: str | None, *, is_page: bool, is_read: bool
) -> tuple[Viewer | None, ProjectRow | None]:
    """Whom the claims of a token speak of, and the project that an address names: looked up in one trip.

    For a page, with what waits in their inbox. Whether the person may know of that project is not asked. All that is
    read from here on is read with their eyes. Raises Deactivated for an inactive person.
    """
    found = guard.NOTHING

    def signed_in(user_id: int, sid: int) -> SignedIn | None:
        nonlocal found
        eyes.look(user_id)
        found = _narrowed_if_need_be(
            lambda: guard.reading(user_id, sid) if ref is None else guard.entering(user_id, sid, ref, is_page=is_page)
        )
        return found.person

    alone = ref is None and not is_page
    person = auth.person(claims["sub"], claims["sid"], claims["ep"], None if alone else signed_in)
    _open_eyes(person, found, is_read=is_read)
    return person, found.project


def presenting(token: str, ref: str | None, *, is_read: bool) -> tuple[Viewer | None, ProjectRow | None]:
    """Who has a personal access token, and the project that an address names: the same, in one trip.

    Whose eyes see that project is known only then: where these may not see all of it, it is looked at again.
    """
    with eyes.through(None):
        found = guard.presented(hashing.of_token(token), ref)
        person = bearing.holder(found.person)
    _open_eyes(person, found, is_read=is_read)
    return person, None if found.is_any_private and eyes.reader() is not None else found.project


def _narrowed_if_need_be(look: Callable[[], guard.Entering]) -> guard.Entering:
    """What is looked at as it is; and once more with the reader's eyes if anything is private, as that look tells.

    As it is, it costs PostgreSQL a fifth. Where the last one has found something private, the first is left out.
    """
    global _is_any_private
    if not _is_any_private:
        before = eyes.look(None)
        try:
            found = look()
        finally:
            eyes.back(before)
        if found.person is None or not found.is_any_private:
            return found
    found = look()
    _is_any_private = found.person is not None and found.is_any_private
    return found


def _open_eyes(person: Viewer | None, found: guard.Entering, *, is_read: bool) -> None:
    """Ask no statement about private issues where there is none, nor for whoever sees all: that costs a little.

    What is sent may come in slowly, and there may be one by then.
    """
    if person is None:
        eyes.look(eyes.NOBODY)
    elif person.within is not None:
        eyes.look(person.id, person.within)
    else:
        sees_all = person.is_admin or (is_read and not found.is_any_private)
        eyes.look(None if sees_all else person.id, administers=person.may_administer)
