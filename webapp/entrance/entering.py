"""Who comes in, and into which project."""

from collections.abc import Mapping
from typing import Any

from webapp.access import Viewer
from webapp.auth import service as auth
from webapp.db import AnyRow
from webapp.entrance import guard
from webapp.projects.service import ProjectRow


def entering(claims: Mapping[str, Any], ref: str | None) -> tuple[Viewer | None, ProjectRow | None]:
    """Whom the claims of a token speak of, and the project that an address names: looked up in one trip.

    Whether the person may know of that project is not asked. Raises Deactivated for an inactive person.
    """
    if ref is None:
        return auth.person(claims["sub"], claims["sid"], claims["ep"]), None

    project: ProjectRow | None = None

    def signed_in(user_id: int, sid: int) -> AnyRow | None:
        nonlocal project
        row, project = guard.entering(user_id, sid, ref)
        return row

    return auth.person(claims["sub"], claims["sid"], claims["ep"], signed_in), project
