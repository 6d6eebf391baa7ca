"""A browser that was logged in before is not slowed by what others do to its account."""

import pytest

from tests.make import PASSWORD

ENTRY = {"email": "ada@example.com", "password": PASSWORD}
WRONG = {**ENTRY, "password": "wrong"}


@pytest.fixture
def known(browser, make):
    """A browser that Ada has logged in with, and out again."""
    make.person("Ada", email=ENTRY["email"])
    someone = browser()
    someone.post("/auth/login", ENTRY)
    someone.post("/auth/logout")
    return someone


@pytest.fixture
def attacked(known, api):
    """Somebody fails on Ada's account from many addresses."""
    for number in range(30):
        api().send("POST", "/auth/login", json=WRONG, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"}, status=401)


def test_an_attack_on_an_account_does_not_slow_its_owner(known, attacked, api):
    api().post("/auth/login", ENTRY, status=429)
    known.post("/auth/login", {**ENTRY, "email": "ADA@example.com"})


def test_a_known_browser_has_to_wait_after_its_own_failures(known):
    for _ in range(5):
        known.post("/auth/login", WRONG, status=401)
    known.post("/auth/login", ENTRY, status=429)


def test_a_browser_is_known_to_one_account_only(known, api, make):
    make.person("Bob", email="bob@example.com")
    bob = {**WRONG, "email": "bob@example.com"}
    for number in range(30):
        api().send("POST", "/auth/login", json=bob, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"}, status=401)
    known.post("/auth/login", bob, status=429)


@pytest.mark.parametrize("forged", ["", "x", "WyJhIiwiYiJd.abc.def", "é"])
def test_a_forged_browser_is_unknown(known, attacked, forged):
    known.client.set_cookie(known.cookie("cairn-device"), forged)
    known.post("/auth/login", ENTRY, status=429)


def test_the_cookie_tells_nothing_and_is_for_no_script(browser, make):
    make.person("Ada", email=ENTRY["email"])
    set_cookie = browser().post("/auth/login", ENTRY).response.headers.getlist("Set-Cookie")
    cookie = next(one for one in set_cookie if one.startswith("cairn-device-"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "ada" not in cookie.lower()


def test_an_api_client_gets_no_such_cookie(api, make):
    make.person("Ada", email=ENTRY["email"])
    assert not api().send("POST", "/auth/login", json=ENTRY, status=200).headers.getlist("Set-Cookie")
