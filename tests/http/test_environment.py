"""Templates are filled in with less ado than Jinja makes of it, and say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jinja2 import DictLoader, UndefinedError, pass_context
from markupsafe import Markup, escape

from webapp.http.environment import shown


class Own:
    """Text that comes with its own markup."""

    def __html__(self) -> str:
        return "<i>own</i>"


@given(
    some.text()
    | some.text("&<>'\"ab", max_size=300)
    | some.integers()
    | some.floats()
    | some.none()
    | some.booleans()
)
def test_a_value_is_escaped_as_ever(value):
    assert shown(value) == escape(value)


@pytest.mark.parametrize("value", [Markup("<b>"), Own(), [1, "<"]])
def test_markup_is_left_as_it_is(value):
    assert shown(value) == escape(value)


CALLS = {
    "{{ told('<') }}": "&lt;",
    "{% macro m(a, b='-') %}<{{ a }}{{ b }}>{% endmacro %}{{ m('&') }}{{ m('x', b='y') }}": "<&amp;-><xy>",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% for i in (1, 2) %}{% call m() %}{{ i }}{% endcall %}{% endfor %}": "[1][2]",
    "{% macro m() %}{{ kwargs.a }}{{ varargs[0] }}{% endmacro %}{{ m(1, a='<') }}": "&lt;1",
    "{% for i in (1, 2) %}{% set one = i %}{{ of_context() }}{% endfor %}": "12",
    "{% block b %}{% set one = 3 %}{{ of_context() }}{% endblock %}": "3",
    "{{ {'a': 1}.get('a') }}{{ 'x'.upper() }}{{ range(2) | list | length }}": "1X2",
    "{{ '<' ~ markup }}": "&lt;<b>",
    "{{ [1, '<'] }}": "[1, &#39;&lt;&#39;]",
}


@pytest.mark.parametrize("source", CALLS)
def test_whatever_can_be_called_is_called(app, source):
    of_context = pass_context(lambda context: context.get("one"))
    environment = app.jinja_env.overlay(loader=DictLoader({"page.html": source}), cache_size=0)
    page = environment.get_template("page.html", globals={"told": lambda it: it, "of_context": of_context})
    assert page.render(markup=Markup("<b>")) == CALLS[source]


def test_what_is_not_there_is_a_mistake(app):
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nothing }}").render()
