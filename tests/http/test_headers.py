"""What every answer carries, whatever its status."""

import re

import pytest
from flask import request

from tests.clients import HTML, token_of
from tests.text.corpora import FOLDER
from webapp.http.policies import PAGES, REPORTS
from webapp.ops import reports

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/", 200),
        ("/projects", 200),
        ("/nowhere", 404),
        ("/login", 303),
        ("/projects/new", 303),
        ("/healthz", 200),
        ("/docs", 200),
    ],
)
def test_security_headers_stand_on_every_answer(app, url, status):
    response = app.test_client().get(url, headers=HTML)
    assert response.status_code == status
    assert EVERYWHERE.items() <= dict(response.headers).items()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_only_redoc_may_write_styles_into_its_page(app):
    policy = app.test_client().get("/redoc", headers=HTML).headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy


SAFE = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Content-Security-Policy", PAGES),
    ("Reporting-Endpoints", 'policy="/reports"'),
]
KEPT, FORGOTTEN = ("Cache-Control", "private, no-cache"), ("Cache-Control", "no-store")
OURS = ("Cross-Origin-Resource-Policy", "same-origin")
AHEAD = ("Speculation-Rules", '"{assets}speculation.json"')
VARY = ("Vary", "Accept-Encoding, Accept, Accept-Language, Authorization, Cookie, Origin")
GOOD = "http://localhost:5173"
ALLOWED = [
    ("Access-Control-Allow-Origin", GOOD),
    (
        "Access-Control-Expose-Headers",
        "ETag, Idempotent-Replayed, Location, RateLimit, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, "
        "RateLimit-Reset, Retry-After, X-Request-ID",
    ),
    ("Access-Control-Allow-Credentials", "true"),
]


@pytest.mark.parametrize(
    ("asked", "headers", "added"),
    [
        (("GET", "/projects"), {}, [*SAFE, KEPT, OURS]),
        (("GET", "/projects"), HTML, [*SAFE, KEPT, OURS, AHEAD]),
        (("GET", "/auth/me"), {}, [*SAFE, FORGOTTEN, OURS]),
        (("GET", "/nowhere"), {}, [*SAFE, KEPT, OURS]),
        (("GET", "/projects"), {"Origin": GOOD}, [*ALLOWED, *SAFE, KEPT]),
        (("GET", "/projects"), {"Origin": GOOD, **HTML}, [*SAFE, KEPT, OURS, AHEAD]),
        (("GET", "/projects"), {"Origin": "http://evil.net"}, [*SAFE, KEPT, OURS]),
        (("GET", "/nowhere"), {"Origin": GOOD}, [*ALLOWED, *SAFE, KEPT]),
        (("OPTIONS", "/projects"), {}, [*SAFE, KEPT, OURS]),
        (("PUT", "/projects"), {}, [*SAFE, KEPT, OURS]),
        (("GET", "/auth/logout"), HTML, [*SAFE, FORGOTTEN, OURS]),
        (
            ("GET", "/invitations/" + "s" * 43),
            HTML,
            [("Referrer-Policy", "strict-origin"), *(one for one in SAFE if "Ref" not in one[0]), FORGOTTEN, OURS],
        ),
    ],
)
def test_what_is_added_stands_in_this_order(app, asked, headers, added):
    method, url = asked
    response = app.test_client().open(url, method=method, headers=headers)
    own = {
        "Content-Type",
        "Content-Length",
        "Content-Language",
        "ETag",
        "Date",
        "X-Request-ID",
        "Vary",
        "Allow",
        "WWW-Authenticate",
        "Set-Cookie",
    }
    added = [(name, value.replace("{assets}", app.config["ASSETS"])) for name, value in added]
    assert [one for one in response.headers if one[0] not in own] == added
    assert [one for one in response.headers if one[0] == "Vary"] == [VARY]
    assert len(response.headers.getlist("X-Request-ID")) == 1


def test_over_https_the_browser_is_told_to_stay_there(app):
    response = app.test_client().get("/projects", base_url="https://localhost")
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_an_empty_answer_has_no_type(api, ada):
    response = api(ada).send("POST", "/auth/logout", status=204)
    assert "Content-Type" not in response.headers
    assert EVERYWHERE.items() <= dict(response.headers).items()


@pytest.mark.parametrize(
    ("url", "caching"), [("/", "private, no-cache"), ("/auth/login", "no-store"), ("/auth/me", "no-store")]
)
def test_what_may_be_kept(browser, ada, url, caching):
    assert browser(ada).get(url).response.headers["Cache-Control"] == caching


def test_static_files_may_be_kept_for_ever_and_run_nowhere_else(app):
    response = app.test_client().get(app.config["ASSETS"] + "icons.svg")
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "immutable" in app.test_client().get(app.config["ASSETS"] + "app.css").headers["Cache-Control"]


def test_the_cookies_of_a_login(browser, ada):
    here = browser()
    response = here.post("/auth/login", {"email": ada.email, "password": "eleven purple otters"}).response
    cookies = {cookie.partition("=")[0]: cookie for cookie in response.headers.getlist("Set-Cookie")}
    assert "HttpOnly" in cookies[here.cookie("cairn")]
    assert "HttpOnly" not in cookies[here.cookie("cairn-csrf")]
    for cookie in cookies.values():
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie
    assert "Max-Age=43200" in cookies[here.cookie("cairn")]


def test_in_production_cookies_are_secure_and_bound_to_the_host(settings):
    from webapp import create_app
    from webapp.auth import browsers
    from webapp.auth.service import Login
    from webapp.http import identity

    strict = settings.model_copy(update={"environment": "production", "backend_cors_origins": ()})
    app = create_app(strict)
    with app.test_request_context():
        from datetime import UTC, datetime, timedelta

        from flask import Response

        from webapp.access import Viewer

        someone = Viewer(1, "A", "a@example.com", datetime.now(UTC))
        browsers.sign_in(Login(someone, 1, 1, 2**31, timedelta(hours=1)))
        cookies = identity.carry(Response()).headers.getlist("Set-Cookie")
    names = [cookie.partition("=")[0].rpartition("-")[0] for cookie in cookies]
    assert names == ["__Host-cairn", "__Host-cairn-csrf"]
    assert all("Secure" in cookie and "Path=/" in cookie for cookie in cookies)


def test_remembering_lasts_longer(browser, ada):
    entry = {"email": ada.email, "password": "eleven purple otters", "remember": "true"}
    cookies = browser().post("/auth/login", entry).response.headers.getlist("Set-Cookie")
    assert "Max-Age=604800" in next(cookie for cookie in cookies if re.match("cairn-[0-9a-f]{8}=", cookie))


def test_logging_out_clears_what_the_browser_kept(browser, ada):
    assert browser(ada).post("/auth/logout").response.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/projects?x=1", "/projects?x=1"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("https://evil.test", "/"),
        ("/a//b", "/"),
        ("/./x", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_only_into_this_site(browser, ada, wanted, place):
    entry = {"email": ada.email, "password": "eleven purple otters", "next": wanted}
    assert browser().post("/auth/login", entry).location == place


def test_the_hostile_redirects_lead_nowhere():
    from webapp.http.reply import local

    files = [FOLDER / "hostile/other" / name for name in ("open-redirect-payloads.txt", "openredirects.txt")]
    if not all(file.exists() for file in files):
        pytest.skip("no corpus of redirects beside this checkout")
    lines = [line for file in files for line in file.read_text(errors="replace").splitlines()]
    for line in [*lines, *(f"/{line}" for line in lines)]:
        place = local(line)
        assert place.startswith("/")
        assert place[1:2] not in ("/", "\\")


def test_a_foreign_host_is_refused_once_the_public_address_is_known(settings):
    from webapp import create_app

    app = create_app(settings.model_copy(update={"base_url": "https://cairn.example.org"}))
    ask = lambda host: app.test_client().get("/healthz", headers={"Host": host}).status_code  # noqa: E731
    assert ask("cairn.example.org") == 200
    assert ask("evil.test") == 400


@pytest.mark.parametrize("url", ["/", "/nowhere", "/auth/login"])
def test_a_foreign_host_gets_a_plain_answer(settings, url):
    from webapp import create_app

    app = create_app(settings.model_copy(update={"base_url": "https://cairn.example.org"}))
    response = app.test_client().get(url, headers={"Host": "evil.test", "Accept": "text/html"})
    assert (response.status_code, response.mimetype) == (400, "text/plain")
    assert "evil" not in response.text
    assert len(response.text) < 100


def test_a_forwarded_address_is_believed_only_behind_a_proxy(app, settings):
    from webapp import create_app

    def address(one):
        seen = []
        one.before_request_funcs.setdefault(None, []).append(lambda: seen.append(request.remote_addr))
        one.test_client().get("/healthz", headers={"X-Forwarded-For": "6.6.6.6, 7.7.7.7"})
        one.before_request_funcs[None].pop()
        return seen[0]

    assert address(app) == "127.0.0.1"
    assert address(create_app(settings.model_copy(update={"trusted_proxies": 1}))) == "7.7.7.7"


def test_a_token_is_never_taken_from_the_address(app, ada):
    token = token_of(app, ada)
    for name in ("access_token", "token", "jwt"):
        assert app.test_client().get(f"/auth/me?{name}={token}").status_code == 401


def test_files_have_them_as_well(app):
    prefix = app.config["ASSETS"]
    for name in ("favicon.svg", "icons.svg", "icons/icon-180.png", "vendor/SHA256SUMS"):
        headers = dict(app.test_client().get(f"{prefix}{name}").headers)
        assert EVERYWHERE.items() <= headers.items()
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("dest", ["script", "image", "style", "iframe", "object", "font", "video"])
@pytest.mark.parametrize("url", ["/", "/projects", "/auth/me", "/openapi.json", "/nowhere"])
def test_nothing_is_a_part_of_another_sites_page(browser, ada, site, dest, url):
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest, "Accept": "*/*"}
    response = browser(ada).client.get(url, headers=headers)
    assert response.status_code == 403
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("site", "dest"),
    [("same-origin", "image"), ("none", "image"), ("cross-site", "document"), ("cross-site", "empty"), (None, None)],
)
def test_what_our_own_pages_show_and_whoever_follows_a_link_is_answered(browser, ada, site, dest):
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest} if site else {}
    assert browser(ada).client.get("/projects", headers=headers).status_code == 200


REPORT = {
    "type": "csp-violation",
    "body": {
        "effectiveDirective": "script-src-elem",
        "blockedURL": "https://evil.test/x.js?with=a%20query",
        "documentURL": "https://cairn.test/auth/reset/secretsecretsecretsecret?q=typed",
    },
}


@pytest.mark.parametrize(
    "sent", [[REPORT], {"csp-report": {key: REPORT["body"][key] for key in REPORT["body"]}}, [REPORT, 7, None]]
)
def test_what_a_browser_refused_is_a_line_of_the_log(app, caplog, monkeypatch, sent):
    monkeypatch.setattr(reports, "_budget", reports.Budget(5))
    assert app.test_client().post(REPORTS, json=sent).status_code == 204
    [said] = [one.getMessage() for one in caplog.records if one.name == "cairn.policy"]
    assert said.startswith("policy_violated directive=script-src-elem blocked=https://evil.test/x.js page=https://")
    assert "secretsecret" not in said
    assert "typed" not in said


@pytest.mark.parametrize("sent", [b"", b"{", b"7", b"[]", b'[{"body": 7}]', b"\xff", b'{"csp-report": {"a": "\n"}}'])
def test_a_report_that_cannot_be_read_does_no_harm(app, caplog, monkeypatch, sent):
    monkeypatch.setattr(reports, "_budget", reports.Budget(5))
    assert app.test_client().post(REPORTS, data=sent, content_type="application/reports+json").status_code == 204
    assert "\n" not in "".join(one.getMessage() for one in caplog.records if one.name == "cairn.policy")


def test_reports_do_not_fill_the_log(app, caplog, monkeypatch):
    monkeypatch.setattr(reports, "_budget", reports.Budget(5))
    for _ in range(3):
        app.test_client().post(REPORTS, json=[REPORT] * 20)
    assert len([one for one in caplog.records if one.name == "cairn.policy"]) == 5
    assert app.test_client().post(REPORTS, data=b" " * 20_000).status_code == 413
