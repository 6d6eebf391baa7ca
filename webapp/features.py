"""The list of features. A new one is a folder and a line here."""

from importlib import import_module

from flask import Flask

from webapp.config import Settings
from webapp.mail import office
from webapp.mail_in import addresses
from webapp.pictures import service as pictures
from webapp.text import elsewhere, references
from webapp.webhooks import standing

FEATURES = (
    "home",
    "auth",
    "links",
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
    "reactions",
    "watching",
    "rules",
    "deliveries",
    "tasks",
    "drafts",
    "mail",
    "mail_in",
    "labels",
    "issue_templates",
    "milestones",
    "statuses",
    "relations",
    "timeline",
    "history",
    "attachments",
    "pictures",
    "trash",
    "picking",
    "search",
    "keys",
    "undo",
    "inbox",
    "feeds",
    "jobs",
    "webhooks",
    "all_webhooks",
    "code_hosts",
    "administration",
    "docs",
    "styleguide",
    "ops",
)

# Those on which others stand have their addresses in webapp/pages/, where all is known.
PAGES = frozenset(
    {"accounts", "auth", "projects", "issues", "milestones", "board", "comments", "history", "reactions", "tasks"}
)

# Those that have something done after a change: their `jobs.py` says what.
JOBS: tuple[str, ...] = ("jobs", "mail", "hearing", "digests", "webhooks", "mail_in", "links", "code_hosts")

# Those that write to people: their `letters.py` composes it.
LETTERS: tuple[str, ...] = ("mail", "hearing", "digests", "webhooks", "mail_in", "links", "members")


def init_app(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    references.sites = settings.sites
    elsewhere.configure(settings.external_images, app.config["KEYS"]["pictures"])
    pictures.configure(settings)
    office.configure(settings, app.config["KEYS"]["mail"])
    standing.configure(settings, app.config["KEYS"]["webhook"])
    addresses.configure(settings, app.config["KEYS"]["mail_in"])
    from webapp import handing  # only here, as it loads all: by now the command line can say that it was interrupted

    handing.init_app(app)
    for name in FEATURES:
        app.register_blueprint(import_module(routes(name)).bp)
    for name in JOBS:
        import_module(jobs(name))
    for name in LETTERS:
        import_module(letters(name))


def routes(name: str) -> str:
    """The module that has a feature's addresses."""
    return f"webapp.pages.{name}" if name in PAGES else f"webapp.{name}.routes"


def jobs(name: str) -> str:
    """The module that registers the tasks of a feature."""
    return f"webapp.{name}.jobs"


def letters(name: str) -> str:
    """The module that composes the mails of a feature."""
    return f"webapp.{name}.letters"
