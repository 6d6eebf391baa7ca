from collections.abc import Callable

from flask import url_for
from markupsafe import Markup

from webapp.access import Viewer
from webapp.charts import presenting
from webapp.charts import service as charts
from webapp.charts.schemas import BurnUpOut, ChartsOut, ChartsQuery
from webapp.http import Feature, Form, Page, Reply
from webapp.http.drawing import draw
from webapp.keeping import Kind, kept
from webapp.milestones import service as milestones
from webapp.projects.service import ProjectRow

bp = Feature("charts", "/projects/<project:project>")


@bp.get("/charts")
def show(project: ProjectRow, query: ChartsQuery, by: Viewer | None) -> Reply[ChartsOut]:
    """How the project moves: created and closed, cumulative flow, lead and cycle time."""
    numbers = charts.of(project, int(query.days), by)
    to = to_list(project)
    return Page(
        "charts/show.html",
        numbers,
        project=project,
        form=Form.of(query),
        charts=lambda: [draw(numbers, to) for draw in (presenting.traffic, presenting.flow, presenting.times)],
    )


@bp.get("/milestones/<number:milestone>/burn-up")
def burn_up(project: ProjectRow, milestone: int, by: Viewer | None) -> Reply[BurnUpOut]:
    """How a milestone filled up and was worked off."""
    row = milestones.get(project, milestone)
    numbers = charts.burn_up(project, row, by) or charts.BurnUp((), (), ())
    chart = presenting.burn_up(numbers, row.title, to_list(project)) if numbers.stretches else None
    return Page("charts/burn_up.html", numbers, project=project, milestone=row, chart=chart)


def to_list(project: ProjectRow) -> Callable[[str], str]:
    """Where the issues of a query are listed."""
    return lambda q: url_for("issues.index", project=project.key, q=q)


_FIGURE: Kind[Markup] = Kind("figure", len, str)


def traffic(project: ProjectRow, numbers: charts.Charts) -> Markup:
    """What was created and closed in a project lately, drawn once for the same numbers."""

    def drawn() -> Markup:
        chart = presenting.traffic(numbers, to_list(project))
        return draw("charts/_traffic.html", chart=chart)

    return kept(_FIGURE, (project.key, len(numbers.stretches)), numbers, drawn)
