"""What must hold for every template, whoever writes it."""

import ast
import re

import pytest
from jinja2 import nodes

from webapp.config import ROOT

FOLDER = ROOT / "templates"
ALL = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("name", ALL)
def test_it_compiles_and_uses_what_it_imports(migrated, name):
    source = (FOLDER / name).read_text()
    tree = migrated.jinja_env.parse(source)
    migrated.jinja_env.get_template(name)
    imported = [
        one if isinstance(one, str) else one[1] for node in tree.find_all(nodes.FromImport) for one in node.names
    ]
    used = {node.name for node in tree.find_all(nodes.Name)}
    assert not set(imported) - used


@pytest.mark.parametrize("name", ALL)
def test_what_it_names_of_others_is_there(migrated, name):
    """Jinja looks for an included file, and for a macro in the file that it is taken from, when the line is drawn."""
    tree = migrated.jinja_env.parse((FOLDER / name).read_text())
    named = [node for kind in (nodes.Include, nodes.Import, nodes.Extends) for node in tree.find_all(kind)]
    files = {node.template.value for node in named if isinstance(node.template, nodes.Const)}
    assert not files - set(ALL)
    for node in tree.find_all(nodes.FromImport):
        given = vars(migrated.jinja_env.get_template(node.template.value).module)
        assert not {one if isinstance(one, str) else one[0] for one in node.names} - given.keys()


@pytest.mark.parametrize("name", ALL)
def test_nothing_in_it_is_inline_or_let_through(name):
    source = (FOLDER / name).read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("name", ALL)
def test_a_line_is_read_at_once(name):
    """Within a tag, and between `{{` and `}}`, a line may end wherever a blank is, and the page is the same."""
    wide = [line for line in (FOLDER / name).read_text().splitlines() if len(line) > 140]
    assert wide == []


@pytest.mark.parametrize("name", [name for name in ALL if not name.rpartition("/")[2].startswith("_")])
def test_a_page_names_itself(name):
    source = (FOLDER / name).read_text()
    if 'extends "layouts/' in source and not name.startswith("layouts/"):
        assert "{% block title %}" in source


@pytest.mark.parametrize("name", ALL)
def test_what_only_scripts_show_begins_with_no_blank(name):
    """It is a box of its own, and a blank at its edge is not there: the words before it would run into it."""
    assert not re.search(r'class="[^"]*\bscripted\b[^"]*">\s', (FOLDER / name).read_text())


@pytest.mark.parametrize("name", ALL)
def test_no_link_is_within_a_picture(name):
    """What is in an image is read out as one, whatever else it is."""
    pictures = re.findall(r'<svg[^>]*role="img".*?</svg>', (FOLDER / name).read_text(), re.DOTALL)
    assert not [picture for picture in pictures if "<a " in picture]


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


@pytest.mark.parametrize(("name", "limit"), [("css", 16), ("js", 25)])
def test_styles_and_scripts_stay_small(name, limit):
    import gzip

    files = sorted((ROOT / "static" / name).rglob(f"*.{name}"))
    assert len(gzip.compress(b"\n".join(p.read_bytes() for p in files))) < limit * 1024


def test_vendored_files_are_what_was_fetched():
    import hashlib

    folder = ROOT / "static/vendor"
    listed = {line.split()[1]: line.split()[0] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert listed
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_no_page_hides_a_name_that_all_pages_have(migrated):
    """A page that called a text's version `version` would have shown it in the footer as Cairn's own."""
    routes = [ast.parse(path.read_text()) for path in (ROOT / "webapp").rglob("*.py")]
    calls = [node for tree in routes for node in ast.walk(tree) if isinstance(node, ast.Call)]
    pages = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Page"]
    names = {keyword.arg for page in pages for keyword in page.keywords}
    assert len(names) > 30
    assert names & set(migrated.jinja_env.globals) == set()
