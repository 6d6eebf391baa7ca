"""The log as pages and as JSON: administrators see all, owners what is of their project, everybody themselves."""

import json

import pytest

from tests.make import PASSWORD
from webapp.audit.telling import differences


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture
def wall(api, ada):
    """A project, whose making is noted."""
    return api(ada).post("/projects", {"name": "Wall", "key": "WALL"})


def kinds(page):
    return [one["kind"] for one in page["items"]]


def test_administrators_see_what_was_done_and_from_where(api, root, ada, wall):
    one = api(root).get("/admin/audit?kind=project_created")["items"][0]
    assert one["actor"] == {"id": ada.id, "name": "Ada", "email": ada.email}
    assert one["project"] == {"id": wall["id"], "key": "WALL"}
    assert one["address"] == "127.0.0.1"
    assert one["after"]["visibility"] == "private"


def test_nobody_else_does(api, ada):
    assert "Only administrators" in api(ada).get("/admin/audit", status=403)["detail"]


def test_the_page_says_it_in_words(browser, root, wall):
    page = browser(root).get("/admin/audit")
    assert page.says("Project created")
    assert page.says("127.0.0.1")
    assert 'href="/admin/audit"' in browser(root).get("/admin").text


def test_what_changed_is_told_as_words(api, browser, make, root, ada, wall):
    mona = make.person("Mona")
    member = api(ada).post("/projects/WALL/members", {"email": mona.email, "role": "viewer"})
    api(ada).patch(f"/projects/WALL/members/{member['user']['id']}", {"role": "member"})
    api(mona).post("/auth/tokens", {"name": "Report", "scope": "read", "projects": ["WALL"]})
    changed = browser(ada).get("/projects/WALL/audit?kind=member_role_changed")
    for window, url, name, told in (
        (browser(ada), "/projects/WALL/audit?kind=member_role_changed", "Role", "viewer → member"),
        (browser(root), "/admin/audit?kind=member_role_changed", "Role", "viewer → member"),
        (browser(mona), "/auth/activity", "Projects", "WALL"),
    ):
        page = window.get(url)
        assert page.says(name)
        assert page.says(told), url
        assert "{&#34;" not in page.text
        assert '<dl class="differences' in page.text
    assert changed.says("Role changed")
    one = api(root).get("/admin/audit?kind=member_role_changed")["items"][0]
    assert (one["before"], one["after"]) == ({"role": "viewer"}, {"role": "member"})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"is_on": True}, {"is_on": False}, [("is on", "yes", "no")]),
        ({}, {"events": ["opened", "closed"]}, [("Events", "", "opened and closed")]),
        ({"url": "x"}, {"url": None}, [("Address", "x", "")]),
        ({}, {"of_newer_code": {"name": "<b>"}}, [("of newer code", "", "Name: <b>")]),
    ],
)
def test_every_kind_of_value_is_told(app, before, after, told):
    with app.test_request_context():
        assert differences(before, after) == told


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("person={ada.email}", True),
        ("person=@{handle}", True),
        ("person={ada.id}", True),
        ("person={eve.id}", False),
        ("kind=project_created", True),
        ("kind=project_deleted", False),
        ("project=wall", True),
        ("outcome=ok", True),
        ("outcome=refused", False),
        ("address=127.0.0.1", True),
        ("address=10.0.0.1", False),
        ("since=2020-01-01", True),
        ("until=2020-01-01", False),
    ],
)
def test_it_is_filtered(api, root, ada, eve, wall, asked, found):
    handle = api(ada).get("/auth/me")["handle"]
    page = api(root).get(f"/admin/audit?{asked.format(ada=ada, eve=eve, handle=handle)}")
    assert kinds(page) == (["project_created"] if found else [])
    assert page["total"] == found


def test_a_project_is_found_by_every_key_that_it_had(api, root, ada, wall):
    api(ada).patch("/projects/WALL", {"key": "ROOF"})
    api(ada).delete("/projects/ROOF")
    assert kinds(api(root).get("/admin/audit?project=ROOF")) == [
        "project_deleted",
        "project_key_changed",
        "project_created",
    ]


def test_what_nobody_knows_is_told(browser, root, wall):
    page = browser(root).get("/admin/audit?person=nobody&project=NONE")
    assert page.says("Nobody is found by nobody.")
    assert page.says("No project has the key NONE, nor had it.")
    assert 'value="nobody"' in page.text


@pytest.mark.parametrize(
    ("asked", "field"), [("kind=nothing", "kind"), ("since=soon", "since"), ("outcome=x", "outcome")]
)
def test_what_is_wrong_is_told_by_its_field(api, root, asked, field):
    assert field in json.dumps(api(root).get(f"/admin/audit?{asked}", status=422))


def test_it_has_pages(api, root, ada):
    for number in range(3):
        api(ada).post("/projects", {"name": f"Wall {number}", "key": f"WALL{number}"})
    first = api(root).get("/admin/audit?limit=2&kind=project_created")
    second = api(root).get(first["next"])
    assert [one["project"]["key"] for one in first["items"] + second["items"]] == ["WALL2", "WALL1", "WALL0"]
    assert second["next"] is None


def test_pages_go_back_as_well(browser, root, ada, api):
    for number in range(3):
        api(ada).post("/projects", {"name": f"Wall {number}", "key": f"WALL{number}"})
    first = browser(root).get("/admin/audit?limit=2&kind=project_created")
    second = browser(root).get(next(one for one in first.links if "cursor=" in one))
    assert second.says("WALL0")
    assert browser(root).get(next(one for one in second.links if "cursor=" in one)).says("WALL2")


def test_somebody_finds_what_they_did_and_what_was_done_to_them(api, root, ada, eve, wall):
    api(ada).post("/projects/WALL/members", {"email": eve.email, "role": "member"})
    assert kinds(api(root).get(f"/admin/audit?person={eve.id}")) == ["member_added"]
    assert kinds(api(root).get(f"/admin/audit?person={ada.id}")) == ["member_added", "project_created"]


def test_it_is_taken_along_whole_and_that_is_noted_once(api, root, wall):
    answer = api(root).send("GET", "/admin/audit.jsonl?kind=project_created", status=200)
    assert [json.loads(line)["project"]["key"] for line in answer.text.splitlines()] == ["WALL"]
    assert answer.mimetype == "application/x-ndjson"
    noted = api(root).get("/admin/audit?kind=audit_exported")["items"]
    assert [one["after"] for one in noted] == [{"kind": "project_created", "records": 1}]


@pytest.mark.parametrize("accept", ["application/jsonl", "application/x-ndjson"])
@pytest.mark.parametrize("path", ["/admin/audit", "/projects/WALL/audit"])
def test_the_same_at_its_own_address(api, root, wall, accept, path):
    answer = api(root, Accept=accept).send("GET", path, status=200)
    assert answer.mimetype == "application/x-ndjson"


def test_who_only_asks_what_there_is_takes_nothing_along(api, root, wall):
    api(root).send("HEAD", "/admin/audit.jsonl", status=200)
    assert kinds(api(root).get("/admin/audit?kind=audit_exported")) == []


def test_it_is_taken_along_in_parts(api, root, monkeypatch, ada):
    monkeypatch.setattr("webapp.audit.listing.PART", 2)
    for number in range(5):
        api(ada).post("/projects", {"name": f"Wall {number}", "key": f"WALL{number}"})
    lines = api(root).send("GET", "/admin/audit.jsonl?kind=project_created").text.splitlines()
    assert [json.loads(line)["project"]["key"] for line in lines] == ["WALL4", "WALL3", "WALL2", "WALL1", "WALL0"]


def test_owners_see_their_project_alone(api, ada, eve, make, wall):
    api(eve).post("/projects", {"name": "Roof", "key": "ROOF"})
    assert kinds(api(ada).get("/projects/WALL/audit")) == ["project_created"]
    assert api(ada).get("/projects/ROOF/audit", status=404)


def test_owners_do_not_see_where_others_were(api, ada, eve, wall):
    api(ada).post("/projects/WALL/members", {"email": eve.email, "role": "owner"})
    api(eve).patch("/projects/WALL", {"visibility": "internal"})
    theirs, _added, own = api(ada).get("/projects/WALL/audit")["items"]
    assert theirs["actor"] == {"id": eve.id, "name": "Eve", "email": None}
    assert (theirs["address"], theirs["agent"], theirs["sid"], theirs["request_id"]) == (None, None, None, None)
    assert own["address"] == "127.0.0.1"
    lines = api(ada).send("GET", "/projects/WALL/audit.jsonl").text.splitlines()
    assert [json.loads(line)["address"] for line in lines[-3:]] == [None, "127.0.0.1", "127.0.0.1"]


def test_owners_cannot_find_out_addresses_by_asking(api, ada, eve, wall):
    api(ada).get("/projects/WALL/audit?address=127.0.0.1", status=422)
    assert kinds(api(ada).get(f"/projects/WALL/audit?person={ada.email}")) == []


def test_maintainers_do_not_see_it(api, make, ada, wall, browser):
    api(ada).post("/projects/WALL/members", {"email": (mia := make.person("Mia")).email, "role": "maintainer"})
    api(mia).get("/projects/WALL/audit", status=403)
    assert "/projects/WALL/audit" not in browser(mia).get("/projects/WALL/edit").text
    assert "/projects/WALL/audit" in browser(ada).get("/projects/WALL/edit").text


def test_everybody_sees_what_was_done_with_their_account(api, browser, ada, eve, wall):
    api().post("/auth/login", {"email": ada.email, "password": "wrong"}, status=401)
    api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    assert kinds(api(ada).get("/auth/activity")) == ["authn_login_ok", "authn_login_fail"]
    assert api(ada).get("/auth/activity")["items"][1]["address"] == "127.0.0.1"
    assert kinds(api(eve).get("/auth/activity")) == []
    assert browser(ada).get("/auth/activity").says("Login failed")


def test_nobody_sees_where_an_administrator_sat(api, app, root, ada, make):
    from webapp.audit import service as audit
    from webapp.audit.service import Kind

    with app.test_request_context(environ_base={"REMOTE_ADDR": "10.9.8.7"}):
        audit.note(Kind.ACTIVATED, actor=root, target=audit.person(ada))
    one = api(ada).get("/auth/activity")["items"][0]
    assert (one["actor"]["name"], one["actor"]["email"], one["address"]) == ("Root", None, None)


@pytest.mark.parametrize(
    ("path", "budget"), [("/admin/audit", 3), ("/projects/WALL/audit", 4), ("/auth/activity", 3)]
)
def test_a_page_takes_few_statements(browser, root, wall, statements, path, budget):
    page = browser(root)
    page.get(path)
    statements.clear()
    page.get(path)
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= budget
