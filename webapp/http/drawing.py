"""Pages and parts of pages, drawn by templates in the language of whoever looks."""

from typing import Any, cast

from flask import current_app
from jinja2 import Template
from markupsafe import Markup

from webapp.http.environment import Environment
from webapp.http.times import look
from webapp.i18n import language, speaking


def draw(template: str, **values: Any) -> Markup:
    """What one of our templates makes of these values. It has escaped them, so what comes of it is markup."""
    return Markup(_environment().get_template(template).render(values))  # noqa: S704


def page(template: str | list[str | Template], /, **context: Any) -> str:
    """A whole page, by its template, or the first of several that there is."""
    look()  # first: whose page it is says in which language
    with speaking(language()):  # found out once: a page asks for it a hundred times
        current_app.update_template_context(context)
        return _environment().get_or_select_template(template).render(context)


def _environment() -> Environment:
    return cast(Environment, current_app.jinja_env).speaking(language())
