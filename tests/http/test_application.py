"""Flask does less with each request than it could; what comes out is the same."""

import inspect

import pytest
from flask import Blueprint, Flask, Request, Response, after_this_request, current_app, g, request, signals
from werkzeug.test import create_environ

from tests.clients import HTML
from webapp.contexts import LONG, Sent
from webapp.http.application import Answer, Application, application, asked, kind, noted

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


def test_hooks_of_a_room_are_asked_as_flask_does():
    seen, app, room = [], Application(__name__), Blueprint("room", __name__)
    for each in (app, room):
        each.before_request(lambda: seen.append("before"))
        each.after_request(lambda response: seen.append("after") or response)
        each.teardown_request(lambda _: seen.append("end"))
    room.add_url_rule("/here", "here", lambda: "here")
    app.register_blueprint(room)
    assert app.test_client().get("/here").text == "here"
    assert seen == ["before", "before", "after", "after", "end", "end"]


def test_what_is_to_be_done_after_a_request_may_ask_for_more():
    app, seen = Application(__name__), []

    def first(response):
        after_this_request(lambda response: seen.append("second") or response)
        return response

    @app.route("/")
    def show():
        after_this_request(first)
        return "here"

    app.after_request(lambda response: seen.append("hook") or response)
    assert app.test_client().get("/").text == "here"
    assert seen == ["second", "hook"]


def test_an_address_that_nobody_asked_within_a_request_for_is_flasks(app):
    with app.app_context(), pytest.raises(RuntimeError, match="SERVER_NAME"):
        app.url_for("issues.index", project_key="WALL")


def test_nobody_listens_to_the_signals_that_are_not_given(app):
    left_out = [signals.request_started, signals.request_finished, signals.request_tearing_down,
                signals.appcontext_tearing_down, signals.appcontext_pushed, signals.appcontext_popped]  # fmt: skip
    assert not [one for one in left_out if one.receivers]


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


@pytest.mark.parametrize("status", [200, 201, 304, 404, 599])
def test_an_answer_of_known_lines_is_made_as_werkzeug_does(status):
    lines = [("Content-Type", "application/json"), ("Content-Length", "2")]
    ours, theirs = Answer.of([b"{}"], status, [*lines]), Answer([b"{}"], status, [*lines])
    assert list(vars(ours).pop("headers")) == list(vars(theirs).pop("headers")) == lines
    assert vars(ours) == vars(theirs)


@pytest.mark.parametrize("said", ["text/html; charset=utf-8", "text/html", "text/html;a=b", " text/css ", None])
@pytest.mark.parametrize("name", ["Content-Type", "content-type"])
def test_its_kind_is_read_as_werkzeug_does(said, name):
    answer = Answer()
    del answer.headers["Content-Type"]
    if said is not None:
        answer.headers[name] = said
    assert kind(answer) == (answer.mimetype or "")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("status", [200, 204, 304])
@pytest.mark.parametrize("body", ["text", b"bytes", None, ["a", "b"], [b"a", b"b"], ("a", b"b")])
def test_a_body_is_sent_as_flask_does(app, method, status, body):
    ours, flasks = [make(body, status) for make in (app.response_class, Response)]
    with app.test_request_context("/", method=method) as context:
        environ = context.request.environ
        assert b"".join(ours.get_app_iter(environ)) == b"".join(flasks.get_app_iter(environ))


@pytest.mark.parametrize("body", [[b"all"], iter([b"all"])], ids=["whole", "stream"])
def test_what_waits_for_the_end_of_an_answer_is_told_of_it(app, body):
    ended, answer = [], app.response_class(body)
    answer.call_on_close(lambda: ended.append(True))
    with app.test_request_context("/") as context:
        sent = answer.get_app_iter(context.request.environ)
    assert (list(sent), ended) == ([b"all"], [])
    sent.close()
    assert ended == [True]


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


READ = ["method", "scheme", "server", "root_path", "path", "query_string", "remote_addr", "url", "base_url", "host_url",
        "full_path", "host", "is_secure", "content_length", "mimetype", "args", "cookies", "values"]  # fmt: skip
COOKIES = [None, "", 'a=b; c="d e"; a=f; =g; h', "\u00c3\u00a9=\u00c3\u00a9"]


@pytest.mark.parametrize("place", ["/projects", "//a//b?c=%20&d=\u00e9&c=2&e", "/\u00e9/%ff", ""])
@pytest.mark.parametrize("root", ["", "/below", "/b\u00e9low/"])
@pytest.mark.parametrize("method", ["GET", "post"])
@pytest.mark.parametrize("cookie", COOKIES)
def test_a_request_is_read_as_flask_does(place, root, method, cookie):
    environ = create_environ(
        place, f"https://localhost:8443{root}", method=method, environ_base={"REMOTE_ADDR": "::1"}
    )
    if cookie is not None:
        environ["HTTP_COOKIE"] = cookie
    ours, flasks = Sent(environ), Request(environ)
    assert {name: getattr(ours, name) for name in READ} == {name: getattr(flasks, name) for name in READ}
    assert list(ours.headers) == list(flasks.headers)


@pytest.mark.parametrize(
    "place", ["/projects/WALL", "/projects/wall/issues/7", "/projects", "/nowhere", "/projects/"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "OPTIONS", "PUT"])
def test_an_address_leads_to_the_same_the_second_time(app, place, method):
    found = []
    for _ in range(2):
        with app.test_request_context(place, method=method):
            sent = asked()
            found.append((sent.url_rule, sent.view_args, type(sent.routing_exception)))
            if sent.view_args is not None:
                sent.view_args["project"] = "another's"  # which nobody else hears of
    assert found[0][0] is found[1][0]
    assert found[0][2] is found[1][2]
    with app.test_request_context(place, method=method) as context:
        sent, adapter = asked(), context.url_adapter
        if sent.url_rule is not None:
            assert (sent.url_rule, sent.view_args) == adapter.match(return_rule=True)


def test_no_address_lies_in_memory_that_may_have_a_secret_in_it(app):
    secret = "a" * 43
    for _ in range(2):
        with app.test_request_context(f"/auth/reset/{secret}"):
            assert asked().url_rule is not None
    assert not [path for path, _ in app.extensions["places"] if len(path) >= LONG]


def test_what_is_looked_up_is_what_flask_has(app):
    with app.test_request_context("/projects"):
        assert asked() is request._get_current_object()  # type: ignore[attr-defined]
        assert noted() is g.__dict__
        assert application() is current_app._get_current_object()  # type: ignore[attr-defined]
        with app.test_request_context("/issues"):
            assert asked().path == "/issues"
            g.inner = True
        assert (asked().path, noted().get("inner")) == ("/projects", True)
    for look in (asked, noted, application):
        with pytest.raises(LookupError):
            look()


def test_the_end_is_told_once_and_of_what_failed():
    app, ended = Application(__name__), []
    app.teardown_request(lambda fault: ended.append(("request", fault)))
    app.teardown_appcontext(lambda fault: ended.append(("context", fault)))
    fault = ValueError("wrong")
    context = app.test_request_context("/")
    with pytest.raises(ValueError, match="wrong"), context, context:
        raise fault
    assert ended == [("request", fault), ("context", fault)]
