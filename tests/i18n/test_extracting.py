"""The catalogues are asked for what they have: whatever the code looks up is extracted, wherever it stands."""

import ast
import re

from jinja2 import Environment, nodes

from tests.i18n.test_catalogues import said
from webapp.config import ROOT
from webapp.http.translating import Translating

# Which of the arguments are words, and whether the first is a context.
WORDS = {"_": 1, "N_": 1, "gettext": 1, "nN_": 2, "ngettext": 2, "pgettext": 2, "npgettext": 3}
_IN_SCRIPT = re.compile(r'(?<![\w.])_\(\s*"((?:[^"\\]|\\.)*)"')


def test_what_the_code_says_is_extracted():
    looked_up = set(_of_code())
    assert len(looked_up) > 500
    assert looked_up - said() == set()


def test_what_templates_say_is_extracted():
    looked_up = set(_of_templates())
    assert len(looked_up) > 500
    assert looked_up - said() == set()


def test_what_scripts_say_is_extracted():
    looked_up = set(_of_scripts())
    assert len(looked_up) > 50
    assert looked_up - said() == set()


def _message(name, words):
    """As the catalogues have it: with its context, and with both forms of what is counted."""
    context = words.pop(0) if "p" in name else None
    return context, words[0] if len(words) == 1 else tuple(words)


def _of_code():
    for path in (ROOT / "webapp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in WORDS:
                words = [one.value for one in node.args[: WORDS[name]] if isinstance(one, ast.Constant)]
                if len(words) == WORDS[name]:
                    yield _message(name, words)


def _of_templates():
    environment = Environment(extensions=[Translating], trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for path in (ROOT / "templates").rglob("*.*"):
        for call in environment.parse(path.read_text()).find_all(nodes.Call):
            name = call.node.name if isinstance(call.node, nodes.Name) else ""
            if name in WORDS:
                words = [one.value for one in call.args[: WORDS[name]] if isinstance(one, nodes.Const)]
                if len(words) == WORDS[name]:
                    yield _message(name, words)


def _of_scripts():
    for path in (ROOT / "static" / "js").rglob("*.js"):
        yield from ((None, one) for one in _IN_SCRIPT.findall(path.read_text()))
