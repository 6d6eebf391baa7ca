"""Changes that wait for a row while who makes them loses the right to. Every one that acts in somebody's name."""

import ast
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from tests.committed import committing
from tests.databases import connected
from tests.make import Make
from tests.server.running import PATIENCE, Person, Server
from webapp import clock, hashing
from webapp.auth import service as auth
from webapp.config import ROOT
from webapp.config.sso_rules import Rules
from webapp.errors import CairnError
from webapp.people import purging
from webapp.people.rows import Span
from webapp.sso import service as sso
from webapp.sso.rows import Identity

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
ISSUE = "SELECT id FROM issues WHERE project_id = %(project)s AND number = 1 FOR UPDATE"
TRASHED = "SELECT id FROM issues WHERE project_id = %(project)s AND number = 3 FOR UPDATE"
BOTH_TRASHED = "SELECT id FROM issues WHERE project_id = %(project)s AND number IN (4, 5) FOR UPDATE"
MOVED = (
    "SELECT FROM issues WHERE id IN (SELECT issue_id FROM issue_aliases WHERE project_id = %(project)s) FOR UPDATE"
)
PROJECT = "SELECT id FROM projects WHERE id = %(project)s FOR UPDATE"
PERSON = "SELECT id FROM users WHERE id = %(mona)s FOR UPDATE"

REMOVED = "DELETE FROM memberships WHERE project_id = %(project)s AND user_id = %(mona)s"
DEMOTED = "UPDATE memberships SET role = 'viewer' WHERE project_id = %(project)s AND user_id = %(mona)s"
ARCHIVED = "UPDATE projects SET archived_at = now() WHERE id = %(project)s"
SIGNED_OUT = "UPDATE sign_ins SET revoked_at = now() WHERE user_id = %(mona)s"
DEACTIVATED = "UPDATE users SET is_active = false WHERE id = %(mona)s"
CHANGES = {REMOVED: 404, DEMOTED: 403, ARCHIVED: 403, SIGNED_OUT: 401, DEACTIVATED: 403}
ABOUT_A_PERSON = {SIGNED_OUT: 401, DEACTIVATED: 403}
UNMADE = "UPDATE users SET is_admin = false WHERE id = %(mona)s"

RESTORE = """
INSERT INTO memberships (project_id, user_id, role) VALUES (%(project)s, %(mona)s, 'owner')
ON CONFLICT (project_id, user_id) DO UPDATE SET role = 'owner';
UPDATE projects SET archived_at = NULL WHERE id = %(project)s;
UPDATE users SET is_active = true WHERE id = %(mona)s
"""
# What must be as it was. A text's HTML and counters of use are made by who only looks.
STAND = """
SELECT (SELECT array_agg((key, visibility, version, next_number, open_issues, owner_id)::text) FROM projects WHERE id = p),
       (SELECT array_agg((number, title, body, version, state, deleted_at)::text ORDER BY id) FROM issues WHERE project_id = p),
       (SELECT count(*) FROM events WHERE project_id = p),
       (SELECT array_agg((comments.body, comments.version, comments.deleted_at)::text ORDER BY comments.id)
        FROM comments JOIN issues ON issues.id = issue_id WHERE project_id = p),
       (SELECT array_agg((user_id, role)::text ORDER BY user_id) FROM memberships WHERE project_id = p),
       (SELECT count(*) FROM reactions), (SELECT count(*) FROM issue_links), (SELECT count(*) FROM attachments), (SELECT count(*) FROM feed_tokens),
       (SELECT count(*) FROM personal_tokens),
       (SELECT array_agg((name, position)::text ORDER BY id) FROM statuses WHERE project_id = p),
       (SELECT array_agg((name, color)::text ORDER BY id) FROM labels WHERE project_id = p),
       (SELECT array_agg((title, version)::text ORDER BY id) FROM milestones WHERE project_id = p),
       (SELECT array_agg((name, version)::text ORDER BY id) FROM views),
       (SELECT array_agg((name, position)::text ORDER BY id) FROM issue_templates WHERE project_id = p),
       (SELECT array_agg((email, accepted_at, token_hash)::text ORDER BY id) FROM invitations),
       (SELECT array_agg((name, avatar)::text ORDER BY id) FROM users), (SELECT count(*) FROM projects),
       (SELECT array_agg(webhooks::text ORDER BY id) FROM webhooks), (SELECT count(*) FROM webhook_deliveries),
       (SELECT array_agg(code_hosts::text ORDER BY id) FROM code_hosts),
       (SELECT count(*) FROM project_mailboxes), (SELECT array_agg(state ORDER BY id) FROM incoming_mails),
       (SELECT array_agg(one::text ORDER BY one::text) FROM project_watches AS one),
       (SELECT array_agg(one::text ORDER BY one::text) FROM issue_watches AS one),
       (SELECT array_agg(one::text ORDER BY one::text) FROM view_watches AS one),
       (SELECT array_agg(one::text ORDER BY one::text) FROM notification_settings AS one),
       (SELECT array_agg(one::text ORDER BY one::text) FROM notification_exceptions AS one),
       (SELECT array_agg(name ORDER BY id) FROM passkeys), (SELECT count(*) FROM authenticators),
       (SELECT count(*) FROM recovery_codes), (SELECT count(*) FROM outside_identities),
       (SELECT count(*) FROM former_users), (SELECT count(*) FROM mails WHERE kind = 'test')
FROM (SELECT %s::bigint AS p) AS it
"""
# A row of Mona's inbox that she changed, and can change back.
TOLD = """
INSERT INTO inbox_items (user_id, issue_id, reason, first_unread_id, last_event_id, change_id, before)
SELECT %s, id, 'watching', 1, 1, gen_random_uuid(), '{"last_event_id": 1}' FROM issues WHERE project_id = %s AND number = 1
ON CONFLICT (issue_id, user_id) DO UPDATE SET change_id = excluded.change_id, before = excluded.before, done_at = NULL
RETURNING id, change_id::text
"""
# As it is once it was tried.
SENT = "UPDATE webhook_deliveries SET state = 'sent', body = '{}', tries = 1 WHERE id = %s RETURNING id"
# A mail from somebody who is not known here.
HELD = """
INSERT INTO incoming_mails (digest, recipient, source, sender, subject, state, project_id)
VALUES ('a stone', 'wall@example.com', 'A stone is loose', 'nobody@example.net', 'A stone', 'held', %s) RETURNING id
"""
# A passkey that is asked for at no login.
PASSKEY = """
INSERT INTO passkeys (user_id, name, credential_id, public_key, sign_count) VALUES (%s, 'Mine', 'late', '', 0) RETURNING id
"""
# A login elsewhere, beside her password.
IDENTITY = "INSERT INTO outside_identities (provider, subject, user_id, granted) VALUES ('acme', 'mona', %s, '{}') RETURNING id"
# A link by which she may be somebody imported; an administrator has sent it.
IMPORTED = "INSERT INTO users (name, origin, is_active) VALUES ('Octocat', 'github:octocat', false) RETURNING id"
ADMINISTRATOR = "INSERT INTO users (name, is_admin) VALUES ('Root', true) RETURNING id"
CLAIM = """
INSERT INTO account_tokens (user_id, purpose, token_hash, email, epoch, data, expires_at)
SELECT %s, 'claim', %s, 'cat@example.net', 1, jsonb_build_object('by', id, 'mailed', true), now() + interval '1 day'
FROM users WHERE is_admin AND is_active LIMIT 1 RETURNING id
"""
CONFIRMED = "UPDATE users SET email_confirmed_at = now() WHERE id = %s RETURNING id"
# Where no mail reaches people whoever has an account is no longer asked; who was before may have made one since.
ADDRESSED = "UPDATE invitations SET email = %s WHERE id = %s RETURNING id"


@dataclass(frozen=True)
class Act:
    """A request that waits for a row; it is refused as `CHANGES` say, but where `otherwise` does."""

    lock: str
    method: str
    path: str
    body: Any = None
    otherwise: tuple[tuple[str, int | None], ...] = ()
    changes: tuple[tuple[str, int], ...] = tuple(CHANGES.items())

    @property
    def expected(self) -> dict[str, int]:
        return {change: status for change, status in {**dict(self.changes), **dict(self.otherwise)}.items() if status}


def own(method: str, path: str, body: Any = None) -> Act:
    """Something that is nobody's business but one's own."""
    return Act(PERSON, method, path, body, changes=tuple(ABOUT_A_PERSON.items()))


# What is done nevertheless comes last, as it leaves something behind.
def seeing(method: str, path: str, body: Any = None) -> Act:
    """Something of one's own about a project, for which it is enough to see that."""
    done = 204 if method == "DELETE" else 200
    changes = {REMOVED: 404, **ABOUT_A_PERSON, DEMOTED: done, ARCHIVED: done}
    return Act(PROJECT, method, path, body, changes=tuple(changes.items()))


def looking_after(method: str, path: str, body: Any = None) -> Act:
    """Something about a project itself, which can be done to an archived one as well."""
    changes = {REMOVED: 404, DEMOTED: 403, **ABOUT_A_PERSON, ARCHIVED: 204 if method == "DELETE" else 200}
    return Act(PROJECT, method, path, body, changes=tuple(changes.items()))


ACTS = {
    "profiles.service._put": own("DELETE", "/auth/me/avatar"),
    "attachments.service._add": Act(PROJECT, "FILE", "{wall}/attachments"),
    "attachments.service._forget": Act(PROJECT, "DELETE", "/attachments/{file}"),
    "auth.service.edit": own("PATCH", "/auth/me", {"name": "Late"}),
    "auth.sign_ins.end": own("DELETE", "/auth/sign-ins/{sign_in}"),
    "auth.sign_ins.end_others": own("DELETE", "/auth/sign-ins"),
    "board.moving.move": Act(ISSUE, "POST", "{wall}/board/moves", {"number": 1, "column": "Done"}),
    "editing.one._edit": Act(ISSUE, "PATCH", "{wall}/issues/1", {"title": "Late"}),
    "editing.service._change": Act(ISSUE, "PATCH", "{wall}/issues?q=is:open", {"priority": "high"}),
    "editing.service.close_named": Act(ISSUE, "POST", "{wall}/issues/2/comments", {"body": "Fixes #1"}),
    "editing.returning._take_back": Act(MOVED, "POST", "/projects/{scree}/issues/{moved}/undo", {"change": "{move}"}),
    "editing.ticking._tick": Act(ISSUE, "POST", "{wall}/issues/1/tasks", {"done": [0]}),
    "editing.trash.remove": Act(ISSUE, "DELETE", "{wall}/issues/1"),
    "editing.trash._restore": Act(TRASHED, "POST", "{wall}/issues/3/restoration"),
    "editing.trash._restore of many": Act(BOTH_TRASHED, "POST", "{wall}/issues/undo", {"change": "{bulk_deletion}"}),
    "editing.undoing._take_back": Act(ISSUE, "POST", "{wall}/issues/1/undo", {"change": "{change}"}),
    "editing.undoing._take_back of many": Act(ISSUE, "POST", "{wall}/issues/undo", {"change": "{bulk_change}"}),
    "comments.removal.remove": Act(ISSUE, "DELETE", "{wall}/issues/1/comments/{comment}"),
    "comments.removal._restore": Act(ISSUE, "POST", "{wall}/issues/1/comments/{deleted}/restoration"),
    "comments.service._create": Act(ISSUE, "POST", "{wall}/issues/1/comments", {"body": "Late", "state": "closed"}),
    "comments.service._create of words alone": Act(ISSUE, "POST", "{wall}/issues/1/comments", {"body": "Late"}),
    "comments.service._edit": Act(ISSUE, "PATCH", "{wall}/issues/1/comments/{comment}", {"body": "Late"}),
    "comments.ticking._tick": Act(ISSUE, "POST", "{wall}/issues/1/comments/{comment}/tasks", {"done": [0]}),
    "code_hosts.service.create": Act(PROJECT, "POST", "{wall}/code-hosts", {"kind": "github"}),
    "code_hosts.service.edit": Act(PROJECT, "PATCH", "{wall}/code-hosts/{code_host}", {"url": None}),
    "code_hosts.service.remove": Act(PROJECT, "DELETE", "{wall}/code-hosts/{code_host}"),
    "code_hosts.service.rotate": Act(PROJECT, "POST", "{wall}/code-hosts/{code_host}/secret"),
    "factors.service.add_authenticator": own(
        "POST", "/auth/factors/authenticator", {"setup_token": "late", "code": "000000"}
    ),
    "factors.service.add_passkey": own(
        "POST", "/auth/factors/passkeys", {"name": "Late", "credential": {}, "challenge_token": "late"}
    ),
    "factors.service.remove_authenticator": own("DELETE", "/auth/factors/authenticator"),
    "factors.service.remove_passkey": own("DELETE", "/auth/factors/passkeys/{passkey}"),
    "factors.service.rename_passkey": own("PATCH", "/auth/factors/passkeys/{passkey}", {"name": "Late"}),
    "factors.service.renew_codes": own("POST", "/auth/factors/codes"),
    "feeds.service._create": own("POST", "/auth/feeds", {"name": "Late"}),
    "feeds.service._edit": own("PATCH", "/auth/feeds/{feed}", {"projects": None}),
    "feeds.service.revoke": own("DELETE", "/auth/feeds/{feed}"),
    "forgetting.service._forget": Act(ISSUE, "DELETE", "{wall}/issues/1/history/{former}"),
    "inbox.service._change": own("PATCH", "/inbox/{item}", {"done": True}),
    "inbox.service._change of many": own("PATCH", "/inbox", {"done": True}),
    "inbox.service.undo": own("POST", "/inbox/undo", {"change": "{inbox_change}"}),
    "issue_templates.service.create": Act(PROJECT, "POST", "{wall}/templates", {"name": "Late"}),
    "issue_templates.service.edit": Act(PROJECT, "PATCH", "{wall}/templates/{template}", {"name": "Late"}),
    "issue_templates.service.remove": Act(PROJECT, "DELETE", "{wall}/templates/{template}"),
    "editing.moving._move_one": Act(ISSUE, "POST", "{wall}/issues/1/move", {"project": "{scree}"}),
    "editing.opening._create": Act(PROJECT, "POST", "{wall}/issues", {"title": "Late", "priority": "high"}),
    "labels.service.create": Act(PROJECT, "POST", "{wall}/labels", {"name": "late", "color": "#d34467"}),
    "labels.service.edit": Act(PROJECT, "PATCH", "{wall}/labels/{label}", {"name": "late"}),
    "labels.service.merge": Act(PROJECT, "POST", "{wall}/labels/{label}/merge", {"into": "{other_label}"}),
    "labels.service.remove": Act(PROJECT, "DELETE", "{wall}/labels/{label}"),
    "mail_in.mailboxes.choose": looking_after("PUT", "{wall}/mail", {"is_open": True}),
    "mail_in.mailboxes.refuse": looking_after("DELETE", "{wall}/mail/{letter}"),
    "members.inviting.accept": own("POST", "{link}"),
    "members.inviting.accept_own": own("POST", "/invitations/own/{own_invitation}"),
    "members.inviting.add": Act(PROJECT, "POST", "{wall}/members", {"email": "late@example.com"}),
    "members.inviting.decline": own("DELETE", "/invitations/own/{own_invitation}"),
    "members.inviting.renew": Act(PROJECT, "POST", "{wall}/members/invitations/{invitation}/renewal"),
    "members.inviting.revoke": Act(PROJECT, "DELETE", "{wall}/members/invitations/{invitation}"),
    "blocks.service.block": Act(PROJECT, "POST", "{wall}/blocks", {"handle": "{eve_handle}"}),
    "blocks.service.unblock": Act(PROJECT, "DELETE", "{wall}/blocks/{blocked}"),
    "moderation.service._decide": Act(ISSUE, "POST", "{wall}/moderation", {"posts": ["1"], "verdict": "remove"}),
    # It is enough to see it, in an archived project as well. What was reported once is not reported again, and waits
    # for nothing: so one of both is tried.
    "moderation.reporting.report": Act(
        PROJECT,
        "POST",
        "{wall}/issues/{anothers}/reports",
        {"reason": "spam"},
        changes=((REMOVED, 404), *ABOUT_A_PERSON.items(), (DEMOTED, 200)),
    ),
    "members.service.add": Act(PROJECT, "POST", "{wall}/members", {"email": "{eve}"}),
    "members.service.edit": Act(PROJECT, "PATCH", "{wall}/members/{bob}", {"role": "member"}),
    "members.service.remove": Act(PROJECT, "DELETE", "{wall}/members/{bob}"),
    "members.service.transfer": Act(PROJECT, "POST", "{wall}/transfer", {"user_id": "{bob}"}),
    "milestones.service.create": Act(PROJECT, "POST", "{wall}/milestones", {"title": "Late"}),
    "milestones.service.edit": Act(PROJECT, "PATCH", "{wall}/milestones/{milestone}", {"title": "Late"}),
    "milestones.service.remove": Act(PROJECT, "DELETE", "{wall}/milestones/{milestone}"),
    "personal_tokens.service._create": own("POST", "/auth/tokens", {"name": "Late", "scope": "read"}),
    "people.claiming._accept": own("POST", "/claims/{claim}"),
    "personal_tokens.service._edit": own("PATCH", "/auth/tokens/{token}", {"projects": None}),
    "personal_tokens.service.revoke": own("DELETE", "/auth/tokens/{token}"),
    "personal_tokens.service.revoke_all": own("DELETE", "/auth/tokens"),
    "projects.service.archive": Act(PROJECT, "POST", "{wall}/archive", otherwise=((ARCHIVED, 200),)),
    "projects.service.create": own("POST", "/projects", {"name": "Late"}),
    "projects.service.edit": Act(PROJECT, "PATCH", "{wall}", {"visibility": "public"}, otherwise=((ARCHIVED, None),)),
    "projects.service.remove": Act(PROJECT, "DELETE", "{wall}", otherwise=((ARCHIVED, None),)),
    "projects.service.restore": Act(PROJECT, "DELETE", "{wall}/archive", otherwise=((ARCHIVED, None),)),
    "reactions.service.react": Act(ISSUE, "PUT", "{wall}/issues/1/reactions/heart"),
    "reactions.service.take_back": Act(ISSUE, "DELETE", "{wall}/issues/1/comments/{comment}/reactions/+1"),
    "relations.service.create": Act(ISSUE, "POST", "{wall}/issues/1/relations", {"kind": "relates", "issue": "2"}),
    "relations.service.remove": Act(ISSUE, "DELETE", "{wall}/issues/1/relations/{relation}"),
    "rules.service.edit": own("PATCH", "/account/notifications", {"commented": "digest"}),
    "rules.service.make_exception": seeing("PATCH", "{wall}/notifications", {"commented": "digest"}),
    "rules.service.end_exception": seeing("DELETE", "{wall}/notifications"),
    "rules.service.send_test": own("POST", "/account/notifications/test"),
    "sso.service._unlink": own("DELETE", "/auth/identities/{identity}"),
    "statuses.service.create": Act(PROJECT, "POST", "{wall}/statuses", {"name": "Late", "category": "started"}),
    "statuses.service.edit": Act(PROJECT, "PATCH", "{wall}/statuses/{status}", {"name": "Late"}),
    "statuses.service.remove": Act(PROJECT, "DELETE", "{wall}/statuses/{status}"),
    "trash.service._remove_issue": Act(TRASHED, "DELETE", "{wall}/trash/3"),
    "trash.service._remove_comment": Act(ISSUE, "DELETE", "{wall}/trash/1/comments/{deleted}"),
    "views.service.create": Act(PROJECT, "POST", "{wall}/views", {"name": "Late", "shared": True}),
    "views.service.edit": Act(PROJECT, "PATCH", "{wall}/views/{view}", {"name": "Late"}),
    "views.service.remove": Act(PROJECT, "DELETE", "{wall}/views/{view}"),
    "watching.matching.watch": seeing("PUT", "{wall}/views/{view}/watch"),
    "watching.matching.leave": seeing("DELETE", "{wall}/views/{view}/watch"),
    "watching.service.choose": seeing("PUT", "{wall}/watch", {"level": "all"}),
    "watching.service.choose_of_issue": seeing("PUT", "{wall}/issues/1/watch", {"level": "all"}),
    "webhooks.service._create": Act(PROJECT, "POST", "{wall}/webhooks", {"url": "https://93.184.215.14/late"}),
    "webhooks.service._edit": Act(PROJECT, "PATCH", "{wall}/webhooks/{webhook}", {"is_on": False}),
    "webhooks.service.redeliver": Act(PROJECT, "POST", "{wall}/webhooks/{webhook}/deliveries/{delivery}"),
    "webhooks.service.remove": Act(PROJECT, "DELETE", "{wall}/webhooks/{webhook}"),
    "webhooks.service.rotate": Act(PROJECT, "POST", "{wall}/webhooks/{webhook}/secret"),
    "webhooks.service.test": Act(PROJECT, "POST", "{wall}/webhooks/{webhook}/test"),
}


def acting() -> set[str]:
    """The functions that change something in somebody's name."""
    found = set()
    for path in (ROOT / "webapp").rglob("*.py"):
        place = ".".join(path.relative_to(ROOT / "webapp").with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and any(
                ast.unparse(one) == "transaction" for one in node.decorator_list
            ):
                taken = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
                found |= {f"{place}.{node.name}"} if "by" in taken else set()
    return found


# Tried below, as they are no project's; and what is only a part of accepting an invitation.
APART = {
    "jobs.service.retry", "jobs.service.retry_all", "jobs.service.remove", "links.confirming.prove",
    "people.merging._merge", "people.purging._begin", "people.service.edit", "people.service.end_sign_ins",
    "people.service._unlink", "people.service.reset_factors", "people.inviting.invite", "people.inviting.withdraw",
    "administration.settings.change", "people.purging._leave", "sso.service._link",
    "editing.trash.remove_all",  # the rest of that: asked for once more
}  # fmt: skip


def test_all_who_act_are_tried():
    assert acting() == {name.partition(" ")[0] for name in ACTS} | APART


def waiting(server: Server, lock: str, change: str, values: dict[str, Any], act: Callable[[], Any]) -> Any:
    """What comes of an act that has to wait for a row until something has changed."""
    with ThreadPoolExecutor(1) as threads, closing(connected(server.database)) as connection:
        connection.autocommit = False
        cursor = connection.cursor()
        cursor.execute(lock, values)
        asked = threads.submit(act)
        deadline = time.monotonic() + PATIENCE
        while not server.rows(WAITING)[0] and time.monotonic() < deadline:
            assert not asked.done(), f"It waited for nothing: {asked.result()}"
            time.sleep(0.01)
        cursor.execute(change, values)
        connection.commit()
        return asked.result()


@dataclass
class Ground:
    """A project in which Mona may do everything, and what there is to be changed."""

    server: Server
    mona: Person
    ids: dict[str, Any]

    def filled(self, told: Any) -> Any:
        if isinstance(told, dict):
            return {name: self.filled(value) for name, value in told.items()}
        if not isinstance(told, str) or "{" not in told:
            return told
        return (
            self.ids[told[1:-1]]
            if told[0] == "{" and told.count("{") == 1 and told[-1] == "}"
            else told.format(**self.ids)
        )

    def asked(self, act: Act) -> Any:
        if act.method == "FILE":
            return self.server.upload(self.filled(act.path), b"late", by=self.mona)
        return self.server.ask(act.method, self.filled(act.path), self.filled(act.body), by=self.mona)

    def answered_after(self, act: Act, change: str) -> Any:
        """The answer to who had to wait while somebody took a right away."""
        values = {name: self.ids[name] for name in ("project", "mona")}
        answer = waiting(self.server, act.lock, change, values, lambda: self.asked(act))
        with closing(connected(self.server.database)) as connection:
            connection.cursor().execute(RESTORE, values)
        if change == SIGNED_OUT:
            self.mona = self.server.log_in(self.mona)
        return answer


@pytest.fixture(scope="module")
def people(server):
    """Three for all tests here, as an address can make only so many accounts."""
    return [server.person(name) for name in ("Mona", "Bob", "Eve")]


@pytest.fixture(scope="module")
def ground(server, ada, people):
    mona, bob, eve = people
    wall, scree = server.project(ada), server.project(mona)

    def made(method, path, body=None, by=mona):
        answer = server.ask(method, f"{wall}{path}" if not path.startswith("/auth") else path, body, by=by)
        assert answer.status < 300, answer
        return answer.json if answer.text else {}

    number = {who: server.ask("GET", "/auth/me", by=who).json["id"] for who in (mona, bob)}
    made("POST", "/members", {"email": mona.email, "role": "owner"}, ada)
    made("POST", "/members", {"email": bob.email, "role": "reporter"}, ada)
    for title in ("A stone is loose", "Another", "A third", "A fourth", "A fifth", "A sixth"):
        made("POST", "/issues", {"title": title, "body": "- [ ] Seen"})
    anothers = made("POST", "/issues", {"title": "Ada's"}, ada)["number"]
    made("POST", "/issues/1/reports", {"reason": "spam"}, ada)
    made("DELETE", "/issues/3")
    ids = {
        "wall": wall,
        "anothers": anothers,
        "scree": scree.rpartition("/")[2],
        "project": server.ask("GET", wall, by=ada).json["id"],
        "mona": number[mona],
        "bob": number[bob],
        "eve": eve.email,
        "comment": made("POST", "/issues/1/comments", {"body": "- [ ] Seen"})["id"],
        "deleted": made("POST", "/issues/1/comments", {"body": "Gone"})["id"],
        "label": made("POST", "/labels", {"name": "bug", "color": "#d34467"})["id"],
        "other_label": made("POST", "/labels", {"name": "old", "color": "#d34467"})["id"],
        "milestone": made("POST", "/milestones", {"title": "First"})["id"],
        "status": made("POST", "/statuses", {"name": "Extra", "category": "started"})["id"],
        "template": made("POST", "/templates", {"name": "Bug"})["id"],
        "view": made("POST", "/views", {"name": "Mine", "shared": True})["id"],
        "relation": made("POST", "/issues/1/relations", {"kind": "blocks", "issue": "2"})["id"],
        "invitation": made("POST", "/members", {"email": f"{wall[-3:]}@example.com"})["id"],
        "webhook": made("POST", "/webhooks", {"url": "https://93.184.215.14/"})["id"],
        "code_host": made("POST", "/code-hosts", {"kind": "github"})["id"],
        "feed": made("POST", "/auth/feeds", {"name": "Calendar"})["id"],
        "token": made("POST", "/auth/tokens", {"name": "Report", "scope": "read"})["id"],
        "file": server.upload(f"{wall}/attachments", b"A file", by=mona).json["id"],
    }
    made("DELETE", f"/issues/1/comments/{ids['deleted']}")
    ids["eve_handle"] = server.ask("GET", "/auth/me", by=eve).json["handle"]
    ids["blocked"] = server.rows("INSERT INTO users (name) VALUES ('Pest') RETURNING id")[0]
    blocked = "INSERT INTO project_blocks (project_id, user_id, blocked_by) VALUES (%s, %s, %s) RETURNING user_id"
    server.rows(blocked, ids["project"], ids["blocked"], number[mona])
    ids["bulk_deletion"] = made("PATCH", "/issues", {"numbers": [4, 5], "delete": True})["change_id"]
    ids["bulk_change"] = made("PATCH", "/issues?q=is:open", {"priority": "low"})["change_id"]
    moved = made("POST", "/issues/6/move", {"project": ids["scree"]})
    ids |= {"moved": moved["number"], "move": moved["change_id"]}
    made("PATCH", "/issues/1", {"body": "- [ ] Seen it"})
    ids["former"] = made("GET", "/issues/1/history")["items"][0]["version"]
    made("PATCH", "/issues/1", {"title": "A stone is very loose"})
    ids["change"] = made("GET", "/issues/1/events?limit=100")["items"][-1]["change_id"]
    ids["item"], ids["inbox_change"] = server.rows(TOLD, number[mona], ids["project"])[0]
    server.log_in(mona)
    own_ones = "SELECT min(id) FROM sign_ins WHERE user_id = %s AND revoked_at IS NULL"
    ids["sign_in"] = server.rows(own_ones, number[mona])[0]
    invited = server.ask("POST", f"{server.project(ada)}/members", {"email": mona.email + ".net"}, by=ada)
    ids["link"] = "/invitations/" + invited.json["link"].rpartition("/")[2]
    tried = made("POST", f"/webhooks/{ids['webhook']}/test")["id"]
    ids["delivery"] = server.rows(SENT, tried)[0]
    ids["letter"] = server.rows(HELD, ids["project"])[0]
    made("PATCH", "/notifications", {"mentioned": "digest"})
    invited = server.ask("POST", f"{server.project(ada)}/members", {"email": mona.email + ".org"}, by=ada)
    ids["own_invitation"] = server.rows(ADDRESSED, mona.email, invited.json["id"])[0]
    server.rows(CONFIRMED, number[mona])
    ids["identity"] = server.rows(IDENTITY, number[mona])[0]
    ids["claim"] = "c" * 43
    server.rows(ADMINISTRATOR)
    server.rows(CLAIM, server.rows(IMPORTED)[0], hashing.of_token(ids["claim"]))
    ids["passkey"] = server.rows(PASSKEY, number[mona])[0]
    return Ground(server, server.log_in(mona), ids)


@pytest.mark.parametrize("name", ACTS)
def test_a_right_that_ended_meanwhile_is_not_used(ground, name):
    act = ACTS[name]
    answers = {}
    for change, status in act.expected.items():
        before = ground.server.rows(STAND, ground.ids["project"])
        answers[change] = ground.answered_after(act, change)
        if status >= 400:
            assert ground.server.rows(STAND, ground.ids["project"]) == before, answers
    assert {change: answer.status for change, answer in answers.items()} == act.expected, answers


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("UPDATE sign_ins SET revoked_at = now() WHERE id = %(token)s", 401),
        ("UPDATE sign_ins SET ends_at = now() WHERE id = %(token)s", 401),
        (DEACTIVATED, 403),
        (DEMOTED, 403),
        (REMOVED, 404),
    ],
)
def test_a_personal_access_token_that_ended_meanwhile_is_not_used(ground, change, status):
    made = ground.server.ask("POST", "/auth/tokens", {"name": "Late", "scope": "write"}, by=ground.mona).json
    values = {**{name: ground.ids[name] for name in ("project", "mona")}, "token": made["id"]}
    program = Person("Mona's program", ground.mona.email, made["token"])
    before = ground.server.rows(STAND, ground.ids["project"])
    late = partial(ground.server.ask, "PATCH", f"{ground.ids['wall']}/issues/1", {"title": "Late"}, by=program)
    answer = waiting(ground.server, ISSUE, change, values, late)
    with closing(connected(ground.server.database)) as connection:
        connection.cursor().execute(RESTORE, values)
    assert answer.status == status, answer
    assert ground.server.rows(STAND, ground.ids["project"]) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"url": "https://93.184.215.14/late"}),
        ("PATCH", "/{webhook}", {"is_on": False}),
        ("DELETE", "/{webhook}", None),
        ("POST", "/{webhook}/secret", None),
        ("POST", "/{webhook}/test", None),
        ("POST", "/{webhook}/deliveries/{delivery}", None),
    ],
)
def test_hooks_of_all_are_left_alone_by_who_is_no_administrator_any_more(server, people, method, path, body):
    mona = server.log_in(people[0])
    values = {"mona": server.ask("GET", "/auth/me", by=mona).json["id"]}
    server.rows("UPDATE users SET is_admin = true WHERE id = %s RETURNING id", values["mona"])
    url = {"url": "https://93.184.215.14/"}
    hook = server.ask("POST", "/admin/webhooks", url, by=mona).json["id"]
    tried = server.ask("POST", f"/admin/webhooks/{hook}/test", by=mona).json["id"]
    at = "/admin/webhooks" + path.format(webhook=hook, delivery=server.rows(SENT, tried)[0])
    stand = "SELECT webhooks::text, (SELECT count(*) FROM webhook_deliveries) FROM webhooks ORDER BY id"
    before = server.rows(stand)
    answer = waiting(server, PERSON, UNMADE, values, lambda: server.ask(method, at, body, by=mona))
    assert (answer.status, server.rows(stand)) == (403, before), answer
    server.rows("DELETE FROM webhook_deliveries WHERE webhook_id = %s RETURNING id", hook)
    server.rows("DELETE FROM webhooks WHERE id = %s RETURNING id", hook)


@pytest.mark.parametrize(("method", "path"), [("POST", "/{job}/retry"), ("POST", "/retry"), ("DELETE", "/{job}")])
def test_jobs_are_left_alone_by_who_is_no_administrator_any_more(server, people, method, path):
    mona = server.log_in(people[0])
    values = {"mona": server.ask("GET", "/auth/me", by=mona).json["id"]}
    server.rows("UPDATE users SET is_admin = true WHERE id = %s RETURNING id", values["mona"])
    dead = "INSERT INTO jobs (task, args, state, tries, tried_at) VALUES (%s, '{}', 'dead', 8, now()) RETURNING id"
    (job,) = server.rows(dead, "clear_mails")
    stand = "SELECT jobs::text FROM jobs WHERE id = %s"
    before = server.rows(stand, job)
    at = "/admin/jobs" + path.format(job=job)
    answer = waiting(server, PERSON, UNMADE, values, lambda: server.ask(method, at, by=mona))
    assert (answer.status, server.rows(stand, job)) == (403, before), answer
    server.rows("DELETE FROM jobs WHERE id = %s RETURNING id", job)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"is_active": False}),
        ("PATCH", "", {"is_admin": True}),
        ("DELETE", "/sign-ins", None),
        ("POST", "/purge", {}),
    ],
)
def test_people_are_left_alone_by_who_is_no_administrator_any_more(server, people, method, path, body):
    mona, other = (server.log_in(one) for one in people[:2])
    values, whom = ({"mona": server.ask("GET", "/auth/me", by=one).json["id"]} for one in (mona, other))
    server.rows("UPDATE users SET is_admin = true WHERE id = %s RETURNING id", values["mona"])
    stand = "SELECT is_active, is_admin, token_epoch FROM users WHERE id = %s"
    before = server.rows(stand, whom["mona"])
    at = f"/admin/people/{whom['mona']}{path}"
    answer = waiting(server, PERSON, UNMADE, values, lambda: server.ask(method, at, body, by=mona))
    assert (answer.status, server.rows(stand, whom["mona"])) == (403, before), answer


@pytest.mark.parametrize(("method", "body"), [("POST", {"email": "cat@example.org"}), ("DELETE", None)])
def test_nobody_is_invited_to_be_somebody_imported_by_who_is_no_administrator_any_more(server, people, method, body):
    mona = server.log_in(people[0])
    values = {"mona": server.ask("GET", "/auth/me", by=mona).json["id"]}
    server.rows("UPDATE users SET is_admin = true WHERE id = %s RETURNING id", values["mona"])
    imported = server.rows(IMPORTED.replace("octocat", f"late-{method}"))[0]
    at = f"/admin/people/{imported}/invitation"
    server.ask("POST", at, {"email": "cat@example.com"}, by=mona)
    stand = "SELECT email || used_at IS NULL FROM account_tokens WHERE user_id = %s ORDER BY id"
    before = server.rows(stand, imported)
    answer = waiting(server, PERSON, UNMADE, values, lambda: server.ask(method, at, body, by=mona))
    assert (answer.status, server.rows(stand, imported)) == (403, before), answer


def test_settings_are_left_alone_by_who_is_no_administrator_any_more(server, people):
    mona = server.log_in(people[0])
    values = {"mona": server.ask("GET", "/auth/me", by=mona).json["id"]}
    server.rows("UPDATE users SET is_admin = true WHERE id = %s RETURNING id", values["mona"])
    change = {"audit_days": "500"}
    answer = waiting(server, PERSON, UNMADE, values, lambda: server.ask("PATCH", "/admin/settings", change, by=mona))
    assert (answer.status, server.rows("SELECT count(*) FROM stored_settings")) == (403, [0]), answer


class Alone:
    """The application in this process, over a database whose commits are real: for what no request asks for."""

    def __init__(self, app: Flask) -> None:
        self.app, self.database = app, app.config["SETTINGS"].database_url

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with closing(connected(self.database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [row[0] for row in cursor]

    def status(self, act: Callable[[], Any]) -> int:
        """How it is refused; 0 if it is not."""
        try:
            with self.app.app_context():
                act()
        except CairnError as refused:
            return refused.status
        return 0


@pytest.fixture(scope="module")
def alone(database, settings):
    with committing(database, settings) as app:
        yield Alone(app)


@pytest.mark.parametrize(("change", "status"), ABOUT_A_PERSON.items())
def test_no_login_elsewhere_is_linked_by_who_is_out_meanwhile(alone, change, status):
    mona = Make(alone.app).person("Mona")
    with alone.app.app_context():
        login = auth.begin(mona, agent="tests", lasting=auth.BROWSER)
    by = replace(login.viewer, sid=login.sid, epoch=login.epoch)
    elsewhere, rules = Identity("acme", str(mona.id), mona.email, True, "Mona", ()), Rules(id="acme", label="Acme")
    act = partial(alone.status, lambda: sso.link(elsewhere, rules, by))
    assert waiting(alone, PERSON, change, {"mona": mona.id}, act) == status
    assert alone.rows("SELECT count(*) FROM outside_identities") == [0]


def test_the_rest_of_a_purge_is_not_done_for_who_is_no_administrator_any_more(alone):
    root, pest = Make(alone.app).person("Root", is_admin=True), Make(alone.app).person("Pest")
    span = Span(clock.now() - timedelta(days=7), clock.now())
    act = partial(alone.status, lambda: purging._leave(pest.id, span, root))
    assert waiting(alone, PERSON, UNMADE, {"mona": root.id}, act) == 403
    assert alone.rows("SELECT count(*) FROM jobs WHERE task = 'purge_person'") == [0]


AWAY = """
UPDATE issues SET project_id = %(hidden)s, number = 1000 + id,
    status_id = (SELECT min(id) FROM statuses WHERE project_id = %(hidden)s)
WHERE id = %(other)s
"""


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *[
            ("/relations", {"kind": kind, "issue": "{other}"})
            for kind in ("relates", "blocks", "blocked_by", "duplicates")
        ],
        ("/closure", {"duplicate_of": "{other}"}),
    ],
)
def test_no_relation_leads_to_where_an_issue_was_just_taken(server, ada, people, path, body):
    mona = server.log_in(people[0])
    wall, scree, hidden = server.project(mona), server.project(ada, visibility="public"), server.project(ada)
    server.ask("POST", f"{wall}/issues", {"title": "Here"}, by=mona)
    server.ask("POST", f"{scree}/members", {"email": mona.email}, by=ada)
    other = server.ask("POST", f"{scree}/issues", {"title": "There"}, by=ada).json
    values = {"hidden": server.ask("GET", hidden, by=ada).json["id"], "other": other["id"]}
    body = {name: told.format(other=other["key"]) for name, told in body.items()}
    lock = "SELECT id FROM issues WHERE id = %(other)s FOR UPDATE"
    tied = waiting(server, lock, AWAY, values, lambda: server.ask("POST", f"{wall}/issues/1{path}", body, by=mona))
    links = server.rows("SELECT id FROM issue_links WHERE %s IN (source_id, target_id)", other["id"])
    assert (tied.status, links) == (422, []), tied


def test_nobody_is_let_in_by_who_lost_the_right_to(server, ada, people):
    mona, bob = map(server.log_in, people[:2])
    wall = server.project(ada)
    server.ask("POST", f"{wall}/members", {"email": mona.email, "role": "maintainer"}, by=ada)
    link = server.ask("POST", f"{wall}/members", {"email": "new@example.net"}, by=mona).json["link"]
    values = {"project": server.ask("GET", wall, by=ada).json["id"]}
    values["mona"] = server.ask("GET", "/auth/me", by=mona).json["id"]
    path = "/invitations/" + link.rpartition("/")[2]
    answer = waiting(server, PROJECT, DEMOTED, values, lambda: server.ask("POST", path, by=bob))
    assert (answer.status, server.ask("GET", wall, by=bob).status) == (410, 404)


@pytest.mark.parametrize("change", [REMOVED, DEMOTED, ARCHIVED])
def test_a_comment_closes_nothing_where_its_author_lost_the_right_to(server, ada, people, change):
    mona = server.log_in(people[0])
    wall, scree = server.project(mona), server.project(ada)
    server.ask("POST", f"{wall}/issues", {"title": "Here"}, by=mona)
    server.ask("POST", f"{scree}/members", {"email": mona.email, "role": "member"}, by=ada)
    there = server.ask("POST", f"{scree}/issues", {"title": "There"}, by=ada).json
    values = {"project": server.ask("GET", scree, by=ada).json["id"]}
    values["mona"] = server.ask("GET", "/auth/me", by=mona).json["id"]
    comment = {"body": f"fixes {there['key']}"}
    lock = ISSUE.replace("FOR UPDATE", "FOR NO KEY UPDATE")  # who names it need not wait
    said = waiting(
        server, lock, change, values, lambda: server.ask("POST", f"{wall}/issues/1/comments", comment, by=mona)
    )
    stands = server.rows("SELECT (state, version)::text FROM issues WHERE id = %s", there["id"])
    assert (said.status, stands) == (CHANGES[change], ["(open,1)"]), said
