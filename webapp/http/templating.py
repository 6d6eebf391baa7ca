"""What templates may use beside their context: names, filters, and nothing that asks the database."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, current_app, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from webapp import access, i18n
from webapp.http import choices, csrf, notices, traps
from webapp.http.application import application
from webapp.http.assets import asset, script
from webapp.http.environment import Environment
from webapp.http.once import form_key
from webapp.http.times import ago, day, iso, moment, overdue, reader
from webapp.i18n import fields, formats
from webapp.i18n.retelling import again
from webapp.text import pictures
from webapp.text.plain import bare, excerpt
from webapp.text.tasks import sum_of, tickable

VERSION = "0.1.0"


def init_app(app: Flask) -> None:
    app.jinja_environment = Environment
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        Do=access.Do,
        action=action,
        _=i18n._,
        direction=i18n.languages.direction,
        asset=asset,
        can=can,
        can_create_project=lambda: reader() is not None,
        csrf_token=csrf.token,
        shown=traps.shown,
        form_key=form_key,
        notices=notices.shown,
        overdue=overdue,
        script=script,
        complaint=complaint,
        site=app.config["SETTINGS"].address,
        upload_limit=app.config["SETTINGS"].upload_limit_mb,
        version=VERSION,
    )
    app.jinja_env.filters.update(
        again=again, ago=ago, bare=bare, boxes=boxes, called=called, count=formats.count, day=day, excerpt=excerpt,
        focused=focused, hue=pictures.hue, initials=pictures.initials, iso=iso, keys=formats.keys,
        listed=listed, moment=moment, percent=formats.percent, rendered=rendered,
        size=formats.size, sum_of=sum_of, tickable=tickable,
    )  # fmt: skip
    app.context_processor(_of_request)


def listed(items: Iterable[str]) -> Markup:
    """Several things in a sentence, some of them perhaps markup."""
    return Markup(formats.listed([escape(one) for one in items]))  # noqa: S704 - what is none was escaped


def action(endpoint: str, **values: Any) -> str:
    """The address that a form posts to for an operation, whatever the operation's own method."""
    return application().url_for(endpoint, _method="POST", **values)


def called(field: str) -> str:
    """What a field is called on the pages of the room that was asked."""
    return fields.called(field, request.blueprint or "")


def complaint(field: str, sentence: str) -> str:
    """What is wrong with a field, as a whole sentence."""
    return fields.told(field, sentence, request.blueprint or "")


def can(do: access.Do, project: access.InProject, author_id: int | None = None) -> bool:
    """Whether to show a control: the same table that the services ask."""
    return access.can(reader(), do, project, author_id)


_CONTROL = re.compile(r"""<(?:select|textarea|input)\b(?![^>]*\stype="hidden")""")
_INPUT, _NAME = re.compile(r"<input\b([^<>]*)>"), re.compile(r'\sname="([^"]+)"')


def boxes(html: Markup) -> str:
    """The names of the boxes among the fields of a form, each once: see `webapp/http/form.py`."""
    if 'type="checkbox"' not in html:
        return ""  # as in most forms of a page, which are a button
    found = (_NAME.search(told) for told in _INPUT.findall(html) if 'type="checkbox"' in told)
    return " ".join(dict.fromkeys(one[1] for one in found if one))


def focused(html: Markup) -> Markup:
    """Fields of a form, of which the first begins with the focus, if none does yet."""
    return html if " autofocus" in html else Markup(_CONTROL.sub(r"\g<0> autofocus", str(html), count=1))  # noqa: S704


def rendered(html: str) -> Markup:
    """Text that `webapp.text` made safe, as markup: the one place where a text is let through unescaped."""
    return Markup(html)  # noqa: S704


def _of_request() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {
        "viewer": reader(),
        "language": i18n.language(),
        "theme": choices.theme.chosen(),
        "density": choices.density.chosen(),
        "keys": choices.keys.chosen(),
        "registration_open": settings.registration == "open" and settings.takes_passwords,
        # The directory's people are told there where to change theirs.
        "has_password_page": settings.takes_passwords or settings.ldap_url is not None,
        "request_path": request.full_path.rstrip("?"),
    }
