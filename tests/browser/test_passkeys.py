"""Second factors in a browser: passkeys of Chromium's own authenticator, and codes where no script runs."""

import time
from typing import Any

import pytest

from tests.browser.conftest import log_in, sync_api
from tests.factors.devices import App
from tests.server.running import Person, Server

expect = sync_api.expect


@pytest.fixture
def person(server: Server) -> Person:
    """Somebody new, whose factors are nobody else's."""
    return server.person("Grace")


def authenticator(page: Any, **more: Any) -> Any:
    """Give the window's page a device that can make passkeys; returns what speaks with it, and its number."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True, **more,
    }  # fmt: skip
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def add_passkey(page: Any, server: Server) -> list[str]:
    """Add one on the account's pages; returns the recovery codes that come with it."""
    page.goto(f"{server.url}/auth/factors")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    return [one.inner_text() for one in page.locator("ol code").all()]


def log_out(page: Any, server: Server) -> None:
    page.context.clear_cookies()
    page.goto(f"{server.url}/auth/login")


def type_password(page: Any, person: Person) -> None:
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("main").get_by_role("button", name="Log in").click()


def test_a_passkey_is_added_and_lets_in_alone(window, server, person):
    page = window()
    log_in(page, server, person)
    devtools, number = authenticator(page)
    assert len(add_passkey(page, server)) == 10
    (credential,) = devtools.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert credential["isResidentCredential"]
    log_out(page, server)
    page.get_by_label("Stay logged in").check()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Your work").wait_for()
    assert any(one["expires"] > time.time() + 6 * 86_400 for one in page.context.cookies() if "csrf" in one["name"])
    page.goto(f"{server.url}/auth/factors")
    expect(page.get_by_role("row", name="My laptop")).to_be_visible()


def test_a_passkey_is_asked_for_after_the_password_and_leads_on(window, server, person):
    page = window()
    log_in(page, server, person)
    authenticator(page)
    add_passkey(page, server)
    log_out(page, server)
    page.goto(f"{server.url}/auth/login?next=/projects")
    type_password(page, person)
    page.get_by_role("heading", name="One more step").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{server.url}/projects")


def test_a_device_that_does_not_know_who_holds_it_needs_the_password(window, server, person):
    page = window()
    log_in(page, server, person)
    authenticator(page, hasUserVerification=False, isUserVerified=False)
    add_passkey(page, server)
    log_out(page, server)
    type_password(page, person)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Your work").wait_for()


def test_who_refuses_hears_so_and_may_try_again(window, server, person):
    page = window()
    log_in(page, server, person)
    devtools, number = authenticator(page)
    add_passkey(page, server)
    log_out(page, server)
    verified = {"authenticatorId": number, "isUserVerified": False}
    devtools.send("WebAuthn.setUserVerified", verified)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey was used. Try again.")).to_be_visible()
    devtools.send("WebAuthn.setUserVerified", verified | {"isUserVerified": True})
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Your work").wait_for()


SEND = """(values) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/auth/confirm" });
  for (const [name, value] of Object.entries(values))
    form.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(form);
  form.submit();
}"""


def test_a_passkey_confirms_who_one_is(window, server, person):
    page = window()
    log_in(page, server, person)
    authenticator(page)
    add_passkey(page, server)
    page.goto(f"{server.url}/auth/confirm?next=/auth/factors")
    if page.url.endswith("/auth/factors"):  # the login is fresh: the form is shown by what refuses a wrong password
        token = page.locator("input[name=csrf_token]").first.input_value()
        page.evaluate(SEND, {"csrf_token": token, "next": "/auth/factors"})
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Second factor").wait_for()


def test_where_there_can_be_no_passkey_no_button_is(window, server, person):
    page = window()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{server.url}/auth/login")
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.locator("pass-key")).to_have_count(0)
    page.goto(server.url.replace("localhost", "127.0.0.1") + "/auth/login")
    expect(page.locator("pass-key")).to_have_count(0)


def test_an_app_and_a_recovery_code_need_no_script(window, server, person):
    page = window(java_script_enabled=False)
    log_in(page, server, person)
    page.goto(f"{server.url}/auth/factors")
    expect(page.get_by_role("link", name="Add a passkey")).to_be_hidden()
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="QR code").locator("svg")).to_be_visible()
    app = App(page.get_by_role("textbox", name="Key").input_value())
    page.get_by_role("textbox", name="Security code").fill(app.code(back=1))
    page.get_by_role("button", name="Set up").click()
    paper = page.locator("ol code").first.inner_text()
    for code in (app.code(), paper):
        log_out(page, server)
        expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
        type_password(page, person)
        page.get_by_role("textbox", name="Security code").fill(code)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Your work").wait_for()
