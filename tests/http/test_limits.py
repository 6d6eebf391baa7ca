"""What costs much may be done only so often: by each person, and without a login by each network."""

import re

import pytest

from webapp.auth import allowances
from webapp.auth.allowances import ALLOWANCES, Allowance
from webapp.config import ROOT
from webapp.db import db
from webapp.http.limits import HEADERS
from webapp.origins import network

PROJECT, ISSUE = "/projects/WALL", "/projects/WALL/issues/1"
HERE, THERE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "198.51.100.7"}
# What is made, where, and a field of its form.
MADE = [
    ("comment", f"{ISSUE}/comments", "body"),
    ("issue", f"{PROJECT}/issues", "title"),
    ("project", "/projects", "name"),
    ("creation", "/views", "name"),
]
PREVIEWS = [(f"{ISSUE}/comments/preview", "body"), (f"{PROJECT}/issues/preview", "body")]


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    make.issue(project, ada)
    return project


@pytest.fixture
def two(monkeypatch):
    """Two at once, and one more each ten seconds."""
    for kind, whose in ALLOWANCES:
        if whose in ("person", "network"):
            monkeypatch.setitem(ALLOWANCES, (kind, whose), Allowance(2, 0.1))


def later(app, seconds):
    with app.app_context():
        moved = f"UPDATE login_failures SET last_at = last_at - interval '{seconds} s'"
        db.session.execute(db.text(moved))
        db.session.commit()


@pytest.mark.parametrize(("kind", "url", "field"), MADE)
def test_who_makes_too_much_has_to_wait(app, api, make, eve, project, two, kind, url, field):
    other = make.person("Bob")
    told = [api(eve).send("POST", url, json={field: name}, status=201).headers for name in ("One", "Two")]
    assert [one["RateLimit-Remaining"] for one in told] == ["1", "0"]
    refused = api(eve).send("POST", url, json={field: "Three"}, status=429)
    assert refused.mimetype == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert refused.headers["RateLimit-Policy"] == f'"{kind}";q=2;w=20'
    assert re.fullmatch(rf'"{kind}";r=0;t=(19|20)', refused.headers["RateLimit"])
    api(other).post(url, {field: "Another's"})
    later(app, 10)
    api(eve).post(url, {field: "Three"})
    api(eve).post(url, {field: "Four"}, status=429)


@pytest.mark.parametrize(("kind", "url", "field"), MADE)
def test_a_form_comes_back_with_what_was_typed(browser, eve, project, two, kind, url, field):
    for name in ("One", "Two"):
        browser(eve).post(url, {field: name})
    page = browser(eve).post(url, {field: "Typed with care"}, status=429)
    assert page.fields[field] == "Typed with care"
    assert page.says("Try again in")
    assert {"Retry-After", *HEADERS} <= set(page.response.headers.keys())


@pytest.mark.parametrize(("url", "field"), PREVIEWS)
def test_previews_too(browser, make, eve, project, two, url, field):
    for _ in range(2):
        assert browser(eve).post(url, {field: "*So*"}, status=200).response.headers["RateLimit"]
    page = browser(eve).post(url, {field: "*So*"}, status=429)
    assert page.fields[field] == "*So*"
    browser(make.person("Bob")).post(url, {field: "*So*"}, status=200)


@pytest.mark.parametrize("role", ["member", "maintainer", "owner"])
def test_who_works_in_a_project_makes_what_it_needs(api, make, project, two, role):
    someone = api(make.member(project, role))
    for number in range(4):
        someone.post(f"{ISSUE}/comments", {"body": f"Seen {number}."})
        someone.post(f"{PROJECT}/issues", {"title": f"Stone {number}"})


def test_a_reporter_has_to_wait(api, make, project, two):
    someone = api(make.member(project, "reporter"))
    for status in (201, 201, 429):
        someone.post(f"{ISSUE}/comments", {"body": "Seen."}, status=status)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_exports_are_counted_for_each_project(api, make, ada, eve, project, two, ending):
    make.project(ada, key="SCREE")
    for who in (ada, None):
        for _ in range(2):
            api(who).send("GET", f"{PROJECT}/issues.{ending}", status=200, environ_overrides=HERE)
        api(who).send("GET", f"{PROJECT}/issues.{ending}", status=429, environ_overrides=HERE)
    wanted = {"Accept": "text/csv"}
    api(ada).send("GET", f"{PROJECT}/issues", status=429, headers=wanted, environ_overrides=HERE)
    api(ada).send("GET", f"/projects/SCREE/issues.{ending}", status=200, environ_overrides=HERE)
    api(ada).send("GET", f"/issues.{ending}", status=200, environ_overrides=HERE)
    api(eve).send("GET", f"{PROJECT}/issues.{ending}", status=200, environ_overrides=HERE)
    api().send("GET", f"{PROJECT}/issues.{ending}", status=200, environ_overrides=THERE)


def test_each_token_of_a_feed_counts_for_itself(api, ada, eve, project, two):
    tokens = [api(who).post("/auth/feeds", {"name": "Report"})["token"] for who in (ada, eve)]
    for token in tokens:
        for status in (200, 200, 429):
            url = f"{PROJECT}/issues.csv?token={token}"
            api().send("GET", url, status=status, environ_overrides=HERE)


def test_many_accounts_of_a_network_share_what_costs_most(api, make, ada, eve, project, monkeypatch):
    monkeypatch.setitem(ALLOWANCES, ("export", "together"), Allowance(2, 0.1))
    for who in (ada, eve):
        api(who).send("GET", f"{PROJECT}/issues.csv", status=200, environ_overrides=HERE)
    other = make.person("Bob")
    api(other).send("GET", f"{PROJECT}/issues.csv", status=429, environ_overrides=HERE)
    api(other).send("GET", f"{PROJECT}/issues.csv", status=200, environ_overrides=THERE)


def test_whom_their_own_limit_refuses_takes_nothing_from_others(api, ada, eve, project, two, monkeypatch):
    monkeypatch.setitem(ALLOWANCES, ("project", "together"), Allowance(3, 0.1))
    for status in (201, 201, 429, 429, 429):
        api(ada).post("/projects", {"name": "Rockery"}, status=status)
    api(eve).post("/projects", {"name": "Rockery"})


def test_tokens_and_logins_of_a_person_count_together(api, browser, eve, project, two):
    api(eve).post(f"{ISSUE}/comments", {"body": "One"})
    browser(eve).post(f"{ISSUE}/comments", {"body": "Two"})
    api(eve).post(f"{ISSUE}/comments", {"body": "Three"}, status=429)


# What somebody changes in a project that they do not work in.
CHANGES = [
    ("PATCH", f"{PROJECT}/issues?q=author:me", {"title": "Anew"}),
    ("PATCH", "{own}", {"title": "Anew"}),
    ("PUT", f"{ISSUE}/reactions/heart", None),
    ("DELETE", f"{ISSUE}/reactions/heart", None),
    ("PUT", f"{ISSUE}/watch", {"level": "all"}),
    ("DELETE", f"{PROJECT}/watch", None),
    ("POST", "{own}/closure", {}),
]


@pytest.fixture
def own(make, eve, project):
    return f"{PROJECT}/issues/{make.issue(project, eve).number}"


@pytest.mark.parametrize(("method", "url", "body"), CHANGES)
def test_who_changes_too_much_has_to_wait(app, api, make, eve, project, own, two, method, url, body):
    someone, url = api(eve), url.format(own=own)
    answers = [someone.send(method, url, json=body) for _ in range(2)]
    assert all(one.status_code != 429 for one in answers)
    refused = someone.send(method, url, json=body, status=429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert refused.headers["RateLimit-Policy"] == '"change";q=2;w=20'
    someone.send("PUT", f"{ISSUE}/reactions/eyes", status=429)
    api(make.person("Bob")).put(f"{ISSUE}/reactions/eyes")
    later(app, 10)
    someone.put(f"{ISSUE}/reactions/eyes")


def test_a_form_that_changes_too_often_comes_back_with_what_was_typed(browser, eve, own, two):
    page = browser(eve)
    for number in range(2):
        page.post(own, {"title": f"Title {number}"})
    refused = page.post(own, {"title": "Typed with care"}, status=429)
    assert refused.fields["title"] == "Typed with care"
    assert {"Retry-After", *HEADERS} <= set(refused.response.headers.keys())


def test_a_press_too_often_is_refused_as_a_page(browser, eve, project, two):
    page = browser(eve)
    for status in (303, 303, 429):
        refused = page.post(f"{ISSUE}/reactions/heart", status=status)
    assert refused.says("Try again in")


def test_changes_of_those_who_work_there_cost_no_statement(api, make, project, two, statements):
    someone, root = api(make.member(project, "member")), api(make.person("Root", is_admin=True))
    for number in range(4):
        for here in (someone, root):
            assert "RateLimit" not in here.send("PATCH", ISSUE, json={"title": f"Title {number}"}, status=200).headers
            here.put(f"{ISSUE}/reactions/heart")
    assert not [one for one in statements if "login_failures" in one]


def test_what_is_ones_own_is_changed_at_will(api, eve, project, two):
    for name in ("One", "Two", "Three"):
        assert "RateLimit" not in api(eve).send("PATCH", "/auth/me", json={"name": name}, status=200).headers


def test_each_change_in_a_project_is_counted(app):
    free = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (operation := getattr(app.view_functions[rule.endpoint], "operation", None))
        and operation.method != "GET"
        and "project" in rule.arguments
        and not operation.spends
    }
    assert free == {"attachments.create"}  # where files are stored


def test_reading_has_no_limit(api, ada, project, two):
    for number in range(4):
        for url in (PROJECT, f"{PROJECT}/issues?q=stone", ISSUE, f"{PROJECT}/board", f"{PROJECT}/issues.atom"):
            answer = api(ada).send("GET", url, status=200)
            assert "RateLimit" not in answer.headers
        api(ada).patch(ISSUE, {"title": f"Title {number}"})


@pytest.mark.parametrize(("factor", "most"), [(2, 4), (0.5, 1), (0.001, 1)])
def test_a_house_may_be_more_generous_or_less(app, api, eve, project, two, monkeypatch, factor, most):
    monkeypatch.setattr(allowances, "_factor", None)  # which is put back
    allowances.configure(app.config["SETTINGS"].model_copy(update={"limit_factor": factor}))
    for _ in range(most):
        api(eve).post(f"{ISSUE}/comments", {"body": "Seen."})
    api(eve).post(f"{ISSUE}/comments", {"body": "Seen."}, status=429)


def test_a_house_may_have_no_limits(api, eve, project, two, statements, monkeypatch):
    monkeypatch.setattr(allowances, "_factor", 0)
    for _ in range(4):
        answer = api(eve).send("POST", f"{ISSUE}/comments", json={"body": "Seen."}, status=201)
    assert "RateLimit" not in answer.headers
    assert not [one for one in statements if "login_failures" in one]


def test_a_limited_change_takes_one_statement_more(api, eve, project, statements):
    api(eve).post(f"{ISSUE}/comments", {"body": "Seen."})
    assert len([one for one in statements if "login_failures" in one]) == 1


def test_all_that_people_create_is_counted(app):
    free = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (operation := getattr(app.view_functions[rule.endpoint], "operation", None))
        and operation.creates
        and not operation.spends
    }
    # Who has no account yet is counted by their network, and files where they are stored.
    assert free == {"auth.register", "claiming.register", "links.finish", "members.register", "attachments.create"}


def test_the_table_of_limits_is_true():
    told = (ROOT / "docs" / "api.md").read_text().partition("## Limits")[2].partition("## Files")[0]
    for (kind, whose), allowance in ALLOWANCES.items():
        minute, hour = allowance.a_second * 60, allowance.a_second * 3600
        said = {f"{allowance.at_once} a minute"} if minute == allowance.at_once else {f"{allowance.at_once} an hour"}
        said |= {"300 at once", f"{allowance.at_once} in a network", "three an hour"} if hour != minute else set()
        assert [one for one in said if one in told], (kind, whose)


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        ("192.0.2.7", "192.0.2.200", "192.0.3.7"),
        ("2001:db8:0:1::7", "2001:db8:0:1:ffff::8", "2001:db8:0:2::7"),
        ("::ffff:192.0.2.7", "192.0.2.8", "::ffff:198.51.100.7"),
    ],
)
def test_a_network_is_a_household_or_office(address, same, other):
    assert network(address) == network(same) != network(other)
