"""What may arrive in a body or a query string, and what is told about it."""

import json
from io import BytesIO

import pytest
from flask import Request
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from tests.text.corpora import FOLDER
from webapp.contexts import Sent
from webapp.types import In, clean_text

URL = "/projects"


def send(api, ada, data, status, kind="application/json"):
    return api(ada).send("POST", URL, data=data, content_type=kind, status=status).json


@pytest.mark.parametrize("body", ["[]", "null", "5", '"x"', "true"])
def test_the_top_of_a_body_is_an_object(api, ada, body):
    send(api, ada, body, 422)


@pytest.mark.parametrize(
    "body",
    ["", "{", '{"name": "x",}', '{"name": "x"} x', '{"name": "x"}'.encode("utf-16"), b'{"name": "\xff"}', '{"name": ' + "1" * 5000 + "}"],
    ids=["empty", "open", "comma", "tail", "utf-16", "not utf-8", "5000 digits"],
)  # fmt: skip
def test_what_is_not_json_cannot_be_read(api, ada, body):
    send(api, ada, body, 400)


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "x", "name": "y"}',
        '{"name": NaN}',
        '{"name": Infinity}',
        r'{"name": "\ud800"}',
        '{"name": "a\\u0000b"}',
        '{"name": {"a": 1}}',
        '{"name": ["a"]}',
        '{"name": true}',
        '{"name": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=["twins", "NaN", "Infinity", "surrogate", "NUL", "object", "list", "bool", "depth"],
)
def test_what_cannot_be_meant_is_refused(api, ada, body):
    send(api, ada, body, 422)


def test_text_is_trimmed_and_control_characters_go(api, ada):
    assert api(ada).post(URL, {"name": "  Dry\x07 \u202estone  "})["name"] == "Dry stone"


TEXTS = [
    ("/projects", {"name": "Wall"}, "description"),
    ("/projects/ROCK/issues", {"title": "Wall"}, "body"),
    ("/projects/ROCK/issues/1/comments", {}, "body"),
    ("/projects/ROCK/milestones", {"title": "Spring"}, "description"),
    ("/projects/ROCK/templates", {"name": "Bug"}, "body"),
]


@pytest.mark.parametrize("sends", ["json", "data"])
@pytest.mark.parametrize(("url", "others", "field"), TEXTS, ids=[url for url, *_ in TEXTS])
def test_the_first_line_of_a_text_keeps_its_indentation(api, ada, make, url, others, field, sends):
    make.issue(make.project(ada, key="ROCK"), ada)
    sent = {**others, field: "  \r\n\n    stones = 3\r\n    moss = 1\n \n"}
    made = api(ada).send("POST", url, status=201, **{sends: sent}).json
    assert made[field] == "    stones = 3\n    moss = 1"


def test_a_text_of_blanks_is_empty(api, ada):
    assert api(ada).post(URL, {"name": "Wall", "description": " \n\t\n   "})["description"] == ""


def test_every_text_of_several_lines_is_trimmed_alike():
    """Found by its length: a field that takes more than a line is a `Text`, whichever feature it belongs to."""
    schemas = [schema for schema in all_of(In) if schema.__module__.startswith("webapp.")]
    assert len(schemas) > 20
    wrong = {
        f"{schema.__name__}.{name}"
        for schema in schemas
        for name, field in schema.model_fields.items()
        if is_long(field) and not any(getattr(mark, "func", None) is clean_text for mark in field.metadata)
    }
    assert wrong == set()


def all_of(kind):
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in all_of(below))]


def is_long(field):
    return "str" in str(field.annotation) and any(
        (getattr(mark, "max_length", 0) or 0) >= 10_000 for mark in field.metadata
    )


def test_a_form_is_read_like_json(api, ada):
    made = api(ada).send("POST", URL, data={"name": "Wall", "key": "", "unknown": "x"}, status=201).json
    assert made["key"] == "WALL"


def test_a_multipart_form_is_read_too(api, ada):
    response = api(ada).send("POST", URL, data={"name": "Wall"}, content_type="multipart/form-data", status=201)
    assert response.json["name"] == "Wall"


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"name=%FF\xff", "application/x-www-form-urlencoded", 400),
        (b"name=a&name=b", "application/x-www-form-urlencoded", 422),
        (b"name=a%00b", "application/x-www-form-urlencoded", 422),
        (b"x", "multipart/form-data", 400),
        (b"&".join(b"f%d=1" % n for n in range(1001)), "application/x-www-form-urlencoded", 400),
    ],
    ids=["not utf-8", "twice", "NUL", "no boundary", "too many"],
)
def test_a_damaged_form_is_refused(api, ada, data, kind, status):
    send(api, ada, data, status, kind)


def test_an_empty_patch_changes_nothing(api, ada, make):
    project = make.project(ada)
    assert api(ada).patch(f"/projects/{project.key}", {})["version"] == 1
    assert api(ada).send("PATCH", f"/projects/{project.key}", status=200).json["version"] == 1


@pytest.mark.parametrize(
    "naughty", ["'; DROP TABLE users; --", "{{7*7}}", "<script>alert(1)</script>", "%00%0d%0a", "../../etc"]
)
def test_text_is_only_text(api, browser, ada, naughty):
    made = api(ada).post(URL, {"name": naughty, "key": "SAFE"})
    assert made["name"] == naughty
    page = browser(ada).get("/projects/SAFE")
    assert page.h1.startswith(naughty)
    assert "<script>alert" not in page.text


def corpus():
    """The big list of naughty strings, where it lies beside the checkout."""
    path = FOLDER / "hostile/other/blns.json"
    return json.loads(path.read_text()) if path.exists() else None


def test_naughty_strings_are_never_an_error_of_ours(api, ada, make):
    strings = corpus()
    if strings is None:
        pytest.skip("no corpus of naughty strings beside this checkout")
    project, client = make.project(ada, key="NAUGHTY"), api(ada)
    for text in strings:
        for body in ({"title": text}, {"title": "x", "body": text}, {"title": "x", "labels": [text]}):
            assert client.send("POST", f"/projects/{project.key}/issues", json=body).status_code in (201, 422)
        assert client.send("GET", "/projects", query_string={"cursor": text}).status_code in (200, 422)


@pytest.mark.parametrize(
    "invisible",
    ["\u200b\u200d", "\u00ad", "\u3164", "\u115f\u1160", "\u2800", "\u180e", "\ufe0f", "\U000e0061", "\U000e0100", "\uffa0"],
    ids=ascii,
)  # fmt: skip
def test_a_name_has_something_to_see(api, ada, invisible):
    problem = api(ada).post(URL, {"name": invisible * 3}, status=422)
    assert problem["errors"] == [{"field": "name", "message": "is required"}]


@pytest.mark.parametrize("name", ["❤️", "a\u00adb", "👩‍💻", "한글", "\u0301"])
def test_what_joins_or_shapes_signs_stays_in_a_name(api, ada, name):
    assert api(ada).post(URL, {"name": name, "key": "SIGN"})["name"] == name


class Broken(BytesIO):
    """What a client sends that is gone before the end."""

    def read(self, *_):
        raise ConnectionResetError


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("sent", [BytesIO(b'{"name": "Wall"}'), Broken()], ids=["cut short", "reset"])
def test_a_body_that_does_not_come_whole_is_not_taken_for_one(api, ada, kind, sent):
    environ = {"wsgi.input": sent, "CONTENT_LENGTH": "40", "wsgi.input_terminated": True}
    answer = api(ada).client.open(
        URL, method="POST", headers=api(ada).headers, environ_overrides=environ, content_type=kind
    )
    assert answer.status_code == 400


BODIES = [
    b"", b"a=1", b"a=1&a=2&b=", b"a", b"a=%00%ff&b=%C3%A9", "a=\u00e9".encode(), b"a=1&amp;b=2", b"=1&&", b"a=1+2%20%2B", b"%61=b",
    b"a=\xff", b"[]", b"a=1\r\nb=2", b"\xef\xbb\xbfa=1", b"a=" + b"b" * 70_000,
]  # fmt: skip
KINDS = ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8", "Application/X-WWW-Form-Urlencoded",
         "application/json", "text/plain", "", "multipart/form-data"]  # fmt: skip
LENGTHS = [None, "", "0", "2", "x", "-1", "+3", "0000000003", "99999999"]


READ = [
    lambda sent: (sent.mimetype, sent.form.to_dict(flat=False), sent.files.to_dict()),
    lambda sent: sent.get_data(),
    lambda sent: (sent.get_data(), sent.form.to_dict(flat=False)),
    lambda sent: sent.get_data(as_text=True),
]


def read_of(kind, environ, read):
    sent = kind({**environ, "wsgi.input": BytesIO(environ["body"])})
    try:
        return read(sent)
    except HTTPException as error:
        return type(error)


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize("kind", KINDS)
def test_bodies_are_read_as_werkzeug_reads_them(kind, read):
    for body in BODIES:
        for length in LENGTHS:
            environ = {**EnvironBuilder(method="POST").get_environ(), "CONTENT_TYPE": kind, "body": body}
            environ["CONTENT_LENGTH"] = str(len(body)) if length is None else length
            assert read_of(Sent, environ, read) == read_of(Request, environ, read), (body[:20], length)
