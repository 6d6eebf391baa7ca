import bcrypt
import pytest
from sqlalchemy import text

from webapp.db import transacting
from webapp.links import holding

URL = "/auth/register"
PASSWORD = "eleven purple otters"
WHO = {"name": "Grace", "email": "grace@example.com", "password": PASSWORD}


def people(app):
    with app.app_context(), transacting() as session:
        return session.scalar(text("SELECT count(*) FROM users"))


def test_an_account_is_made_by_the_link_that_went_to_its_address(app, browser, api, link):
    page, before = browser(), people(app)
    assert page.post(URL, {**WHO, "time_zone": "Europe/Zurich"}).location == "/auth/login"
    assert page.get("/auth/login").says("A mail is on its way to grace@example.com.")
    assert people(app) == before
    api().post("/auth/login", {"email": WHO["email"], "password": PASSWORD}, status=401)
    path = link(WHO["email"])
    assert page.get(path).says("grace@example.com")
    assert page.post(path, {"password": PASSWORD}).location == "/"
    assert page.get("/auth/me").says("grace@example.com")
    token = api().post("/auth/login", {"email": WHO["email"], "password": PASSWORD}, status=200)["access_token"]
    assert api(Authorization=f"Bearer {token}").get("/auth/me")["time_zone"] == "Europe/Zurich"
    assert api(Authorization=f"Bearer {token}").get("/auth/email")["confirmed_at"]
    api().post(path, {"password": PASSWORD}, status=410)


def test_nobody_waits_with_a_password_of_their_own_for_the_owner_of_an_address(app, api, link):
    before = people(app)
    assert api().post(URL, WHO) == {"sent_to": WHO["email"]}
    path = link(WHO["email"])
    assert "password" in str(api().post(path, {"password": "what its owner types"}, status=422)["errors"])
    assert people(app) == before


def answered(api, **change):
    answer = api().send("POST", URL, json={**WHO, **change}, status=201)
    headers = {name: value for name, value in answer.headers if name not in ("X-Request-ID", "Date", "Set-Cookie")}
    cookies = [one.partition("=")[0] for one in answer.headers.getlist("Set-Cookie")]
    return answer.json.keys(), headers | {"Content-Length": ""}, cookies


def test_a_taken_address_is_answered_like_a_new_one(app, api, browser, ada):
    before = people(app)
    assert answered(api, email=ada.email.upper()) == answered(api)
    page, other = (browser().post(URL, {**WHO, "email": one}) for one in (ada.email, "another@example.com"))
    assert (page.location, page.text) == (other.location, other.text)
    assert people(app) == before


def test_the_owner_of_a_taken_address_is_told(api, ada, arrived):
    api().post(URL, {**WHO, "email": ada.email})
    assert arrived() == [(ada.email, "You have an account already", "/auth/login")]


def test_the_work_is_the_same_for_both(api, ada, statements, monkeypatch):
    hashes, real = [], bcrypt.hashpw
    monkeypatch.setattr(bcrypt, "hashpw", lambda *given: hashes.append(1) or real(*given))
    api().post(URL, {**WHO, "email": "first@example.com"})
    done = []
    for email in (ada.email, WHO["email"]):
        statements.clear()
        hashes.clear()
        api().post(URL, {**WHO, "email": email})
        done.append(([one.split("(")[0] for one in statements if "SAVEPOINT" not in one], len(hashes)))
    assert done[0] == done[1]
    assert done[0][1] == 1


@pytest.fixture(autouse=True)
def by_mail(mailing):
    """People get mail here."""


def test_a_page_keeps_what_was_typed(browser):
    again = browser().post(URL, {**WHO, "password": "short"}, status=422)
    assert (again.fields["name"], again.fields["email"]) == ("Grace", WHO["email"])


def test_an_address_that_somebody_has_meanwhile_is_told_to_who_proved_it(api, make, link):
    api().post(URL, WHO)
    path = link(WHO["email"])
    make.person("Grace", email="GRACE@example.com")
    api().post(path, {"password": PASSWORD}, status=409)


def test_what_was_chosen_does_not_outlast_the_link(app, api, link):
    api().post(URL, WHO)
    link(WHO["email"])
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE account_tokens SET expires_at = now() - interval '1 second'"))
    with app.app_context():
        holding.clear()
    with app.app_context(), transacting() as session:
        assert session.scalar(text("SELECT data FROM account_tokens")) == {}


def test_in_development_newcomers_hear_that_a_mail_confirms_their_address(browser, mailing, tmp_path):
    mailing.by(None, base_url=None, cairn_data=tmp_path)
    page = browser()
    page.post(URL, WHO)
    assert page.get("/").says(f"A mail is on its way to {WHO['email']}. Its link confirms your address")


@pytest.mark.parametrize("kind", ["register", "confirm", "reset", "undo"])
def test_what_is_over_leads_to_where_there_is_another(browser, kind):
    page = browser().get(f"/auth/{kind}/{'x' * 43}", status=410)
    told = {"register": "/auth/register", "confirm": "/auth/email", "reset": "/auth/forgotten", "undo": "/auth/login"}
    assert page.links.count(told[kind]) > (kind in ("register", "undo"))
