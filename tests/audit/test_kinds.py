"""Each kind of record: done once, by HTTP or a command, it is noted once, with what it tells and no secret."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy import text

from tests.factors.conftest import enrol
from tests.factors.devices import App
from tests.make import PASSWORD, Make
from tests.sso.conftest import acme, offer
from webapp.access import Viewer
from webapp.audit.kinds import Kind
from webapp.auth import standing
from webapp.db import db, transacting
from webapp.links import holding
from webapp.links import repository as links
from webapp.models.account_tokens import Purpose
from webapp.sso import pending
from webapp.sso.rows import Identity

__all__ = ["acme", "offer"]

CANARY = "canary among nine marble towers"
SECRETS = {"access_token", "refresh_token", "secret", "token", "link", "csrf_token"}
URL = "https://93.184.215.14/x?key=canary-of-the-address"


class World:
    """A project of Ada's, and what was told there that nobody else may read."""

    def __init__(self, app: Flask, api: Any, make: Make, ada: Viewer, eve: Viewer, caplog: Any) -> None:
        self.app, self.made, self.make, self.ada, self.eve, self.log = app, api, make, ada, eve, caplog
        self.root = make.person("Root", is_admin=True)
        self.secrets = {PASSWORD, CANARY, "canary-of-the-address"}
        self.owner = api(ada)
        self.owner.post("/projects", {"name": "Wall", "key": "WALL"})
        self.before, self.claim = 0, ""

    def send(self, method: str, url: str, body: Any = None, by: Any = None, **options: Any) -> Any:
        """Send it, and remember whatever secret comes back."""
        answer = (by or self.owner).send(method, url, json=body, **options)
        assert answer.status_code < 500, answer.text
        said = answer.json if answer.is_json else {}
        self.secrets |= {value for name, value in (said or {}).items() if name in SECRETS and isinstance(value, str)}
        return said

    def now(self) -> None:
        """What was noted until now was only done to get here."""
        self.before = self.rows("SELECT coalesce(max(id), 0) AS id FROM audit_records")[0]["id"]

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        with self.app.app_context():
            return [dict(row) for row in db.session.execute(text(statement), values).mappings()]

    def write(self, statement: str) -> None:
        with self.app.app_context(), transacting() as session:
            session.execute(text(statement))

    def run(self, *words: str) -> None:
        told = self.app.test_cli_runner().invoke(args=list(words))
        assert told.exit_code == 0, told.output

    def link(self, purpose: Purpose, who: Viewer, email: str) -> str:
        """The token of a link in a mail."""
        token = holding.made()
        self.secrets.add(token)
        with self.app.app_context(), transacting():
            links.add(purpose, email, token, of=(who.id, None))
        return token

    def login(self, password: str = PASSWORD, status: int = 200) -> Any:
        body = {"email": self.ada.email, "password": password}
        return self.send("POST", "/auth/login", body, by=self.made(), status=status)

    def made_by_post(self, url: str, body: Any) -> str:
        return f"{url}/{self.send('POST', url, body)['id']}"

    def invited(self) -> int:
        """An invitation that went to Eve by mail."""
        self.send("POST", "/projects/WALL/members", {"email": "mia@example.com", "role": "member"})
        self.write(f"UPDATE invitations SET email = '{self.eve.email}'")
        return int(self.rows("SELECT id FROM invitations")[0]["id"])

    def octocat(self) -> int:
        """Somebody imported."""
        if not self.rows("SELECT id FROM users WHERE origin IS NOT NULL"):
            self.write("INSERT INTO users (name, origin, is_active) VALUES ('Octocat', 'github\\:octocat', false)")
        return int(self.rows("SELECT id FROM users WHERE origin IS NOT NULL")[0]["id"])

    def asked_to_claim(self) -> None:
        """The path of the link that was told."""
        at = f"/admin/people/{self.octocat()}/invitation"
        link = self.send("POST", at, {"email": "cat@example.com"}, self.made(self.root), status=201)["link"]
        self.claim = f"/claims/{link.rpartition('/')[2]}"
        self.secrets.add(link.rpartition("/")[2])

    def issue(self) -> None:
        self.send("POST", "/projects/WALL/issues", {"title": "Stone", "body": "First"})


Act = Callable[[World], Any]
ACTS: dict[Kind, Act] = {}


def does(kind: Kind) -> Callable[[Act], Act]:
    def note(act: Act) -> Act:
        ACTS[kind] = act
        return act

    return note


def one(kind: Kind, *first: Act, then: Act) -> None:
    """What is done first, and then, which is noted."""

    def act(world: World) -> None:
        for step in first:
            step(world)
        world.now()
        then(world)

    ACTS[kind] = act


WALL = "/projects/WALL"
one(Kind.LOGIN_OK, then=lambda w: w.login())
one(Kind.LOGIN_FAIL, then=lambda w: w.login(CANARY, 401))
one(Kind.LOGIN_LOCK, *[lambda w: w.login(CANARY, 401)] * 5, then=lambda w: w.login(CANARY, 429))
one(
    Kind.MERGED,
    then=lambda w: w.send(
        "POST", f"/admin/people/{w.eve.id}/merge", {"into": w.ada.email}, w.made(w.root), status=200
    ),
)
one(
    Kind.INSTALLATION_SET,
    then=lambda w: w.send("PATCH", "/admin/settings", {"audit_days": "500"}, w.made(w.root), status=200),
)
one(Kind.CLAIM_SENT, then=lambda w: w.asked_to_claim())
one(
    Kind.CLAIM_REVOKED,
    lambda w: w.asked_to_claim(),
    then=lambda w: w.send("DELETE", f"/admin/people/{w.octocat()}/invitation", by=w.made(w.root), status=204),
)
one(
    Kind.CLAIMED,
    lambda w: w.asked_to_claim(),
    then=lambda w: w.send(
        "POST", f"{w.claim}/account", {"name": "Octocat", "password": CANARY}, w.made(), status=201
    ),
)
one(Kind.LOGOUT, then=lambda w: w.send("POST", "/auth/logout", status=204))
one(
    Kind.SIGN_IN_ENDED,
    lambda w: w.login(),
    then=lambda w: w.send("DELETE", f"/auth/sign-ins/{w.owner.get('/auth/sign-ins')['items'][1]['id']}", status=204),
)
one(Kind.OTHERS_ENDED, lambda w: w.login(), then=lambda w: w.send("DELETE", "/auth/sign-ins", status=204))
one(Kind.CONFIRM_OK, then=lambda w: w.send("POST", "/auth/confirm", {"password": PASSWORD}, status=200))
one(Kind.CONFIRM_FAIL, then=lambda w: w.send("POST", "/auth/confirm", {"password": CANARY}, status=422))
one(
    Kind.PASSWORD_CHANGED,
    then=lambda w: w.send(
        "POST", "/auth/password", {"current_password": PASSWORD, "new_password": CANARY}, status=200
    ),
)
one(Kind.RESET_ASKED, then=lambda w: w.send("POST", "/auth/forgotten", {"email": w.ada.email}, w.made(), status=204))
one(
    Kind.RESET_DONE,
    then=lambda w: w.send(
        "POST",
        f"/auth/reset/{w.link(Purpose.RESET, w.ada, w.ada.email)}",
        {"new_password": CANARY},
        w.made(),
        status=204,
    ),
)
one(Kind.FEED_TOKEN_MADE, then=lambda w: w.send("POST", "/auth/feeds", {"name": "Mine"}, status=201))
one(
    Kind.REGISTERED,
    then=lambda w: w.run("create-user", "--name", "Mia", "--email", "mia@example.com", "--password", CANARY),
)
one(Kind.RENAMED, then=lambda w: w.send("PATCH", "/auth/me", {"name": "Ada L."}, status=200))
one(
    Kind.ADDRESS_CONFIRMED,
    then=lambda w: w.send(
        "POST", f"/auth/confirm/{w.link(Purpose.CONFIRM, w.ada, w.ada.email)}", by=w.made(), status=204
    ),
)
one(
    Kind.MOVE_ASKED,
    then=lambda w: w.send("POST", "/auth/email", {"email": "new@example.com"}, status=204),
)
one(
    Kind.MOVED,
    then=lambda w: w.send("POST", f"/auth/move/{w.link(Purpose.MOVE, w.ada, 'new@example.com')}", status=200),
)
one(
    Kind.MOVE_UNDONE,
    then=lambda w: w.send(
        "POST", f"/auth/undo/{w.link(Purpose.UNDO, w.ada, 'old@example.com')}", by=w.made(), status=200
    ),
)
one(Kind.DEACTIVATED, then=lambda w: w.run("deactivate", w.eve.email))
one(Kind.ACTIVATED, lambda w: w.run("deactivate", w.eve.email), then=lambda w: w.run("activate", w.eve.email))
one(
    Kind.ALL_ENDED,
    then=lambda w: w.send("DELETE", f"/admin/people/{w.ada.id}/sign-ins", by=w.made(w.root), status=204),
)
one(Kind.PURGED, then=lambda w: w.send("POST", f"/admin/people/{w.eve.id}/purge", {}, w.made(w.root), status=200))
one(Kind.ADMINISTRATOR_MADE, then=lambda w: w.run("admin", w.eve.email))
one(
    Kind.ADMINISTRATOR_UNMADE,
    lambda w: w.run("admin", w.eve.email),
    then=lambda w: w.run("admin", w.eve.email, "--revoke"),
)


def add(w: World, role: str = "member") -> None:
    w.send("POST", f"{WALL}/members", {"email": w.eve.email, "role": role}, status=201)


def block(world: World) -> None:
    world.send("POST", f"{WALL}/blocks", {"handle": world.eve.handle}, status=201)


one(Kind.MEMBER_ADDED, then=add)
one(
    Kind.MEMBER_CHANGED,
    add,
    then=lambda w: w.send("PATCH", f"{WALL}/members/{w.eve.id}", {"role": "viewer"}, status=200),
)
one(Kind.MEMBER_REMOVED, add, then=lambda w: w.send("DELETE", f"{WALL}/members/{w.eve.id}", status=204))
one(
    Kind.INVITED,
    then=lambda w: w.send("POST", f"{WALL}/members", {"email": "mia@example.com", "role": "member"}, status=201),
)
one(
    Kind.INVITATION_RENEWED,
    then=lambda w: w.send("POST", f"{WALL}/members/invitations/{w.invited()}/renewal", {}),
)
one(
    Kind.INVITATION_REVOKED,
    then=lambda w: w.send("DELETE", f"{WALL}/members/invitations/{w.invited()}", status=204),
)
one(
    Kind.INVITATION_ACCEPTED,
    then=lambda w: w.send("POST", f"/invitations/own/{w.invited()}", by=w.made(w.eve), status=200),
)
one(
    Kind.INVITATION_DECLINED,
    then=lambda w: w.send("DELETE", f"/invitations/own/{w.invited()}", by=w.made(w.eve), status=204),
)
one(Kind.PERSON_BLOCKED, then=block)
one(Kind.PERSON_UNBLOCKED, block, then=lambda w: w.send("DELETE", f"{WALL}/blocks/{w.eve.id}", status=204))
one(
    Kind.POST_REJECTED,
    World.issue,
    lambda w: w.send("PATCH", WALL, {"visibility": "public"}, status=200),
    lambda w: w.send("POST", f"{WALL}/issues/1/reports", {"reason": "spam"}, w.made(w.eve), status=200),
    then=lambda w: w.send("POST", f"{WALL}/moderation", {"posts": ["1"], "verdict": "remove"}, status=200),
)
one(
    Kind.POST_APPROVED,
    World.issue,
    lambda w: w.send("PATCH", WALL, {"visibility": "public"}, status=200),
    lambda w: w.send("POST", f"{WALL}/issues/1/reports", {"reason": "spam"}, w.made(w.eve), status=200),
    then=lambda w: w.send("POST", f"{WALL}/moderation", {"posts": ["1"], "verdict": "keep"}, status=200),
)
one(Kind.TRANSFERRED, then=lambda w: w.send("POST", f"{WALL}/transfer", {"email": w.eve.email}, status=200))
one(Kind.PROJECT_CREATED, then=lambda w: w.send("POST", "/projects", {"name": "Roof"}, status=201))
one(Kind.PROJECT_CHANGED, then=lambda w: w.send("PATCH", WALL, {"name": "Fence"}, status=200))
one(Kind.KEY_CHANGED, then=lambda w: w.send("PATCH", WALL, {"key": "ROOF", "name": "Roof"}, status=200))
one(
    Kind.VISIBILITY_CHANGED,
    then=lambda w: w.send("PATCH", WALL, {"visibility": "public", "key": "ROOF"}, status=200),
)
one(Kind.ARCHIVED, then=lambda w: w.send("POST", f"{WALL}/archive", status=200))
one(
    Kind.RESTORED,
    lambda w: w.send("POST", f"{WALL}/archive"),
    then=lambda w: w.send("DELETE", f"{WALL}/archive", status=200),
)
one(Kind.PROJECT_DELETED, then=lambda w: w.send("DELETE", WALL, status=204))
one(
    Kind.ISSUE_DELETED,
    World.issue,
    lambda w: w.send("DELETE", f"{WALL}/issues/1"),
    then=lambda w: w.send("DELETE", f"{WALL}/trash/1", status=204),
)
one(
    Kind.TEXT_FORGOTTEN,
    World.issue,
    lambda w: w.send("PATCH", f"{WALL}/issues/1", {"body": "Second"}),
    then=lambda w: w.send("DELETE", f"{WALL}/issues/1/history/1", status=204),
)
one(
    Kind.TRASH_EMPTIED,
    World.issue,
    lambda w: w.send("DELETE", f"{WALL}/issues/1"),
    lambda w: w.write("UPDATE issues SET deleted_at = now() - interval '31 days'"),
    then=lambda w: w.run("clean-trash"),
)
one(Kind.EXPORTED, then=lambda w: w.send("GET", f"{WALL}/issues.csv", status=200))
one(Kind.AUDIT_EXPORTED, then=lambda w: w.send("GET", f"{WALL}/audit.jsonl", status=200))
one(Kind.WEBHOOK_CREATED, then=lambda w: w.send("POST", f"{WALL}/webhooks", {"url": URL}, status=201))
one(Kind.CODE_HOST_CREATED, then=lambda w: w.send("POST", f"{WALL}/code-hosts", {"kind": "github"}, status=201))
one(
    Kind.SETTING_CHANGED,
    then=lambda w: w.send("POST", f"{WALL}/statuses", {"name": "Waiting", "category": "started"}, status=201),
)
one(Kind.MAILBOX_CHOSEN, then=lambda w: w.send("PUT", f"{WALL}/mail", {"is_open": True}, status=200))
for made, of, body, changes in (
    ("WEBHOOK", f"{WALL}/webhooks", {"url": URL}, {"is_on": False}),
    ("CODE_HOST", f"{WALL}/code-hosts", {"kind": "github"}, {"url": "https://github.com/stones/wall"}),
):

    def change(w: World, of: str = of, body: Any = body, changes: Any = changes) -> None:
        at = w.made_by_post(of, body)
        w.now()
        w.send("PATCH", at, changes, status=200)

    def rotate(w: World, of: str = of, body: Any = body, made: str = made) -> None:
        at = w.made_by_post(of, body)
        w.write(f"UPDATE {made.lower()}s SET created_at = now() - interval '1 day'")
        w.now()
        w.send("POST", f"{at}/secret", status=200)

    def remove(w: World, of: str = of, body: Any = body) -> None:
        at = w.made_by_post(of, body)
        w.now()
        w.send("DELETE", at, status=204)

    ACTS[Kind[f"{made}_CHANGED"]] = change
    ACTS[Kind[f"{made}_ROTATED"]] = rotate
    ACTS[Kind[f"{made}_REMOVED"]] = remove


@does(Kind.FEED_LIMITED)
def limit_a_feed_token(world: World) -> None:
    at = world.made_by_post("/auth/feeds", {"name": "Mine"})
    world.now()
    world.send("PATCH", at, {"projects": ["WALL"]}, status=200)


@does(Kind.TOKEN_LIMITED)
def limit_a_token(world: World) -> None:
    at = world.made_by_post("/auth/tokens", {"name": "Script", "scope": "read"})
    world.now()
    world.send("PATCH", at, {"projects": ["WALL"]}, status=200)


@does(Kind.FEED_TOKEN_REVOKED)
def revoke_a_feed_token(world: World) -> None:
    at = world.made_by_post("/auth/feeds", {"name": "Mine"})
    world.now()
    world.send("DELETE", at, status=204)


@does(Kind.TOKEN_REUSE)
def use_a_token_that_was_used_up(world: World) -> None:
    first = world.login()
    following = world.send("POST", "/auth/refresh", {"refresh_token": first["refresh_token"]}, world.made())
    world.send("POST", "/auth/refresh", {"refresh_token": following["refresh_token"]}, world.made())
    world.now()
    world.send("POST", "/auth/refresh", {"refresh_token": first["refresh_token"]}, world.made(), status=401)


@does(Kind.COMMENT_DELETED)
def delete_a_comment_for_good(world: World) -> None:
    world.issue()
    at = world.made_by_post(f"{WALL}/issues/1/comments", {"body": "Words"})
    world.send("DELETE", at, status=204)
    world.now()
    world.send("DELETE", f"{WALL}/trash/1/comments/{at.rpartition('/')[2]}", status=204)


@does(Kind.IMPORTED)
def bring_in(world: World) -> None:
    world.now()
    file = world.app.config["SETTINGS"].cairn_data / "issues.json"
    said = {"number": 1, "title": "Stone", "state": "open", "html_url": "https://github.com/a/b/issues/1"}
    file.write_text(json.dumps([{**said, "user": {"login": "mona"}, "created_at": "2020-01-01T00:00:00Z"}]))
    world.run("import", "github", str(file), "--project", "WALL")


@does(Kind.JOB_RETRIED)
def retry(world: World) -> None:
    world.write("INSERT INTO jobs (task, state) VALUES ('clear_dead_jobs', 'dead')")
    world.now()
    world.send("POST", "/admin/jobs/retry", by=world.made(world.root), status=204)


@does(Kind.JOB_REMOVED)
def remove_a_job(world: World) -> None:
    world.write("INSERT INTO jobs (task, state) VALUES ('clear_dead_jobs', 'dead')")
    number = world.rows("SELECT max(id) AS id FROM jobs WHERE state = 'dead'")[0]["id"]
    world.now()
    world.send("DELETE", f"/admin/jobs/{number}", by=world.made(world.root), status=204)


def holds(world: World) -> tuple[App, list[str]]:
    """Ada's new authenticator app, and her recovery codes."""
    app, answer = enrol(world.owner)
    world.secrets |= {app.totp.secret, *answer["recovery_codes"]}
    return app, answer["recovery_codes"]


@does(Kind.FACTOR_ADDED)
def set_an_app_up(world: World) -> None:
    world.now()
    holds(world)


@does(Kind.FACTOR_REMOVED)
def take_the_app_away(world: World) -> None:
    holds(world)
    world.now()
    world.send("DELETE", "/auth/factors/authenticator", status=200)


def linked(world: World) -> int:
    """A login elsewhere, which a provider told of."""
    with world.app.test_request_context():
        token = pending.of_client(Identity("acme", "42", "mia@example.com", True, "Mia"))
    return int(world.send("POST", "/auth/identities", {"link_token": token}, status=201)["id"])


@does(Kind.IDENTITY_LINKED)
def link_a_login(world: World) -> None:
    world.now()
    linked(world)


@does(Kind.IDENTITY_UNLINKED)
def unlink_a_login(world: World) -> None:
    number = linked(world)
    world.now()
    world.send("DELETE", f"/auth/identities/{number}", status=204)


@does(Kind.FACTOR_FAIL)
def guess_a_code(world: World) -> None:
    app, _ = holds(world)
    wrong = f"{(int(app.code()) + 1) % 1_000_000:06}"
    world.now()
    body = {"email": world.ada.email, "password": PASSWORD, "code": wrong}
    world.send("POST", "/auth/login", body, by=world.made(), status=422)


@does(Kind.CODE_USED)
def log_in_from_paper(world: World) -> None:
    _, codes = holds(world)
    world.now()
    body = {"email": world.ada.email, "password": PASSWORD, "code": codes[0]}
    world.send("POST", "/auth/login", body, by=world.made(), status=200)


@does(Kind.CODES_RENEWED)
def print_other_codes(world: World) -> None:
    holds(world)
    world.now()
    world.secrets |= set(world.send("POST", "/auth/factors/codes", status=200)["recovery_codes"])


@does(Kind.FACTOR_RESET)
def reset_factors(world: World) -> None:
    holds(world)
    world.now()
    world.run("reset-factors", world.ada.email)


@does(Kind.IDENTITY_GONE)
def leave_elsewhere(world: World) -> None:
    world.now()
    with world.app.app_context(), click.Context(click.Command("worker"), info_name="worker"):
        standing.end_sign_ins(world.ada.id, provider="ldap")


one(
    Kind.TOKEN_MADE,
    then=lambda w: w.send("POST", "/auth/tokens", {"name": "Script", "scope": "read"}, status=201),
)


@does(Kind.TOKEN_REVOKED)
def revoke_a_token(world: World) -> None:
    at = world.made_by_post("/auth/tokens", {"name": "Script", "scope": "read"})
    world.now()
    world.send("DELETE", at, status=204)


@pytest.fixture
def world(app, offer, api, make, ada, eve, caplog):
    caplog.set_level(logging.DEBUG)
    return World(app, api, make, ada, eve, caplog)


@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.word)
def test_it_is_noted_once(world, kind, request):
    if kind in (Kind.RESET_ASKED, Kind.MOVE_ASKED):
        request.getfixturevalue("mailing")
    ACTS[kind](world)
    with_kind = world.rows(
        "SELECT * FROM audit_records WHERE id > :before AND kind = :kind", before=world.before, kind=kind.word
    )
    assert len(with_kind) == 1, [row["kind"] for row in world.rows("SELECT kind FROM audit_records ORDER BY id")]
    tells(with_kind[0], kind)
    keeps_secrets(world)


def tells(row: dict[str, Any], kind: Kind) -> None:
    stands_for = {"actor": "actor_id", "target": "target_kind", "project": "project_id"}
    missing = {part for part in kind.tells if row[stands_for.get(part, part)] is None}
    assert not missing
    assert row["at"]
    assert row["agent"]
    refused = {Kind.LOGIN_FAIL, Kind.LOGIN_LOCK, Kind.CONFIRM_FAIL, Kind.FACTOR_FAIL, Kind.TOKEN_REUSE}
    assert row["outcome"] == ("refused" if kind in refused else "ok")
    if row["request_id"] is not None:  # a command has none
        assert re.fullmatch(r"[0-9a-f]{32}", row["request_id"])
        assert row["address"] == "127.0.0.1"


def keeps_secrets(world: World) -> None:
    noted = json.dumps(world.rows("SELECT r::text FROM audit_records r")) + world.log.text
    lines = [json.dumps(getattr(record, "fields", {}), default=str) for record in world.log.records]
    assert not [one for one in world.secrets if one in noted or any(one in line for line in lines)]


def test_each_kind_is_done_here():
    assert set(Kind) == set(ACTS)
