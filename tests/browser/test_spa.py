"""Somebody else's front end: its own origin, its own script, our API."""

import re

import pytest

from tests.server.running import serving

PAGE = """<!doctype html><title>A front end</title><script>
async function send(api, path, body, headers = {}, options = {}) {
  const head = { Accept: "application/json", "Content-Type": "application/json", ...headers };
  const answer = await fetch(api + path, { method: "POST", headers: head, body: JSON.stringify(body), ...options });
  return { status: answer.status, body: await answer.json() };
}
async function byBearer({ api, email, password, name }) {
  const { access_token } = (await send(api, "/auth/login", { email, password })).body;
  return (await send(api, "/projects", { name }, { Authorization: `Bearer ${access_token}` })).status;
}
async function byCookie({ api, email, password, name, forget }) {
  const withCookie = { credentials: "include" };
  const { csrf_token } = (await send(api, "/auth/login", { email, password, cookie: true }, {}, withCookie)).body;
  return (await send(api, "/projects", { name }, forget ? {} : { "X-CSRF-TOKEN": csrf_token }, withCookie)).status;
}
async function unread({ api, name }) {
  const sent = { method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams({ name }) };
  return (await fetch(api + "/projects", sent)).type;
}
</script>"""
ATTEMPT = "async ([how, what]) => { try { return await window[how](what) } catch (error) { return error.name } }"


@pytest.fixture
def page(window):
    return window()


@pytest.fixture
def attempt(server, page, ada):
    """Let a page's script create a project, and say what became of it: the status, or the error it saw."""

    def attempt(site, origin, how, **what):
        site.pages["/"] = PAGE
        page.goto(origin)
        entry = {"api": server.url, "email": ada.email, "password": ada.password, **what}
        return page.evaluate(ATTEMPT, [how, entry])

    return attempt


@pytest.fixture
def created(server):
    return lambda name: len(server.rows("SELECT id FROM projects WHERE name = %s", name))


@pytest.mark.parametrize("how", ["byBearer", "byCookie"])
def test_a_listed_front_end_creates_a_project(attempt, created, front_end, how):
    assert attempt(front_end, front_end.origin, how, name=f"Listed {how}") == 201
    assert created(f"Listed {how}") == 1


def test_a_cookie_without_its_csrf_token_is_refused(attempt, created, front_end):
    assert attempt(front_end, front_end.origin, "byCookie", name="Forgetful", forget=True) == 403
    assert created("Forgetful") == 0


@pytest.mark.parametrize("how", ["byBearer", "byCookie"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.test"])
def test_an_origin_that_is_not_listed_is_refused(attempt, created, how, host):
    with serving() as site:
        assert attempt(site, f"http://{host}:{site.port}", how, name="Unlisted") == "TypeError"
    assert created("Unlisted") == 0


def test_a_request_that_asks_for_no_permission_changes_nothing(attempt, created, front_end):
    attempt(front_end, front_end.origin, "byCookie", name="Before")
    with serving() as site:
        assert attempt(site, site.origin, "unread", name="Unasked") == "TypeError"
    assert created("Unasked") == 0


def test_the_token_is_out_of_reach_of_scripts(attempt, front_end, page):
    attempt(front_end, front_end.origin, "byCookie", name="Reach")
    [token] = [cookie for cookie in page.context.cookies() if re.fullmatch("cairn-[0-9a-f]{8}", cookie["name"])]
    assert token["httpOnly"]
    assert token["name"] not in page.evaluate("document.cookie")
