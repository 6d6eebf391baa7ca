"""What is told about a wrong field fits the field: the kind of thing that it is, and the rule that it breaks."""

import json
import re
from importlib import import_module

import pytest
from pydantic import TypeAdapter

from webapp.features import FEATURES, routes
from webapp.http.input import body_of
from webapp.types import In

for feature in FEATURES:
    import_module(routes(feature))

EMPTY_WORDS = ("is not valid", "does not have the right form")
# What a field that is none of these things is told.
SAID = {
    "string": "must be text",
    "integer": "must be a whole number",
    "boolean": "must be true or false",
    "array": "must be a list",
    "object": "must be an object",
    "enum": "must be one of ",
    "date": "must be a date like ",
    "uuid": "must be an id like ",
}
WRONG = (True, 7, 1.5, "word", [], {}, None)


def schemas(base=In):
    for one in base.__subclasses__():
        yield one
        yield from schemas(one)


def fields():
    for schema in schemas():
        told = TypeAdapter(schema).json_schema(ref_template="{model}")
        for name, field in told["properties"].items():
            kinds = [_resolved(kind, told) for kind in field.get("anyOf", [field])]
            nullable = any(kind.get("type") == "null" for kind in kinds)
            kind = next(kind for kind in kinds if kind.get("type") != "null")
            yield pytest.param(schema, name, kind, nullable, id=f"{schema.__module__}.{schema.__name__}.{name}")


def _resolved(kind, told):
    found = {**kind, **told["$defs"][kind["$ref"]]} if "$ref" in kind else dict(kind)
    if "items" in found:
        found["items"] = _resolved(found["items"], told)
    return found


def kind_of(field):
    if "enum" in field or "const" in field:
        return "enum"
    return field["format"] if field.get("format") in ("date", "uuid") else field["type"]


FIELDS = list(fields())
every_field = pytest.mark.parametrize(("schema", "name", "field", "nullable"), FIELDS)


@pytest.fixture
def told(app):
    """Sends a field as JSON, and returns what is said about it."""

    def send(schema, name, value):
        body = json.dumps({name: value})
        with app.test_request_context(method="POST", data=body, content_type="application/json"):
            try:
                body_of(schema)
            except Exception as refused:
                errors = refused.errors  # type: ignore[attr-defined]
                return [word for at, words in errors.items() for word in words if at.partition(".")[0] == name]
        return []

    return send


def test_there_are_fields_to_look_at():
    assert len(FIELDS) > 150
    assert {kind_of(one.values[2]) for one in FIELDS} == set(SAID)


@every_field
def test_another_kind_of_thing_is_told_the_right_one(told, schema, name, field, nullable):
    for value in WRONG:
        if _is(value, field) or (value is None and nullable):
            continue
        words = told(schema, name, value)
        assert words, f"{value!r} is taken"
        if isinstance(value, str) and kind_of(field) == "string":
            continue  # it is of the right kind; its rules are looked at below
        assert all(word.startswith(SAID[kind_of(field)]) for word in words), (value, words)


def _is(value, field):
    kinds = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}
    return kinds.get(type(value)) == kind_of(field) or (value == "word" and kind_of(field) == "string")


@every_field
def test_too_much_and_too_little_are_told_with_the_limit(told, schema, name, field, nullable):
    for value, said in _beyond(field):
        words = told(schema, name, value)
        assert words, f"{str(value)[:50]!r} is taken"
        assert said in words or _has_another_rule(field, value), (str(value)[:50], words)
        assert not [word for word in words if word in EMPTY_WORDS], words
        if kind_of(field) != "array":
            assert not [word for word in words if "entries" in word], words


def _beyond(field):
    """Values just outside of a field's limits, each with what must be said."""
    if "maxLength" in field:
        yield "x" * (field["maxLength"] + 1), f"must have at most {field['maxLength']} characters"
    if field.get("minLength", 0) > 1:
        yield "x" * (field["minLength"] - 1), f"must have at least {field['minLength']} characters"
    if field.get("minLength") == 1:
        yield "", "is required"
    if "maxItems" in field:
        yield [_some(field["items"])] * (field["maxItems"] + 1), f"must have at most {field['maxItems']} entries"
    if "maximum" in field:
        yield field["maximum"] + 1, f"must be at most {field['maximum']}"
    if "minimum" in field:
        yield field["minimum"] - 1, f"must be at least {field['minimum']}"


def _some(item):
    return item["enum"][0] if "enum" in item else 1 if item["type"] == "integer" else "x"


def _has_another_rule(field, value):
    """What breaks two rules may be told the other one: a long word is no address either."""
    formed = "format" in field or not re.search(field.get("pattern", ""), str(value))
    return isinstance(value, str) and formed


@every_field
def test_a_text_without_the_right_form_is_told_which(told, schema, name, field, nullable):
    if kind_of(field) != "string" or not ("pattern" in field or "format" in field):
        return
    for value in ("!", "?" * 9):
        words = told(schema, name, value)
        assert not [word for word in words if word in EMPTY_WORDS], words
        assert words or re.search(field.get("pattern", "^$"), value), f"{value} is taken"


@pytest.mark.parametrize("length", [1, 7])
def test_a_short_password_is_told_the_rule(api, browser, length):
    sent = {"name": "Ada", "email": "new@example.com", "password": "x" * length}
    problem = api().post("/auth/register", sent, status=422)
    assert problem["errors"] == [{"field": "password", "message": "must have at least 8 characters"}]
    assert browser().post("/auth/register", sent, status=422).says("Password must have at least 8 characters")


def test_a_long_text_is_told_in_characters(api, ada, make):
    make.project(ada, key="LONG")
    problem = api(ada).post("/projects/LONG/issues", {"title": "x" * 201, "labels": ["a"] * 51}, status=422)
    assert problem["errors"] == [
        {"field": "title", "message": "must have at most 200 characters"},
        {"field": "labels", "message": "must have at most 50 entries"},
    ]
