"""What templates may use beside their context: names, filters, and nothing that asks the database."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from webapp import access
from webapp.accounts import pictures
from webapp.errors import CairnError
from webapp.http import csrf, notices, theme
from webapp.http.assets import asset
from webapp.http.identity import viewer
from webapp.http.once import form_key
from webapp.issues.rows import IssueRow
from webapp.text.plain import excerpt

VERSION = "0.1.0"
SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def init_app(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        Do=access.Do,
        action=action,
        asset=asset,
        can=can,
        can_create_project=lambda: _whoever() is not None,
        csrf_token=csrf.token,
        form_key=form_key,
        issue_row=remembered_rows(app),
        notices=notices.shown,
        version=VERSION,
    )
    app.jinja_env.filters.update(
        ago=ago, count=lambda n: f"{n:,}", day=day, excerpt=excerpt, hue=pictures.hue,
        initials=pictures.initials, iso=iso, moment=moment, rendered=rendered,
    )  # fmt: skip
    app.context_processor(_of_request)


def action(endpoint: str, **values: Any) -> str:
    """The address that a form posts to for an operation, whatever the operation's own method."""
    return url_for(endpoint, _method="POST", **values)


def can(do: access.Do, project: access.InProject, author_id: int | None = None) -> bool:
    """Whether to show a control: the same table that the services ask."""
    return access.can(_whoever(), do, project, author_id)


def remembered_rows(app: Flask) -> Callable[[IssueRow], Markup]:
    """A renderer of an issue's row in a list that remembers: the rows are most of a list's work.

    A row depends on nothing but the issue and on how long ago it was opened; both are the key.
    """

    @lru_cache(maxsize=5_000)
    def render(issue: IssueRow, opened: str) -> Markup:
        return Markup(app.jinja_env.get_template("issues/_row.html").render(issue=issue, opened=opened))  # noqa: S704

    return lambda issue: render(issue, ago(issue.created_at))


def ago(at: datetime) -> str:
    """How long ago, in words; after thirty days the date."""
    seconds = int((datetime.now(UTC) - at).total_seconds())
    if seconds >= 30 * 86_400:
        return day(at)
    for size, name in SPANS:
        if seconds >= size:
            number = seconds // size
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"


def day(at: date) -> str:
    return f"{at.day} {at:%b %Y}"


def moment(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M} UTC"


def iso(at: date) -> str:
    if isinstance(at, datetime):
        return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return at.isoformat()


def rendered(html: str) -> Markup:
    """Text that `webapp.text` made safe, as markup: the only place where anything is let through unescaped."""
    return Markup(html)  # noqa: S704


def _whoever() -> access.Viewer | None:
    """Whom the page is for. A page that tells of a bad token, or of a deactivated person, is for nobody."""
    try:
        return viewer()
    except CairnError:
        return None


def _of_request() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {
        "viewer": _whoever(),
        "theme": theme.chosen(),
        "registration_open": settings.registration == "open",
        "request_path": request.full_path.rstrip("?"),
    }
