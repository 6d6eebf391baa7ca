"""What must hold for every template, whoever writes it."""

import ast
import re

import pytest
from jinja2 import meta, nodes

from tests import sources
from webapp.config import ROOT
from webapp.http.assets import asset

FOLDER = ROOT / "templates"
# Functions that a room hands to its own pages.
HANDED_IN = {
    "auth": {"called"},
    "personal_tokens": {"called"},
    "mail": {"look", "rich", "sheet"},
    "views": {"address", "may", "to"},
    "webhooks": {"to"},
}
SOURCES = {str(path.relative_to(FOLDER)): path.read_text() for path in sorted(FOLDER.rglob("*.html"))}


@pytest.fixture(scope="module")
def trees(migrated) -> dict[str, nodes.Template]:
    return {name: migrated.jinja_env.parse(source) for name, source in SOURCES.items()}


def found(pattern: str) -> dict[str, list[str]]:
    """What a pattern finds, by the template it is in."""
    return {name: hits for name, source in SOURCES.items() if (hits := re.findall(pattern, source, re.DOTALL))}


def test_each_compiles_and_uses_what_it_imports(migrated, trees):
    for name, tree in trees.items():
        migrated.jinja_env.get_template(name)
        imported = {
            one if isinstance(one, str) else one[1] for node in tree.find_all(nodes.FromImport) for one in node.names
        }
        assert imported <= {node.name for node in tree.find_all(nodes.Name)}, name


def test_what_each_names_of_others_is_there(migrated, trees):
    """Jinja looks for an included file, and for a macro in the file that it is taken from, when the line is drawn."""
    for name, tree in trees.items():
        named = [node for kind in (nodes.Include, nodes.Import, nodes.Extends) for node in tree.find_all(kind)]
        files = {node.template.value for node in named if isinstance(node.template, nodes.Const)}
        assert files <= SOURCES.keys(), name
        for node in tree.find_all(nodes.FromImport):
            with migrated.app_context():  # what is the same on each page is drawn once, with the file
                given = vars(migrated.jinja_env.get_template(node.template.value).module)
            assert {one if isinstance(one, str) else one[0] for one in node.names} <= given.keys(), name


def test_what_each_calls_is_there(migrated, trees):
    """A name that nobody gives is nothing until it is called, in the one case in which it is."""
    with migrated.test_request_context():
        given: dict[str, object] = {}
        migrated.update_template_context(given)
    everywhere = {*migrated.jinja_env.globals, *given, "caller", "super", "gettext", "ngettext", "pgettext"}
    missing = {}
    for name, tree in trees.items():
        made = {macro.name for macro in tree.find_all(nodes.Macro)} | {
            one.target for one in tree.find_all(nodes.Import)
        }
        named = [one for node in tree.find_all(nodes.FromImport) for one in node.names]
        made |= {one if isinstance(one, str) else one[1] for one in named}
        called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
        unknown = (called & meta.find_undeclared_variables(tree)) - made - everywhere
        missing[name] = unknown - HANDED_IN.get(name.partition("/")[0], set())
    assert {name: unknown for name, unknown in missing.items() if unknown} == {}


def test_nothing_is_inline_or_let_through():
    assert found(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b") == {}
    assert found(r"<script(?![^>]*\ssrc=)") == {}


def test_a_box_asks_whether_it_is_ticked():
    """A value that is no is a text like any other, and so as true as yes."""
    assert len(found(r'type="checkbox"[^<]*form\.ticked\(')) > 5
    assert found(r'type="checkbox"[^<]*form\.value\(') == {}


def test_a_line_is_read_at_once():
    """Within a tag, and between `{{` and `}}`, a line may end wherever a blank is, and the page is the same."""
    assert [name for name, source in SOURCES.items() if max(map(len, source.splitlines()), default=0) > 140] == []


def test_a_page_names_itself():
    pages = {name: source for name, source in SOURCES.items() if 'extends "layouts/' in source}
    own = [name for name in pages if not name.startswith("layouts/") and not name.rpartition("/")[2].startswith("_")]
    assert [name for name in own if "{% block title %}" not in pages[name]] == []


def test_what_only_scripts_show_begins_with_no_blank():
    """It is a box of its own, and a blank at its edge is not there: the words before it would run into it."""
    assert found(r'class="[^"]*\bscripted\b[^"]*">\s') == {}


def test_no_link_is_within_a_picture():
    """What is in an image is read out as one, whatever else it is."""
    assert found(r'<svg[^>]*role="img"(?:(?!</svg>).)*<a ') == {}


def test_styles_speak_in_tokens():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\(")
    own = [p for p in (ROOT / "static/css").rglob("*.css") if p.name not in ("tokens.css", "code.css")]
    assert own
    assert not [p.name for p in own if raw.search(p.read_text())]


@pytest.mark.parametrize(("name", "width"), [("js", 118), ("docs", 118), ("css", 140)])
def test_a_line_of_styles_and_scripts_is_read_at_once(name, width):
    """But for pictures, which are one word."""
    files = [path for path in (ROOT / "static" / name).rglob("*") if path.suffix in (".js", ".css")]
    lines = [(path.name, line) for path in files for line in path.read_text().splitlines() if "url(" not in line]
    assert len(lines) > 20
    assert [(path, line) for path, line in lines if len(line) > width] == []


def test_no_text_in_a_script_goes_over_lines():
    """They are sent without indentation, and so is what would stand in such a text."""
    texts = {path.name: path.read_text().splitlines() for path in (ROOT / "static" / "js").rglob("*.js")}
    lines = [(name, re.sub('"`"|```', "", line)) for name, lines in texts.items() for line in lines]
    assert any("`" in line for _, line in lines)
    assert [(name, line) for name, line in lines if line.count("`") % 2] == []


@pytest.mark.parametrize(("name", "limit"), [("app.css", 16), ("app.js", 25)])
def test_styles_and_scripts_stay_small(migrated, name, limit):
    with migrated.app_context():
        path = asset(name)
    sent = migrated.test_client().get(path, headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert 1024 < len(sent.data) < limit * 1024


def test_vendored_files_are_what_was_fetched():
    import hashlib

    folder = ROOT / "static/vendor"
    listed = {line.split()[1]: line.split()[0] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert listed
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_no_page_hides_a_name_that_all_pages_have(migrated):
    """A page that called a text's version `version` would have shown it in the footer as Cairn's own."""
    files = (ROOT / "webapp").rglob("*.py")
    calls = [node for path in files for node in ast.walk(sources.tree(path)) if isinstance(node, ast.Call)]
    pages = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Page"]
    names = {keyword.arg for page in pages for keyword in page.keywords}
    assert len(names) > 30
    assert names & set(migrated.jinja_env.globals) == set()


def test_whom_a_private_comment_is_for_is_said_in_one_place():
    assert set(found("Only for (?:members|maintainers|reporters)")) == {"components/private.html"}
