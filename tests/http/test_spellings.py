"""Addresses as people write them: a key and number, a slash too many, the host in capitals."""

import pytest

from tests.clients import HTML
from webapp.config import Settings

ISSUE = "/projects/ROCK/issues/1"


@pytest.fixture(autouse=True)
def issue(make, ada):
    return make.issue(make.project(ada, key="ROCK"), ada)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/ROCK-1", ISSUE),
        ("/rock-1", ISSUE),
        ("/ROCK-1/", ISSUE),
        ("/ROCK-1?timeline=all", f"{ISSUE}?timeline=all"),
        ("/projects/", "/projects"),
        ("/projects/ROCK/issues/1/", ISSUE),
        ("/projects/ROCK/issues/?q=is:open+moss", "/projects/ROCK/issues?q=is:open+moss"),
        ("/auth/login/", "/auth/login"),
        ("/openapi.json/", "/openapi.json"),
    ],
)
def test_it_leads_to_the_address_that_is_meant(api, browser, ada, typed, meant):
    for answer in (api(ada).send("GET", typed), browser(ada).get(typed, status=308).response):
        assert (answer.status_code, answer.headers["Location"]) == (308, meant)


def test_a_write_keeps_its_method(api, ada):
    made = api(ada).send("POST", f"{ISSUE}/comments/", json={"body": "Seen."}, status=201, follow_redirects=True)
    assert made.json["body"] == "Seen."


@pytest.mark.parametrize(
    "typed",
    ["/nowhere/", "/ROCK-0", "/R-1", "/ROCK-1x", "//", "///", "//evil.test/", "//evil.test//", "/projects//evil.test/", "/ROCK-1//evil.test", "/projects/ROCK/nowhere/"],
)  # fmt: skip
def test_nothing_else_is_guessed(browser, ada, typed):
    answer = browser(ada).client.get("/", headers=HTML, environ_overrides={"PATH_INFO": typed})
    assert answer.status_code in (200, 404, 308)  # some slashes are none to the router
    assert "evil" not in answer.headers.get("Location", "")
    assert not answer.headers.get("Location", "").startswith("//")


def test_what_is_not_there_is_not_found_under_either_spelling(api, ada):
    assert api(ada).send("GET", "/ROCK-9", follow_redirects=True).status_code == 404
    api(ada).get("/projects/ROCK/issues/9/", status=308)


def test_a_host_in_capitals_is_the_same_host(app, browser, ada):
    """Where a page came from is compared with it, and the form of a button without one leads back there."""
    someone = browser(ada)
    there = {**HTML, "Host": "LOCALHOST", "Origin": "http://localhost", "Referer": f"http://localhost{ISSUE}"}
    someone.client.delete_cookie(someone.cookie("cairn"))
    answer = someone.client.post("/projects/ROCK/archive", headers=there)
    assert answer.headers["Location"] == f"/auth/login?next={ISSUE}"


def test_a_host_in_capitals_is_trusted(settings):
    from webapp import create_app

    app = create_app(settings.model_copy(update={"base_url": "https://cairn.example.org"}))
    assert app.test_client().get("/healthz", headers={"Host": "Cairn.Example.ORG"}).status_code == 200


def test_a_public_address_in_capitals_is_the_same_address():
    given = Settings(_env_file=None, base_url="https://Cairn.Example.org/")
    assert given.base_url == "https://cairn.example.org"
