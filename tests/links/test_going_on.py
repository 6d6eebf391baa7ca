"""Whoever wants to go somewhere gets there by whatever page and mail leads to an account, and never to another site."""

import re

import pytest

REGISTER, FORGOTTEN, LOGIN = "/auth/register", "/auth/forgotten", "/auth/login"
WANTED = "/projects/ROCK/issues/1?q=is:open"
PASSWORD = "eleven purple otters"
WHO = {"name": "Grace", "email": "grace@example.com", "password": PASSWORD}
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)")


def led(page, label):
    """Where the last link of a page with such words leads."""
    return re.findall(rf'<a href="([^"]*)">{re.escape(label)}', page.text)[-1].replace("&amp;", "&")


def test_the_pages_before_an_account_lead_to_each_other_with_where_to_go(browser):
    page = browser()
    login = page.get(f"{LOGIN}?next=/search")
    assert led(login, "Forgotten your password?") == f"{FORGOTTEN}?next=/search"
    assert led(login, "Register") == f"{REGISTER}?next=/search"
    for path in (REGISTER, FORGOTTEN):
        shown = page.get(f"{path}?next=/search")
        assert 'name="next" value="/search"' in shown.text
        assert f'"{LOGIN}?next=/search"' in shown.text
        assert f'"{LOGIN}"' in page.get(path).text


def test_an_account_that_is_made_by_a_link_goes_on_to_where_one_wanted(browser, link):
    page = browser()
    assert page.post(REGISTER, {**WHO, "next": WANTED}).location.startswith(f"{LOGIN}?next=")
    path = link(WHO["email"])
    page.post(path, {"password": "not that one"}, status=422)
    assert page.post(path, {"password": PASSWORD}).location == WANTED


def test_another_password_goes_on_to_where_one_wanted(browser, link, ada):
    page = browser()
    assert page.post(FORGOTTEN, {"email": ada.email, "next": WANTED}).location.startswith(f"{LOGIN}?next=")
    at = page.post(link(ada.email), {"new_password": "seven quiet lorries under pines"}).location
    assert page.get(at).text.count(f'name="next" value="{WANTED}"') == 2  # by password, and by passkey


def test_whoever_is_invited_logs_in_and_is_asked_to_join(browser, link, api, ada, make):
    make.project(ada, key="ROCK")
    api(ada).post("/projects/ROCK/members", {"email": WHO["email"], "role": "member"})
    path = link(WHO["email"])
    page = browser()
    assert led(page.get(path), "Log in to join") == f"{LOGIN}?next={path}"
    answer = page.post(f"{path}/account", {"name": "Grace", "password": PASSWORD})
    assert answer.location == "/projects/ROCK"


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_mail_leads_to_another_site(browser, link, ada, wanted):
    page = browser()
    assert page.post(REGISTER, {**WHO, "next": wanted}).location == LOGIN
    assert page.post(link(WHO["email"]), {"password": PASSWORD}).location == "/"
    page = browser()
    assert page.post(FORGOTTEN, {"email": ada.email, "next": wanted}).location == LOGIN
    assert page.post(link(ada.email), {"new_password": "seven quiet lorries under pines"}).location == LOGIN
