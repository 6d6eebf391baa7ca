"""What may happen once, asked for by several at the same time, with commits that are real."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from tests.clients import Api
from tests.committed import committing
from tests.factors.conftest import Holder, add, enrol
from tests.factors.devices import App, Key
from tests.factors.test_passkeys import ALONE, answered
from tests.make import Make
from webapp.config import Settings


@pytest.fixture(scope="module")
def there(database: str, settings: Settings) -> Iterator[Flask]:
    with committing(database, settings) as app:
        yield app


@pytest.fixture
def holder(there: Flask) -> Holder:
    ada = Make(there).person("Ada")
    client = Api(there, ada, {})
    app, answer = enrol(client)
    return Holder(ada, client, answer["recovery_codes"], app=app)


def together(there: Flask, address: str, bodies: list[dict[str, Any]]) -> list[int]:
    """The statuses of requests that begin at once."""
    gate = Barrier(len(bodies))

    def send(body: dict[str, Any]) -> int:
        client = Api(there, None, {})
        gate.wait()
        return client.send("POST", address, json=body).status_code

    with ThreadPoolExecutor(len(bodies)) as threads:
        return sorted(threads.map(send, bodies))


def between(there: Flask, holder: Holder) -> str:
    told = Api(there, None, {}).post("/auth/login", holder.login(), status=401)
    return str(told["factor_token"])


@pytest.mark.parametrize("kind", ["app", "paper"])
def test_the_same_code_lets_one_in(there, holder, kind):
    code = holder.app.code() if kind == "app" else holder.codes[0]
    sent = {"factor_token": between(there, holder), "code": code}
    assert together(there, "/auth/login/factor", [sent] * 2) == [200, 422]


def test_two_recovery_codes_at_once_let_in_twice(there, holder):
    token = between(there, holder)
    sent = [{"factor_token": token, "code": code} for code in holder.codes[:2]]
    assert together(there, "/auth/login/factor", sent) == [200, 200]


def test_a_burst_of_guesses_passes_no_more_than_one_after_the_other(there, holder):
    token = between(there, holder)
    sent = [{"factor_token": token, "code": f"{number:06}"} for number in range(10)]
    statuses = together(there, "/auth/login/factor", sent)
    assert statuses.count(422) == 5
    assert statuses.count(429) == 5


def test_the_same_answer_of_a_passkey_lets_one_in(there):
    ada, key = Make(there).person("Ada"), Key()
    client = Api(there, ada, {})
    add(client, key)
    assert together(there, ALONE, [answered(client, key)] * 2) == [200, 422]


def test_of_two_apps_that_are_set_up_at_once_one_is_there(there):
    ada = Make(there).person("Ada")
    clients = [Api(there, ada, {}) for _ in range(2)]
    gate = Barrier(2)

    def set_up(client: Api) -> int:
        setup = client.get("/auth/factors/authenticator")
        sent = {"setup_token": setup["setup_token"], "code": App(setup["secret"]).code()}
        gate.wait()
        return client.send("POST", "/auth/factors/authenticator", json=sent).status_code

    with ThreadPoolExecutor(2) as threads:
        first, second = sorted(threads.map(set_up, clients))
    assert first == 201
    assert second in (401, 409)  # its login ended by the first
