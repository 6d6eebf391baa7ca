"""What somebody may try who wants to hide, to read more than is theirs, or to harm whoever reads the log."""

import pytest

from tests.make import PASSWORD


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.mark.parametrize("agent", ["", "<img src=x onerror=alert(1)>", "x" * 5000, "a\x7f\x80\xff", '"><b>'])
def test_no_program_keeps_its_login_from_being_noted(api, browser, root, ada, agent):
    api().send(
        "POST",
        "/auth/login",
        status=200,
        json={"email": ada.email, "password": PASSWORD},
        headers={"User-Agent": agent},
    )
    found = api(root).get("/admin/audit?kind=authn_login_ok")["items"]
    assert len(found) == 1
    assert len(found[0]["agent"] or "") <= 200
    assert "<img" not in browser(root).get("/admin/audit").text


def test_a_name_runs_nothing(api, browser, root, ada):
    api(ada).patch("/auth/me", {"name": "<script>alert(1)</script>"})
    page = browser(root).get("/admin/audit").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_nobody_says_themselves_where_they_are(api, root, ada):
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Request-ID"):
        api().send(
            "POST",
            "/auth/login",
            status=200,
            json={"email": ada.email, "password": PASSWORD},
            headers={name: "9.9.9.9-not-so"},
        )
    found = api(root).get("/admin/audit?kind=authn_login_ok")["items"]
    assert {one["address"] for one in found} == {"127.0.0.1"}
    assert "9.9.9.9-not-so" not in str(found)


@pytest.mark.parametrize(
    "asked",
    [
        "person=%00", "person=%F0%9F", "person='; DROP TABLE audit_records; --", "person=99999999999999999999",
        "project=%25", "address=%27", "kind=%00", "since=0001-01-01", "until=9999-12-31", "until=0001-01-01",
        "since=9999-12-31", "cursor=x", "limit=0", "limit=101", "person=" + "x" * 101,
    ],
)  # fmt: skip
def test_no_question_breaks_it(api, root, asked):
    for path in ("/admin/audit", "/admin/audit.jsonl"):
        assert api(root).send("GET", f"{path}?{asked}").status_code in (200, 422)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/admin/audit", "/admin/audit.jsonl", "/auth/activity"])
def test_no_address_changes_it(api, root, method, path):
    assert api(root).send(method, path).status_code == 405


def test_who_is_no_owner_any_more_sees_no_more_of_it(api, ada, eve, make):
    api(ada).post("/projects", {"name": "Wall", "key": "WALL"})
    api(ada).post("/projects/WALL/members", {"email": eve.email, "role": "owner"})
    other = api(eve)
    assert other.get("/projects/WALL/audit")["total"] == 2
    api(ada).patch(f"/projects/WALL/members/{eve.id}", {"role": "maintainer"})
    other.get("/projects/WALL/audit", status=403)
    other.send("GET", "/projects/WALL/audit.jsonl", status=403)


def test_the_log_of_a_deleted_project_is_administrators_alone(api, ada, root):
    api(ada).post("/projects", {"name": "Wall", "key": "WALL"})
    api(ada).delete("/projects/WALL")
    api(ada).get("/projects/WALL/audit", status=404)
    api(ada).post("/projects", {"name": "Another", "key": "WALL"})
    kinds = [one["kind"] for one in api(ada).get("/projects/WALL/audit")["items"]]
    assert kinds == ["project_created"]


def test_whoever_is_logged_in_as_another_does_not_fail_in_their_name(api, root, ada, eve):
    """Eve, logged in, guesses Ada's password: it is told of Ada's account, and that it was Eve."""
    api(eve).post("/auth/login", {"email": ada.email, "password": "wrong"}, status=401)
    one = api(root).get("/admin/audit?outcome=refused")["items"][0]
    assert one["target"]["id"] == ada.id
    assert one["actor"] is None or one["actor"]["id"] == eve.id
