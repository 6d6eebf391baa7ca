from collections.abc import Callable

from flask import url_for
from markupsafe import Markup

from webapp.charts import presenting
from webapp.charts import service as charts
from webapp.charts.schemas import BurnUpOut, ChartsOut, ChartsQuery
from webapp.http import Feature, Form, Page, Reply, viewer
from webapp.http.canonical import project_at
from webapp.http.drawing import draw
from webapp.keeping import Kind, kept
from webapp.milestones import service as milestones
from webapp.projects.service import ProjectRow

bp = Feature("charts", "/projects/<project:project>")


@bp.get("/charts")
def show(project: str, query: ChartsQuery) -> Reply[ChartsOut]:
    """How the project moves: created and closed, cumulative flow, lead and cycle time."""
    found = project_at(project)
    numbers = charts.of(found, int(query.days), viewer())
    to = to_list(found)
    return Page(
        "charts/show.html",
        numbers,
        project=found,
        form=Form.of(query),
        charts=lambda: [draw(numbers, to) for draw in (presenting.traffic, presenting.flow, presenting.times)],
    )


@bp.get("/milestones/<number:milestone>/burn-up")
def burn_up(project: str, milestone: int) -> Reply[BurnUpOut]:
    """How a milestone filled up and was worked off."""
    found = project_at(project)
    row = milestones.get(found, milestone)
    numbers = charts.burn_up(found, row, viewer()) or charts.BurnUp((), (), ())
    chart = presenting.burn_up(numbers, row.title, to_list(found)) if numbers.stretches else None
    return Page("charts/burn_up.html", numbers, project=found, milestone=row, chart=chart)


def to_list(project: ProjectRow) -> Callable[[str], str]:
    """Where the issues of a query are listed."""
    return lambda q: url_for("issues.index", project=project.key, q=q)


_FIGURE: Kind[Markup] = Kind("figure", len, str)


def traffic(project: ProjectRow, days: int) -> Markup:
    """What was created and closed in a project lately, drawn once for the same numbers."""
    numbers = charts.traffic(project, days, viewer())

    def drawn() -> Markup:
        chart = presenting.traffic(numbers, to_list(project))
        return draw("charts/_traffic.html", chart=chart)

    return kept(_FIGURE, (project.key, days), numbers, drawn)
