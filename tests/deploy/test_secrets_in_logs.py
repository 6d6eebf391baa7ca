"""Whoever reads the proxy's log or Cairn's must not be able to use what stands there.

One secret of each kind goes through the shipped nginx to a real server, on ways that work and on ways that fail.
"""

import secrets
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from tests.deploy.front import Front
from tests.deploy.test_nginx import needs_nginx
from tests.make import PASSWORD

pytestmark = needs_nginx
PAGE = {"Accept": "text/html", "Origin": "https://cairn.test"}


def test_no_log_tells_a_secret(front: Front):
    told = typed(front)
    for path in ways(told):
        for method, headers in (
            ("GET", {}),
            ("GET", PAGE),
            ("POST", PAGE),
            ("GET", {"Referer": f"https://cairn.test{path}"}),
        ):
            front.ask(method, path, **headers)  # type: ignore[arg-type]
        front.ask("GET", path, tls=False)
        front.ask("POST", path, "x" * 16, Content_Length=str(200 * 2**20))
        for proxy in (True, False):
            front.raw(f"GET {path} HTTP/9.9\r\nHost: cairn.test\r\n\r\n", proxy=proxy)
            front.raw(f"GET {path} x\r\nHost: cairn.test\r\n\r\n", proxy=proxy)
            front.raw(f"GET / HTTP/1.1\r\nHost: cairn.test\r\nX {path}: {path}\r\n\r\n", proxy=proxy)
            front.raw(f"GET {path}&{'x' * 40_000} HTTP/1.1\r\nHost: cairn.test\r\n\r\n", proxy=proxy)
    front.server.stop()
    for path in ways(told):
        assert front.ask("GET", path).status == 503
    front.wait_until_logged('"GET /issues.ics HTTP/1.1" 503')
    logs = front.logs
    assert {kind for kind, secret in told.items() if secret in logs} == set()
    assert '"GET /issues.ics HTTP/1.1" 200' in logs
    assert '"GET /issues.ics HTTP/1.1" 503' in logs
    assert '"GET /invitations/- HTTP/1.1" 200' in logs
    assert '"path": "/invitations/…"' in logs


def typed(front: Front) -> dict[str, str]:
    """A secret of each kind, each of which was sent as it is meant to be."""
    person = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
    assert front.ask("POST", "/auth/register", person).status == 201
    login = front.ask("POST", "/auth/login", {"email": "ada@example.com", "password": PASSWORD}).json
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    renewed = front.ask("POST", "/auth/refresh", {"refresh_token": login["refresh_token"]}).json
    kept = front.ask("POST", "/auth/login", {"email": "ada@example.com", "password": PASSWORD, "cookie": True})
    cookie = {
        "Cookie": kept.headers["cookies"],
        "X_CSRF_TOKEN": kept.json["csrf_token"],
        "Origin": "https://cairn.test",
    }
    key = secrets.token_urlsafe(24)
    made = front.ask("POST", "/projects", {"name": "Wall"}, Idempotency_Key=key, **cookie)
    assert made.status == 201, made
    invited = front.ask("POST", f"{made.headers['Location']}/members", {"email": "eve@example.com"}, **bearer).json  # type: ignore[arg-type]
    feed = front.ask("POST", "/auth/feeds", {"name": "Phone"}, **bearer).json["token"]  # type: ignore[arg-type]
    assert front.ask("GET", f"/issues.ics?token={feed}").status == 200
    personal = front.ask("POST", "/auth/tokens", {"name": "Report", "scope": "read"}, **bearer).json["token"]  # type: ignore[arg-type]
    for path, status in (("/auth/me", 200), ("/auth/tokens", 403)):
        assert front.ask("GET", path, Authorization=f"Bearer {personal}").status == status
    assert front.ask("GET", "/auth/me", Authorization=f"Bearer {personal}x").status == 401
    form = {"email": "ada@example.com", "password": f"wrong {PASSWORD}", "csrf_token": kept.json["csrf_token"]}
    front.ask("POST", "/auth/login", "&".join(f"{k}={quote(v)}" for k, v in form.items()), **(PAGE | cookie))
    return {
        "password": PASSWORD,
        "password in a form": quote(PASSWORD),
        "bearer": login["access_token"],
        "refresh token": login["refresh_token"],
        "its successor": renewed["refresh_token"],
        "cookie": max(kept.headers["cookies"].split("; "), key=len).partition("=")[2],
        "CSRF token": kept.json["csrf_token"],
        "idempotency key": key,
        "invitation": urlsplit(invited["link"]).path.rpartition("/")[2],
        "feed token": feed,
        "personal access token": personal,
    }


def ways(told: dict[str, str]) -> Iterator[str]:
    """Addresses that hold a secret: those that are meant to, and those that people get wrong."""
    invitation, feed = told["invitation"], told["feed token"]
    for path in (f"/invitations/{invitation}", f"/invitations/{invitation}/account", f"/claims/{invitation}"):
        yield path
        yield f"/{path}"
        yield path.replace("/invitations", "/Invitations").replace("ns/", "ns//")
        yield f"/auth/login?next={path}"
        yield f"/auth/login?next={quote(path, safe='')}"
    for path in (f"/issues.ics?token={feed}", f"/issues?token={feed}", f"/nowhere?token={feed}", f"/{feed}"):
        yield path
        yield f"/auth/login?next={quote(path, safe='')}"
    personal = told["personal access token"]
    for path in (
        f"/issues?access_token={personal}",
        f"/issues.csv?token={personal}",
        f"/projects/{personal}",
        f"/{personal}",
    ):
        yield path
        yield f"/auth/login?next={quote(path, safe='')}"
    for kind in ("bearer", "refresh token", "CSRF token", "password in a form"):
        yield f"/auth/refresh?refresh_token={told[kind]}"
