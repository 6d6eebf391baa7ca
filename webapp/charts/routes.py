from webapp.charts import service as charts
from webapp.charts import shapes
from webapp.charts.schemas import ChartsOut, ChartsQuery
from webapp.http import Feature, Page, Reply
from webapp.http.canonical import project_at

bp = Feature("charts", "/projects/<project:project>/charts")


@bp.get("")
def show(project: str, query: ChartsQuery) -> Reply[ChartsOut]:
    """A project in numbers: issues opened and closed, what its statuses held, and how long issues took."""
    found = project_at(project)
    drawn = charts.of(found, query.days)
    many = len(drawn.spans)
    edges = shapes.stacked([one.counts for one in drawn.flow])
    return Page(
        "charts/show.html",
        drawn,
        charts=drawn,
        project=found,
        query=query,
        changes=shapes.scale(many, *(max(span.created, span.closed) for span in drawn.spans)),
        contents=shapes.scale(many, *(edges[-1] if edges else [])),
        edges=[[0] * many, *edges],
        times=shapes.scale(many, *(span.lead.most for span in drawn.spans)),
    )
