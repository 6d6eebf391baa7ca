"""Where people get mail: who joins at once, and who is asked."""

import re

import pytest
from sqlalchemy import update

from tests.make import PASSWORD
from webapp.db import transacting
from webapp.models.accounts import User

URL = "/projects/WALL/members"


@pytest.fixture(autouse=True)
def by_mail(mailing):
    """People get mail here."""


@pytest.fixture
def friend(make, ada):
    """Shares another project with Ada."""
    return make.member(make.project(ada, key="GATE"), "viewer")


@pytest.fixture
def closed(app, settings, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", settings.model_copy(update={"registration": "closed"}))


@pytest.fixture
def link(mailing, sink):
    """The path of the link in the last mail."""

    def link():
        mailing.drain()
        return re.findall(r"https://cairn\.test(/invitations/\S+)", sink.mails[-1].body())[0]

    return link


def role(api, who, of):
    return {one["id"]: one["role"] for one in api(who).get(URL)["items"]}.get(of.id)


def test_who_shares_a_project_joins_at_once(api, ada, friend, project):
    assert api(ada).post(URL, {"email": friend.email})["id"] == friend.id


def test_others_join_once_they_accept_by_the_mail(api, browser, ada, eve, project, link, sink):
    invited = api(ada).post(URL, {"email": eve.email, "role": "reporter"})
    assert (invited["email"], invited["link"]) == (eve.email, None)
    api(eve).get("/projects/WALL", status=404)
    path = link()
    assert sink.mails[-1].message["Subject"] == "Ada invites you to Rockery"
    assert browser(eve).get(path).says("Ada invites you to the project Rockery as reporter.")
    browser(eve).post(path)
    assert role(api, ada, eve) == "reporter"
    api(eve).post(path, status=410)


def test_the_mail_proves_the_address(api, ada, make, project, link, sink):
    claimed = make.person("Mallory", email_confirmed_at=None)
    api(ada).post(URL, {"email": claimed.email.upper()})
    api(claimed).post(link(), status=200)
    assert api(claimed).get("/auth/email")["confirmed_at"] is not None


def test_but_only_the_one_that_it_went_to(api, ada, make, project, link):
    other = make.person("Mallory", email_confirmed_at=None)
    api(ada).post(URL, {"email": "else@example.com"})
    api(other).post(link(), status=200)
    assert api(other).get("/auth/email")["confirmed_at"] is None


def test_who_makes_an_account_by_the_mail_need_not_confirm_it(api, browser, ada, project, link, mailing, sink):
    api(ada).post(URL, {"email": "new@example.com"})
    newcomer = browser(None)
    newcomer.post(f"{link()}/account", {"name": "New", "password": PASSWORD})
    mailing.drain()
    assert newcomer.get("/auth/email").says("new@example.com, confirmed")
    assert len(sink.mails) == 1


def test_a_link_that_was_told_proves_nothing(app, api, browser, ada, project, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr("webapp.members.inviting.by_mail", lambda: False)
        told = api(ada).post(URL, {"email": "new@example.com"})["link"]
    newcomer = browser(None)
    newcomer.post(f"/invitations{told.rpartition('/invitations')[2]}/account", {"name": "New", "password": PASSWORD})
    assert newcomer.get("/auth/email").says("new@example.com, not confirmed")


def test_or_on_their_first_page(api, browser, ada, eve, project):
    api(ada).post(URL, {"email": eve.email.upper()})
    (invited,) = api(eve).get("/")["invitations"]
    assert (invited["project_name"], invited["role"]) == ("Rockery", "member")
    page = browser(eve)
    assert page.get("/").says("Ada invites you to Rockery as member")
    assert page.post(f"/invitations/own/{invited['id']}").location == "/projects/WALL"
    assert role(api, ada, eve) == "member"
    assert api(eve).get("/")["invitations"] == []


def test_they_may_decline(api, browser, ada, eve, bob, project):
    number = api(ada).post(URL, {"email": eve.email})["id"]
    api(bob).delete(f"/invitations/own/{number}", status=404)
    api(bob).post(f"/invitations/own/{number}", status=404)
    browser(eve).post(f"/invitations/own/{number}/delete")
    assert api(ada).get(f"{URL}/invitations")["items"] == []
    api(eve).post(f"/invitations/own/{number}", status=404)


def test_an_address_that_is_not_confirmed_is_no_way_in(api, make, ada, project, closed):
    claimed = make.person("Mallory", email_confirmed_at=None)
    number = api(ada).post(URL, {"email": claimed.email})["id"]
    assert api(claimed).get("/")["invitations"] == []
    api(claimed).post(f"/invitations/own/{number}", status=404)


def test_the_answer_is_alike_whether_somebody_has_the_address(api, browser, ada, eve, project):
    told = [api(ada).post(URL, {"email": one}) for one in (eve.email, "nobody@example.com")]
    own = {"id", "created_at", "expires_at", "email"}
    alike = [{name: value for name, value in one.items() if name not in own} for one in told]
    assert alike[0] == alike[1]
    page = browser(ada).get(URL)
    assert page.says(eve.email)
    assert not page.says("Eve")


def test_where_registration_is_closed_all_who_have_an_account_join_at_once(api, ada, eve, project, closed):
    assert api(ada).post(URL, {"email": eve.email})["id"] == eve.id
    assert api(ada).post(URL, {"email": "nobody@example.com"})["link"] is None


@pytest.mark.parametrize("way", ["add", "edit"])
def test_nobody_owns_a_project_who_did_not_accept(api, ada, friend, project, link, closed, way):
    if way == "edit":
        api(ada).post(URL, {"email": friend.email})
        assert api(ada).patch(f"{URL}/{friend.id}", {"role": "owner"})["role"] == "member"
    else:
        assert api(ada).post(URL, {"email": friend.email, "role": "owner"})["role"] == "owner"
    assert role(api, ada, friend) == {"edit": "member", "add": None}[way]
    api(friend).post(link(), status=200)
    assert role(api, ada, friend) == "owner"


def test_who_has_no_address_cannot_be_asked_to_own_it(app, api, ada, make, project):
    imported = make.member(project, "member")
    with app.app_context(), transacting() as session:
        session.execute(update(User).where(User.id == imported.id).values(email=None, password_hash=None))
    refused = api(ada).patch(f"{URL}/{imported.id}", {"role": "owner"}, status=422)
    assert [one["field"] for one in refused["errors"]] == ["role"]


def test_a_project_goes_to_who_owns_it_already(api, ada, bob, friend, project):
    refused = api(ada).post("/projects/WALL/transfer", {"email": friend.email}, status=422)
    assert [one["field"] for one in refused["errors"]] == ["email"]
    assert api(ada).post("/projects/WALL/transfer", {"user_id": bob.id}, status=200)["owner_id"] == bob.id


def test_a_newcomer_makes_an_account_by_the_link(browser, api, ada, project, link):
    api(ada).post(URL, {"email": "nora@example.com"})
    page = browser()
    done = page.post(f"{link()}/account", {"name": "Nora", "password": PASSWORD})
    assert done.location == "/projects/WALL"


def test_a_new_link_goes_by_mail_again(api, ada, eve, project, link):
    number = api(ada).post(URL, {"email": eve.email})["id"]
    first = link()
    assert api(ada).post(f"{URL}/invitations/{number}/renewal", status=200)["link"] is None
    api(eve).post(first, status=404)
    api(eve).post(link(), status=200)


def test_a_page_says_that_it_went_by_mail(browser, ada, project):
    page = browser(ada).post(URL, {"email": "nora@example.com", "role": "member"}, status=200)
    assert page.says("An invitation goes to nora@example.com")
    assert 'id="link"' not in page.text


def test_the_command_says_so_too(app, project):
    told = app.test_cli_runner().invoke(args=["invite", "WALL", "nora@example.com"])
    assert told.output.startswith("An invitation goes to nora@example.com.")
