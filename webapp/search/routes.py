from collections.abc import Sequence

from flask import url_for
from markupsafe import Markup, escape

from webapp.access import Viewer
from webapp.http import Done, Feature, Page, Reply
from webapp.issues.schemas import IssueList
from webapp.paging import whole
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.search import service as searching
from webapp.search.marking import Piece
from webapp.search.schemas import SearchOut, SearchQuery, SimilarQuery

bp = Feature("search")


@bp.get("/search", searches=True)
def index(query: SearchQuery, by: Viewer | None) -> Reply[SearchOut]:
    """Issues by their words, the best first. `#12` and `KEY-12` alone lead straight to the issue."""
    project = projects.get(query.project, by) if query.project else None
    issue = searching.named(query.q, project, by)
    if issue is not None:
        at = url_for("issues.show", project=issue.project_key, number=issue.number)
        return Done(searching.only(issue), at=at)
    found = searching.search(query, project, by)
    found.next, found.previous = (_page(query, project, cursor) for cursor in (found.after, found.before))
    return Page("search/index.html", found, found=found, query=query, narrowed=project)


@bp.get("/projects/<project:project>/issues/similar", searches=True)
def similar(project: ProjectRow, query: SimilarQuery, by: Viewer | None) -> Reply[IssueList]:
    """The five issues that are nearest to a title, open ones first."""
    issues = searching.similar(project, query.title, by)
    return Page("search/similar.html", whole(issues), project=project, similar=issues)


@bp.app_template_filter()
def pieces(all_pieces: Sequence[Piece]) -> Markup:
    """A text with what was looked for marked."""
    each = (f"<mark>{escape(one.text)}</mark>" if one.marked else escape(one.text) for one in all_pieces)
    return Markup(f"<bdi>{''.join(each)}</bdi>")  # noqa: S704 - each piece is escaped


def _page(query: SearchQuery, project: ProjectRow | None, cursor: str | None) -> str | None:
    """The address of further results."""
    if cursor is None:
        return None
    return url_for(".index", q=query.q, project=project and project.key, limit=query.limit, cursor=cursor)
