"""What is said can be said otherwise by each language: no sentence is put together of parts that only English has."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, nodes

from tests.i18n import unsaid
from tests.i18n.test_catalogues import WRITTEN, catalogue
from webapp.config import ROOT
from webapp.events import kinds
from webapp.events.words import plain
from webapp.http import assets
from webapp.http.times import on_at
from webapp.http.translating import Translating
from webapp.i18n import formats, languages, speaking
from webapp.lists import telling
from webapp.lists.vocabulary import FIELDS
from webapp.text.query import parse

JUDGED = Path(__file__).with_name("one_meaning.txt")
_GAPS = re.compile(r"\s*(,|;|:|and|or)\s*\Z")
_CASES = {"lower", "upper", "capitalize", "title"}
# What is no word of a language: names of fields and of jobs as the code has them, kinds as Markdown has them, colours.
_CODES = {
    "components/form.html",
    "components/clash.html",
    "errors/_typed.html",
    "jobs/list.html",
    "mail/_letter.html",
}

# What code writes is told as it is: the fields of a query, the arguments of a job, the headers of a delivery.
_AS_IT_IS = {"issues/query.html", "jobs/list.html", "webhooks/delivery.html"}


def templates():
    environment = Environment(extensions=[Translating], trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = str(path.relative_to(ROOT / "templates"))
        if not name.startswith("styleguide/"):
            yield name, environment.parse(path.read_text())


def modules():
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        if not unsaid._is_operating(path):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def test_a_short_word_in_several_places_has_one_meaning_or_a_context():
    """Look at each: another meaning, or another gender, is another context; else write it into one_meaning.txt."""
    places = defaultdict(set)
    for one in catalogue(WRITTEN[0]):
        if isinstance(one.id, str) and not one.context and len(one.id.split()) < 3 and len(one.locations) > 1:
            places[one.id.strip()] |= {place for place, _line in one.locations}
    assert sorted(places.keys() - set(JUDGED.read_text().splitlines())) == []


def test_templates_make_no_word_small_or_large():
    found = [
        name
        for name, tree in templates()
        if name not in _CODES
        for output in tree.find_all((nodes.Output, nodes.Call))
        for one in _shown(output)
        if isinstance(one, nodes.Filter) and one.name in _CASES
    ]
    assert found == []


def _shown(node):
    for child in node.iter_child_nodes():
        if not isinstance(child, nodes.Compare):
            yield child
            yield from _shown(child)


def test_templates_put_nothing_fixed_between_things():
    fixed = [(name, text) for name, tree in templates() if name not in _AS_IT_IS for text in _written(tree)]
    assert [one for one in fixed if _GAPS.match(one[1])] == []


def _written(tree):
    """What stands between tags, and what is chosen or put between things without being said."""
    outputs = [child for output in tree.find_all(nodes.Output) for child in output.nodes]
    texts = [re.sub(r"<[^>]*>", "", one.data) for one in outputs if isinstance(one, nodes.TemplateData)]
    return texts + [str(one.value) for one in _put(tree) if isinstance(one, nodes.Const)]


def _put(tree):
    joins = [arg for one in tree.find_all(nodes.Filter) if one.name == "join" for arg in one.args]
    return joins + [arg for one in tree.find_all(nodes.CondExpr) for arg in (one.expr1, one.expr2)]


def test_code_writes_no_quotation_marks_into_sentences():
    assert _found(lambda node: isinstance(node, ast.JoinedStr) and re.search("[“”„«»]", ast.unparse(node))) == []


def test_code_puts_no_fixed_list_and_no_other_case_into_sentences():
    assert _found(_takes_fixed) == []
    assert _found(lambda node: _changes_case(node) and _says(node.func.value)) == []


def _found(fits):
    return [
        (name, getattr(one, "lineno", 0))
        for name, tree in modules()
        if not name.startswith(("webapp/exchange/", "webapp/styleguide/"))
        for one in ast.walk(tree)
        if fits(one)
    ]


def _takes_fixed(node):
    if not _says(node):
        return False
    return any(_is_fixed(one) or _changes_case(one) for value in node.keywords for one in ast.walk(value.value))


def _is_fixed(node):
    """Whether it joins with what only English has."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Constant(value=str() as gap))):
            return bool(_GAPS.match(gap))
    return False


def _changes_case(node):
    match node:
        case ast.Call(func=ast.Attribute(attr="capitalize" | "title")):
            return True
    return False


def _says(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) in unsaid.SAYING


@pytest.fixture
def all_languages(monkeypatch):
    monkeypatch.setattr(languages, "OFFERED", tuple(languages.LANGUAGES))


@pytest.mark.usefixtures("all_languages")
@pytest.mark.parametrize(
    ("code", "told"),
    [("en", "on 31 Mar 2026"), ("de", "am 31.03.2026"), ("fr", "le 31 mars 2026"), ("es", "el 31 mar 2026")],
)
def test_a_date_within_a_sentence_is_told_as_the_language_does(app, code, told):
    from datetime import UTC, datetime, timedelta

    at = datetime(2026, 3, 31, 14, 5, tzinfo=UTC)
    with app.test_request_context("/"), speaking(code):
        assert on_at(at + timedelta(days=31), at, UTC, code) == told
        assert on_at(at + timedelta(hours=1), at, UTC, code) != told


@pytest.mark.usefixtures("all_languages")
def test_events_have_the_quotes_the_days_and_the_cases_of_the_language():
    from datetime import date

    told = SimpleNamespace(
        labelled=kinds.Labelled(["a", "b"], [], [1, 2], []), due=kinds.Scheduled(None, date(2026, 3, 31)),
        hidden=kinds.Linked("blocks", None), code=kinds.Closed("completed", code="commit 4d1bb3f"),
    )  # fmt: skip
    with speaking("de"):
        assert "„a“ „b“" in plain(told.labelled.words())
        assert "31.03.2026" in plain(told.due.words())
        assert "einen Vorgang eines anderen Projekts" in plain(told.hidden.words())
        assert "Commit 4d1bb3f" in plain(told.code.words())
    with speaking("fr"):
        assert "«\xa0a\xa0»" in plain(told.labelled.words())
        assert "le commit 4d1bb3f" in plain(told.code.words())


@pytest.mark.usefixtures("all_languages")
def test_filters_are_told_as_they_were_typed():
    assert telling.filtered(parse("-label:Bug", FIELDS), {})[0] == "Not label: Bug"
    words = parse('"loose stone"', FIELDS)
    assert telling.filtered(words, {})[0] == "“loose stone”"
    with speaking("ja"):
        assert telling.filtered(words, {})[0] == "「loose stone」"


def test_a_script_has_all_forms_of_a_number(written, monkeypatch):
    forms = "".join(f'msgstr[{place}] "{letter} %(num)s"\n' for place, letter in enumerate("abcdef"))
    written("ar", f'msgid "%(num)s selected"\nmsgid_plural "%(num)s selected"\n{forms}')
    monkeypatch.setattr(assets, "_script", lambda: 'ngettext(\n  "%(num)s selected", "%(num)s selected", n)')
    monkeypatch.setattr(assets, "_serving", lambda text, name: text)
    script = str(assets._spoken.__wrapped__("ar"))
    kinds = '"zero":"a %(num)s","one":"b %(num)s","two":"c %(num)s","few":"d %(num)s","many":"e %(num)s"'
    assert script == f'ngettext({{{kinds},"other":"f %(num)s"}}, 0, n)'
    assert formats.kinds("ja") == {"other": 0}
