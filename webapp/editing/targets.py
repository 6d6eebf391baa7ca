"""Where issues can go."""

from collections.abc import Sequence

from webapp.access import Do, Viewer, can, require
from webapp.errors import Invalid, NotFound
from webapp.i18n import _
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectQuery
from webapp.projects.service import ProjectRow


def require_move(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may take issues to another project."""
    require(by, Do.EDIT_ISSUE, project)


def targets(project: ProjectRow, by: Viewer) -> Sequence[ProjectRow]:
    """Projects that an issue of this one can go to, by name: the first hundred that `by` sees."""
    seen = projects.listing(ProjectQuery(limit=100), by).items
    return [one for one in seen if one.id != project.id and can(by, Do.EDIT_ISSUE, one)]


def target_of(project: ProjectRow, ref: str, by: Viewer) -> ProjectRow:
    """The other project with this key or id. Raises Invalid for none, Forbidden where `by` may not change issues."""
    try:
        target = projects.get(ref, by)
    except NotFound:
        raise Invalid.on("project", _("is none that you can see.")) from None
    if target.id == project.id:
        raise Invalid.on("project", _("is where the issue is already."))
    require(by, Do.EDIT_ISSUE, target)
    return target
