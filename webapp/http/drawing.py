"""Parts of pages, drawn by templates of their own."""

from typing import Any

from flask import current_app
from markupsafe import Markup


def draw(template: str, **values: Any) -> Markup:
    """What one of our templates makes of these values. It has escaped them, so what comes of it is markup."""
    return Markup(current_app.jinja_env.get_template(template).render(values))  # noqa: S704
