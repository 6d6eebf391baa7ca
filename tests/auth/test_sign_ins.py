from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, update

from tests.clients import HTML, token_of
from tests.make import PASSWORD
from webapp.db import db
from webapp.models.auth import SignIn

URL = "/auth/sign-ins"


def ids(listed):
    return [one["id"] for one in listed]


def test_a_person_sees_where_they_are_logged_in(api, app, ada, eve):
    token_of(app, eve)
    token_of(app, ada)
    listed = api(ada).get(URL)["items"]
    assert [one["current"] for one in listed] == [True, False]
    assert listed[0].keys() == {"id", "agent", "created_at", "ends_at", "current"}
    assert listed[0]["ends_at"] > listed[0]["created_at"]


def test_what_has_ended_is_not_listed(api, browser, ada):
    other = browser(ada)
    other.post("/auth/logout")
    assert len(api(ada).get(URL)["items"]) == 1


def test_what_has_ended_is_forgotten_with_the_next_login(app, ada, eve):
    for _ in range(2):
        token_of(app, ada)
    token_of(app, eve)
    with app.app_context():
        db.session.execute(update(SignIn).values(ends_at=func.now() - timedelta(seconds=1)))
        db.session.commit()
    token_of(app, ada)
    with app.app_context():
        kept = db.session.scalars(select(SignIn.user_id).order_by(SignIn.id)).all()
    assert kept == [eve.id, ada.id]


def test_nobody_sees_the_logins_of_nobody(api, browser):
    api().get(URL, status=401)
    assert browser().get(URL, status=303).location == "/auth/login?next=/auth/sign-ins"


def test_one_login_is_ended_from_another(api, ada):
    here, there = api(ada), api(ada)
    other = next(one["id"] for one in here.get(URL)["items"] if not one["current"])
    here.delete(f"{URL}/{other}")
    there.get("/auth/me", status=401)
    here.get("/auth/me")
    here.delete(f"{URL}/{other}", status=404)


def test_nobody_ends_the_login_of_another(api, ada, eve):
    hers = api(ada)
    number = hers.get(URL)["items"][0]["id"]
    api(eve).delete(f"{URL}/{number}", status=404)
    api(eve).delete(f"{URL}/{2**70}", status=404)
    hers.get("/auth/me")


def test_everything_else_is_ended_at_once(api, ada, eve):
    here, there, hers = api(ada), api(ada), api(eve)
    held = api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)
    here.delete(URL)
    there.get("/auth/me", status=401)
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)
    assert ids(here.get(URL)["items"]) == ids(one for one in here.get(URL)["items"] if one["current"])
    hers.get("/auth/me")


def test_the_page_tells_which_one_is_here_and_ends_the_others(api, browser, ada):
    there, someone = api(ada), browser(ada)
    page = someone.get(URL)
    assert page.says("tests (this one)")
    assert URL in someone.get("/auth/me").links
    assert someone.post(f"{URL}/delete").location == URL
    assert someone.get(URL).says("You are logged out everywhere else.")
    there.get("/auth/me", status=401)


def test_ending_the_login_here_is_a_logout(browser, ada, api):
    someone = browser(ada)
    here = someone.client.get(URL, headers={"Accept": "application/json"}).json["items"][0]["id"]
    assert someone.post(f"{URL}/{here}/delete").location == "/auth/login"
    assert someone.client.get_cookie(someone.cookie("cairn")) is None


@pytest.mark.parametrize("agent", ["<b>curl</b>", "", "x" * 500])
def test_whatever_calls_itself_a_browser_is_listed(app, browser, ada, agent):
    entry = {"email": ada.email, "password": PASSWORD}
    headers = {"User-Agent": agent, "Accept": "application/json"}
    assert app.test_client().post("/auth/login", json=entry, headers=headers).status_code == 200
    page = browser(ada).get(URL)
    assert "<b>curl" not in page.text
    assert page.says(agent[:200] or "Unknown")


def test_a_login_without_its_token_is_not_ended_by_another_site(browser, ada):
    client = browser(ada).client
    assert client.post(f"{URL}/delete", headers=HTML).status_code == 403


def again(browser, api, ada, way):
    """Somebody begins another login in a browser that holds one."""
    newcomer = {"name": "Nora", "email": "nora@example.com", "password": PASSWORD}
    if way == "login":
        return browser.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    if way == "script":
        entry = {"email": ada.email, "password": PASSWORD, "cookie": True}
        return browser.client.post("/auth/login", json=entry, headers={"Accept": "application/json"})
    if way == "register":
        return browser.post("/auth/register", newcomer)
    invited = api(ada).post("/projects/WALL/members", {"email": newcomer["email"]})
    return browser.post(f"{urlsplit(invited['link']).path}/account", {"name": "Nora", "password": PASSWORD})


@pytest.mark.parametrize("way", ["login", "script", "register", "invitation"])
def test_another_login_in_a_browser_ends_the_one_before(api, browser, make, ada, way):
    make.project(ada, key="WALL")
    here, copy, elsewhere = browser(ada), browser(), browser(ada)
    copy.hold(here.client.get_cookie(here.cookie("cairn")).value)
    copy.get("/auth/me")
    again(here, api, ada, way)
    here.get("/auth/me")
    copy.get("/auth/me", status=303)
    elsewhere.get("/auth/me")


def test_a_refused_login_ends_nothing(browser, ada):
    here = browser(ada)
    here.post("/auth/login", {"email": ada.email, "password": "wrong"}, status=401)
    here.get("/auth/me")


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        (FIREFOX, "Firefox on Linux"),
        (CHROME, "Chrome on Windows"),
        (f"{CHROME} Edg/140.0.0.0", "Edge on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("curl/8.5.0", "curl"),
        ("A program of ours", "A program of ours"),
    ],
)
def test_a_login_is_told_by_the_name_of_its_browser(browser, make, agent, called):
    person = make.person("Grace")
    someone = browser()
    someone.post("/auth/login", {"email": person.email, "password": PASSWORD}, headers={"User-Agent": agent})
    page = someone.get("/auth/sign-ins")
    assert page.says(f"{called} (this one)")
