"""Administrators find accounts, and say who may log in and who administrates. Nobody does so to themselves."""

import pytest
from sqlalchemy import text

from tests.factors.conftest import arrived, holder
from tests.make import PASSWORD
from webapp.db import transacting

__all__ = ["arrived", "holder"]


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


def at(person, rest=""):
    return f"/admin/people/{person.id}{rest}"


def names(api, root, asked=""):
    return [one["name"] for one in api(root).get(f"/admin/people{asked}")["items"]]


def log_in(api, person, status=200):
    return api().post("/auth/login", {"email": person.email, "password": PASSWORD}, status=status)


def kinds(api, root, person):
    return [one["kind"] for one in api(root).get(f"/admin/audit?person={person.email}")["items"]]


@pytest.fixture
def crowd(app, make, ada, eve, root):
    """Somebody in each state beside Ada, Eve and Root."""
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET email = 'ada.lovelace@example.com' WHERE id = :id"), {"id": ada.id})
    make.person("Gone", is_active=False)
    make.person("Former", is_admin=True, is_active=False)
    make.person("Safe", has_factor=True)
    make.person("Octocat", email=None, password_hash=None, origin="github:octocat")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Ada", "Eve", "Former", "Gone", "Octocat", "Root", "Safe"]),
        ("?state=active", ["Ada", "Eve", "Octocat", "Root", "Safe"]),
        ("?state=deactivated", ["Former", "Gone"]),
        ("?state=administrators", ["Root"]),
        ("?state=no_factor", ["Ada", "Eve", "Root"]),
        ("?state=imported", ["Octocat"]),
        ("?q=OCTO", ["Octocat"]),
        ("?q=ADA.Lovelace%40", ["Ada"]),
        ("?q=@safe", ["Safe"]),
        ("?q=e&state=deactivated", ["Former", "Gone"]),
        ("?q=%25", []),
        ("?q=", ["Ada", "Eve", "Former", "Gone", "Octocat", "Root", "Safe"]),
    ],
)
def test_people_are_found(api, make, root, crowd, asked, found):
    assert names(api, root, asked) == found


def test_a_list_goes_on_behind_the_last_one(api, root, crowd):
    here = api(root)
    first = here.get("/admin/people?limit=3&state=active")
    second = here.get(first["next"])
    assert [one["name"] for one in (*first["items"], *second["items"])] == ["Ada", "Eve", "Octocat", "Root", "Safe"]
    assert second["next"] is None
    assert first["total"] == 5


def test_a_page_leads_on_and_back(browser, root, crowd):
    page = browser(root)
    second = page.get(next(link for link in page.get("/admin/people?limit=3&state=active").links if "cursor" in link))
    assert second.says("Root")
    assert not second.says("Octocat")
    first = page.get(next(link for link in second.links if "cursor" in link))
    assert [name for name in ("Ada", "Eve", "Octocat", "Safe") if first.says(name)] == ["Ada", "Eve", "Octocat"]


def test_a_page_finds_them_too_and_keeps_what_was_asked(browser, root, crowd):
    page = browser(root).get("/admin/people?q=o&state=deactivated")
    assert [name for name in ("Former", "Gone", "Octocat") if page.says(name)] == ["Former", "Gone"]
    assert page.fields["q"] == "o"
    assert page.fields["state"] == "deactivated"
    assert browser(root).get("/admin/people?q=nobody").says("Nobody is like that")


@pytest.mark.parametrize("asked", ["state=strange", "cursor=strange", "limit=0", "order=name"])
def test_what_cannot_be_asked_is_told_by_its_name(api, root, asked):
    assert asked.partition("=")[0] == api(root).get(f"/admin/people?{asked}", status=422)["errors"][0]["field"]


def test_an_account_says_how_it_stands(api, root, ada):
    told = api(root).get(at(ada))
    assert told.pop("created_at")
    assert told == {
        "id": ada.id, "name": "Ada", "email": ada.email, "handle": told["handle"], "is_active": True,
        "is_admin": False, "has_factor": False, "is_imported": False, "is_nameless": False,
        "identities": [],
    }  # fmt: skip
    api(root).get("/admin/people/999999999", status=404)


def test_who_is_deactivated_is_out_at_once(api, browser, root, ada):
    here, page, held = api(ada), browser(root), log_in(api, ada)
    page.get(page.post(at(ada), {"is_active": "false"}).location)
    here.get("/auth/me", status=403)
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)
    log_in(api, ada, status=403)
    page.post(at(ada), {"is_active": "true"})
    log_in(api, ada)
    assert {"user_deactivated", "user_activated"} <= set(kinds(api, root, ada))


def test_the_projects_that_nobody_owns_then_are_told(api, browser, make, root, ada):
    make.project(ada, key="WALL")
    api(root).patch(at(ada), {"is_active": False})
    assert browser(root).get(at(ada)).says("WALL")


def test_an_administrator_is_made_and_unmade(api, root, ada, eve, make):
    make.project(ada, key="WALL")
    someone = api(eve)
    someone.get("/projects/WALL", status=404)
    assert api(root).patch(at(eve), {"is_admin": True})["is_admin"]
    someone.get("/projects/WALL")
    assert not api(root).patch(at(eve), {"is_admin": False})["is_admin"]
    someone.get("/projects/WALL", status=404)
    assert kinds(api, root, eve)[:2] == ["user_no_administrator", "user_administrator"]


def test_both_at_once_are_two_records(api, root, make):
    gone = make.person("Gone", is_active=False)
    told = api(root).patch(at(gone), {"is_active": True, "is_admin": True})
    assert (told["is_active"], told["is_admin"]) == (True, True)
    assert kinds(api, root, gone) == ["user_administrator", "user_activated"]


def test_who_cannot_log_in_is_made_no_administrator(api, browser, root, make):
    gone = make.person("Gone", is_active=False)
    assert "deactivated" in str(api(root).patch(at(gone), {"is_admin": True}, status=422))
    assert browser(root).post(at(gone), {"is_admin": "true"}, status=422).says("Activate the account first")
    octocat = make.person("Octocat", email=None, password_hash=None, origin="github:octocat")
    assert "imported" in str(api(root).patch(at(octocat), {"is_admin": True}, status=422))


@pytest.mark.parametrize("body", [{}, {"is_active": None}, {"is_admin": "perhaps"}, {"email": "mine@example.com"}])
def test_nothing_else_is_changed(api, root, ada, body):
    api(root).patch(at(ada), body, status=422)


def test_second_factors_are_taken_away(api, browser, root, holder):
    log_in(api, holder.person, status=401)
    page = browser(root)
    assert page.get(at(holder.person)).says("Take away all second factors")
    page.get(page.post(at(holder.person, "/factors/delete")).location)
    holder.client.get("/auth/me", status=401)
    log_in(api, holder.person)
    assert "authn_factor_reset" in kinds(api, root, holder.person)
    assert "has no second factor" in api(root).delete(at(holder.person, "/factors"), status=409)["detail"]


def test_all_logins_and_tokens_end(api, browser, root, ada):
    here, page, held = api(ada), browser(ada), log_in(api, ada)
    token = here.post("/auth/tokens", {"name": "Script", "scope": "read"})["token"]
    feed = here.post("/auth/feeds", {"name": "Phone"})["token"]
    assert browser(root).get(at(ada)).says("1 access token")
    api(root).delete(at(ada, "/sign-ins"))
    here.get("/auth/me", status=401)
    page.get("/auth/me", status=303)
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)
    api().get("/auth/me", status=401, headers={"Authorization": f"Bearer {token}"})
    api().get(f"/issues.ics?token={feed}", status=401)
    assert browser(root).get(at(ada)).says("0 access tokens")
    log_in(api, ada)


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("PATCH", "", {"is_active": False}),
        ("PATCH", "", {"is_admin": False}),
        ("DELETE", "/factors", None),
        ("DELETE", "/sign-ins", None),
    ],
)
def test_nobody_does_it_to_themselves(api, make, root, method, rest, body):
    make.person("Second", is_admin=True)
    here = api(root)
    assert "own account" in here.send(method, at(root, rest), json=body, status=409).json["detail"]
    assert here.get(at(root))["is_admin"]


def test_the_own_page_has_no_forms_for_it(browser, root, ada):
    assert browser(root).get(at(root)).says("your own account")
    assert f'action="{at(root)}' not in browser(root).get(at(root)).text
    assert f'action="{at(ada)}' in browser(root).get(at(ada)).text


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"is_admin": True}),
        ("DELETE", "/factors", None),
        ("DELETE", "/sign-ins", None),
    ],
)
def test_others_are_refused(api, root, ada, method, rest, body):
    refused = api(ada).send(method, at(root, rest), json=body, status=403).json
    assert "Only administrators" in refused["detail"]
    assert "Only administrators" in api(ada).get("/admin/people", status=403)["detail"]


def test_their_page_tells_what_they_did_and_what_was_done_to_them(api, browser, make, root, ada):
    log_in(api, ada)
    api(root).patch(at(ada), {"is_admin": True})
    page = browser(root).get(at(ada))
    assert page.says("Logged in")
    assert page.says("Made an administrator")


def test_a_handle_of_digits_is_nobody_elses_page(app, api, browser, make, root, ada, eve):
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET handle = :of WHERE id = :id"), {"of": str(eve.id), "id": ada.id})
    log_in(api, ada)
    assert browser(root).get(at(eve)).says("Nothing was noted yet")


@pytest.mark.parametrize(
    ("path", "budget"), [("/admin/people", 3), ("/admin/people/{id}", 5), ("/admin/people/{id}/purge", 4)]
)
def test_a_page_takes_few_statements(browser, root, ada, crowd, statements, path, budget):
    page = browser(root)
    page.get(path.format(id=ada.id))
    statements.clear()
    page.get(path.format(id=ada.id))
    sent = [one for one in statements if "SAVEPOINT" not in one]
    assert len(sent) <= budget, "\n\n".join(sent)


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/people", "/admin/jobs", "/admin/webhooks", "/admin/audit", "/admin/health"]
)
def test_each_page_of_administration_leads_to_all_others(browser, root, path):
    page = browser(root).get(path)
    for other in ("/admin", "/admin/people", "/admin/jobs", "/admin/webhooks", "/admin/audit"):
        assert f'<a href="{other}"' in page.text
    assert f'<a href="{path}" aria-current="page"' in page.text
