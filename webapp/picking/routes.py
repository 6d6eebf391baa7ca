from webapp.http import Feature, Page, Reply, viewer
from webapp.http.canonical import project_at
from webapp.paging import whole
from webapp.picking import service as picking
from webapp.picking.schemas import ChoiceOut, ChoicesQuery
from webapp.types import Slice

bp = Feature("picking", "/projects/<project:project>")


@bp.get("/choices")
def choices(project: str, query: ChoicesQuery) -> Reply[Slice[ChoiceOut]]:
    """People, labels or milestones that issues can be given: the first twelve whose name begins like that."""
    found = project_at(project)
    options = picking.choices(found, query.of, query.q, viewer())
    return Page("picking/choices.html", whole(options), project=found, query=query, options=options)
