"""Writes that another site made the browser send."""

import pytest

from tests.clients import HTML


@pytest.fixture
def someone(browser, ada):
    return browser(ada)


def post(browser, status, *, url="/projects", data=None, **headers):
    response = browser.client.post(url, data=data or {"name": "Forged"}, headers={**HTML, **headers})
    assert response.status_code == status, response.text
    return response


@pytest.mark.parametrize("token", [None, "", "x", "é" * 20, "x" * 100, "0" * 36])
def test_a_form_without_our_token_changes_nothing(someone, api, ada, token):
    response = post(someone, 403, data={"name": "Forged", **({"csrf_token": token} if token is not None else {})})
    assert "What you typed is still here" in response.text
    assert 'value="Forged"' in response.text
    assert api(ada).get("/projects")["total"] == 0


def test_another_persons_token_is_not_mine(someone, browser, eve):
    post(someone, 403, data={"name": "x", "csrf_token": browser(eve).csrf})


def test_a_token_of_a_page_is_of_no_use_with_one_sign_changed(someone):
    token = someone.get("/projects/new").fields["csrf_token"]
    for place in range(0, len(token), 7):
        altered = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :]
        post(someone, 403, data={"name": "x", "csrf_token": altered})
    post(someone, 303, data={"name": "x", "csrf_token": token})


def test_the_token_may_stand_in_a_header(someone, app):
    headers = {"X-CSRF-TOKEN": someone.csrf, "Accept": "application/json"}
    assert someone.client.post("/projects", json={"name": "x"}, headers=headers).status_code == 201
    headers["X-CSRF-TOKEN"] = "é"
    assert someone.client.post("/projects", json={"name": "x"}, headers=headers).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_cookie_alone_writes_no_json_either(someone, ada, make, method):
    project = make.project(ada)
    url = "/projects" if method == "POST" else f"/projects/{project.key}"
    assert someone.client.open(url, method=method, json={"name": "x"}).status_code == 403


def test_a_bearer_token_needs_no_other(api, ada):
    api(ada).post("/projects", {"name": "x"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost:5173"}, 303),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.test"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_where_a_write_comes_from_is_looked_at_first(someone, headers, status):
    post(someone, status, data={"name": "x", "csrf_token": someone.csrf}, **headers)


def test_the_login_form_proves_itself_before_anybody_is_logged_in(browser, ada):
    stranger = browser()
    entry = {"email": ada.email, "password": "eleven purple otters"}
    post(stranger, 403, url="/auth/login", data=entry)
    assert stranger.post("/auth/login", entry).location == "/"


def test_no_get_changes_anything(app, api, browser, ada, make):
    from sqlalchemy import text

    from webapp.db import db, transacting

    project = make.project(ada)
    issue = make.issue(project, ada)
    comment = make.comment(project, issue, ada)
    label = make.label(project, ada)
    mine = api(ada)
    mine.delete(f"/projects/{project.key}/issues/{make.issue(project, ada).number}")
    gone = make.comment(project, issue, ada).id
    mine.delete(f"/projects/{project.key}/issues/1/comments/{gone}")
    values = {"project": project.key, "number": 1, "comment": comment.id, "label": label.id}
    others = make.member(project, "member")
    report = {"number": make.issue(project, others).number, "comment": make.comment(project, issue, others).id}
    elsewhere = {
        "trash": {"number": 2}, "trash comment": {"comment": gone},
        "moderation": report, "moderation comment": {**report, "number": 1},
    }  # fmt: skip
    # Searches are counted against their allowance, and exports are noted.
    tables = set(db.metadata.tables) - {"login_failures", "audit_records"}
    counts = lambda: [db.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables]  # noqa: E731
    someone = browser(ada)
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET is_admin = true WHERE id = :id"), {"id": ada.id})  # for /admin
        before = counts()
    for rule in app.url_map.iter_rules():
        if (
            "GET" in rule.methods and set(rule.arguments) <= set(values) and rule.rule != "/metrics"
        ):  # for nobody here
            with app.test_request_context():
                what = rule.endpoint.partition(".")[0] + " comment" * ("comment" in rule.arguments)
                there = {**values, **elsewhere.get(what, {})}
                url = rule.build({name: there[name] for name in rule.arguments})[1]
            # Some pages are about chosen issues; the others ignore that.
            assert someone.client.get(f"{url}?numbers=1", headers=HTML).status_code < 400, url
    with app.app_context():
        assert counts() == before


def test_logging_out_is_a_post(browser, ada):
    assert browser(ada).client.get("/auth/logout", headers=HTML).status_code == 405
