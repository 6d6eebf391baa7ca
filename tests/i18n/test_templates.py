"""Templates are translated when they are compiled."""

import re

import pytest
from jinja2 import DictLoader

from tests.i18n.conftest import PLURALS
from webapp.i18n import catalogues, speaking

ISSUES = 'msgid "%(num)s issue"\nmsgid_plural "%(num)s issues"\n'
FORMS = {
    "de": {0: "b", 1: "a", 2: "b"},
    "fr": {0: "a", 1: "a", 2: "b"},
    "ja": {0: "a", 1: "a", 2: "a"},
    "ar": {0: "a", 1: "b", 2: "c", 5: "d", 11: "e", 100: "f"},
}


@pytest.fixture
def shown(migrated):
    """What a template shows in a language."""

    def show(language, source, **values):
        base = migrated.jinja_env.overlay(loader=DictLoader({"page.html": source}))
        base._known, base._spoken = {}, {}
        return base.speaking(language).get_template("page.html").render(values)

    return show


def test_what_is_constant_is_compiled_as_text(migrated, written):
    written("de", 'msgid "Save"\nmsgstr "Sichern"\n')
    code = migrated.jinja_env.speaking("de").compile("<b>{{ _('Save') }}</b> {% trans %}Save{% endtrans %}", raw=True)
    assert "<b>Sichern</b>" in code
    assert "Save" not in code
    assert "gettext" not in code


def test_english_is_what_stands_there(shown):
    source = "<b>{{ _('Save') }}</b> {% trans who=name %}By <i>{{ who }}</i> & co{% endtrans %}"
    assert shown("en", source, name="<ada>") == "<b>Save</b> By <i>&lt;ada&gt;</i> & co"


def test_what_it_lacks_is_said_in_english(written, shown):
    written("de", "")
    assert shown("de", "{{ _('Save') }}") == "Save"


@pytest.mark.parametrize("source", ["{{ _('') }}", "{% set x = _('') %}{{ x }}", "{{ _(empty) }}"])
def test_nothing_is_nothing(written, shown, source):
    written("de", "")
    with speaking("de"):
        assert shown("de", source, empty="") == ""


def test_text_is_escaped_and_markup_is_not(written, shown):
    written("de", 'msgid "Save"\nmsgstr "<\\"Ja\\" & nein>"\n')
    escaped = "&lt;&#34;Ja&#34; &amp; nein&gt;"
    assert shown("de", """<b title="{{ _('Save') }}">{% trans %}Save{% endtrans %}""") == (
        f'<b title="{escaped}"><"Ja" & nein>'
    )
    assert shown("de", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(_('Save')) }}") == escaped


def test_placeholders_stand_where_the_language_puts_them(written, shown):
    written("de", 'msgid "%(who)s saw %(what)s"\nmsgstr "%(what)s sah %(who)s, zu 100 %%"\n')
    said = "&lt;stone&gt; sah <b>Ada</b>, zu 100 %"
    from markupsafe import Markup

    values = {"who": Markup("<b>Ada</b>"), "what": "<stone>"}
    assert shown("de", "{{ _('%(who)s saw %(what)s', who=who, what=what) }}", **values) == said
    assert shown("de", "{% trans who, what %}{{ who }} saw {{ what }}{% endtrans %}", **values) == said
    assert shown("de", "{% set x = _('%(who)s saw %(what)s', who=who, what=what) %}{{ x }}", **values) == said


def test_a_word_may_mean_several_things(written, shown):
    written("de", 'msgctxt "state"\nmsgid "Open"\nmsgstr "Offen"\n\nmsgid "Open"\nmsgstr "Öffnen"\n')
    assert shown("de", "{{ _('Open') }} {{ pgettext('state', 'Open') }}") == "Öffnen Offen"
    assert shown("de", "{% trans 'state' %}Open{% endtrans %}") == "Offen"


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize(
    "source",
    [
        "{{ ngettext('%(num)s issue', '%(num)s issues', n) }}",
        "{% set x = ngettext('%(num)s issue', '%(num)s issues', n) %}{{ x }}",
        "{% trans num=n %}{{ num }} issue{% pluralize %}{{ num }} issues{% endtrans %}",
    ],
)
def test_all_forms_of_a_number(written, shown, language, source):
    forms = "".join(f'msgstr[{place}] "{letter} %(num)s"\n' for place, letter in enumerate("abcdef"))
    count = int(re.findall(r"nplurals=(\d)", PLURALS[language])[0])
    written(language, ISSUES + "".join(forms.splitlines(keepends=True)[:count]))
    for number, letter in FORMS[language].items():
        assert shown(language, source, n=number) == f"{letter} {number}"
    assert catalogues.plural_form("en", 1) == 0


def test_a_number_is_written_as_the_language_does(written, shown):
    written("de", ISSUES + 'msgstr[0] "%(num)s Issue"\nmsgstr[1] "%(num)s Issues"\n')
    source = "{{ ngettext('%(num)s issue', '%(num)s issues', n) }}"
    assert shown("en", source, n=12345) == "12,345 issues"


def test_what_is_no_constant_is_said_when_it_is_shown(app, written, shown):
    written("de", 'msgid "Save"\nmsgstr "Sichern"\n')
    with speaking("de"):
        assert shown("de", "{{ _(word) }}", word="Save") == "Sichern"
