"""Which other sites' scripts may use the API."""

import pytest

from tests.clients import HTML
from tests.conftest import KEY

GOOD = "http://localhost:5173"
BAD = [
    "http://localhost:5174", "https://localhost:5173", "http://localhost:5173.evil.net", "http://evil.net",
    "http://evillocalhost:5173", "null", "HTTP://LOCALHOST:5173", "http://localhost", "http://xn--lcalhost-dye:5173",
    "http://localhost:5173.", "http://evil/.localhost:5173", "*",
]  # fmt: skip


def allowed(response):
    return {name: value for name, value in response.headers if name.startswith("Access-Control-Allow")}


@pytest.mark.parametrize("url", ["/projects", "/auth/me", "/nowhere"])
def test_a_listed_origin_may_read_answers_and_errors(app, url):
    response = app.test_client().get(url, headers={"Origin": GOOD})
    assert allowed(response)["Access-Control-Allow-Origin"] == GOOD
    assert allowed(response)["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in response.vary


@pytest.mark.parametrize("origin", BAD)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_no_other_origin_may(app, origin, method):
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = app.test_client().open("/projects", method=method, headers=headers)
    assert allowed(response) == {}
    assert "Origin" in response.vary


@pytest.mark.parametrize(
    ("url", "method"),
    [
        ("/projects", "GET"),
        ("/projects", "POST"),
        ("/projects/X1", "PATCH"),
        ("/projects/X1", "DELETE"),
        ("/auth/login", "POST"),
    ],
)
def test_a_preflight_is_answered_for_each_method(app, url, method):
    headers = {
        "Origin": GOOD,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type, x-csrf-token, authorization",
    }
    response = app.test_client().options(url, headers=headers)
    assert response.status_code == 200
    assert allowed(response)["Access-Control-Allow-Origin"] == GOOD
    assert method in allowed(response)["Access-Control-Allow-Methods"]
    assert "X-CSRF-TOKEN" in allowed(response)["Access-Control-Allow-Headers"].upper()
    assert response.headers["Access-Control-Max-Age"] == "600"


def test_a_page_answers_no_cors(app):
    assert allowed(app.test_client().get("/projects", headers={"Origin": GOOD, **HTML})) == {}


def test_without_an_origin_there_is_no_answer_to_one(app):
    response = app.test_client().get("/projects")
    assert allowed(response) == {}
    assert "Origin" in response.vary


@pytest.mark.parametrize(
    "origins", ["*", "http://*.example.org", "null", "http://a.org/", "HTTP://a.org", ".*", '["*"]']
)
def test_a_wildcard_stops_the_start(origins):
    from pydantic import ValidationError

    from webapp.config import Settings

    with pytest.raises(ValidationError):
        Settings(_env_file=None, backend_cors_origins=origins)


def test_plain_http_stops_the_start_in_production():
    from pydantic import ValidationError

    from webapp.config import Settings

    with pytest.raises(ValidationError, match="entry 1 must be https"):
        Settings(
            _env_file=None,
            environment="production",
            base_url="https://a.org",
            secret_key=KEY,
            backend_cors_origins="http://a.org",
        )
