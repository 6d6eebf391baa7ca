"""By what a token is looked up has one home, webapp/hashing.py: two that differ would not find each other's."""

import ast

import pytest

from tests.contract import FILES
from webapp import hashing
from webapp.config import ROOT

HOME = ROOT / "webapp" / "hashing.py"


def sums(source):
    """Where the whole SHA-256 of a text is taken; what is cut, or keyed, is no token's."""
    tree = ast.parse(source)
    cut = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Subscript)}
    return [one.lineno for one in ast.walk(tree) if isinstance(one, ast.Call) and id(one) not in cut and is_sum(one)]


def is_sum(call):
    match call:
        case ast.Call(
            func=ast.Attribute(
                attr="digest",
                value=ast.Call(func=made, args=[ast.Call(func=ast.Attribute(attr="encode", value=text)), *_]),
            )
        ):
            return "sha256" in ast.unparse(made) and not isinstance(text, ast.JoinedStr)
    return False


def test_no_other_module_sums_a_token():
    found = {str(path.relative_to(ROOT)): sums(path.read_text()) for path in FILES if path != HOME}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("sha256(token.encode()).digest()", True),
        ("hashlib.sha256(secret.encode(errors='replace')).digest()", True),
        ("sha256(token.encode()).digest()[:9]", False),
        ("sha256(f'{key} {token}'.encode()).digest()", False),
        ("sha256(source).digest()", False),
        ("hmac.new(key.encode(), text.encode(), sha256).digest()", False),
    ],
)
def test_they_are_found(source, is_found):
    assert bool(sums(source)) is is_found


def test_half_a_character_is_a_token_that_nobody_has():
    assert hashing.of_token("\ud800") != hashing.of_token("?")
