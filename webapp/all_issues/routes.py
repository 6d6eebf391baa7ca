from flask import request, url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.issues import beginning
from webapp.issues.schemas import FieldOut, FilterQuery, IssueList, IssueQuery
from webapp.lists import page as filters
from webapp.lists import vocabulary
from webapp.lists.vocabulary import VOCABULARY
from webapp.paging import whole
from webapp.picking.service import FEW
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectOut
from webapp.types import Slice
from webapp.views import bar

bp = Feature("all_issues", "/issues")

# So many projects are offered for a new issue: the reader's own come first.
OFFERED = 50


@bp.get("", form="query")
def index(query: IssueQuery, by: Viewer | None) -> Reply[IssueList]:
    """The issues of all projects that the caller sees and a query matches."""
    if view := bar.instead(None, by):
        return Done(None, at=view)
    page, wanted = filters.listing(None, query, by)
    if len(page.items) == 1 and wanted.is_reference and wants_page():
        only = page.items[0]
        return Done(None, at=url_for("issues.show", project=only.project_key, number=only.number))
    return Page(
        "issues/everywhere.html",
        page,
        page=page,
        filters=lambda: filters.shown(None, wanted),
        warnings=page.warnings,
        bar=lambda: bar.of_list(None, query.view, wanted.text, by),
        choices={},
        few=FEW,
    )


@bp.get("/new")
def new(by: Viewer) -> Reply[Slice[ProjectOut]]:
    """The projects in which the caller may open an issue. Its page leads to their forms, with what was shared."""
    found = projects.open_to(by, OFFERED)
    begun = beginning.shared(request.args)
    if len(found) == 1 and wants_page():
        return Done(None, at=url_for("issues.new", project=found[0].key, **begun))
    return Page("issues/where.html", whole(found), projects=found, begun=begun, is_cut=len(found) == OFFERED)


@bp.get("/query")
def query() -> Reply[Slice[FieldOut]]:
    """What a query can ask."""
    form = Form.of({"q": request.args.get("q", "")})
    return Page("issues/query.html", vocabulary.offered({}), form=form, fields=VOCABULARY)


@bp.page("/filter")
def choose(query: FilterQuery) -> Reply[None]:
    """Where the list's filter form leads: to the list of the query that it says."""
    return Done(None, at=filters.address(None, filters.chosen_text(query)))
