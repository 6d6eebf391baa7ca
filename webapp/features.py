"""The list of features. A new one is a folder and a line here."""

from importlib import import_module

from flask import Flask

from webapp.attachments import incoming
from webapp.auth import service as auth
from webapp.config import Settings
from webapp.drafts import service as drafts
from webapp.entrance.canonical import person, project_at
from webapp.http import services, viewer
from webapp.http.bringing import brings
from webapp.http.services import Services
from webapp.idempotency import service as idempotency
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.pages import drawn
from webapp.picking import picks
from webapp.projects.service import ProjectRow
from webapp.text import references

FEATURES = (
    "home",
    "auth",
    "accounts",
    "projects",
    "members",
    "issues",
    "all_issues",
    "board",
    "bulk",
    "moves",
    "charts",
    "views",
    "all_views",
    "comments",
    "tasks",
    "drafts",
    "labels",
    "issue_templates",
    "milestones",
    "statuses",
    "relations",
    "timeline",
    "history",
    "attachments",
    "trash",
    "picking",
    "search",
    "keys",
    "undo",
    "feeds",
    "docs",
    "ops",
)

# Those on which others stand have their addresses in webapp/pages/, where all is known.
PAGES = frozenset({"accounts", "auth", "projects", "issues", "milestones", "board", "comments", "history", "tasks"})
# What `http/` needs of them.
SERVICES = Services(
    person=person, spend=auth.spend, once=idempotency.once, fill=picks.read_names, drafts=drafts, files=incoming
)


def init_app(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    references.sites = settings.sites
    services.init_app(app, SERVICES)
    drawn.init_app(app)
    brings(ProjectRow, lambda given: project_at(given["project"]))
    brings(IssueDetail, lambda given: issues.get(given["project"], given["number"], viewer()))
    for name in FEATURES:
        app.register_blueprint(import_module(routes(name)).bp)


def routes(name: str) -> str:
    """The module that has a feature's addresses."""
    return f"webapp.pages.{name}" if name in PAGES else f"webapp.{name}.routes"
