"""What people read and no catalogue knows: found in templates, in code and in scripts, by rooms.

A room is a folder of `templates/`, of `webapp/` (of `webapp/pages/` each file), or a script. `python -m tests.i18n.unsaid
ROOM` prints what is left there; without a room, all of it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

from webapp.config import ROOT
from webapp.http.translating import Translating

SAYING = {"_", "N_", "nN_", "pN_", "ngettext", "pgettext", "npgettext", "gettext"}
ATTRIBUTES = {"alt", "title", "aria-label", "placeholder", "label"}
# The name, what stands on keys, and what is the same in all languages.
SAME = re.compile(
    r"\b(Cairn|Ctrl|Shift|Markdown|JSON|CSV|API|MiB|GitHub|GitLab|UTC|URL|iCalendar|Atom|Swagger UI|ReDoc|PostgreSQL)\b"
)
_WORD = re.compile(r"[A-Za-z]{2,}|\b[a-z] ")
_WHOLE = re.compile(r"[A-Z][a-z']+ [a-z].*[.?]\Z|(?:must|is|may|has|cannot|were) [a-z]{2,} .*", re.DOTALL)
_SENTENCE = re.compile(r"^[A-Z][a-z]{2,}|[a-z] [a-z]+ [a-z]")
# Those who run Cairn, or work on it, read these in English.
_INTERNAL = {
    "AssertionError",
    "RuntimeError",
    "SystemExit",
    "TypeError",
    "KeyError",
    "LookupError",
    "NotImplementedError",
}
# What a worker heard, and could not do, it writes down once, in English, whoever reads it.
_INTERNAL |= {"Broken", "Deferred", "Failed", "Ignored", "NoSuchAddress", "TooLong", "TooMuch", "Unknown"}
# What these say goes to whoever runs Cairn or works on it, and so does what commands say, and why a mail is none.
_OPERATING = {
    "backups", "config", "connections", "doctor", "embedded", "exchange", "keeping", "metrics", "migrations", "ops", "reading",
    "serving", "styleguide",
}  # fmt: skip
_OPERATING_FILES = {"command.py", "mail_in/parsing.py", "mail_in/reading.py"}
# These are for operators, for those who work on it, or for the document of the API, which is English.
_OPERATING_FILES |= {
    "attachments/ownership.py", "board/ranks.py", "commands.py", "counting.py", "directory/asking.py", "directory/entering.py",
    "directory/line.py", "directory/trying.py", "http/openapi/*.py", "jobs/tasks.py", "sso/discovery.py", "sso/talking.py",
    "stores/bucket.py", "stores/choosing.py", "stores/copying.py", "text/highlight.py", "text/markdown.py", "webhooks/composing.py"
}  # fmt: skip
_TOLD = {"say", "why", "refusal", "detail", "title", "label", "hint", "words"}
_TELLING = {"words", "told", "why"}
_KEYS = re.compile(
    r'"(Enter|Escape|Tab|Home|End|Backspace|Delete|Accept|Files|Arrow\w+|Page\w+|Shift|Control|Alt|Meta)"'
)
_COUNTED = re.compile(r'ngettext\(\s*"[^"]*",\s*"[^"]*"')
_IN_SCRIPT = re.compile(r"""(?<!_\()(?<!_\(\n)["`]([A-Z][a-z]+(?:[ .:$][^"`]*)?|[a-z]+ [a-z]+ [^"`]*)["`]""")


class Unsaid(NamedTuple):
    room: str
    place: str
    words: str


def everywhere() -> list[Unsaid]:
    """All that is left."""
    return [*_of_templates(), *_of_code(), *_of_scripts()]


def is_said(words: str, pattern: re.Pattern[str] = _WORD) -> bool:
    """Whether people read it as words."""
    return bool(pattern.search(SAME.sub("", words)))


class _Page(HTMLParser):
    """The words of a page, of which a gap stands for what is put in."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value for name, value in attrs if name in ATTRIBUTES and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _of_templates() -> Iterator[Unsaid]:
    environment = Environment(extensions=[Translating], trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        room = path.relative_to(ROOT / "templates").parts[0]
        if room in _OPERATING:
            continue
        tree, place = environment.parse(path.read_text()), str(path.relative_to(ROOT))
        yield from (Unsaid(room, place, _short(words)) for words in _texts(tree) if _is_text(words))
        yield from (Unsaid(room, f"{place}:{line}", _short(words)) for line, words in _values(tree))


def _texts(tree: nodes.Template) -> list[str]:
    """What stands there as it is, in attributes too; what a tab is called by is no text."""
    tabs = {id(one) for block in tree.find_all(nodes.Block) if block.name == "tab" for one in block.body}
    outputs = [one for one in tree.find_all(nodes.Output) if id(one) not in tabs]
    page = _Page()
    page.feed("".join(_data(one) for output in outputs for one in output.nodes))
    return page.words


def _values(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Constants that are sentences, or begin with a capital, and are handed to whatever shows them."""
    said = {id(one) for call in tree.find_all(nodes.Call) if _called(call) in SAYING for one in call.args}
    for one in tree.find_all(nodes.Const):
        if isinstance(one.value, str) and id(one) not in said and is_said(one.value, _SENTENCE):
            yield one.lineno, one.value


def _is_text(words: str) -> bool:
    """Whether it is text that people read, and no part of a tag that a macro draws."""
    return is_said(words) and not re.match(r'\s*[\w-]+="', words)


def _data(node: nodes.Node) -> str:
    return node.data if isinstance(node, nodes.TemplateData) else "\1"


def _called(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


def _of_code() -> Iterator[Unsaid]:
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        if _is_operating(path):
            continue
        tree = ast.parse(path.read_text())
        shown = _examples(tree)
        for sentence in _sentences(tree):
            yield Unsaid(_room(path), f"{path.relative_to(ROOT)}:{sentence.lineno}", _short(str(sentence.value)))
        for node in ast.walk(tree):
            for told in _told(node) if id(node) not in shown else ():
                if words := _constant(told):
                    yield Unsaid(_room(path), f"{path.relative_to(ROOT)}:{told.lineno}", _short(words))


def _sentences(tree: ast.AST) -> Iterator[ast.Constant]:
    """Sentences, and their second halves, wherever they stand: in dictionaries, in what is returned or written down."""
    other = {id(one) for node in ast.walk(tree) for part in _unread(node) for one in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in other and _is_sentence(node.value):
            yield node


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(_WHOLE.match(value)) and is_said(value)


def _unread(node: ast.AST) -> list[ast.AST]:
    """What is said by gettext, or read by those who work on it: docstrings, what the document of the API says."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return [node]
        case ast.keyword(arg="description" | "summary" | "help"):
            return [node]
        case (
            ast.Assign(targets=[ast.Name(id="lasting" | "mistake" | "fault" | "EXAMPLE")])
            | ast.AnnAssign(target=ast.Name(id="lasting"))
        ):
            return [node]
        case ast.Call(func=func):
            name = ast.unparse(func)
            return [node] if name in SAYING | {"Text", "example", "log.warning"} or name in _INTERNAL else []
    return []


def _examples(tree: ast.AST) -> set[int]:
    """What the documents of the API show as an example: not words of Cairn's, but of those who use it."""
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) == "example"]
    return {id(value) for call in calls for value in call.keywords}


def _is_operating(path: Path) -> bool:
    return _room(path) in _OPERATING or any(path.match(one) for one in _OPERATING_FILES)


def _room(path: Path) -> str:
    first, *rest = path.relative_to(ROOT / "webapp").with_suffix("").parts
    return f"pages/{rest[0]}" if first == "pages" and rest else first


def _told(node: ast.AST) -> list[ast.expr]:
    """What is told to people: what is raised, what an answer says, what a function puts into words."""
    match node:
        case ast.Raise(exc=ast.Call(func=func, args=args)) if ast.unparse(func).partition(".")[0] not in _INTERNAL:
            return args
        case ast.keyword(arg=name) if name in _TOLD:
            return [node.value]
        case ast.FunctionDef(name=name) if name in _TELLING:
            return _returned(node)
        case ast.ClassDef(body=body):
            return _titles(body)
    return []


def _returned(node: ast.AST) -> list[ast.expr]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None]


def _titles(body: list[ast.stmt]) -> list[ast.expr]:
    return [one.value for one in body if isinstance(one, ast.Assign) and _is_title(one)]


def _is_title(node: ast.Assign) -> bool:
    return bool({"title", "detail"} & {one.id for one in ast.walk(node.targets[0]) if isinstance(one, ast.Name)})


def _constant(node: ast.AST) -> str:
    """The words of a constant that nothing says; empty for whatever else."""
    match node:
        case ast.Constant(value=str() as words):
            return words if (" " in words or words[:1].isupper()) and is_said(words) else ""
        case ast.FormattedValue(value=value):
            return _constant(value)
        case ast.JoinedStr() | ast.BinOp() | ast.IfExp() | ast.Tuple():
            return next(filter(None, map(_constant, ast.iter_child_nodes(node))), "")
    return ""


def _of_scripts() -> Iterator[Unsaid]:
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        text = _COUNTED.sub(lambda found: "\n" * found[0].count("\n"), path.read_text())
        for number, line in enumerate(text.splitlines(), 1):
            plain = _KEYS.sub("", line.partition("// ")[0])
            for found in _IN_SCRIPT.finditer(plain):
                yield Unsaid(path.name, f"{path.relative_to(ROOT)}:{number}", _short(found[1]))


def _short(words: str) -> str:
    return " ".join(words.replace("\1", "…").split())[:80]


if __name__ == "__main__":
    for unsaid in everywhere():
        if len(sys.argv) == 1 or unsaid.room in sys.argv[1:]:
            print(f"{unsaid.place}: {unsaid.words}")
