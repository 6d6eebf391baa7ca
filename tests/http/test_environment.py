"""Templates are filled in with less ado than Jinja makes of it, and say the same."""

from traceback import extract_tb

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

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
    "{% macro m(class, b) %}{{ class }}{{ b is none }}{% endmacro %}{{ m(class='<', b=none) }}": "&lt;True",
    "{% macro m(a) %}{{ a }}{{ caller(a=1) }}{% endmacro %}{% call(a) m(2) %}-{{ a }}{% endcall %}": "2-1",
    "{% macro m(rows) %}{% for i in rows %}{{ m(i) if i else '.' }}{% endfor %}{% endmacro %}{{ m([[0], 0]) }}": "..",
    "{{ told(*['<'], **{}) }}{{ told(it='>') }}": "&lt;&gt;",
    "{{ {'a': 1}.get('a') }}{{ 'x'.upper() }}{{ range(2) | list | length }}": "1X2",
    "{{ '<' ~ markup }}": "&lt;<b>",
    "{% set x = '<' ~ markup ~ 1 %}{% set y = '<' ~ 1 ~ none %}{{ x }}{{ y }}": "&lt;<b>1&lt;1None",
    "{% if 0 %}{% for i in (1,) %}{{ markup }}{% endfor %}{% endif %}{% for i in (1, 2) %}{{ markup }}{% endfor %}": "<b><b>",
    "{% for i in (1, 2) if markup %}{% for j in (i,) %}{{ told(j) }}{% set told = 1 %}{% endfor %}{% endfor %}": "12",
    "{{ [1, '<'] }}": "[1, &#39;&lt;&#39;]",
}


@pytest.mark.parametrize("source", CALLS)
def test_whatever_can_be_called_is_called(app, source):
    page = drawn_by(app, {"page.html": source})
    assert page.render(markup=Markup("<b>"), told=lambda it: it) == CALLS[source]


SAID = {
    "{% if a %}<{{ a }}{% elif b %}{{ b }}{% if not a %}!{% endif %}{% else %}none{% endif %}.": [
        "<&lt;.",
        "2!.",
        "none.",
    ],
    "{{ a if a }}{{ '<' if b else ('>' if a else '&') }}": ["&lt;&gt;", "&lt;", "&amp;"],
    "{% if a is defined and nothing is not defined %}{{ here.b }}{{ here.get('b') }}{% endif %}": ["11"] * 3,
    "{% set c %}<{{ a }}>{% endset %}{% filter upper %}x{{ c | length }}{% endfilter %}": ["X6", "X2", "X2"],
    "{% for one in (a, b) if one %}{{ loop.index }}{{ one }}{% else %}-{% endfor %}": ["1&lt;", "12", "-"],
    "{% include 'part.html' %}{% include ['gone.html', 'part.html'] %}": ["[&lt;][&lt;]", "[][]", "[][]"],
    "{{ here.b }}{% include 'gone.html' ignore missing %}.{% include 'still.html' without context %}": ["1.still"]
    * 3,
}


@pytest.mark.parametrize("source", SAID)
def test_what_depends_on_conditions_is_said_when_they_hold(app, source):
    page = drawn_by(app, {"page.html": source, "part.html": "[{{ a }}]", "still.html": "still"})
    given = ({"a": "<", "b": 0}, {"a": "", "b": 2}, {"a": "", "b": 0})
    assert [page.render(here={"b": 1}, **one) for one in given] == SAID[source]


def test_a_page_stands_within_what_it_extends(app):
    sources = {
        "base.html": "<{% block head %}base{% endblock %}|{% block body %}{% endblock %}>",
        "middle.html": "{% extends 'base.html' %}{% block head %}{{ super() }}+{% endblock %}",
        "page.html": "{% extends 'middle.html' %}lost{% block body %}{{ self.head() }}{{ x }}{% endblock %}",
    }
    assert drawn_by(app, sources).render(x="&") == "<base+|base+&amp;>"


@pytest.mark.parametrize("wrong", ["{{ x.gone }}", "{{ gone }}", "{{ gone() }}", "{{ m() }}", "{{ m(1, 2) }}"])
def test_a_mistake_is_told_with_its_line(app, wrong):
    page = drawn_by(
        app, {"page.html": f"{{% macro m(a) %}}{{{{ a }}}}{{% endmacro %}}\n<b>\n{{% if x %}}\n{wrong}{{% endif %}}"}
    )
    with pytest.raises((UndefinedError, TypeError)) as caught:
        page.render(x=1)
    assert next(one.lineno for one in extract_tb(caught.tb) if one.filename == "<template>") == 4


@pytest.mark.parametrize("wrong", ["{% if gone.x %}", "{% if x and gone.x %}", "{% if not x %}no\n{% elif gone.x %}"])
def test_a_mistake_in_a_condition_is_told_with_its_line(app, wrong):
    page = drawn_by(app, {"page.html": f"<b>\n{wrong}\n{{{{ x }}}}\n\n{{{{ x }}}}\n{{% endif %}}"})
    with pytest.raises(UndefinedError) as caught:
        page.render(x=1)
    line = next(one.lineno for one in extract_tb(caught.tb) if one.filename == "<template>")
    assert line == 2 + wrong.count("\n")


@pytest.mark.parametrize(
    "lost", ["{% filter upper %}lost{{ x }}{% endfilter %}", "{% for y in x recursive %}lost{% endfor %}"]
)
def test_what_stands_before_what_is_extended_is_not_put_out(app, lost):
    sources = {"base.html": "<{% block body %}{% endblock %}>", "page.html": "{% extends 'base.html' %}" + lost}
    assert drawn_by(app, sources).render(x="&") == "<>"


def test_no_name_of_all_templates_asks_for_the_context(app):
    """Jinja would hand it on; here a template calls as Python does."""
    names = {name: one for name, one in app.jinja_env.globals.items() if type(one) is not LocalProxy}
    assert not [name for name, one in names.items() if hasattr(one, "jinja_pass_arg")]


def drawn_by(app, sources):
    environment = app.jinja_env.overlay(loader=DictLoader(sources), cache_size=0)
    environment._known = {}
    return environment.get_template("page.html")


def test_what_is_not_there_is_a_mistake(app):
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nothing }}").render()
