"""The projects that a token is limited to: what its maker sees as themselves, and not as an administrator."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from webapp.access import Viewer
from webapp.errors import Invalid, NotFound
from webapp.i18n import Whole, _
from webapp.i18n.formats import listed
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# So many projects are offered to be ticked; where there are more, their keys can be typed.
FEW = 12


def offered(by: Viewer) -> Sequence[ProjectRow]:
    """The projects that a token may be limited to, those that `by` is a member of first; one more than are shown."""
    return projects.own_first(_as_oneself(by), FEW + 1)


def ids_of(keys: Sequence[str] | None, by: Viewer) -> list[int] | None:
    """The ids of the projects with these keys, or those that these had before; None are all.

    Raises Invalid for one that `by` may not know of.
    """
    if keys is None:
        return None
    found, unknown = list[int](), list[str]()
    for key in dict.fromkeys(keys):
        try:
            found.append(projects.get(key, _as_oneself(by)).id)
        except NotFound:
            unknown.append(key)
    if unknown:
        raise Invalid.on("projects", Whole(_("You see no project with such a key: %(keys)s.", keys=listed(unknown))))
    return sorted(set(found))


def changed(keys: Sequence[str] | None, by: Viewer, *, is_said: bool) -> list[int] | None:
    """The same for a token that there is. Raises Invalid also where neither projects are said nor all."""
    if not is_said:
        raise Invalid.on("projects", Whole(_("Choose at least one project, or all that you reach.")))
    return ids_of(keys, by)


def form_of(keys: Sequence[str] | None, by: Viewer) -> dict[str, Any]:
    """What the form begins with that changes a limit: boxes for what is offered, and the keys of others."""
    boxes = {one.key for one in offered(by)[:FEW]}
    named = [key for key in keys or () if key not in boxes]
    return {"projects": list(keys or ()), "projects_named": ", ".join(named), "everywhere": keys is None}


def told(keys: Sequence[str] | None) -> dict[str, list[str]]:
    """The limit as the audit log has it; nothing of none."""
    return {} if keys is None else {"projects": list(keys)}


def _as_oneself(by: Viewer) -> Viewer:
    """Nobody administrates through a token that is limited: what one sees as an administrator alone, it would not."""
    return replace(by, is_admin=False)
