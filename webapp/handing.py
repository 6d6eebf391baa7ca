"""What is handed in: services to `http/`, to views what their signatures ask for, parts of pages to templates."""

from flask import Flask

from webapp.attachments import incoming
from webapp.auth import service as auth
from webapp.auth import ways_in
from webapp.drafts import service as drafts
from webapp.entrance.canonical import holder, is_of_team, person, project_at
from webapp.factors import halfway
from webapp.http import origin, services, viewer
from webapp.http.bringing import brings
from webapp.http.services import Services
from webapp.idempotency import service as idempotency
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.origins import told_by
from webapp.pages import drawn
from webapp.picking import picks
from webapp.projects.service import ProjectRow
from webapp.sso import ending, pending

SERVICES = Services(
    person=person,
    holder=holder,
    spend=auth.spend,
    is_of_team=is_of_team,
    once=idempotency.once,
    fill=picks.read_names,
    drafts=drafts,
    files=incoming,
)


def init_app(app: Flask) -> None:
    services.init_app(app, SERVICES)
    told_by(origin.origin)
    ways_in.settlers[:] = [ending.settle]
    ways_in.enders[:] = [ending.end]
    drawn.init_app(app)
    halfway.init_app(app)
    pending.init_app(app)
    brings(ProjectRow, lambda given: project_at(given["project"]))
    brings(ProjectRow | None, lambda given: project_at(given["project"]) if "project" in given else None)
    brings(IssueDetail, lambda given: issues.get(given["project"], given["number"], viewer()))
