"""What programs run into that fill in every form, and people do not."""

import time

import pytest

from tests.clients import HTML
from webapp.http import traps

URL = "/auth/register"
WHO = {"name": "Grace", "email": "grace@example.com", "password": "eleven purple otters"}
FILLED, HASTE = "A field that people do not see was filled in", "This was faster than people type"


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(traps, "SECONDS", 0.3)


def accounts(app, email=WHO["email"]):
    from webapp.auth import repository

    with app.app_context():
        return repository.credentials(email)


def test_nobody_sees_the_field_and_no_program_for_people_fills_it(browser):
    text = browser().get(URL).text
    hidden = text.partition('<div class="hidden" aria-hidden="true">')[2].partition("</div>")[0]
    assert 'name="homepage" tabindex="-1" autocomplete="off"' in hidden
    assert "Leave this empty" in hidden  # who has no styles reads that
    assert "style=" not in text


def test_a_form_with_that_field_makes_no_account(app, browser):
    page = browser().post(URL, {**WHO, "homepage": "https://pills.example"}, status=422)
    assert page.text.count(FILLED) == 1
    assert not accounts(app)


def test_what_was_typed_is_still_there_and_sending_it_again_is_all(app, browser):
    someone = browser()
    page = someone.post(URL, {**WHO, "homepage": "filled by a password manager"}, status=422)
    assert {name: page.fields[name] for name in ("name", "email", "homepage")} == {
        "name": "Grace", "email": WHO["email"], "homepage": "",
    }  # fmt: skip
    someone.post(URL, {**page.fields, "password": WHO["password"]})
    assert accounts(app)


def test_who_is_faster_than_people_makes_no_account(app, browser, patient):
    someone = browser()
    page = someone.post(URL, WHO, status=422)
    assert page.says(HASTE)
    assert not accounts(app)
    time.sleep(0.31)
    someone.post(URL, {**page.fields, "password": WHO["password"]})
    assert accounts(app)


@pytest.mark.parametrize(
    "shown",
    ["", "0", "0.", "soon", "²", "1." + "0" * 64, "1" * 5000, "٣.a", "1.é"],
)
def test_when_it_was_shown_cannot_be_made_up(app, browser, shown):
    assert browser().post(URL, {**WHO, "shown": shown}, status=422).says(HASTE)
    assert not accounts(app)


def test_a_form_counts_only_in_the_browser_that_it_was_shown_to(app, browser):
    shown = browser().get(URL).fields["shown"]
    assert browser().post(URL, {**WHO, "shown": shown}, status=422).says(HASTE)
    assert not accounts(app)


def test_a_form_without_it_makes_no_account(app, browser):
    someone = browser()
    response = someone.client.post(URL, data={**WHO, "csrf_token": someone.csrf}, headers=HTML)
    assert response.status_code == 422
    assert not accounts(app)


def test_json_is_under_the_limits_alone(app, api, patient):
    api().post(URL, WHO)
    assert accounts(app)


def test_what_is_refused_costs_no_hash_and_no_allowance(browser, statements):
    someone = browser()
    someone.post(URL, {**WHO, "homepage": "x"}, status=422)
    assert not [one for one in statements if "login_failures" in one]
