"""What hooks are to be told, and were."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from webapp.paging import Place
from webapp.reading import Text, read
from webapp.webhooks.repository import COLUMNS, hook
from webapp.webhooks.rows import Delivered, Due

# A few issues are told one by one, more of them some at a time; a chat room is told of more in one line.
FEW, SOME = 25, 50
_HEARING = Text(
    """
    WITH told AS (
        SELECT webhooks.id AS webhook_id, form, events.issue_id
        FROM events
        JOIN issues ON issues.id = events.issue_id
        JOIN projects ON projects.id = issues.project_id
        JOIN webhooks ON webhooks.project_id = issues.project_id OR webhooks.project_id IS NULL
        WHERE events.change_id = :change AND events.kind = ANY(:known) AND is_on AND archived_at IS NULL
            AND (deleted_at IS NULL OR events.kind = 'deleted') AND NOT private
            AND ('everything' = ANY(webhooks.events) OR events.kind = ANY(webhooks.events))
            AND NOT EXISTS (
                SELECT FROM held_posts
                WHERE held_posts.issue_id = events.issue_id AND comment_id::text = events.data ->> 'comment'
            )
        GROUP BY webhooks.id, webhooks.form, events.issue_id
    ), placed AS (
        SELECT *, row_number() OVER each - 1 AS place, count(*) OVER (PARTITION BY webhook_id) AS number
        FROM told WINDOW each AS (PARTITION BY webhook_id ORDER BY issue_id)
    )
    INSERT INTO webhook_deliveries (webhook_id, change_id, first_issue_id, last_issue_id, issues, message_id)
    SELECT webhook_id, :change, min(issue_id), max(issue_id), count(*),
        'msg_' || replace(gen_random_uuid()::text, '-', '')
    FROM placed
    GROUP BY webhook_id, CASE WHEN number <= :few THEN place WHEN form <> 'standard' THEN 0 ELSE place / :some END
    ORDER BY 1, 3
    ON CONFLICT (webhook_id, change_id, first_issue_id) DO NOTHING
    RETURNING id
    """,
    "change uuid, known text[], few bigint, some bigint",
    "id",
)
_TESTING = Text(
    "INSERT INTO webhook_deliveries (webhook_id, message_id) VALUES (:hook, :message) RETURNING id",
    "hook bigint, message text",
    "id",
)
_REPEATING = Text(
    """
    INSERT INTO webhook_deliveries (webhook_id, issues, message_id, body)
    SELECT webhook_id, issues, message_id, body FROM webhook_deliveries WHERE id = :id AND body IS NOT NULL
    RETURNING id
    """,
    "id bigint",
    "id",
)
_BY_HAND = Text(
    "SELECT count(*) FROM webhook_deliveries WHERE webhook_id = :hook AND state = 'waiting' AND change_id IS NULL",
    "hook bigint",
    "number",
)
_OWN = ("change_id", "first_issue_id", "last_issue_id", "issues", "message_id", "body", "tries", "created_at")
_DUE = Text(
    f"""
    SELECT webhook_deliveries.id, {", ".join(f"webhook_deliveries.{one}" for one in _OWN)},
        {", ".join(f"webhooks.{one}" for one in COLUMNS)}
    FROM webhook_deliveries JOIN webhooks ON webhooks.id = webhook_id
    WHERE webhook_deliveries.id = :id AND state = 'waiting'
    """,  # noqa: S608
    "id bigint",
    " ".join(("id", *_OWN, *(f"hook_{one}" for one in COLUMNS))),
)
_WRITING = Text("UPDATE webhook_deliveries SET body = :body WHERE id = :id", "id bigint, body text")
_NOTING = Text(
    """
    UPDATE webhook_deliveries SET state = :state, tries = tries + 1, status = :status, headers = :headers,
        answer = :answer, took = :took, tried_at = now()
    WHERE id = :id
    """,
    "id bigint, state text, status bigint, headers jsonb, answer text, took bigint",
)
_DROPPING = Text(
    "UPDATE webhook_deliveries SET state = 'dropped', answer = :answer"
    " WHERE state = 'waiting' AND (id = :id OR (webhook_id = :hook AND change_id IS NOT NULL))",
    "id bigint, hook bigint, answer text",
)
_TURNING = Text(
    "UPDATE webhook_deliveries SET state = :new, answer = :answer WHERE id = :id AND state = :old",
    "id bigint, old text, new text, answer text",
)
# What was told again has no issues of its own, but the same id. Without its words it cannot be told once more.
_ERASING = Text(
    """
    UPDATE webhook_deliveries SET body = NULL,
        state = CASE WHEN state = 'waiting' AND change_id IS NULL THEN 'dropped' ELSE state END,
        answer = CASE WHEN state = 'waiting' AND change_id IS NULL THEN 'What it said was forgotten.' ELSE answer END
    WHERE body IS NOT NULL AND message_id IN (
        SELECT message_id FROM webhook_deliveries JOIN unnest(:issues) AS gone (id)
            ON gone.id BETWEEN first_issue_id AND last_issue_id
    )
    """,
    "issues bigint[]",
)
_SHOWN = (
    "id", "webhook_id", "message_id", "issues", "state", "tries", "status", "headers", "answer", "took", "created_at",
    "tried_at",
)  # fmt: skip
_LISTED = """
    SELECT {columns}, NULL AS body FROM webhook_deliveries
    WHERE webhook_id = :hook AND (:place IS NULL OR id {sign} :place) ORDER BY id {order} LIMIT :most
"""
_OLDER, _NEWER = (
    Text(
        _LISTED.format(columns=", ".join(_SHOWN), sign=sign, order=order),
        "hook bigint, place bigint, most bigint",
        " ".join((*_SHOWN, "body")),
        custom=True,
    )
    for sign, order in (("<", "DESC"), (">", "ASC"))
)
_ONE = Text(
    f"SELECT {', '.join(_SHOWN)}, body FROM webhook_deliveries WHERE webhook_id = :hook AND id = :id",  # noqa: S608
    "hook bigint, id bigint",
    " ".join((*_SHOWN, "body")),
)
_COUNTING = Text(
    "SELECT count(*) FROM (SELECT FROM webhook_deliveries WHERE webhook_id = :hook LIMIT :most) AS those",
    "hook bigint, most bigint",
    "number",
)
_FORGETTING = Text("DELETE FROM webhook_deliveries WHERE webhook_id = :hook", "hook bigint")
_CLEARING = Text(
    """
    DELETE FROM webhook_deliveries WHERE id IN (
        SELECT id FROM webhook_deliveries WHERE created_at < now() - :kept ORDER BY created_at LIMIT :most
        FOR UPDATE SKIP LOCKED
    ) RETURNING id
    """,
    "kept interval, most bigint",
    "id",
)


def hear(change: UUID, kinds: Sequence[str]) -> list[int]:
    """Write what each hook is to be told of a change, unless it was written before. One statement for any number."""
    values = {"change": str(change), "known": list(kinds), "few": FEW, "some": SOME}
    return [row.id for row in read(_HEARING, values)]


def add_test(hook_id: int) -> int:
    row = read(_TESTING, {"hook": hook_id, "message": f"msg_{uuid4().hex}"}).one()
    return int(row.id)


def repeat(delivery_id: int) -> int | None:
    """The same once more, if it is known what that is."""
    rows = read(_REPEATING, {"id": delivery_id})
    return int(rows[0].id) if rows else None


def by_hand(hook_id: int) -> int:
    """How many tests and repetitions wait to be sent."""
    number: int = read(_BY_HAND, {"hook": hook_id}).scalar_one()
    return number


def due(delivery_id: int) -> Due | None:
    """A delivery that waits, with its hook."""
    rows = read(_DUE, {"id": delivery_id})
    if not rows:
        return None
    id, change, first, last, issues, message, body, tries, created_at, *of_hook = rows[0]
    return Due(id, hook(of_hook), change, first, last, issues, message, body, tries, created_at)


def write(delivery_id: int, body: str) -> None:
    """Keep what it says."""
    read(_WRITING, {"id": delivery_id, "body": body})


def note(
    delivery_id: int, state: str, answer: str | None, took: int, seen: tuple[int, Mapping[str, str]] | None
) -> None:
    """Note how a try went; `seen` is the status and the headers of an answer."""
    status, headers = seen if seen is not None else (None, None)
    told = None if headers is None else json.dumps(dict(headers))
    values = {"id": delivery_id, "state": state, "answer": answer, "took": took, "status": status, "headers": told}
    read(_NOTING, values)


def drop(answer: str, *, delivery_id: int | None = None, hook_id: int | None = None) -> None:
    """Note that one is not told any more, or nothing that waits for a hook."""
    read(_DROPPING, {"id": delivery_id, "hook": hook_id, "answer": answer})


def erase(issue_ids: Collection[int]) -> None:
    """Forget what was said of these issues."""
    read(_ERASING, {"issues": list(issue_ids)})


def turn(delivery_id: int, old: str, new: str, answer: str | None) -> None:
    """Make of one that is `old` a `new` one."""
    read(_TURNING, {"id": delivery_id, "old": old, "new": new, "answer": answer})


def listed(hook_id: int, at: Place | None, most: int) -> list[Delivered]:
    """The newest ones of a hook from a place on."""
    statement = _NEWER if at is not None and at.backwards else _OLDER
    values = {"hook": hook_id, "place": at.key[0] if at is not None else None, "most": most}
    return [Delivered(*row) for row in read(statement, values)]


def count(hook_id: int, most: int) -> int:
    """How many there are, up to that many."""
    number: int = read(_COUNTING, {"hook": hook_id, "most": most}).scalar_one()
    return number


def numbered(hook_id: int, delivery_id: int) -> Delivered | None:
    """One of them, with what it said."""
    rows = read(_ONE, {"hook": hook_id, "id": delivery_id})
    return Delivered(*rows[0]) if rows else None


def forget(hook_id: int) -> None:
    """Delete all of a hook."""
    read(_FORGETTING, {"hook": hook_id})


def clear(kept: timedelta, most: int) -> int:
    """Forget so many of those that are older; how many there were."""
    return len(read(_CLEARING, {"kept": kept, "most": most}))
