"""People with a second factor, who got it as everybody does: through HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.clients import Api
from tests.factors.devices import App, Key
from tests.links.conftest import arrived
from webapp.access import Viewer

__all__ = ["arrived"]


@dataclass
class Holder:
    """Somebody with what they hold, and their client."""

    person: Viewer
    client: Api
    codes: list[str]
    app: App | None = None
    key: Key | None = None

    def login(self, **more: Any) -> dict[str, Any]:
        from tests.make import PASSWORD

        return {"email": self.person.email, "password": PASSWORD, **more}


def carry_on(client: Api, answer: dict[str, Any]) -> dict[str, Any]:
    """Let a client go on with the tokens that took the place of its own."""
    client.headers["Authorization"] = f"Bearer {answer['login']['access_token']}"
    return answer


def enrol(client: Api) -> tuple[App, dict[str, Any]]:
    """Set an app up, by a code of the half minute before: so this one's is left for a login."""
    setup = client.get("/auth/factors/authenticator")
    app = App(setup["secret"])
    sent = {"setup_token": setup["setup_token"], "code": app.code(back=1)}
    return app, carry_on(client, client.post("/auth/factors/authenticator", sent))


def add(client: Api, key: Key, name: str = "My key") -> dict[str, Any]:
    """Add a passkey."""
    asked = client.post("/auth/passkeys/options", {"purpose": "add"}, status=200)
    sent = {"name": name, "credential": key.made(asked["options"]), "challenge_token": asked["challenge_token"]}
    return carry_on(client, client.post("/auth/factors/passkeys", sent))


@pytest.fixture
def holder(api: Callable[..., Api], ada: Viewer) -> Holder:
    """Ada with an authenticator app."""
    client = api(ada)
    app, answer = enrol(client)
    return Holder(replace(ada, has_factor=True), client, answer["recovery_codes"], app=app)


@pytest.fixture
def keyed(api: Callable[..., Api], ada: Viewer) -> Holder:
    """Ada with a passkey that knows who holds it."""
    client, key = api(ada), Key()
    answer = add(client, key)
    return Holder(replace(ada, has_factor=True), client, answer["recovery_codes"], key=key)
