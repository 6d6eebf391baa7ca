"""What a delivery says: what the API says of an issue, and what happened to it; or one line for a chat room."""

import json
from collections.abc import Sequence
from typing import Any

from webapp import clock
from webapp.accounts.schemas import PersonOut
from webapp.comments import service as comments
from webapp.comments.schemas import CommentOut
from webapp.events.kinds import Commented, CommentEdited, of
from webapp.events.schemas import EventOut
from webapp.events.words import plain
from webapp.issues import service as issues
from webapp.issues.schemas import IssueItem, IssueOut
from webapp.models.webhooks import Form
from webapp.webhooks import chat, telling
from webapp.webhooks.chat import Line
from webapp.webhooks.rows import Due, Happened
from webapp.webhooks.standing import standing

TEST, CHANGED, MANY = "test", "issue.changed", "issues.changed"


def body(due: Due) -> str | None:
    """What is sent; None where nothing is left that may be told."""
    if due.change_id is None:
        return _written(
            due, TEST, {"url": standing().site}, Line("Cairn can tell this room", "Cairn", standing().site)
        )
    happened = telling.happened(due)
    if not happened:
        return None
    ids = {one.issue_id for one in happened}
    if due.hook.form != Form.STANDARD:
        return _written(due, MANY, {}, _line(happened, len(ids)))
    return _one(due, happened) if due.issues == 1 else _many(due, happened)


def _one(due: Due, happened: Sequence[Happened]) -> str:
    kinds = {one.kind for one in happened}
    issue = telling.issue(happened[0].issue_id)
    data = {
        **_about(due, happened[0]),
        "issue": IssueOut.model_validate(issues.rendered(issue)).model_dump(mode="json") if issue else None,
        "comments": _comments(happened),
    }
    return _written(due, f"issue.{kinds.pop()}" if len(kinds) == 1 else CHANGED, {**data, **_events(due, happened)})


def _many(due: Due, happened: Sequence[Happened]) -> str:
    known = telling.issues({one.issue_id for one in happened})
    each: dict[int, list[Happened]] = {}
    for one in happened:
        each.setdefault(one.issue_id, []).append(one)
    items = [
        {
            **_about(due, some[0]),
            "issue": IssueItem.model_validate(known[id]).model_dump(mode="json") if id in known else None,
            **_events(due, some),
        }
        for id, some in each.items()
    ]
    return _written(due, MANY, {"actor": _actor(happened[0]), "items": items})


def _about(due: Due, one: Happened) -> dict[str, Any]:
    return {
        "project": {"id": one.project_id, "key": one.key, "name": one.project},
        "key": one.issue_key,
        "url": _url(one),
        "actor": _actor(one),
    }


def _events(due: Due, happened: Sequence[Happened]) -> dict[str, Any]:
    return {
        "events": [
            EventOut(
                id=one.id, kind=one.kind, actor=PersonOut(id=one.actor_id, name=one.actor),
                data=of(one.kind, one.data).shown(), created_at=one.created_at, change_id=due.change_id,
            ).model_dump(mode="json")
            for one in happened
        ]
    }  # fmt: skip


def _comments(happened: Sequence[Happened]) -> list[dict[str, Any]]:
    told = [of(one.kind, one.data) for one in happened]
    ids = {one.comment for one in told if isinstance(one, Commented | CommentEdited)}
    if not ids:
        return []
    shown = comments.shown(telling.comments(ids))
    return [CommentOut.model_validate(one).model_dump(mode="json") for one in shown]


def _line(happened: Sequence[Happened], number: int) -> Line:
    """Who did what, in one sentence."""
    first = happened[0]
    who = first.actor
    if number > 1:
        url = f"{standing().site}/projects/{first.key}/issues?q=is:all+sort:updated"
        return Line(f"{who} changed {number} issues", first.project, url)
    words = ", ".join(dict.fromkeys(plain(of(one.kind, one.data).words()) for one in happened))
    return Line(f"{who} {words}", f"{first.issue_key} {first.title}", _url(first))


def _written(due: Due, kind: str, data: dict[str, Any], line: Line | None = None) -> str:
    if due.hook.form != Form.STANDARD and line is not None:
        return json.dumps(chat.payload(due.hook.form, line), ensure_ascii=False)
    told = {"type": kind, "timestamp": clock.now().isoformat(timespec="milliseconds"), "data": data}
    return json.dumps(told, ensure_ascii=False)


def _actor(one: Happened) -> dict[str, Any]:
    return PersonOut(id=one.actor_id, name=one.actor).model_dump(mode="json")


def _url(one: Happened) -> str:
    return f"{standing().site}/projects/{one.key}/issues/{one.number}"
