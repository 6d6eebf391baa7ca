"""Two installations at two ports of one host, where browsers keep the cookies of both together."""

import pytest
from pydantic import SecretStr

from tests.clients import Browser
from tests.make import PASSWORD
from webapp import create_app
from webapp.db import db


@pytest.fixture
def other(app, settings):
    """Another installation, with a key of its own; its people are the same, for what they do is undone together."""
    there = create_app(settings.model_copy(update={"secret_key": SecretStr("another-key-" * 4)}))
    with app.app_context():
        connection = db.engines[None]
    with there.app_context():
        db.engines[None] = connection
    return there


def test_neither_takes_the_others_cookies(app, other, ada):
    here, there = Browser(app), Browser(other)
    there.client._cookies = here.client._cookies
    entry = {"email": ada.email, "password": PASSWORD}
    here.post("/auth/login", entry)
    kept = dict(here.client._cookies)  # type: ignore[arg-type]
    there.post("/appearance", {"theme": "dark"})
    assert there.get("/auth/me", status=303).location == "/auth/login?next=/auth/me"
    there.post("/projects", {"name": "Typed while logged out"})
    there.post("/auth/login", entry)
    there.get("/")
    there.post("/auth/logout")
    assert {key: here.client._cookies.get(key) for key in kept} == kept
    assert here.get("/auth/me").says(ada.name)
