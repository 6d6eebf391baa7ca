"""A project with a connected repository, and a host that sends what real ones do, signed as they sign it."""

import base64
import copy
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from tests.clients import Api
from tests.committed import committing
from tests.make import Make
from tests.scene import *  # noqa: F403
from webapp.config import Settings
from webapp.db import db, transacting
from webapp.jobs import worker

PAYLOADS = Path(__file__).parent / "payloads"
URL = "/projects/WALL"
HOSTS = f"{URL}/code-hosts"
KINDS = ("github", "gitlab", "gitea", "plain")
EVENTS = {
    "github": ("push", "pull_request"),
    "gitlab": ("Push Hook", "Merge Request Hook"),
    "gitea": ("push", "pull_request"),
    "plain": ("", ""),
}


def hashed(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard(secret: str, body: bytes, message_id: str, at: float | None = None) -> dict[str, str]:
    """By the specification, without a line of Cairn's."""
    moment = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{message_id}.{moment}.".encode() + body
    signature = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": f"v1,{signature}"}


def headers_of(kind: str, event: str, secret: str, body: bytes, message_id: str) -> dict[str, str]:
    """As each kind of host sends it."""
    if kind == "github":
        signature = {"X-Hub-Signature-256": f"sha256={hashed(secret, body)}"}
        return {"X-GitHub-Event": event, "X-GitHub-Delivery": message_id, **signature}
    if kind == "gitea":
        signature = {"X-Gitea-Signature": hashed(secret, body)}
        return {"X-Gitea-Event": event, "X-Gitea-Delivery": message_id, **signature}
    if kind == "gitlab":
        return {"X-Gitlab-Event": event, "Idempotency-Key": message_id, "X-Gitlab-Token": secret}
    return {"Authorization": f"Bearer {secret}", "webhook-id": message_id}


class Host:
    """A repository at a host of some kind, which is connected."""

    def __init__(self, world: "World", made: Any) -> None:
        self.world, self.kind, self.secret = world, made["kind"], made["secret"]
        self.id, self.at = made["id"], urlsplit(made["hook_url"]).path

    def payload(self, what: str) -> Any:
        return json.loads((PAYLOADS / f"{self.kind}_{what}.json").read_text())

    def send(
        self,
        payload: Any,
        event: str = "push",
        *,
        status: int = 202,
        secret: str = "",
        message_id: str = "",
        form: bool = False,
        headers: Any = None,
    ) -> Any:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        kind = "application/json"
        if form:
            body, kind = urlencode({"payload": body.decode()}, quote_via=quote).encode(), FORM
        named = {"push": EVENTS[self.kind][0], "merge": EVENTS[self.kind][1]}.get(event, event)
        signed = headers_of(self.kind, named, secret or self.secret, body, message_id or str(uuid4()))
        given = {"Accept": "*/*", "Content-Type": kind, **(signed if headers is None else headers)}
        answer = self.world.app.test_client().post(self.at, data=body, headers=given)
        assert answer.status_code == status, answer.text
        return answer.json

    def push(self, *messages: str, branch: str = "main", **options: Any) -> None:
        """Commits with these messages arrive, and the worker does what follows."""
        payload = self.pushed(*messages, branch=branch)
        self.send(payload, **options)
        self.world.work()

    def pushed(self, *messages: str, branch: str = "main") -> Any:
        payload = self.payload("push")
        (first,) = payload["commits"]
        payload["commits"] = [
            {**first, "id": hashlib.sha1(one.encode()).hexdigest(), "message": one} for one in messages
        ]
        payload["ref" if "ref" in payload else "branch"] = f"refs/heads/{branch}" if "ref" in payload else branch
        return payload

    def merge(self, state: str = "open", at: str = "2026-03-01T11:00:00Z", **values: Any) -> None:
        """A merge request is so since then, and the worker does what follows."""
        self.send(self.merged(state, at, **values), "merge")
        self.world.work()

    def merged(self, state: str, at: str, body: str = "Fixes WALL-1.", into: str = "main") -> Any:
        payload = copy.deepcopy(self.payload("pull_request" if self.kind in ("github", "gitea") else "merge_request"))
        part = next(
            payload[name] for name in ("pull_request", "object_attributes", "merge_request") if name in payload
        )
        part["description" if self.kind == "gitlab" else "body"] = body
        part["updated_at"] = at
        if self.kind in ("github", "gitea"):
            part |= {"state": "open" if state == "open" else "closed", "merged": state == "merged"}
            part["base"]["ref"] = into
        elif self.kind == "gitlab":
            part |= {"state": {"open": "opened"}.get(state, state), "target_branch": into}
        else:
            part["state"], payload["branch"] = state, into
        return payload

    def log(self, api: Any = None) -> Any:
        return (api or self.world.api).get(f"{HOSTS}/{self.id}/deliveries")["items"]


FORM = "application/x-www-form-urlencoded"


class World:
    """Ada owns a project with an issue; nobody hears of it but her."""

    def __init__(self, app: Flask, api: Any, make: Any, ada: Any) -> None:
        self.app, self.make, self.ada, self.signed_in = app, make, ada, api
        self.api = api(ada)
        self.project = make.project(ada, key="WALL", name="Wall")
        self.issue = make.issue(self.project, ada)
        self.work()

    def connect(self, kind: str = "github", at: str = HOSTS, api: Any = None) -> Host:
        return Host(self, (api or self.api).post(at, {"kind": kind}))

    def work(self) -> None:
        worker.drain(self.app)

    def events(self, number: int = 1, kinds: Any = ("committed", "merge_requested", "closed"), at: str = URL) -> Any:
        return [one for one in self.api.get(f"{at}/issues/{number}/events")["items"] if one["kind"] in kinds]

    def state(self, number: int = 1, at: str = URL) -> str:
        return str(self.api.get(f"{at}/issues/{number}")["state"])

    def run(self, statement: str, **values: Any) -> Any:
        with self.app.app_context(), transacting():
            found = db.session.execute(text(statement), values)
            return found.all() if found.returns_rows else None  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def built(app: Flask, api: Any, make: Any, ada: Any) -> World:
    return World(app, api, make, ada)


@pytest.fixture
def world(built: World, api: Any, ada: Any) -> World:
    """With a login of the test's own: that of the scene may be over on a slow machine."""
    world = copy.copy(built)
    world.api = api(ada)
    return world


@pytest.fixture(params=KINDS)
def host(world: World, request: pytest.FixtureRequest) -> Host:
    return world.connect(request.param)


@pytest.fixture
def committed_world(database: str, settings: Settings) -> Iterator[World]:
    """The same in a database of its own, where several connections see what is committed."""
    with committing(database, settings) as app:
        make = Make(app)
        yield World(app, lambda who: Api(app, who, {}), make, make.person("Ada"))
