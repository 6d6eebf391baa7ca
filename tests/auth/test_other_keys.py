"""Another SECRET_KEY, or pepper, that nobody notices as long as the former one is still known."""

import pytest
from pydantic import SecretStr

from tests.clients import Browser
from tests.committed import committed
from tests.conftest import KEY
from tests.make import PASSWORD, Make
from webapp import PURPOSES, clock, create_app, features
from webapp.auth import passwords
from webapp.config.keys import ring
from webapp.db import db
from webapp.errors import NotFound
from webapp.mail import unsubscribing
from webapp.mail.composing import Stop
from webapp.mail.rows import Reader
from webapp.mail_in import addresses
from webapp.models.accounts import User
from webapp.text import elsewhere
from webapp.webhooks import signing

NEXT = "a7c1e94f0b62d83357ea1b9c40f6d2e8"
SALT = b"a salt of twenty-four b."
PEPPERS = ("3f9a60c2d7b14e85a0c6f2b97d41e83c", "b85d2f07e1936ac4f7702ed9c3a1456b")


class Installation:
    """One database, under one key after another."""

    def __init__(self, kept, app):
        self.app, self.kept = app, kept
        self.ada = Make(app).person("Zoe")

    def under(self, key, *former):
        """The same installation, started with other keys."""
        settings = self.app.config["SETTINGS"].model_copy(
            update={"secret_key": SecretStr(key), "secret_key_fallbacks": tuple(map(SecretStr, former))}
        )
        return create_app(settings)


@pytest.fixture(scope="module")
def installation(database, settings, migrated):
    with committed(database, settings) as kept:
        app = create_app(settings.model_copy(update={"database_url": kept.url}))
        yield Installation(kept, app)
        with app.app_context():
            db.engine.dispose()
    features.configure(settings, migrated.config["KEYS"])


def moved(someone, app):
    """The browser with all its cookies, before the same installation after a start."""
    other = Browser(app)
    for one in someone.client._cookies.values():
        other.client.set_cookie(one.key, one.value)
    return other


def logged_in(app, ada):
    someone = Browser(app)
    assert someone.post("/auth/login", {"email": ada.email, "password": PASSWORD}).location == "/"
    return someone


def test_a_browser_stays_logged_in_and_gets_a_cookie_of_the_new_key(installation):
    before = logged_in(installation.app, installation.ada)
    after = moved(before, installation.under(NEXT, KEY))
    former = before.cookie("cairn")
    assert former != after.cookie("cairn")
    after.get("/auth/me")
    assert after.client.get_cookie(former) is None
    assert after.client.get_cookie(after.cookie("cairn")) is not None
    last = moved(after, installation.under(NEXT))
    last.get("/auth/me")


def test_a_form_that_was_opened_before_is_sent_after(installation):
    before = logged_in(installation.app, installation.ada)
    token = before.csrf
    after = moved(before, installation.under(NEXT, KEY))
    after.post("/auth/me", {"csrf_token": token, "name": "Zoe the Second"})
    visitor = Browser(installation.app)
    token = visitor.get("/auth/login").fields["csrf_token"]
    entry = {"email": installation.ada.email, "password": PASSWORD, "csrf_token": token}
    assert moved(visitor, installation.under(NEXT, KEY)).post("/auth/login", entry).location == "/"


def test_programs_go_on_with_their_tokens(installation):
    client = installation.app.test_client(use_cookies=False)
    login = {"email": installation.ada.email, "password": PASSWORD}
    tokens = client.post("/auth/login", json=login).json
    after = installation.under(NEXT, KEY).test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert after.get("/auth/me", headers=headers).status_code == 200
    answers = [after.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json["refresh_token"] == answers[1].json["refresh_token"]
    last = installation.under(NEXT).test_client(use_cookies=False)
    again = last.post("/auth/refresh", json={"refresh_token": answers[0].json["refresh_token"]})
    assert again.status_code == 200


def test_without_the_former_key_all_are_logged_out_and_nothing_breaks(installation):
    before = logged_in(installation.app, installation.ada)
    login = {"email": installation.ada.email, "password": PASSWORD}
    tokens = installation.app.test_client(use_cookies=False).post("/auth/login", json=login).json
    app = installation.under(NEXT)
    assert moved(before, app).get("/auth/me", status=303).location.startswith("/auth/login")
    client = app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/auth/me", headers=headers).status_code == 401
    assert client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_a_browser_that_was_known_is_known_still(installation):
    before = logged_in(installation.app, installation.ada)
    after = moved(before, installation.under(NEXT, KEY))
    wrong = {"email": installation.ada.email, "password": "wrong"}
    for _ in range(6):  # others make this account wait
        installation.under(NEXT, KEY).test_client().post("/auth/login", json=wrong)
    after.post("/auth/logout")
    assert after.post("/auth/login", {**wrong, "password": PASSWORD}).location == "/"


@pytest.fixture
def _peppers():
    yield
    passwords.configure([""])


@pytest.mark.usefixtures("_peppers")
def test_the_next_login_hashes_anew_with_the_pepper_of_today(app, ada, api):
    login = {"email": ada.email, "password": PASSWORD}
    seen = []
    for peppers in ([PEPPERS[0]], [PEPPERS[1], PEPPERS[0]], [PEPPERS[1]], ["", PEPPERS[1]], [""]):
        passwords.configure(peppers)
        api().post("/auth/login", login, status=200)
        with app.app_context():
            seen.append(db.session.get(User, ada.id).password_hash[:11])
    assert [one[:3] for one in seen] == ["c2:", "c2:", "c2:", "c1:", "c1:"]
    assert seen[0] != seen[1] == seen[2]


@pytest.mark.usefixtures("_peppers")
def test_whoever_has_only_the_database_can_try_no_password(ada, api, caplog):
    login = {"email": ada.email, "password": PASSWORD}
    passwords.configure([PEPPERS[0]])
    api().post("/auth/login", login, status=200)
    for peppers in ([""], [PEPPERS[1]]):
        passwords.configure(peppers)
        api().post("/auth/login", login, status=401)
    assert "password_pepper_missing" in caplog.text
    assert PEPPERS[0] not in caplog.text


@pytest.fixture
def start(app, settings):
    """Start with these keys, as far as mails, hooks and pictures are concerned."""
    said = {"mail_in_address": "cairn+{token}@cairn.test", "external_images": "proxy"}
    given = settings.model_copy(update=said)
    yield lambda *keys: features.configure(given, {name: ring(name, keys) for name in PURPOSES})
    features.configure(settings, app.config["KEYS"])


def reply():
    meant = addresses.meant(addresses.reply_address(1, 2, 3))
    assert isinstance(meant, addresses.Reply)
    return lambda: addresses.is_signed(meant, 3)


def picture():
    _, _, signature, said = elsewhere.shown_at("https://example.org/moss.png").split("/")
    return lambda: elsewhere.signed(signature, said) == "https://example.org/moss.png"


def stop():
    reader = Reader(1, "Zoe", "zoe@example.com", "UTC", is_active=True)
    token = unsubscribing.path(reader, Stop("digest", {})).rpartition("/")[2]

    def holds():
        try:
            return unsubscribing.ending(token).user_id == 1
        except NotFound:
            return False

    return holds


def hook():
    secret = signing.secret_of(SALT)
    return lambda: signing.is_signed(signing.signed("m", clock.now(), b"{}", [SALT]), b"{}", secret)


def host():
    secret = signing.secret_of(SALT)
    return lambda: secret in signing.secrets_of(SALT)


@pytest.mark.parametrize("made", [reply, picture, stop, hook, host])
def test_what_others_hold_is_of_use_as_long_as_its_key_is_known(app, start, made):
    start(KEY)
    before = made()
    start(NEXT, KEY)
    assert before()
    after = made()
    start(NEXT)
    assert after()
    assert not before()
