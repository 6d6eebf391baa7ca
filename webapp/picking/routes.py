from webapp.access import Viewer
from webapp.http import Feature, Page, Reply
from webapp.paging import whole
from webapp.picking import service as picking
from webapp.picking.schemas import ChoiceOut, ChoicesQuery
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("picking", "/projects/<project:project>")


@bp.get("/choices")
def choices(project: ProjectRow, query: ChoicesQuery, by: Viewer | None) -> Reply[Slice[ChoiceOut]]:
    """People, labels or milestones that issues can be given: the first twelve whose name begins like that."""
    options = picking.choices(project, query.of, query.q, by)
    return Page("picking/choices.html", whole(options), project=project, query=query, options=options)
