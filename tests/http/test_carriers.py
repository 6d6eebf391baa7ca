"""Cookies are set by whom the request has noted something for, and nobody else is asked."""

import ast

import pytest

from tests.clients import HTML
from webapp.config import ROOT
from webapp.http.cookies import carried

CARRYING = [path for path in (ROOT / "webapp" / "http").glob("*.py") if " carried(app, " in path.read_text()]


def read_from_g(function):
    """The names that a function looks for among what was noted."""
    for node in ast.walk(function):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name("g" | "known"), attr="get"), args=[ast.Constant(name), *_]
            ):
                yield name
            case ast.Compare(left=ast.Constant(name), comparators=[ast.Name("g" | "known")]):
                yield name


@pytest.mark.parametrize("path", [path for path in CARRYING if path.name != "choices.py"], ids=lambda path: path.stem)
def test_a_carrier_is_asked_after_all_that_it_looks_for(app, path):
    module = ast.parse(path.read_text())
    carry = next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "carry")
    looked_for = set(read_from_g(carry))
    (asked,) = [one.names for one in app.extensions["carriers"] if one.carry.__module__ == f"webapp.http.{path.stem}"]
    assert looked_for
    assert looked_for == asked


def test_no_two_carriers_wait_for_the_same(app):
    with pytest.raises(AssertionError):
        carried(app, lambda response: response, next(iter(app.extensions["carriers"][0].names)))


def test_every_module_that_carries_was_looked_at():
    assert {path.stem for path in CARRYING} == {
        "choices", "csrf", "devices", "identity", "notices", "unsent", "viewed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "headers"), [("/projects", {}), ("/healthz", {}), ("/nowhere", {}), ("/projects", HTML)]
)
def test_who_noted_nothing_gets_no_cookie(app, url, headers):
    assert app.test_client().get(url, headers=headers).headers.getlist("Set-Cookie") == []


def test_a_choice_is_carried(browser):
    someone = browser()
    someone.post("/appearance", {"theme": "dark"})
    assert someone.client.get_cookie(someone.cookie("cairn-theme")).value == "dark"
