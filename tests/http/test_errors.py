"""Every error in both tongues, with its number and without a trace."""

import json

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.clients import HTML
from webapp.errors import CairnError, TooMany, Unavailable


@pytest.fixture
def failing(app, monkeypatch):
    """Make the list of projects fail with any exception."""

    def fail(error):
        from webapp.pages import projects as routes

        def raise_it(*_):
            raise error

        monkeypatch.setattr(routes.projects, "listing", raise_it)  # type: ignore[attr-defined]

    return fail


def problem(response, status):
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    body = response.json
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["X-Request-ID"]
    return body


CASES = [
    (400, "POST", "/projects", {"data": "{", "content_type": "application/json"}),
    (404, "GET", "/nowhere", {}),
    (404, "GET", "/projects/NOPE", {}),
    (405, "PUT", "/projects", {}),
    (405, "TRACE", "/projects", {}),
    (405, "QUERY", "/projects", {}),
    (413, "POST", "/projects", {"data": b"x" * 1_100_000, "content_type": "application/json"}),
    (415, "POST", "/projects", {"data": "x", "content_type": "text/plain"}),
    (
        415,
        "POST",
        "/projects",
        {"data": "{}", "content_type": "application/json", "headers": {"Content-Encoding": "gzip"}},
    ),
    (422, "POST", "/projects", {"json": {}}),
]


@pytest.mark.parametrize(("status", "method", "url", "options"), CASES)
def test_a_client_gets_a_problem(api, ada, status, method, url, options):
    problem(api(ada).send(method, url, **options), status)


def test_a_client_that_is_not_logged_in_gets_401(api):
    response = api().send("GET", "/auth/me")
    problem(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_405_says_what_is_allowed(api, ada):
    assert "POST" in api(ada).send("PUT", "/projects").headers["Allow"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("secret words"), 500),
        (CairnError(), 500),
        (OperationalError("SELECT secret", {}, Exception("secret words")), 503),
        (PoolTimeout("secret words"), 503),
        (Unavailable(), 503),
        (TooMany(7), 429),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_goes_wrong_inside_stays_inside(api, browser, failing, app, error, status):
    failing(error)
    response = api().send("GET", "/projects")
    assert "secret" not in json.dumps(problem(response, status))
    page = browser().get("/projects", status=status)
    assert "secret" not in page.text
    assert "Traceback" not in page.text
    assert page.response.headers["X-Request-ID"] in page.text
    if status in (429, 503):
        assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize(("url", "status"), [("/nowhere", 404), ("/projects/NOPE", 404), ("/projects/A", 404)])
def test_a_browser_gets_a_page(browser, ada, url, status):
    page = browser(ada).get(url, status=status)
    assert page.says("Page not found")
    assert page.response.headers["X-Request-ID"] in page.text


def test_an_error_page_that_cannot_ask_who_it_is_for_is_a_still_one(browser, ada, monkeypatch):
    from webapp.entrance import guard

    def gone(*_):
        raise OperationalError("SELECT secret", {}, Exception("secret words"))

    someone = browser(ada)
    monkeypatch.setattr(guard, "reading", gone)
    page = someone.get("/nowhere", status=503)
    assert page.response.headers["X-Request-ID"] in page.text
    assert int(page.response.headers["Retry-After"]) > 0


def test_a_browser_that_is_not_logged_in_is_led_to_the_login_and_back(browser, ada):
    assert browser().get("/projects/new", status=303).location == "/auth/login?next=/projects/new"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "text/html"),
        (HTML["Accept"], "text/html"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("application/json;q=0.5, text/html", "text/html"),
        ("nonsense", "application/json"),
    ],
)
def test_accept_decides_the_tongue(app, accept, kind):
    response = app.test_client().get("/projects", headers={"Accept": accept})
    assert response.mimetype == kind
    assert {"Accept", "Authorization", "Cookie", "Origin"} <= set(response.vary)


def test_a_request_keeps_the_number_that_a_trusted_proxy_gave_it(app, monkeypatch):
    response = app.test_client().get("/healthz", headers={"X-Request-ID": "from-outside-1"})
    assert response.headers["X-Request-ID"] != "from-outside-1"


def test_a_page_only_address_has_no_json(api, ada):
    problem(api(ada).send("GET", "/docs"), 406)
    problem(api(ada).send("GET", "/auth/login"), 405)


def test_a_json_client_does_not_post_to_change(api, ada, make):
    project = make.project(ada)
    response = api(ada).send("POST", f"/projects/{project.key}", json={"name": "x"})
    problem(response, 405)
    assert "PATCH" in response.headers["Allow"]


@pytest.mark.parametrize("came", ["http://[bad", "http://[::1", "//[", "http://a]b/", "\x7f"])
def test_a_referrer_that_is_no_address_is_none(api, ada, make, came):
    """Programs send what they like; a page looks where somebody came from, and that of an error does as well."""
    issue = make.issue(make.project(ada, key="WALL"), ada)
    headers = {"Accept": "text/html", "Referer": came}
    api(ada).send("GET", f"/projects/WALL/issues/{issue.number}", headers=headers, status=200)
    api(ada).send("GET", "/projects/WALL/issues/999", headers=headers, status=404)
