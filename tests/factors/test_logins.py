"""A password alone lets nobody in who has a second factor."""

import time

import pytest

from tests.factors.conftest import enrol
from tests.make import PASSWORD
from webapp.factors import halfway

LOGIN, FACTOR = "/auth/login", "/auth/login/factor"


def halfway_of(api, holder, **more):
    """What a client is told whose password is right."""
    return api().post(LOGIN, holder.login(**more), status=401)


def test_a_client_is_told_what_is_asked_for_and_goes_on(api, holder):
    told = halfway_of(api, holder)
    assert (told["type"], told["methods"]) == ("urn:cairn:factor_required", ["totp", "recovery"])
    assert "access_token" not in told
    on = api().post(FACTOR, {"factor_token": told["factor_token"], "code": holder.app.code()}, status=200)
    assert api(Authorization=f"Bearer {on['access_token']}").get("/auth/me")["id"] == holder.person.id
    assert api().post("/auth/refresh", {"refresh_token": on["refresh_token"]}, status=200)


def test_a_client_may_send_both_at_once(api, holder):
    assert api().post(LOGIN, holder.login(code=holder.app.code()), status=200)["refresh_token"]


def test_a_script_of_a_browser_is_given_a_cookie_in_the_end(api, holder):
    told = halfway_of(api, holder, cookie=True, remember=True)
    sent = {"factor_token": told["factor_token"], "code": holder.app.code()}
    answer = api().send("POST", FACTOR, json=sent, status=200)
    assert answer.json["token_type"] == "cookie"
    assert answer.json["expires_in"] == 7 * 86_400


def test_a_code_says_nothing_without_the_password(api, holder):
    api().post(LOGIN, {**holder.login(code=holder.app.code()), "password": "wrong"}, status=401)
    api().post(LOGIN, holder.login(code=holder.app.code()), status=200)


@pytest.mark.parametrize(("back", "status"), [(0, 200), (1, 200), (2, 422), (-1, 422)])
def test_this_half_minute_and_the_one_before_are_taken(api, holder, app, back, status):
    from sqlalchemy import text

    from webapp.db import db, transacting

    with app.app_context(), transacting():
        db.session.execute(text("UPDATE authenticators SET last_step = 0"))
    api().post(LOGIN, holder.login(code=holder.app.code(back=back)), status=status)


def test_a_code_is_taken_once(api, holder):
    code = holder.app.code()
    api().post(LOGIN, holder.login(code=code), status=200)
    api().post(LOGIN, holder.login(code=code), status=422)


def test_a_code_of_before_the_last_is_not_taken(api, holder):
    before, now = holder.app.code(back=1), holder.app.code()
    api().post(LOGIN, holder.login(code=now), status=200)
    api().post(LOGIN, holder.login(code=before), status=422)


def test_a_recovery_code_is_taken_once_however_it_is_typed(api, holder, arrived):
    typed = f" {holder.codes[0].upper().replace('-', ' ')} "
    api().post(LOGIN, holder.login(code=typed), status=200)
    api().post(LOGIN, holder.login(code=holder.codes[0]), status=422)
    assert holder.client.get("/auth/factors")["codes_left"] == 9
    assert "A recovery code was used" in [subject for _, subject, _ in arrived()]


def test_somebody_elses_codes_are_worth_nothing(api, holder, eve):
    theirs = api(eve)
    _, answer = enrol(theirs)
    api().post(LOGIN, holder.login(code=answer["recovery_codes"][0]), status=422)
    told = halfway_of(api, holder)
    api().post(FACTOR, {"factor_token": told["factor_token"], "code": answer["recovery_codes"][0]}, status=422)


def test_guessing_codes_has_to_wait_and_a_right_password_forgets_nothing(api, holder):
    for number in range(5):
        api().post(LOGIN, holder.login(), status=401)
        api().post(LOGIN, holder.login(code=f"00000{number}"), status=422)
    refused = api().send("POST", LOGIN, json=holder.login(code=holder.app.code()), status=429)
    assert int(refused.headers["Retry-After"]) >= 1
    assert api().send("POST", FACTOR, json={
        "factor_token": halfway_of(api, holder)["factor_token"], "code": holder.codes[0]
    }).status_code == 429  # fmt: skip


def test_the_token_between_is_no_login(api, holder):
    token = halfway_of(api, holder)["factor_token"]
    api(Authorization=f"Bearer {token}").get("/auth/me", status=401)
    api().post("/auth/refresh", {"refresh_token": token}, status=401)


@pytest.mark.parametrize("token", ["", "x", "…", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_token_between_is_refused(api, holder, token):
    api().post(FACTOR, {"factor_token": token, "code": holder.app.code()}, status=401)


def test_an_access_token_is_no_token_between(api, holder):
    bearer = holder.client.headers["Authorization"].partition(" ")[2]
    api().post(FACTOR, {"factor_token": bearer, "code": holder.app.code()}, status=401)


def test_the_token_between_holds_for_five_minutes(api, holder, monkeypatch):
    told, later = halfway_of(api, holder), time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    sent = {"factor_token": told["factor_token"], "code": holder.codes[0]}
    assert "too long ago" in api().post(FACTOR, sent, status=401)["detail"]


def test_the_token_between_ends_with_another_password(api, holder):
    told = halfway_of(api, holder)
    sent = {"current_password": PASSWORD, "new_password": "seven quiet lorries under pines"}
    holder.client.post("/auth/password", sent, status=200)
    api().post(FACTOR, {"factor_token": told["factor_token"], "code": holder.codes[0]}, status=401)


def test_a_deactivated_person_does_not_go_on(api, holder, make):
    told = halfway_of(api, holder)
    make.deactivated(holder.person)
    status = (
        api().send("POST", FACTOR, json={"factor_token": told["factor_token"], "code": holder.codes[0]}).status_code
    )
    assert status in (401, 403)


def test_a_browser_is_led_on_and_keeps_where_it_wanted_to_go(browser, holder):
    window = browser()
    led = window.post(LOGIN, holder.login(next="/projects", remember="true"), status=303)
    assert led.location == "/auth/login/factor?next=/projects"
    assert window.client.get_cookie(window.cookie("cairn")) is None
    page = window.get(led.location)
    assert page.fields["next"] == "/projects"
    wrong = window.post(FACTOR, {"code": "000000", "next": "/projects"}, status=422)
    assert wrong.says("is not right")
    assert wrong.fields["next"] == "/projects"
    on = window.post(FACTOR, {"code": holder.app.code(), "next": "/projects"}, status=303)
    assert on.location == "/projects"
    assert "Max-Age=604800" in str(on.response.headers.getlist("Set-Cookie"))
    assert window.get("/auth/me").says(holder.person.email)
    assert window.client.get_cookie(window.cookie(halfway.COOKIE)) is None


def test_without_remember_the_cookie_lasts_as_ever(browser, holder):
    window = browser()
    window.post(LOGIN, holder.login())
    on = window.post(FACTOR, {"code": holder.app.code()})
    assert "Max-Age=43200" in str(on.response.headers.getlist("Set-Cookie"))


def test_a_recovery_code_lets_a_browser_in_without_a_script(browser, holder):
    window = browser()
    window.post(LOGIN, holder.login())
    window.post(FACTOR, {"code": holder.codes[3]})
    window.get("/auth/me")


def test_another_browser_does_not_go_on_with_the_cookie(browser, holder):
    window, other = browser(), browser()
    window.post(LOGIN, holder.login())
    stolen = window.client.get_cookie(window.cookie(halfway.COOKIE)).value
    other.get(LOGIN)
    other.client.set_cookie(other.cookie(halfway.COOKIE), stolen)
    led = other.post(FACTOR, {"code": holder.codes[0]}, status=303)
    assert led.location == LOGIN
    window.post(FACTOR, {"code": holder.codes[0]}, status=303)
    window.get("/auth/me")


def test_who_comes_without_a_password_is_led_to_the_login(browser):
    window = browser()
    led = window.get("/auth/login/factor?next=/projects", status=303)
    assert led.location == "/auth/login?next=/projects"
    assert window.get(led.location).says("Your password was typed too long ago. Log in again.")


def test_another_password_by_mail_does_not_let_in(api, browser, holder, arrived):
    api().post("/auth/forgotten", {"email": holder.person.email}, status=204)
    link = next(path for _, _, path in arrived() if "/reset/" in path)
    window = browser()
    window.post(link, {"new_password": "seven quiet lorries under pines"}, status=303)
    entry = {**holder.login(), "password": "seven quiet lorries under pines"}
    assert window.post(LOGIN, entry, status=303).location == FACTOR
    assert window.client.get_cookie(window.cookie("cairn")) is None


def test_a_seed_of_another_key_shows_no_right_code(api, holder, app):
    """Whoever runs Cairn with another SECRET_KEY: recovery codes are summed with it as well."""
    from sqlalchemy import text

    from webapp.db import db, transacting

    with app.app_context(), transacting():
        db.session.execute(text("UPDATE authenticators SET seed = decode(repeat('00', 60), 'hex')"))
    api().post(LOGIN, holder.login(code=holder.app.code()), status=422)
