"""What templates may use beside their context: names, filters, and nothing that asks the database."""

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for
from flask.templating import Environment as FlaskEnvironment
from jinja2 import StrictUndefined
from markupsafe import Markup

from webapp import access
from webapp.accounts import pictures
from webapp.http import choices, csrf, notices
from webapp.http.assets import asset
from webapp.http.once import form_key
from webapp.http.times import ago, day, iso, moment, overdue, reader, zone_name
from webapp.issues.rows import IssueRow
from webapp.text.plain import excerpt
from webapp.text.tasks import sum_of, tickable

VERSION = "0.1.0"


class Environment(FlaskEnvironment):
    """Templates that have no globals of their own share the environment's, as the plain dictionary that it is.

    Jinja would chain them, and compare the chain with each import and copy it for each include: a tenth of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    app.jinja_environment = Environment
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        Do=access.Do,
        action=action,
        asset=asset,
        board_card=remembered_cards(app),
        can=can,
        can_create_project=lambda: reader() is not None,
        csrf_token=csrf.token,
        filter_options=remembered_options(app),
        form_key=form_key,
        issue_row=remembered_rows(app),
        notices=notices.shown,
        overdue=overdue,
        upload_limit=app.config["SETTINGS"].upload_limit_mb,
        version=VERSION,
    )
    app.jinja_env.filters.update(
        ago=ago, count=lambda n: f"{n:,}", day=day, excerpt=excerpt, hue=pictures.hue,
        initials=pictures.initials, iso=iso, moment=moment, rendered=rendered,
        sum_of=sum_of, tickable=tickable,
    )  # fmt: skip
    app.context_processor(_of_request)


def action(endpoint: str, **values: Any) -> str:
    """The address that a form posts to for an operation, whatever the operation's own method."""
    return url_for(endpoint, _method="POST", **values)


def can(do: access.Do, project: access.InProject, author_id: int | None = None) -> bool:
    """Whether to show a control: the same table that the services ask."""
    return access.can(reader(), do, project, author_id)


def remembered_rows(app: Flask) -> Callable[..., Markup]:
    """A renderer of an issue's row in a list that remembers: the rows are most of a list's work.

    A row depends on nothing but the issue, how long ago it was opened, whether it is overdue, the reader's time
    zone, and whether it can be ticked: the key.
    """

    @lru_cache(maxsize=5_000)
    def render(issue: IssueRow, opened: str, late: bool, zone: str, pick: bool) -> Markup:
        template = app.jinja_env.get_template("issues/_row.html")
        return Markup(template.render(issue=issue, opened=opened, late=late, pick=pick))  # noqa: S704

    def row(issue: IssueRow, pick: bool = False) -> Markup:
        return render(issue, ago(issue.created_at), overdue(issue), zone_name(), pick)

    return row


def remembered_cards(app: Flask) -> Callable[..., Markup]:
    """The same for an issue's card on a board, which also depends on the column that it stands in."""

    @lru_cache(maxsize=5_000)
    def render(issue: IssueRow, late: bool, column: str, pick: bool) -> Markup:
        template = app.jinja_env.get_template("board/_card.html")
        return Markup(template.render(issue=issue, late=late, column=column, pick=pick))  # noqa: S704

    def card(issue: IssueRow, column: str, pick: bool) -> Markup:
        return render(issue, overdue(issue), column, pick)

    return card


def remembered_options(app: Flask) -> Callable[..., Markup]:
    """The same for what a filter offers: people and labels are many, and seldom change."""

    @lru_cache(maxsize=500)
    def render(options: tuple[tuple[str, str], ...], chosen: str) -> Markup:
        template = app.jinja_env.get_template("issues/_filter_options.html")
        return Markup(template.render(options=options, chosen=chosen))  # noqa: S704

    return lambda options, chosen: render(tuple(options), chosen)


def rendered(html: str) -> Markup:
    """Text that `webapp.text` made safe, as markup: the only place where anything is let through unescaped."""
    return Markup(html)  # noqa: S704


def _of_request() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {
        "viewer": reader(),
        "theme": choices.theme.chosen(),
        "keys": choices.keys.chosen(),
        "registration_open": settings.registration == "open",
        "request_path": request.full_path.rstrip("?"),
    }
