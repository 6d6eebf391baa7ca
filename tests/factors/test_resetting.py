"""Whoever runs Cairn takes a second factor away from somebody who has lost it."""

from tests.factors.conftest import enrol
from webapp.factors.command import reset_factors


def run(app, *args):
    return app.test_cli_runner().invoke(reset_factors, args)


def test_the_password_alone_lets_in_again_and_all_logins_end(app, api, holder, arrived):
    told = run(app, holder.person.email.upper())
    assert told.exit_code == 0
    assert "Ada logs in with the password alone again." in told.output
    holder.client.get("/auth/me", status=401)
    api().post("/auth/login", holder.login(), status=200)
    assert (holder.person.email, "Your second factor was removed") in [(to, subject) for to, subject, _ in arrived()]


def test_a_passkey_and_recovery_codes_are_worth_nothing_after_it(app, api, keyed):
    from tests.factors.test_passkeys import ALONE, answered

    run(app, keyed.person.email)
    api().post(ALONE, answered(api(), keyed.key), status=422)
    client = api(keyed.person)
    enrol(client)
    api().post("/auth/login", keyed.login(code=keyed.codes[0]), status=422)


def test_whom_it_cannot_be_taken_from(app, ada):
    assert "nobody's address" in str(run(app, "nobody@example.com").exception)
    assert "has no second factor" in str(run(app, ada.email).exception)
