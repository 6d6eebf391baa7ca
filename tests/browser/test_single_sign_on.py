"""A login at a provider in a real browser, whose policy lets no form leave the site: with a script, and without one."""

import json
import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.prepared import started_database
from tests.server.running import Server
from tests.sso.provider import CLIENT, SECRET, Provider

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def acme():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def served(database, acme, tmp_path_factory):
    """Cairn with a provider beside."""
    named = {"id": "acme", "label": "Acme", "issuer": acme.issuer, "client_id": CLIENT, "client_secret": SECRET}
    said = json.dumps([{**named, "provision": True}])
    folder = tmp_path_factory.mktemp("sso")
    with started_database(database, folder) as address:
        running = Server(address, folder, "http://localhost:5173", SSO_PROVIDERS=said)
        try:
            running.wait_until_ready()
            running.person("Root")  # the first account is an administrator's
            yield running
        finally:
            running.stop()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(window, request):
    return window(viewport=PHONE, java_script_enabled=request.param)


def test_the_button_leads_there_and_back_to_where_one_wanted_to_go(page, served, acme):
    acme.person = {"sub": secrets.token_hex(8), "email_verified": True, "name": "Mia Moor"}
    acme.person["email"] = f"{acme.person['sub']}@example.com"
    page.goto(f"{served.url}/projects/new")
    page.get_by_role("link", name="Log in with Acme").click()
    page.wait_for_url(f"{served.url}/projects/new")
    page.goto(f"{served.url}/auth/identities")
    expect(page.get_by_role("row", name="Acme")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_account_is_linked_after_its_password_and_consent(page, served, acme):
    ada = served.person("Ada")
    acme.person = {"sub": secrets.token_hex(8), "email": ada.email, "email_verified": True, "name": "Ada"}
    page.goto(f"{served.url}/auth/login")
    page.get_by_role("link", name="Log in with Acme").click()
    expect(page.get_by_text("is not linked with Acme")).to_be_visible()
    page.get_by_label("E-mail").fill(ada.email)
    page.get_by_label("Password").fill(ada.password)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Link it").click()
    expect(page.get_by_role("row", name="Acme")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{served.url}/auth/login")
    page.get_by_role("link", name="Log in with Acme").click()
    page.get_by_role("heading", name=re.compile("Your work")).wait_for()


def test_a_provider_that_is_away_leaves_the_password(page, served, acme):
    ada = served.person("Ada")
    acme.instead["/token"] = lambda handler: handler.send_error(500)
    page.goto(f"{served.url}/auth/login")
    page.get_by_role("link", name="Log in with Acme").click()
    expect(page.get_by_role("heading", name="The login elsewhere did not work")).to_be_visible()
    acme.instead.clear()
    log_in(page, served, ada)
