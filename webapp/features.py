"""The list of features. A new one is a folder and a line here."""

from importlib import import_module

from flask import Flask

from webapp.config import Settings
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
MODELS = (
    "accounts",
    "auth",
    "retries",
    "drafts",
    "projects",
    "views",
    "members",
    "statuses",
    "milestones",
    "labels",
    "issue_templates",
    "issues",
    "comments",
    "references",
    "events",
    "attachments",
    "history",
    "feeds",
    "documents",
    "charts",
)


def init_app(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    references.sites = settings.sites
    for name in MODELS:
        import_module(f"webapp.{name}.models")
    for name in FEATURES:
        app.register_blueprint(import_module(f"webapp.{name}.routes").bp)
