"""A token that was verified once is not verified again. What may end meanwhile is asked each time all the same."""

import time
from datetime import timedelta

import jwt
import pytest
from pydantic import SecretStr

from tests.clients import token_of
from webapp import create_app
from webapp.http import tokens
from webapp.http.tokens import Verified


@pytest.fixture
def decoded(monkeypatch):
    """The tokens whose signature was looked at from here on."""
    seen, decode = [], jwt.decode
    monkeypatch.setattr(
        jwt, "decode", lambda token, *rest, **more: seen.append(token) or decode(token, *rest, **more)
    )
    return seen


@pytest.fixture
def asks(app):
    """Ask with a token who one is; the status of the answer."""
    return lambda token: app.test_client().get("/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_signature_is_looked_at_once(app, ada, asks, decoded):
    token = token_of(app, ada)
    assert [asks(token), asks(token), asks(token)] == [200, 200, 200]
    assert decoded == [token]


def test_what_is_remembered_expires(app, ada, asks):
    token = token_of(app, ada, timedelta(seconds=2 - tokens.LEEWAY))
    assert asks(token) == 200
    time.sleep(2.1)
    assert asks(token) == 401


def test_what_is_remembered_ends_with_the_sign_in(app, ada, asks, api):
    token = token_of(app, ada)
    assert asks(token) == 200
    assert api(Authorization=f"Bearer {token}").send("POST", "/auth/logout").status_code == 204
    assert asks(token) == 401


def test_what_is_remembered_ends_with_the_account(app, ada, asks, make):
    token = token_of(app, ada)
    assert asks(token) == 200
    make.deactivated(ada)
    assert asks(token) in (401, 403)


def test_what_is_remembered_ends_with_the_key(app, ada, asks, settings, monkeypatch):
    token = token_of(app, ada)
    assert asks(token) == 200
    another = SecretStr("another-key-only-for-tests-0123456789abcdef")
    other = create_app(settings.model_copy(update={"secret_key": another}))
    with other.app_context():
        assert tokens.read(token) is None
    monkeypatch.setitem(app.config, "KEYS", {**app.config["KEYS"], "session": other.config["KEYS"]["session"]})
    assert asks(token) == 401


def test_a_token_that_differs_in_one_sign_is_another(app, ada, asks):
    token = token_of(app, ada)
    assert asks(token) == 200
    for place in range(len(token) - 1):  # of the last sign of a signature, two bits count for nothing
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert asks(altered) == 401


def test_only_so_many_are_remembered(app, ada, decoded):
    few, key = Verified(most=2), app.config["JWT_SECRET_KEY"]
    made = [token_of(app, ada) for _ in range(3)]
    assert all(few.claims(token, key) for token in made)
    assert few.claims("not.a.token", key) is None
    assert len(few) == 2
    assert few.claims(made[2], key)
    assert decoded == [*made, "not.a.token"]
    assert few.claims(made[0], key)
    assert decoded[-1] == made[0]
