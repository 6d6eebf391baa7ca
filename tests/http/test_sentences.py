"""What is said of a wrong field stands behind its name, or for itself: either way it is one sentence."""

import ast
import html
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.clients import Seen
from tests.sources import tree
from webapp.inbox.asking import STATES
from webapp.lists.vocabulary import VOCABULARY

ROOT = Path(__file__).parents[2] / "webapp"
# How the second half of a sentence begins.
VERBS = ("is", "must", "may", "can", "cannot", "names", "has", "belongs", "would", "matches", "contradicts")
HALF = re.compile(rf"(?:{'|'.join(VERBS)})\b")
WRONG = ("", ">x", "x..y", "nobody-of-this-name", '"', "1,", "x sort:y", "(")
OF_INBOX = ["is", "reason", "project", "sort"]


def complaints():
    """Found by each process of a run while it collects: only what has any is parsed."""
    for path in (path for path in ROOT.rglob("*.py") if ".on(" in path.read_text()):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and is_complaint(node.func):
                field, *sentence = node.args
                if len(sentence) == 1:
                    is_whole = called(sentence[0]) == "Whole"
                    words = sentence[0].args[0] if is_whole else sentence[0]  # type: ignore[attr-defined]
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield pytest.param(said(field), said(words), is_whole, id=where)


def validators():
    """What schemas and the types that they are made of raise."""
    for path in [ROOT / "types.py", *ROOT.rglob("schemas.py")]:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield pytest.param(called(node.exc), said(node.exc.args[0]), id=where)


def is_complaint(function):
    """Whether it is `Invalid.on` or `Conflict.on`."""
    named = isinstance(function, ast.Attribute) and function.attr == "on" and isinstance(function.value, ast.Name)
    return named and function.value.id in ("Invalid", "Conflict")


def called(node):
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def said(node):
    """The text of a literal or a message, with a mark for what is filled in; of anything else, the mark alone."""
    if isinstance(node, ast.Constant):
        return re.sub(r"%\(\w+\)s", "\0", str(node.value))
    if called(node) in ("_", "N_"):
        return said(node.args[0])
    if called(node) == "ngettext":
        return said(node.args[1])
    return "\0"


@pytest.mark.parametrize(("field", "sentence", "is_whole"), list(complaints()))
def test_a_complaint_is_a_sentence_or_its_second_half_and_says_which(field, sentence, is_whole):
    if sentence == "\0":  # handed on from where it was made
        return
    assert sentence.endswith((".", "?", "\0")), sentence
    is_half = bool(field) and not is_whole
    assert bool(HALF.match(sentence)) == is_half, sentence
    assert is_half or sentence[:1].isupper() or sentence.startswith("\0")


@pytest.mark.parametrize(("kind", "sentence"), list(validators()))
def test_a_validator_says_the_second_half_of_a_sentence(kind, sentence):
    assert kind == "Wrong"
    assert HALF.match(sentence) or sentence == "\0"


def told(page):
    return [html.unescape(one) for one in re.findall(r'<li><a href="#q">(.*?)</a></li>', page.text, re.DOTALL)]


@pytest.mark.parametrize(
    ("at", "names"),
    [("/inbox", OF_INBOX), ("/projects/WALL/issues", list(VOCABULARY)), ("/issues", list(VOCABULARY))],
)
def test_what_is_said_of_a_query_does_not_stick_to_its_name(make, ada, browser, at, names):
    make.project(ada, key="WALL")
    page, seen = browser(ada), set()
    for text in (f"{name}:{wrong}" for name in names for wrong in WRONG):
        answer = page.client.get(f"{at}?q={quote(text)}", headers={"Accept": "text/html"})
        if answer.status_code == 422:
            seen.update(told(Seen(answer)))
    assert len(seen) > len(names)
    assert [one for one in seen if not re.match(r"Character \d+: \S.*[.?]\Z", one)] == []
    assert [one for one in seen if re.search(r": (?:is|must|may) ", one)] == []


def test_what_an_inbox_takes_is_told_in_words(api, ada):
    refused = api(ada).get("/inbox?q=is:x", status=422)
    assert refused["errors"][0]["message"] == f"Character 4: is: takes {', '.join(STATES[:-1])} or {STATES[-1]}."
