"""The list of features. A new one is a folder and a line here."""

from importlib import import_module

from flask import Flask

from webapp.auth import allowances, passwords
from webapp.config import Settings, stored
from webapp.config.keys import Ring
from webapp.factors import keys as factor_keys
from webapp.mail import office
from webapp.mail_in import addresses
from webapp.pictures import service as pictures
from webapp.sso import keys as sso_keys
from webapp.text import elsewhere, references
from webapp.webhooks import standing

FEATURES = (
    "home",
    "auth",
    "factors",
    "sso",
    "links",
    "accounts",
    "projects",
    "members",
    "blocks",
    "moderation",
    "visibility",
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
    "personal_tokens",
    "jobs",
    "webhooks",
    "all_webhooks",
    "code_hosts",
    "administration",
    "people",
    "claiming",
    "audit",
    "docs",
    "styleguide",
    "ops",
    "metrics",
)

# Those on which others stand have their addresses in webapp/pages/, where all is known.
PAGES = frozenset(
    {
        "accounts",
        "audit",
        "auth",
        "projects",
        "issues",
        "milestones",
        "board",
        "comments",
        "history",
        "reactions",
        "tasks",
        "visibility",
    }
)

# Those that have something done after a change: their `jobs.py` says what.
JOBS: tuple[str, ...] = (
    "jobs",
    "mail",
    "hearing",
    "digests",
    "webhooks",
    "mail_in",
    "links",
    "code_hosts",
    "feeds",
    "personal_tokens",
    "administration",
    "backups",
    "directory",
    "people",
)

# Those that write to people: their `letters.py` composes it.
LETTERS: tuple[str, ...] = (
    "mail",
    "hearing",
    "digests",
    "webhooks",
    "mail_in",
    "links",
    "factors",
    "sso",
    "members",
    "moderation",
    "feeds",
    "personal_tokens",
)


def configure(settings: Settings, keys: dict[str, Ring]) -> None:
    """Tell the settings to those that need some of them also where nobody asks."""
    references.sites = settings.sites
    passwords.configure(settings.peppers)
    allowances.configure(settings)
    elsewhere.configure(settings.external_images, keys["pictures"])
    pictures.configure(settings)
    office.configure(settings, keys["mail"])
    standing.configure(settings, keys["webhook"])
    addresses.configure(settings, keys["mail_in"])
    factor_keys.configure(keys)
    sso_keys.configure(keys["sso"])


def init_app(app: Flask) -> None:
    configure(app.config["SETTINGS"], app.config["KEYS"])
    from webapp import handing  # only here, as it loads all: by now the command line can say that it was interrupted

    handing.init_app(app)
    stored.listeners[:] = [allowances.configure]
    for name in FEATURES:
        app.register_blueprint(import_module(routes(name)).bp)
    for name in JOBS:
        import_module(jobs(name))
    for name in LETTERS:
        import_module(letters(name))
    if app.config["SETTINGS"].ldap_url is not None:
        import_module("webapp.directory.asking")  # before the fork: a login would load it, in each worker anew


def routes(name: str) -> str:
    """The module that has a feature's addresses."""
    return f"webapp.pages.{name}" if name in PAGES else f"webapp.{name}.routes"


def jobs(name: str) -> str:
    """The module that registers the tasks of a feature."""
    return f"webapp.{name}.jobs"


def letters(name: str) -> str:
    """The module that composes the mails of a feature."""
    return f"webapp.{name}.letters"
