import pytest
from sqlalchemy import text

from tests.mail.sink import KEY
from tests.make import PASSWORD
from webapp.db import transacting

URL = "/auth/forgotten"
NEW = "seven quiet lorries under pines"


def log_in(api, person, password, status=200):
    return api().post("/auth/login", {"email": person.email, "password": password}, status=status)


@pytest.fixture
def forget(api, link):
    """Ask for a link, and follow it as far as its address."""

    def forget(person):
        api().post(URL, {"email": person.email}, status=204)
        return link(person.email)

    return forget


def test_a_forgotten_password_gets_a_successor(browser, api, ada, arrived):
    page = browser()
    assert "/auth/forgotten" in page.get("/auth/login").links
    assert page.post(URL, {"email": ada.email.upper()}).location == "/auth/login"
    assert page.get("/auth/login").says("a mail with a link is on its way")
    ((to, subject, path),) = arrived()
    assert (to, subject) == (ada.email, "Choose another password")
    assert page.get(path).fields.keys() >= {"new_password"}
    assert page.post(path, {"new_password": NEW}).location == "/auth/login"
    page.get("/auth/me", status=303)  # nobody is logged in by that
    log_in(api, ada, PASSWORD, status=401)
    log_in(api, ada, NEW)
    assert ("Your password was changed", ada.email) in [(subject, to) for to, subject, _ in arrived()]


@pytest.mark.parametrize("typed", ["", "ada", "ada@", f"{'a' * 300}@example.org"])
def test_what_is_no_address_is_said_to_be_none_and_kept(browser, api, mailing, typed):
    page = browser().post(URL, {"email": typed}, status=422)
    assert page.says("E-mail must")
    assert page.fields["email"] == typed
    assert "email" in str(api().post(URL, {"email": typed}, status=422)["errors"])


def test_it_ends_all_logins(api, ada, forget):
    there, held = api(ada), log_in(api, ada, PASSWORD)
    api().post(forget(ada), {"new_password": NEW}, status=204)
    there.get("/auth/me", status=401)
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)


def test_a_link_works_once_and_to_look_at_it_uses_nothing_up(browser, api, ada, forget):
    path = forget(ada)
    for _ in range(2):
        page = browser().get(path)
        assert page.response.headers["Referrer-Policy"] == "strict-origin"
        assert page.response.headers["Cache-Control"] == "no-store"
    api().post(path, {"new_password": NEW}, status=204)
    api().post(path, {"new_password": "another one entirely"}, status=410)
    page = browser().get(path, status=410)
    assert page.says("Ask for another one")
    assert "/auth/forgotten" in page.links
    log_in(api, ada, NEW)


def test_a_refused_password_keeps_the_link(browser, ada, forget):
    path, page = forget(ada), browser()
    assert 'id="new_password-error"' in page.post(path, {"new_password": "password123"}, status=422).text
    page.post(path, {"new_password": NEW})


def test_a_newer_link_ends_the_older(api, ada, forget):
    first, second = forget(ada), forget(ada)
    api().post(first, {"new_password": NEW}, status=410)
    api().post(second, {"new_password": NEW}, status=204)


def test_a_link_ends_with_the_password_that_it_was_for(api, ada, forget):
    path = forget(ada)
    api(ada).post("/auth/password", {"current_password": PASSWORD, "new_password": NEW}, status=200)
    api().post(path, {"new_password": PASSWORD}, status=410)
    log_in(api, ada, NEW)


def test_a_link_holds_for_half_an_hour(app, api, ada, forget):
    path = forget(ada)
    with app.app_context(), transacting() as session:
        left = "SELECT expires_at - now() <= interval '30 minutes' FROM account_tokens"
        assert session.scalar(text(left))
        session.execute(text("UPDATE account_tokens SET expires_at = now() - interval '1 second'"))
    api().post(path, {"new_password": NEW}, status=410)


def test_nothing_that_is_kept_tells_the_link(app, ada, forget):
    token = forget(ada).rpartition("/")[2]
    with app.app_context(), transacting() as session:
        for table in ("account_tokens", "mails", "jobs"):
            rows = session.scalars(text(f"SELECT row_to_json({table})::text FROM {table}"))
            assert not any(token in row for row in rows)


def test_the_log_does_not_tell_the_link(api, ada, forget, caplog, monkeypatch):
    monkeypatch.setattr("webapp.http.log.log.propagate", True)
    path = forget(ada)
    api().post(path, {"new_password": NEW}, status=204)
    assert "/auth/reset/…" in caplog.text
    assert path.rpartition("/")[2] not in caplog.text


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Host": "localhost@evil.example"}],
)
def test_a_link_leads_to_the_site_whatever_the_request_says(api, ada, mailing, sink, headers):
    api().send("POST", URL, json={"email": ada.email}, headers=headers)
    mailing.drain()
    for mail in sink.mails:
        assert "evil" not in mail.source.decode()
        assert "https://cairn.test/auth/reset/" in mail.body()


def answered(api, email):
    answer = api().send("POST", URL, json={"email": email})
    headers = {name: value for name, value in answer.headers if name not in ("X-Request-ID", "Date", "Set-Cookie")}
    return answer.status_code, answer.text, headers


def test_nobody_learns_who_has_an_account(api, make, ada, arrived):
    gone = make.deactivated(make.person("Gone"))
    none = make.person("Nopass", password_hash=None)
    told = [answered(api, one) for one in (ada.email, "nobody@example.com", gone.email, none.email)]
    assert all(one == told[0] for one in told)
    assert [to for to, *_ in arrived()] == [ada.email]


def test_the_work_is_the_same_for_known_and_unknown(api, ada, statements):
    api().post(URL, {"email": "somebody@example.com"}, status=204)  # what is done once
    done = []
    for email in (ada.email, "nobody@example.com"):
        statements.clear()
        api().post(URL, {"email": email}, status=204)
        done.append([one.split("(")[0] for one in statements if "SAVEPOINT" not in one])
    assert done[0] == done[1]
    assert len(done[0]) > 4


def test_an_account_gets_three_mails_an_hour_and_nobody_hears_of_the_end(api, ada, arrived):
    for _ in range(5):
        api().post(URL, {"email": ada.email}, status=204)
    # Of each the newer ones ended the link before it was sent.
    assert len(arrived()) <= 3


def test_a_network_has_to_wait_after_ten(api):
    for number in range(10):
        api().post(URL, {"email": f"{number}@example.com"}, status=204)
    answer = api().send("POST", URL, json={"email": "10@example.com"}, status=429)
    assert int(answer.headers["Retry-After"]) >= 1


def test_where_no_mail_is_sent_it_says_what_to_do(api, browser, ada, mailing):
    mailing.by(None, environment="production", secret_key=KEY)
    assert browser().get(URL).says("flask password EMAIL")
    assert "flask password EMAIL" in api().post(URL, {"email": ada.email}, status=403)["detail"]
