"""The row of views above a list or a board: which there are, which one is open, and whether it was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.http.application import asked
from webapp.http.negotiation import wants_page
from webapp.lists import service as lists
from webapp.projects.service import ProjectRow
from webapp.views import service as views
from webapp.views.service import ViewRow


@dataclass(frozen=True, slots=True)
class Link:
    """A view, and where its issues are."""

    view: ViewRow
    at: str


@dataclass(frozen=True, slots=True)
class Bar:
    """`shown` is what the page shows, as the fields of a view; `without` is where the page is without any."""

    links: Sequence[Link]
    opened: Link | None
    shown: dict[str, str]
    without: str
    project: ProjectRow | None
    may_save: bool
    may_change: bool

    @property
    def is_changed(self) -> bool:
        """Whether the page shows something else than the open view says."""
        return self.opened is not None and self.shown != shown_by(self.opened.view)

    def to(self, page: str, **values: Any) -> str:
        """Where a page of views is."""
        return to(self.project, page, **values)


def of_list(project: ProjectRow | None, view_id: int | None, text: str, by: Viewer | None) -> Bar:
    """The row above a list that shows this query."""
    if project is None:
        without = url_for("all_issues.index")
    else:
        without = url_for("issues.index", project=project.key, q="is:open" if project.default_view_id else None)
    return _bar(project, view_id, _shown("list", text, "status"), without, by)


def of_board(project: ProjectRow, view_id: int | None, text: str | None, grouping: str, by: Viewer | None) -> Bar:
    """The row above a board that shows this query."""
    shown = _shown("board", lists.canonical(text or ""), grouping)
    return _bar(project, view_id, shown, url_for("board.show", project=project.key), by)


def shown_by(view: ViewRow) -> dict[str, str]:
    """What a page shows that shows the view."""
    return _shown(view.layout, view.query, view.by)


def instead(project: ProjectRow | None, by: Viewer | None) -> str | None:
    """Where a page is led that names a view and no query, or nothing at all where the project has a default view."""
    if not wants_page():
        return None
    sent = asked()
    named = ""
    if sent.query_string:
        if set(sent.args) - {"view"}:
            return None
        named = sent.args.get("view", "")
    default = project.default_view_id if project else None
    view_id = int(named) if named.isdecimal() and len(named) < 19 else default
    return address(project, views.get(project, view_id, by)) if view_id else None


def to(project: ProjectRow | None, page: str, **values: Any) -> str:
    """Where a page of a project's views is, or of the views over all projects."""
    if project is None:
        return url_for(f"all_views.{page}", **values)
    return url_for(f"views.{page}", project=project.key, **values)


def address(project: ProjectRow | None, view: ViewRow) -> str:
    """Where the issues of a view are."""
    if project is None:
        return url_for("all_issues.index", q=view.query, view=view.id)
    params: dict[str, Any] = {"project": project.key, "q": view.query, "view": view.id}
    if view.layout == "list":
        return url_for("issues.index", **params)
    return url_for("board.show", **params, by=view.by if view.by != "status" else None)


def _bar(
    project: ProjectRow | None, view_id: int | None, shown: dict[str, str], without: str, by: Viewer | None
) -> Bar:
    may_save = views.may_save(project, by)
    links = [Link(view, address(project, view)) for view in _offered(project, view_id, by)]
    opened = next((link for link in links if link.view.id == view_id), None)
    may_change = opened is not None and views.may_change(project, by, opened.view)
    return Bar(links, opened, shown, without, project, may_save, may_change)


def _offered(project: ProjectRow | None, view_id: int | None, by: Viewer | None) -> Sequence[ViewRow]:
    return views.offered(project, view_id, by) if project is not None or by is not None else []


def _shown(layout: str, text: str, grouping: str) -> dict[str, str]:
    params = {"query": text or "is:all", "layout": layout}
    return {**params, "by": grouping} if layout == "board" else params
