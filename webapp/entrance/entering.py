"""Who comes in, and into which project."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from webapp.access import Viewer
from webapp.auth import service as auth
from webapp.db import AnyRow
from webapp.entrance import guard
from webapp.projects.service import ProjectRow


def entering(claims: Mapping[str, Any], ref: str | None, *, is_page: bool) -> tuple[Viewer | None, ProjectRow | None]:
    """Whom the claims of a token speak of, and the project that an address names: looked up in one trip.

    For a page, with what waits in their inbox. Whether the person may know of that project is not asked. Raises
    Deactivated for an inactive person.
    """
    if ref is None and not is_page:
        return auth.person(claims["sub"], claims["sid"], claims["ep"]), None

    found = guard.Entering(None, None, None)

    def signed_in(user_id: int, sid: int) -> AnyRow | None:
        nonlocal found
        found = guard.reading(user_id, sid) if ref is None else guard.entering(user_id, sid, ref, is_page=is_page)
        return found.person

    person = auth.person(claims["sub"], claims["sid"], claims["ep"], signed_in)
    if person is not None and found.unread:
        person = replace(person, unread=frozenset(map(tuple, found.unread)))
    return person, found.project
