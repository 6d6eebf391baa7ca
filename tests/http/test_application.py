"""Flask does less with each request than it could; what comes out is the same."""

import inspect

import pytest
from flask import Flask, Response

from tests.clients import HTML

HOSTS = [
    "localhost",
    "EXAMPLE.org:8080",
    "example.org:80",
    "[::1]:8000",
    "münchen.de",
    "no host",
    "",
    "a" * 63 + ".org",
]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("place", ["/projects", "//projects/", "/projects/%C3%A9?a=%C3%A9&b=%ff", "/"])
def test_an_address_is_matched_as_flask_does(app, scheme, host, place):
    with app.test_request_context(place, base_url=f"{scheme}://localhost", headers={"Host": host}) as context:
        ours = vars(context.url_adapter)
        flasks = vars(Flask.create_url_adapter(app, app.request_class(context.request.environ)))
    # How many slashes there are before a path plays no part, and neither does how often an empty root is named.
    tidy = lambda found: found | {"path_info": found["path_info"].lstrip("/")}  # noqa: E731
    assert tidy(ours) == tidy(flasks)


def test_no_view_and_no_hook_is_a_coroutine(app):
    hooks = [app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs, app.view_functions]
    called = [
        each for kind in hooks for some in kind.values() for each in (some if isinstance(some, list) else [some])
    ]
    assert len(called) > 100
    assert not [one for one in called if inspect.iscoroutinefunction(inspect.unwrap(one))]


def test_a_page_at_a_host_that_can_be_none_is_told_so(app):
    response = app.test_client().get("/projects", headers={**HTML, "Host": "a" * 64 + ".org"})
    assert (response.status_code, response.mimetype) == (400, "text/plain")


@pytest.mark.parametrize("status", [200, 201, 204, 206, 303, 304, 404, 503])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Location": "/ä b"}, {"Content-Location": "/ü"}, {"Content-Length": "7"}, {"Set-Cookie": "a=b"}],
    ids=lambda headers: next(iter(headers), "none"),
)
@pytest.mark.parametrize("body", [b"", b"some text", iter([b"some", b"text"])], ids=["empty", "text", "stream"])
def test_an_answer_is_sent_as_flask_does(app, status, headers, body):
    ours, flasks = [make(body, status, headers, mimetype="text/plain") for make in (app.response_class, Response)]
    with app.test_request_context("/") as context:
        environ = context.request.environ
        assert ours.get_wsgi_headers(environ).to_wsgi_list() == flasks.get_wsgi_headers(environ).to_wsgi_list()


@pytest.mark.parametrize(
    "place",
    ["/projects/WALL/issues/1", "/a/1#c2", "/", "/a#", "/a?", "/a?b=c", "/a?b=%C3%A9", "/a%20b", "/a;b", "//A.b/c", "/a//b",
     "/./a/../b", "/~a_b-c.d", "https://A.example/b", "a/b", "/a\u0662", ""],
)  # fmt: skip
def test_an_answer_leads_where_flasks_does(app, place):
    headers = {"Location": place}
    ours, flasks = [make(b"{}", 201, headers, mimetype="application/json") for make in (app.response_class, Response)]
    with app.test_request_context("/") as context:
        environ = context.request.environ
        assert ours.get_wsgi_headers(environ).to_wsgi_list() == flasks.get_wsgi_headers(environ).to_wsgi_list()
