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
# A value that was sent is named first, and what is the matter with it follows.
NAMED = re.compile(r"(?:\0-?)+ (?:(?:is|cannot|contradicts|can)\b|[A-Z])")
WRONG = ("", ">x", "x..y", "nobody-of-this-name", '"', "1,", "x sort:y", "(")
OF_INBOX = ["is", "reason", "project", "sort"]


def complaints():
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Invalid.on", "Conflict.on"):
                field, *sentence = node.args
                if len(sentence) == 1:
                    yield pytest.param(said(field), said(sentence[0]), id=f"{path.relative_to(ROOT)}:{node.lineno}")


def said(node):
    """The text of a literal, with a mark for what is filled in; of what is no literal, the mark alone."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "\0" for one in node.values)
    return "\0"


@pytest.mark.parametrize(("field", "sentence"), list(complaints()))
def test_a_complaint_is_a_sentence_or_its_second_half(field, sentence):
    if sentence == "\0":  # handed on from where it was made
        return
    assert sentence.endswith((".", "?", "\0")), sentence
    is_whole = sentence[:1].isupper() or sentence.startswith("\0")
    assert is_whole if not field else HALF.match(sentence) or NAMED.match(sentence) or sentence[:1].isupper()


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
