"""A request with a personal access token: who it is, and what it costs to find out."""

import pytest
from sqlalchemy import text

from webapp import token_form
from webapp.auth import standing
from webapp.db import transacting

ISSUES = "/projects/WALL/issues"


def change(app, statement, **values):
    with app.app_context(), transacting() as session:
        session.execute(text(statement), values)


def test_it_asks_in_its_owners_name(bearing, project, ada):
    assert bearing(ada).get("/auth/me")["email"] == ada.email
    assert bearing(ada).get("/projects/WALL")["key"] == "WALL"


def test_the_sum_refuses_what_is_none_before_a_statement(app, bearing, project, made, ada, statements):
    token = made(ada)[1]
    other = "a" if token[20] != "a" else "b"
    statements.clear()
    wrong = [
        token[:-1], f"{token}0", token[:20] + other + token[21:], token.replace("cairn_pat_", "cairn_pat_é"),
        "cairn_pat_", f"cairn_pat_{'a' * 36}", f"cairn_pat_{'é' * 36}", token.swapcase().replace("CAIRN_PAT_", "cairn_pat_"),
    ]  # fmt: skip
    for one in wrong:
        refused = bearing(token=one.encode().decode("latin-1")).send("GET", ISSUES, status=401)
        assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"', one
    assert statements == []
    bearing(token=token_form.made()).get(ISSUES, status=401)
    assert len(statements) == 1


def test_it_is_looked_up_by_one_statement(bearing, project, made, ada, statements):
    client = bearing(token=made(ada)[1])
    client.get("/auth/me")  # notes that it was used today
    for path, budget in (("/auth/me", 1), ("/projects/WALL", 1), (ISSUES, 2), ("/projects/1000000", 2)):
        client.send("GET", path)  # what a process keeps is kept by now
        statements.clear()
        client.send("GET", path)
        assert len(statements) <= budget, (path, statements)


def test_a_write_takes_as_many_statements_as_with_a_login(api, bearing, project, ada, statements):
    """And whoever works in the project is no more limited in what they make of it."""
    taken = []
    for client in (api(ada), bearing(ada, "write")):
        client.post(ISSUES, {"title": "One"})  # also notes that it was used today
        statements.clear()
        assert "RateLimit" not in client.send("POST", ISSUES, json={"title": "Two"}, status=201).headers
        taken.append(len(statements))
    assert taken[0] == taken[1]


@pytest.mark.parametrize("as_page", [False, True])
def test_only_the_header_takes_it(api, browser, project, made, ada, as_page):
    token = made(ada, "admin")[1]
    client = api(Accept="text/html") if as_page else api()
    refused = 303 if as_page else 401
    client.send("GET", "/projects/WALL?access_token=" + token, status=refused)
    client.send("GET", f"/projects/WALL/issues.csv?token={token}", status=401)
    client.send("GET", "/projects/WALL", headers={"Authorization": f"Basic {token}"}, status=refused)
    client.send("GET", "/projects/WALL", headers={"Cookie": f"{browser().cookie('cairn')}={token}"}, status=refused)
    client.send("POST", ISSUES, data={"access_token": token, "title": "A stone"}, status=refused)


def test_it_ends_by_the_clock_of_the_database(app, bearing, project, made, ada):
    row, token = made(ada, days=1)
    client = bearing(token=token)
    client.get(ISSUES)
    change(app, "UPDATE sign_ins SET ends_at = now() + interval '1 minute' WHERE id = :id", id=row.id)
    client.get(ISSUES)
    change(app, "UPDATE sign_ins SET ends_at = now() WHERE id = :id", id=row.id)
    client.get(ISSUES, status=401)


def test_it_does_what_its_owner_may_by_then(app, api, bearing, make, ada):
    project = make.project(ada, key="WALL")
    mona = make.member(project, "maintainer")
    client = bearing(mona, "admin")
    client.patch("/projects/WALL", {"description": "Dry."})
    owner = api(ada)
    owner.patch(f"/projects/WALL/members/{mona.id}", {"role": "viewer"})
    client.patch("/projects/WALL", {"description": "Wet."}, status=403)
    client.get("/projects/WALL")
    owner.delete(f"/projects/WALL/members/{mona.id}")
    client.get("/projects/WALL", status=404)


def test_an_owner_hears_that_it_is_the_token_which_may_not(bearing, make, project, ada):
    mona = make.member(project, "member")
    issue = make.issue(project, ada)
    comment = make.comment(project, issue, mona)
    url = f"{ISSUES}/{issue.number}/comments/{comment.id}"
    told = bearing(ada, "write").patch(url, {"body": "Not so."}, status=403)
    assert told["detail"] == "With this token you are not allowed to edit comments in WALL. See its scope."
    bearing(ada, "admin").patch(url, {"body": "Not so."})
    bearing(mona, "write").patch(url, {"body": "So."})


def test_an_administrator_who_is_one_no_more(app, bearing, make, ada):
    make.person("Root", is_admin=True)
    other = make.person("Other", is_admin=True)
    client = bearing(other, "admin")
    client.get("/admin/jobs")
    with app.app_context():
        standing.unmake_administrator(other.email)
    client.get("/admin/jobs", status=403)


def test_it_ends_with_its_owner_and_does_not_come_back(app, bearing, project, ada, eve):
    client = bearing(eve)
    client.get("/auth/me")
    with app.app_context():
        standing.deactivate(eve.email)
    client.get("/auth/me", status=403)
    with app.app_context():
        standing.activate(eve.email)
    client.get("/auth/me", status=401)


def test_its_use_is_noted_once_a_day(app, bearing, made, ada, statements):
    row, token = made(ada)
    client = bearing(token=token)
    noted = "UPDATE personal_tokens SET used_on"
    for number in (1, 0):
        statements.clear()
        client.get("/auth/me")
        assert sum(noted in one for one in statements) == number
    change(app, "UPDATE personal_tokens SET used_on = current_date - 1 WHERE id = :id", id=row.id)
    statements.clear()
    client.get("/auth/me")
    assert sum(noted in one for one in statements) == 1


def test_other_requests_ask_nothing_about_it(api, browser, project, ada, statements):
    for client in (api(ada), browser(ada)):
        client.get(ISSUES)
    statements.clear()
    api(ada).get(ISSUES)
    assert not any("personal_tokens" in one for one in statements[-3:])


def test_a_page_is_shown_too(bearing, project, ada):
    client = bearing(ada)
    client.headers["Accept"] = "text/html"
    page = client.send("GET", ISSUES, status=200)
    assert "<h1" in page.text
    refused = client.send("POST", ISSUES, data={"title": "A stone"}, status=403)
    assert "write" in refused.text


def test_no_log_has_it(app, bearing, project, made, ada, caplog):
    caplog.set_level("DEBUG")
    token = made(ada)[1]
    bearing(token=token).get(ISSUES)
    bearing(token=token[:-1]).get(ISSUES, status=401)
    bearing(token=token).post(ISSUES, {"title": "A stone"}, status=403)
    assert token[:-1] not in caplog.text
    assert token[10:] not in caplog.text
