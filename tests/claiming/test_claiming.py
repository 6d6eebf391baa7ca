"""Who was imported is invited by mail, and is from then on whom the import named."""

import re

import pytest
from sqlalchemy import text

from tests.clients import HTML
from tests.links.conftest import arrived, link
from tests.make import PASSWORD
from tests.sso.conftest import Offer, acme, log_in, offer
from webapp.db import db, transacting
from webapp.links import repository as links
from webapp.models.account_tokens import Purpose
from webapp.models.accounts import NAMELESS

__all__ = ["acme", "arrived", "link", "offer"]

GRACE = "grace@example.org"
NEW = {"name": "Grace Hopper", "password": "seven quiet lorries under pines"}


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture
def octocat(make):
    """As imports make them."""
    return make.person(
        "Octocat", email=None, password_hash=None, origin="github:octocat", handle=None, is_active=False,
        email_confirmed_at=None,
    )  # fmt: skip


@pytest.fixture
def wall(make, ada, octocat):
    """A project that all see, with an issue of theirs that is assigned to them, and a comment."""
    wall = make.project(ada, key="WALL", visibility="public")
    issue = make.issue(wall, octocat, title="Loose stone")
    make.comment(wall, issue, octocat, "It rattles.")
    return wall


@pytest.fixture
def at(octocat):
    return f"/admin/people/{octocat.id}/invitation"


@pytest.fixture
def closed(app, settings, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", settings.model_copy(update={"registration": "closed"}))


@pytest.fixture
def invited(api, root, at, wall, link):
    """The path of the link that went by mail."""

    def invited(email=GRACE):
        api(root).post(at, {"email": email})
        return link(email)

    return invited


def run(app, statement, **values):
    with app.app_context(), transacting() as session:
        return session.execute(text(statement), values)


def kinds(app):
    return list(run(app, "SELECT kind FROM audit_records ORDER BY id").scalars())


def author(api, number=1):
    return api().get(f"/projects/WALL/issues/{number}")["author"]


def test_who_follows_it_is_that_person(app, api, octocat, invited):
    path = invited()
    told = api().get(path)
    assert (told["name"], told["email"], told["issues"], told["comments"]) == ("Octocat", GRACE, 1, 1)
    assert api().post(f"{path}/account", NEW)["id"] == octocat.id
    held = api().post("/auth/login", {"email": GRACE, "password": NEW["password"]}, status=200)
    me = api().get("/auth/me", headers={"Authorization": f"Bearer {held['access_token']}"})
    assert (me["id"], me["name"], me["handle"]) == (octocat.id, "Grace Hopper", "grace-hopper")
    assert author(api)["id"] == octocat.id
    assert author(api)["name"] == "Grace Hopper"
    assert [one for one in kinds(app) if "claim" in one] == ["user_claim_sent", "user_claimed"]


def test_a_browser_is_logged_in_by_it_and_the_mail_proves_the_address(browser, octocat, invited):
    page = browser(None)
    path = invited()
    assert page.get(path).says("Are you Octocat?")
    assert page.post(f"{path}/account", NEW).location == f"/users/{octocat.id}"
    assert page.get("/auth/email").says(f"{GRACE}, confirmed")


def test_who_has_an_account_logs_in_and_gets_all_of_it(app, api, browser, eve, octocat, invited):
    path, page = invited(), browser(eve)
    asked = page.get(path)
    assert asked.says("Yes, let it be that of Eve")
    assert asked.says("All of it becomes a part of your account, Eve.")
    assert not asked.says("you are Octocat")
    assert asked.says("Cancel")
    page.get(page.post(path).location)
    assert author(api)["id"] == eve.id
    assert api().get("/projects/WALL/issues/1/comments")["items"][0]["author"]["id"] == eve.id
    assert kinds(app)[-1] == "user_merged"
    api(eve).post(path, status=410)


def test_whoever_is_not_logged_in_is_led_back_to_it(browser, invited):
    path = invited()
    assert any(link.endswith(f"/auth/login?next={path}") for link in browser(None).get(path).links)


def test_a_link_works_once(api, browser, invited):
    path = invited()
    api().post(f"{path}/account", NEW)
    for sent in (lambda: api().post(f"{path}/account", NEW, status=410), lambda: api().get(path, status=410)):
        assert "was used or taken back" in sent()["detail"]
    assert browser(None).get(path, status=410).says("Ask whoever invited you for another one.")


def test_a_refused_form_keeps_the_link_and_what_was_typed(browser, invited):
    path = invited()
    for wrong in ({"name": "Grace", "password": "password"}, {"name": "", "password": NEW["password"]}):
        again = browser(None).post(f"{path}/account", wrong, status=422)
        assert again.fields["name"] == wrong["name"]
    browser(None).post(f"{path}/account", NEW)


def test_another_link_ends_the_one_before(api, root, at, invited, link):
    first = invited()
    assert api(root).post(at, {})["email"] == GRACE
    second = link(GRACE)
    api().get(first, status=410)
    api().post(f"{second}/account", NEW)


def test_it_is_taken_back(app, api, browser, root, octocat, at, invited):
    path = invited()
    assert api(root).get(at)["email"] == GRACE
    assert browser(root).get(f"/admin/people/{octocat.id}").says(GRACE)
    api(root).delete(at)
    api(root).get(at, status=404)
    api(root).delete(at, status=404)
    api().post(f"{path}/account", NEW, status=410)
    assert kinds(app)[-1] == "user_claim_revoked"


def test_it_expires(app, api, browser, root, octocat, at, invited):
    path = invited()
    run(app, "UPDATE account_tokens SET expires_at = now(), data = '{}'")
    api().get(path, status=410)
    assert api(root).get(at)["is_over"]
    assert browser(root).get(f"/admin/people/{octocat.id}").says("expired")


def test_a_link_of_another_kind_or_nobody_says_the_same(app, api, invited, octocat, eve):
    used = invited()
    api().post(f"{used}/account", NEW)
    strangers = [f"/claims/{'x' * 43}", used]
    told = {(answer.status_code, answer.json["detail"]) for path in strangers for answer in [api().send("GET", path)]}
    assert len(told) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET is_admin = false WHERE name = 'Root'",
        "UPDATE users SET is_active = false WHERE name = 'Root'",
    ],
)
def test_it_ends_with_the_rights_of_who_sent_it(app, api, eve, invited, change):
    path = invited()
    run(app, change)
    for refused in (api().post(f"{path}/account", NEW, status=410), api(eve).post(path, status=410)):
        assert "Ask an administrator" in refused["detail"]
    assert author(api)["name"] == "Octocat"


def test_it_ends_where_whom_it_is_about_was_given_to_somebody_else(api, root, eve, octocat, invited):
    path = invited()
    api(root).post(f"/admin/people/{octocat.id}/merge", {"into": str(eve.id)}, status=200)
    api().post(f"{path}/account", NEW, status=410)


@pytest.mark.parametrize("origin", NAMELESS)
def test_no_link_makes_one_whoever_an_import_does_not_name(app, api, browser, eve, invited, origin):
    """Also one that was sent before it was known."""
    path = invited()
    run(app, "UPDATE users SET origin = :origin WHERE name = 'Octocat'", origin=origin)
    browser(eve).get(path, status=410)
    api(eve).post(path, status=410)
    api().post(f"{path}/account", NEW, status=410)
    assert author(api)["name"] == "Octocat"


def test_an_empty_address_is_asked_for(api, browser, root, octocat, at):
    assert api(root).post(at, {}, status=422)["errors"] == [{"field": "email", "message": "is required."}]
    assert browser(root).post(at, {"email": ""}, status=422).says("E-mail is required")


def test_the_time_zone_of_a_browser_is_taken_if_it_is_known(app, api, octocat, invited):
    """As by who registers: one that is not known refuses no account."""
    api().post(f"{invited()}/account", {**NEW, "time_zone": "Mars/X"})
    assert run(app, "SELECT time_zone FROM users WHERE id = :id", id=octocat.id).scalar() == "UTC"


def test_it_works_where_registration_is_closed(api, closed, octocat, invited):
    assert api().post(f"{invited()}/account", NEW)["id"] == octocat.id


def test_where_nobody_has_a_password_they_log_in_elsewhere_and_are_welcome(
    app, api, browser, offer: Offer, octocat, acme, invited
):
    """Acme brings nobody new but who was invited."""
    offer(provision=False, settings={"password_login": "off", "registration": "closed"})
    acme.person["email"] = GRACE
    page = browser(None)
    assert log_in(page, status=403).says("has no account here")
    path = invited()
    assert page.get(path).says("Log in, and let it be yours")
    assert "password" not in page.get(path).fields
    api().post(f"{path}/account", NEW, status=403)
    assert log_in(page, f"/auth/sso/acme?next={path}").location == path
    page.post(path)
    assert author(api)["name"] != "Octocat"
    assert run(app, "SELECT count(*) FROM users WHERE id = :id", id=octocat.id).scalar() == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET is_admin = false WHERE name = 'Root'",
        "UPDATE users SET is_active = false WHERE name = 'Root'",
        "UPDATE users SET password_hash = 'c1:x' WHERE name = 'Octocat'",
        "UPDATE users SET token_epoch = token_epoch + 1 WHERE name = 'Octocat'",
        "UPDATE users SET origin = 'unsaid' WHERE name = 'Octocat'",
    ],
)
def test_no_provider_brings_whose_link_would_not_be_taken(app, browser, offer: Offer, acme, invited, change):
    offer(provision=False)
    acme.person["email"] = GRACE
    invited()
    run(app, change)
    assert log_in(browser(None), status=403).says("has no account here")
    assert run(app, "SELECT count(*) FROM users WHERE email = :email", email=GRACE).scalar() == 0


def test_an_address_that_is_taken_is_led_to_the_login(browser, api, eve, invited):
    path = invited(eve.email)
    api().post(f"{path}/account", NEW, status=409)
    assert browser(None).post(f"{path}/account", NEW, status=409).says("Log in instead")
    api(eve).post(path, status=204)


def test_where_no_mail_is_sent_the_link_is_told_once_and_proves_nothing(app, api, browser, root, at, wall):
    page = browser(root).post(at, {"email": GRACE}, status=200)
    assert page.says("It is shown only once.")
    (path,) = re.findall(r"/claims/[\w-]{43}", page.response.text)
    assert api(root).get(at)["link"] is None
    api().post(f"{path}/account", NEW)
    assert run(app, "SELECT email_confirmed_at FROM users WHERE email = :email", email=GRACE).scalar() is None


@pytest.mark.parametrize(
    ("body", "status"), [({}, 422), ({"email": "nowhere"}, 422), ({"email": GRACE, "name": "x"}, 422)]
)
def test_what_is_wrong_is_named(api, browser, root, octocat, at, body, status):
    refused = api(root).post(at, body, status=status)
    assert {one["field"] for one in refused["errors"]} <= {"email", "name"}
    if "name" not in body:
        assert browser(root).post(at, body, status=422).says("Error")


def test_only_who_was_imported_is_invited_and_by_administrators_alone(api, root, ada, eve, at):
    api(root).post(f"/admin/people/{eve.id}/invitation", {"email": GRACE}, status=409)
    api(root).get(f"/admin/people/{eve.id}/invitation", status=404)
    for asked in ("GET", "POST", "DELETE"):
        assert api(ada).send(asked, at, json={"email": GRACE} if asked == "POST" else None).status_code == 403


def test_mails_are_limited(app, api, root, at, mailing):
    run(
        app, "INSERT INTO login_failures (key, count, last_at) VALUES ('mail:person:' || :id, 1e6, now())", id=root.id
    )
    api(root).post(at, {"email": GRACE}, status=429)


def test_links_of_other_kinds_are_of_no_use(app, api, eve, octocat):
    with app.app_context(), transacting():
        links.add(Purpose.RESET, eve.email, "r" * 43, of=(eve.id, 1))
        links.add(Purpose.CLAIM, GRACE, "c" * 43, of=(eve.id, 1), data={"by": eve.id, "mailed": True})
    api().get(f"/claims/{'r' * 43}", status=410)
    api().post(f"/claims/{'c' * 43}/account", NEW, status=410)  # about somebody who can log in
    assert api().send("GET", f"/auth/reset/{'c' * 43}", headers=HTML).status_code == 410
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM users WHERE email = :email"), {"email": GRACE}) == 0


def test_the_password_logs_in(api, invited):
    api().post(f"{invited()}/account", {**NEW, "password": PASSWORD})
    api().post("/auth/login", {"email": GRACE, "password": PASSWORD}, status=200)
