from flask import request, url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.issues.schemas import FieldOut, FilterQuery, IssueList, IssueQuery
from webapp.lists import page as filters
from webapp.lists import service as lists
from webapp.lists import vocabulary
from webapp.lists.vocabulary import VOCABULARY
from webapp.picking.service import FEW
from webapp.types import Slice
from webapp.views import bar

bp = Feature("all_issues", "/issues")


@bp.get("", form="query")
def index(query: IssueQuery, by: Viewer | None) -> Reply[IssueList]:
    """The issues of all projects that the caller sees and a query matches."""
    if view := bar.instead(None, by):
        return Done(None, at=view)
    page, wanted = lists.listing(None, query, by)
    if len(page.items) == 1 and wanted.is_reference and wants_page():
        only = page.items[0]
        return Done(None, at=url_for("issues.show", project=only.project_key, number=only.number))
    filters.link(page, None, query, wanted)
    return Page(
        "issues/everywhere.html",
        page,
        page=page,
        filters=lambda: filters.shown(None, wanted),
        warnings=page.warnings,
        bar=lambda: bar.of_list(None, query.view, wanted.text, by),
        choices={},
        few=FEW,
        shown=lambda: filters.summary(wanted, page.total),
    )


@bp.get("/query")
def query() -> Reply[Slice[FieldOut]]:
    """What a query can ask."""
    form = Form.of({"q": request.args.get("q", "")})
    return Page("issues/query.html", vocabulary.offered({}), form=form, fields=VOCABULARY)


@bp.page("/filter")
def choose(query: FilterQuery) -> Reply[None]:
    """Where the list's filter form leads: to the list of the query that it says."""
    return Done(None, at=filters.address(None, filters.chosen_text(query)))
