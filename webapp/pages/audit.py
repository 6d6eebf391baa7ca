from collections.abc import Sequence
from typing import Any

from flask import request, url_for

from webapp import clock
from webapp.access import Viewer
from webapp.audit import listing
from webapp.audit.kinds import Kind
from webapp.audit.rows import AuditRow
from webapp.audit.schemas import AuditOut, AuditQuery, OwnQuery, ProjectAuditQuery
from webapp.auth import agents
from webapp.http import Feature, Form, Page, Reply
from webapp.http.negotiation import wanted_of
from webapp.http.streaming import Streamed
from webapp.i18n import pgettext
from webapp.paging import Cut
from webapp.projects.service import ProjectRow
from webapp.types import Slice

JSON_LINES = "application/x-ndjson"
SAID = (JSON_LINES, "application/jsonl")

bp = Feature("audit")


@bp.get("/admin/audit")
def index(query: AuditQuery, by: Viewer) -> Reply[Slice[AuditOut]]:
    """What was done to logins, rights and what is kept, the newest first. For administrators."""
    if wanted_of(SAID):
        return _lines(None, query, by)
    page = _linked(listing.listing(query, by), ".index", query)
    return _page(page, query, ".index", ".export")


@bp.get("/admin/audit.jsonl", media=JSON_LINES)
def export(query: AuditQuery, by: Viewer) -> Reply[bytes]:
    """The same as a JSON object a line, all of it. For administrators."""
    return _lines(None, query, by)


@bp.get("/projects/<project:project>/audit")
def of_project(project: ProjectRow, query: ProjectAuditQuery, by: Viewer) -> Reply[Slice[AuditOut]]:
    """What was done to the rights in a project and to what is kept of it, the newest first. For owners."""
    if wanted_of(SAID):
        return _lines(project, query, by)
    page = _linked(listing.of_project(project, query, by), ".of_project", query, project=project.key)
    return _page(page, query, ".of_project", ".export_of_project", project)


@bp.get("/projects/<project:project>/audit.jsonl", media=JSON_LINES)
def export_of_project(project: ProjectRow, query: ProjectAuditQuery, by: Viewer) -> Reply[bytes]:
    """The same as a JSON object a line, all of it. For owners."""
    return _lines(project, query, by)


@bp.get("/auth/activity")
def own(query: OwnQuery, by: Viewer) -> Reply[Slice[AuditOut]]:
    """What was done with your account, the newest first: logins, passwords, tokens, addresses."""
    page = _linked(listing.own(query, by), ".own", query)
    return Page("audit/own.html", page, page=page)


@bp.app_template_global()
def program_of(agent: str) -> str:
    """What a browser is called, as people call it."""
    return agents.called(agent)


def _page(
    page: Cut[AuditRow], query: Any, endpoint: str, lines: str, project: ProjectRow | None = None
) -> Reply[Slice[AuditOut]]:
    path: dict[str, Any] = {"project": project.key} if project else {}
    asked = query.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
    return Page(
        "audit/list.html",
        page,
        page=page,
        form=Form.of(),
        kinds=sorted(((kind.word, pgettext(*kind.title)) for kind in Kind), key=lambda one: one[1]),
        is_asked=bool(asked),
        whole=url_for(endpoint, **path),
        lines=url_for(lines, **{**asked, **path}),
        **({"project": project} if project else {}),
    )


def _linked(page: Cut[AuditRow], endpoint: str, query: OwnQuery, **path: Any) -> Cut[AuditRow]:
    asked = {**path, **query.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)}
    page.next = page.after and url_for(endpoint, **asked, cursor=page.after)
    page.previous = page.before and url_for(endpoint, **asked, cursor=page.before)
    return page


def _lines(project: ProjectRow | None, query: AuditQuery | ProjectAuditQuery, by: Viewer) -> Streamed:
    name = f"{project.key}-audit" if project else "audit"
    parts = listing.export(project, query, by, is_taken=request.method == "GET")
    return Streamed(map(_said, parts), JSON_LINES, f"{name}-{clock.now():%Y-%m-%d}.jsonl")


def _said(rows: Sequence[AuditRow]) -> str:
    return "".join(f"{AuditOut.model_validate(row).model_dump_json()}\n" for row in rows)
