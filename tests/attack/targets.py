"""All that can be asked of Cairn with a text in it, as requests that are carried out as they are.

`python -m tests.attack.targets` writes what tests/browser/seeding.py writes, and prints these beside the pages: from the
API document comes which operations there are, and which of their values are texts.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from tests.browser.seeding import seed
from tests.test_permissions import CHANGE, ROUTES, To
from webapp import create_app
from webapp.db import transacting
from webapp.http import freshness

# Values of a query that mean something where they stand; whatever else is a text is sent by itself.
KNOWN = {
    "q": "is:open", "label": "bug", "title": "stone", "project": "MATRIX", "person": "ada", "address": "127.0.0.1",
    "since": "2020-01-01", "until": "2040-01-01",
}  # fmt: skip
# What works for a name, here and in a form; what is left is "a".
VALUES = {
    **KNOWN, "by": "status", "kind": "authn_login_ok", "column": "Todo", "from_column": "Todo", "handle": "ada",
    "due_on": "2030-01-01", "start_on": "2029-01-01", "estimate": "3", "duplicate_of": "#3", "issue": "3", "into": "3",
    "labels": "bug", "add_labels": "bug", "remove_labels": "bug", "status": "Todo", "move_to": "WALL",
    "expires_on": f"{datetime.now(UTC) + timedelta(30):%Y-%m-%d}", "projects": "MATRIX", "projects_named": "MATRIX",
    "snoozed_until": "tomorrow", "url": "https://93.184.215.14/", "key": "FRESH", "language": "en", "code": "123456",
    "time_zone": "Europe/Berlin", "new_password": "short", "wip_limit": "5", "next": "/", "parent": "", "base": "",
    "approve_first_posts": "0", "audit_days": "365", "backup_hour": "3", "backup_keep": "7", "limit_factor": "1",
    "require_second_factor": "none", "confirm": "a",
}  # fmt: skip
KINDS = {"date": "2030-01-01", "date-time": "2030-01-01T00:00:00Z", "uuid": CHANGE, "email": "another@example.com"}
# What ends the login with which all of it is done, or changes its locks.
LEFT = {"auth.logout", "auth.change_password", "auth.end_sign_in", "auth.end_other_sign_ins"}
# What changes where all the others are, or what they are allowed: it is attacked last.
LAST = (
    "projects.update", "projects.remove", "moves.move", "members.transfer", "auth.update_me",
    "administration.change_settings", "people.update", "people.merge", "people.purge", "issues.remove",
)  # fmt: skip
# Instead of what would be carried out, and leave nothing to attack.
INSTEAD = {
    "projects.remove": {"confirm": "a"}, "moves.form": {"project": "WALL"}, "visibility.of_issue": {"project": "WALL"},
    "inbox.index": {"q": "is:unread"}, "inbox.update_many": {"q": "is:unread"}, "projects.update": {"key": "MATRIX"},
    "people.merge": {"into": "a"}, "links.reset": {"new_password": "a"},
}  # fmt: skip
# What is refused by itself or beside others, so that each of these is sent alone.
ALONE = {
    "cursor", "token", "labels", "add_labels", "remove_labels", "duplicate_of", "move_to", "limit_factor", "handle",
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A request; `marked` are the names of the values that an attacker may change."""

    name: str
    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any] | None
    marked: list[str]


def targets(app: Flask, things: Mapping[str, Any]) -> Iterator[Target]:
    """Those of all operations: one with what works, and one more for texts that have no value which works."""
    document: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in LAST, rule.endpoint)):
        to, template = ROUTES.get(rule.endpoint), re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule)
        for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            told = document["paths"].get(template, {}).get(method.lower())
            if to and told and method in (rule.methods or ()) and rule.endpoint not in LEFT:
                yield from _of(rule, method, to, things, Told(document, told))


class Told:
    """What the document says of an operation."""

    def __init__(self, document: dict[str, Any], operation: dict[str, Any]) -> None:
        self.document, self.operation = document, operation
        content = self.at(operation.get("requestBody") or {}).get("content", {}).get("application/json", {})
        self.example = content.get("example", {})
        schema = self.at(content.get("schema", {}))
        self.body = {
            name: valued(name, kind) for name, one in schema.get("properties", {}).items() if (kind := self.text(one))
        }
        given = [self.at(one) for one in operation.get("parameters", [])]
        self.query = {
            one["name"]: valued(one["name"], kind)
            for one in given
            if one["in"] == "query" and (kind := self.text(one["schema"]))
        }

    def at(self, node: dict[str, Any]) -> dict[str, Any]:
        """What a reference leads to."""
        while "$ref" in node:
            found: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    def text(self, schema: dict[str, Any]) -> str | list[str]:
        """A value of this schema, if it can be a text that is not one of a few, or has such texts."""
        schema = self.at(schema)
        if "array" in schema.get("type", ""):
            one = self.text(schema.get("items", {}))
            return [one] if isinstance(one, str) and one else ""
        if "string" in schema.get("type", "") and not {"enum", "const"} & schema.keys():
            return KINDS.get(schema.get("format", ""), "a")
        inner = [*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])]
        return next((found for one in inner if (found := self.text(one))), "")


def _of(rule: Rule, method: str, to: To, things: Mapping[str, Any], told: Told) -> Iterator[Target]:
    assert rule.map is not None
    given = {name: things[to.at.get(name, name)] for name in rule.arguments}
    address = rule.map.bind("localhost").build(rule.endpoint, given, method)
    own = INSTEAD.get(rule.endpoint, {})
    query = {**_among(KNOWN, told.query), **_among(own, told.query)}
    body = {**told.example, **to.sends, **_but(own, told.query)}
    works = [*query, *_among(told.body, body)]
    if marked := _markable(rule.endpoint, works):
        yield Target(rule.endpoint, method, address, query, body or None, marked)
    if method == "PATCH":
        body = {}  # what stays as it is can be left out, and is then no reason to refuse the rest
    for rest in _together([*_but(told.query, works), *_but(told.body, works)]):
        asked = {name: "".join(one) for name, one in _among(told.query, rest).items()}
        sent = {**body, **_among(told.body, rest)}
        yield Target(rule.endpoint, method, address, {**query, **asked}, sent or None, rest)


def _markable(endpoint: str, names: Iterable[str]) -> list[str]:
    """What may be attacked of an operation: at an address that was changed all that comes after is answered by 308."""
    return [name for name in names if (endpoint, name) != ("projects.update", "key")]


def valued(name: str, kind: str | list[str]) -> str | list[str]:
    """A value for a name: one that works, if there is."""
    if name not in VALUES:
        return kind
    return [VALUES[name]] if isinstance(kind, list) else VALUES[name]


def _among(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _but(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _together(names: list[str]) -> list[list[str]]:
    """Which of these are sent at once."""
    rest = [name for name in names if name not in ALONE]
    return [*([rest] if rest else []), *([name] for name in names if name in ALONE)]


def give_away(app: Flask) -> None:
    """Let the link that sets a password be another person's: whoever uses it ends all logins of whose it is."""
    with app.app_context(), transacting() as session:
        session.execute(
            text("""
            UPDATE account_tokens SET (user_id, email) = (
                SELECT users.id, users.email FROM users
                WHERE users.id != account_tokens.user_id AND users.email IS NOT NULL ORDER BY users.id LIMIT 1
            ) WHERE purpose = 'reset'
        """)
        )


if __name__ == "__main__":
    app = create_app()
    freshness.FRESH = timedelta(hours=12)  # who attacks is at it for longer than a quarter of an hour
    seeded = seed(app)
    give_away(app)
    print(json.dumps({**seeded, "targets": [asdict(target) for target in targets(app, seeded["things"])]}))
