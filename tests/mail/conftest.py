"""Letters as tests need them: `composed` registers one of a kind for the time of a test."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from webapp.db import db
from webapp.mail import composing, drawing, unsubscribing
from webapp.mail import service as mail
from webapp.mail.composing import Composer, Letter
from webapp.mail.rows import MailRow
from webapp.mail.unsubscribing import Way
from webapp.models.mails import Mail

# All that a template can say.
WORDS = """\
{% block subject %}{{ title }}{% endblock %}
{% block lines %}
{{ heading(title, "/projects/ROCK/issues/12") }}
{% call say() %}{{ who }} wrote about {{ title }} on {{ moment(at) if at else "a day" }}.{% endcall %}
{{ quote(said) }}
{{ item("The first thing") }}
{{ item("The second thing", "/projects/ROCK/issues/13") }}
{{ aside("Less important.") }}
{{ action("Look at it", "/projects/ROCK/issues/12") }}
{% endblock %}
"""
VALUES = {"title": "A stone is loose", "who": "Bob", "said": "It **moves**.", "at": None}


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`composed("kind", letter)` lets that be what mails of the kind say; a function of the mail, or a letter."""

    def compose(kind: str, letter: Any, words: str = WORDS, *, is_secret: bool = False) -> None:
        made = letter if callable(letter) else lambda _: letter
        monkeypatch.setitem(composing._composers, kind, Composer(made, is_secret))
        words_here = ChoiceLoader(
            [DictLoader({f"mail/{kind}.txt": words}), drawing._words("en").loader or DictLoader({})]
        )
        monkeypatch.setattr(drawing._words("en"), "loader", words_here)

    return compose


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, dict[str, Any]]]:
    """What was ended by the way `thing`."""
    calls: list[tuple[int, dict[str, Any]]] = []
    way = Way(
        lambda user_id, **values: calls.append((user_id, values)), lambda user_id, **values: f"mails about {values}"
    )
    monkeypatch.setitem(unsubscribing._ways, "thing", way)
    return calls


@pytest.fixture
def post(app: Flask) -> Callable[..., int]:
    def post(*arguments: Any, **options: Any) -> int:
        with app.app_context():
            number = mail.post(*arguments, **options)
        assert number is not None
        return number

    return post


@pytest.fixture
def row(app: Flask) -> Callable[[int], Mail]:
    """A mail as it lies in the database."""

    def read(mail_id: int) -> Mail:
        with app.app_context():
            return db.session.get_one(Mail, mail_id)

    return read


def letter(**given: Any) -> Letter:
    """One that says something; what is given for its template stands in VALUES, the rest is about the letter."""
    values = {name: given.pop(name) for name in [*given] if name in VALUES}
    return Letter(values={**VALUES, **values}, **{"why": "You take part in this.", **given})


def of(mail: MailRow) -> Letter:
    return letter(said=str(mail.data))
