from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from tests.make import PASSWORD
from webapp.auth import passwords
from webapp.db import transacting

URL = "/projects/WALL/members"
NEW = "new@example.com"


@pytest.fixture
def invited(api, ada, project):
    return api(ada).post(URL, {"email": NEW, "role": "reporter"})


@pytest.fixture
def link(invited):
    return urlsplit(invited["link"]).path


def expire(app):
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE invitations SET expires_at = now() - interval '1 second'"))


def test_an_unknown_address_gets_an_invitation_whose_link_is_told_once(api, ada, invited):
    assert (invited["email"], invited["role"], invited["invited_by"]["name"]) == (NEW, "reporter", "Ada")
    assert invited["link"].startswith("http://localhost/invitations/")
    assert [one["link"] for one in api(ada).get(f"{URL}/invitations")["items"]] == [None]


def test_a_page_shows_the_link_once(browser, ada, project):
    page = browser(ada).post(URL, {"email": NEW, "role": "member"}, status=200)
    assert "http://localhost/invitations/" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "strict-origin"
    assert page.says(f"Send this link to {NEW}")
    later = browser(ada).get(URL)
    assert later.says(NEW)
    assert "http://localhost/invitations/" not in later.text


def test_the_database_holds_no_link(app, link):
    with app.app_context(), transacting() as session:
        rows = session.execute(text("SELECT row_to_json(invitations)::text FROM invitations")).scalars()
        assert not any(link.rpartition("/")[2] in row for row in rows)


def test_whoever_has_the_link_joins_once(api, browser, make, eve, link):
    told = api().get(link)
    assert (told["project_name"], told["role"], told["invited_by"]["name"]) == ("Rockery", "reporter", "Ada")
    assert browser(eve).get(link).says("Ada invites you to the project Rockery as reporter.")
    assert browser(eve).post(link).location == "/projects/WALL"
    assert api(eve).get("/projects/WALL")["key"] == "WALL"
    assert api(make.person("Mallory")).post(link, status=410)["detail"].startswith("This invitation was used already")


def test_a_member_does_not_use_it_up(api, browser, ada, link):
    assert browser(ada).post(link, status=409).says("You are a member of Rockery already.")
    api().get(link)


def test_without_login_it_leads_there_and_back(browser, link):
    assert browser().post(link, status=303).location == f"/auth/login?next={link}"


def test_a_newcomer_makes_an_account_with_the_invited_address(browser, api, link):
    page = browser()
    assert page.get(link).says("Create account and join")
    again = page.post(f"{link}/account", {"name": "", "password": PASSWORD}, status=422)
    assert again.says("Join Rockery")
    done = page.post(f"{link}/account", {"name": "Nora", "password": PASSWORD, "email": "other@example.com"})
    assert done.location == "/projects/WALL"
    assert page.get("/auth/me").says(NEW)


def test_an_invitation_opens_a_closed_registration(app, api, link, settings, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", settings.model_copy(update={"registration": "closed"}))
    api().post("/auth/register", {"name": "Nora", "email": NEW, "password": PASSWORD}, status=403)
    newcomer = {"name": "Nora", "password": PASSWORD, "time_zone": "Europe/Zurich"}
    made = api().post(f"{link}/account", newcomer)
    assert (made["email"], made["time_zone"]) == (NEW, "Europe/Zurich")


def test_registering_with_the_address_alone_joins_nothing(api, link):
    api().post("/auth/register", {"name": "Nora", "email": NEW, "password": PASSWORD})
    token = api().post("/auth/login", {"email": NEW, "password": PASSWORD}, status=200)["access_token"]
    api().get("/projects/WALL", status=404, headers={"Authorization": f"Bearer {token}"})


def test_what_is_expired_or_revoked_or_made_up_lets_nobody_in(app, api, ada, eve, invited, link):
    expire(app)
    api(eve).post(link, status=410)
    api(ada).delete(f"{URL}/invitations/{invited['id']}")
    api(eve).post(link, status=404)
    api(eve).post("/invitations/" + "x" * 43, status=404)
    api(eve).post("/invitations/x", status=404)


def test_a_page_says_that_it_is_over(app, browser, link):
    expire(app)
    assert browser().get(link, status=410).says("Ask Ada for another one")


def test_a_new_link_ends_the_old_one(api, browser, ada, eve, invited, link):
    renewed = api(ada).post(f"{URL}/invitations/{invited['id']}/renewal", status=200)
    api(eve).post(link, status=404)
    api(eve).post(urlsplit(renewed["link"]).path, status=200)
    api(ada).post(f"{URL}/invitations/{invited['id']}/renewal", status=404)


def test_an_address_is_invited_once(app, api, ada, invited):
    assert api(ada).post(URL, {"email": NEW.upper()}, status=409)["errors"][0]["field"] == "email"
    expire(app)
    assert api(ada).post(URL, {"email": NEW, "role": "viewer"})["role"] == "viewer"


def test_a_maintainer_gives_no_link_to_an_owners_place(api, make, ada, project):
    invited = api(ada).post(URL, {"email": NEW, "role": "owner"})
    maintainer = api(make.member(project, "maintainer"))
    maintainer.post(f"{URL}/invitations/{invited['id']}/renewal", status=403)
    maintainer.delete(f"{URL}/invitations/{invited['id']}", status=403)


def test_the_log_does_not_tell_the_secret(api, link, caplog, monkeypatch):
    monkeypatch.setattr("webapp.http.log.log.propagate", True)
    api().get(link)
    api().get(f"{link}/nowhere", status=404)
    assert "/invitations/…" in caplog.text
    assert link.rpartition("/")[2] not in caplog.text


def test_the_command_prints_the_link(app, api, project, eve):
    run = app.test_cli_runner().invoke
    told = run(args=["invite", "wall", NEW, "--role", "viewer"])
    link = told.output.split()[-1]
    assert link.startswith("http://127.0.0.1:8000/invitations/")
    assert api(eve).post(urlsplit(link).path, status=200)["key"] == "WALL"
    assert run(args=["invite", "OTHER", NEW]).exit_code == 1


def test_the_command_adds_whoever_has_an_account(app, project, eve):
    told = app.test_cli_runner().invoke(args=["invite", "WALL", eve.email])
    assert told.output == "Eve is a member of WALL now.\n"


def test_it_holds_no_longer_than_its_senders_rights(api, ada, eve, make, project):
    maintainer = make.member(project, "maintainer")
    link = urlsplit(api(maintainer).post(URL, {"email": NEW, "role": "maintainer"})["link"]).path
    api(ada).patch(f"{URL}/{maintainer.id}", {"role": "member"})
    api().get(link, status=410)
    assert "may no longer" in api(eve).post(link, status=410)["detail"]
    api().post(f"{link}/account", {"name": "Nora", "password": PASSWORD}, status=410)


def test_whoever_is_no_owner_any_more_gives_no_owners_place(api, ada, eve, make, project):
    bob = make.member(project, "owner")
    link = urlsplit(api(bob).post(URL, {"email": NEW, "role": "owner"})["link"]).path
    api(ada).patch(f"{URL}/{bob.id}", {"role": "maintainer"})
    api(eve).post(link, status=410)


def test_it_leads_into_no_archived_project(api, ada, eve, link):
    api(ada).post("/projects/WALL/archive", status=200)
    api(eve).post(link, status=410)
    api(ada).delete("/projects/WALL/archive", status=200)
    api(eve).post(link, status=200)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("DELETE FROM invitations", 404),
        ("UPDATE invitations SET accepted_at = now()", 410),
        ("UPDATE invitations SET expires_at = now() - interval '1 second'", 410),
        ("DELETE FROM memberships", 410),
        ("UPDATE projects SET archived_at = now()", 410),
        ("UPDATE users SET is_active = false", 410),
    ],
)
def test_an_invitation_that_ends_while_an_account_is_made_makes_none(
    app, api, browser, link, monkeypatch, end, status
):
    """It takes its time to hash a password."""
    hashed = passwords.hashed

    def meanwhile(password):
        with app.app_context(), transacting() as session:
            session.execute(text(end))
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", meanwhile)
    browser().post(f"{link}/account", {"name": "Nora", "password": PASSWORD}, status=status)
    with app.app_context(), transacting() as session:
        assert session.scalar(text("SELECT count(*) FROM users WHERE email = :new"), {"new": NEW}) == 0
