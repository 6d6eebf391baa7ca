"""Hooks, and who looks after them."""

from collections.abc import Sequence
from typing import Any

from webapp.issues import locks
from webapp.reading import Text, read
from webapp.webhooks.rows import Hook

COLUMNS = (
    "id", "project_id", "created_by", "url", "form", "events", "salt", "former_salt", "former_until", "is_on",
    "failing_since", "ended_by", "created_at",
)  # fmt: skip
_ALL = ", ".join(COLUMNS)
_NAMES = " ".join(COLUMNS)
# Those of one project, or those that are told of all.
_THERE = "project_id IS NOT DISTINCT FROM :project"
_OF = Text(f"SELECT {_ALL} FROM webhooks WHERE {_THERE} ORDER BY id", "project bigint", _NAMES)  # noqa: S608
_ONE = Text(f"SELECT {_ALL} FROM webhooks WHERE {_THERE} AND id = :id", "project bigint, id bigint", _NAMES)  # noqa: S608
_ANY = Text(f"SELECT {_ALL} FROM webhooks WHERE id = :id", "id bigint", _NAMES)  # noqa: S608
_ADDING = Text(
    f"""
    INSERT INTO webhooks (project_id, created_by, url, form, events, salt)
    VALUES (:project, :by, :url, :form, :events, :salt) RETURNING {_ALL}
    """,  # noqa: S608
    "project bigint, by bigint, url text, form text, events text[], salt bytea",
    _NAMES,
)
_CHANGING = Text(
    f"""
    UPDATE webhooks SET
        url = coalesce(:url, url), form = coalesce(:form, form), events = coalesce(:events, events),
        is_on = coalesce(:is_on, is_on), failing_since = CASE WHEN :is_on THEN NULL ELSE failing_since END,
        ended_by = CASE WHEN :is_on THEN NULL ELSE ended_by END
    WHERE id = :id RETURNING {_ALL}
    """,  # noqa: S608
    "id bigint, url text, form text, events text[], is_on boolean",
    _NAMES,
)
_ROTATING = Text(
    f"""
    UPDATE webhooks SET former_salt = salt, former_until = now() + :overlap, salt = :salt
    WHERE id = :id RETURNING {_ALL}
    """,  # noqa: S608
    "id bigint, salt bytea, overlap interval",
    _NAMES,
)
_REMOVING = Text("DELETE FROM webhooks WHERE id = :id", "id bigint")
# No row stands for all projects.
_LOCKING_ALL = Text("SELECT pg_advisory_xact_lock(hashtextextended('webhooks', 0))", "", "locked")
_SUCCEEDING = Text(
    "UPDATE webhooks SET failing_since = NULL WHERE id = :id AND failing_since IS NOT NULL", "id bigint"
)
_FAILING = Text(
    "UPDATE webhooks SET failing_since = coalesce(failing_since, now()) WHERE id = :id"
    " RETURNING is_on AND failing_since <= now() - :patience",
    "id bigint, patience interval",
    "is_over",
)
_ENDING = Text(
    "UPDATE webhooks SET is_on = false, ended_by = :why WHERE id = :id AND is_on RETURNING id",
    "id bigint, why text",
    "id",
)
_ENDED = Text(
    f"SELECT count(*) FROM webhooks WHERE {_THERE} AND NOT is_on AND ended_by IS NOT NULL",  # noqa: S608
    "project bigint",
    "number",
)
_KEEPERS = Text(
    """
    SELECT users.id FROM users
    WHERE is_active AND CASE WHEN :project IS NULL THEN is_admin ELSE EXISTS (
        SELECT FROM memberships
        WHERE memberships.user_id = users.id AND project_id = :project AND role = 'owner'
    ) END ORDER BY users.id
    """,
    "project bigint",
    "id",
)


def of(project_id: int | None) -> list[Hook]:
    """The hooks of a project, or those of all, the oldest first."""
    return [hook(row) for row in read(_OF, {"project": project_id})]


def numbered(project_id: int | None, hook_id: int) -> Hook | None:
    """One of them."""
    rows = read(_ONE, {"project": project_id, "id": hook_id})
    return hook(rows[0]) if rows else None


def whosever(hook_id: int) -> Hook | None:
    """A hook, of whichever project."""
    rows = read(_ANY, {"id": hook_id})
    return hook(rows[0]) if rows else None


def lock(project_id: int | None) -> None:
    """Let nobody else add to the hooks of a project, or to those of all, until the transaction ends."""
    if project_id is None:
        read(_LOCKING_ALL)
    else:
        locks.take_projects(project_id)


def add(project_id: int | None, by_id: int, values: dict[str, Any], salt: bytes) -> Hook:
    return hook(read(_ADDING, {"project": project_id, "by": by_id, "salt": salt, **values}).one())


def change(hook_id: int, values: dict[str, Any]) -> Hook:
    """Change what is given of it. To be switched on lets it begin anew."""
    unchanged = {"url": None, "form": None, "events": None, "is_on": None}
    return hook(read(_CHANGING, {"id": hook_id, **unchanged, **values}).one())


def rotate(hook_id: int, salt: bytes, overlap: Any) -> Hook:
    """Give it another secret; the former one holds beside it for a while."""
    return hook(read(_ROTATING, {"id": hook_id, "salt": salt, "overlap": overlap}).one())


def remove(hook_id: int) -> None:
    read(_REMOVING, {"id": hook_id})


def succeed(hook_id: int) -> None:
    """Note that it took something."""
    read(_SUCCEEDING, {"id": hook_id})


def fail(hook_id: int, patience: Any) -> bool:
    """Note that it did not; whether it is on, and has not for too long."""
    rows = read(_FAILING, {"id": hook_id, "patience": patience})
    return bool(rows and rows[0].is_over)


def end(hook_id: int, why: str) -> bool:
    """Switch it off; whether it was on."""
    return bool(read(_ENDING, {"id": hook_id, "why": why}))


def ended(project_id: int | None) -> int:
    """How many of a project, or of those of all, are switched off as they failed."""
    return int(read(_ENDED, {"project": project_id}).scalar_one())


def keepers(project_id: int | None) -> Sequence[int]:
    """Who looks after the hooks of a project, or of all."""
    return [row.id for row in read(_KEEPERS, {"project": project_id})]


def hook(row: Any) -> Hook:
    """A hook from a row of COLUMNS."""
    values = list(row)
    for at in (6, 7):
        values[at] = None if values[at] is None else bytes(values[at])
    return Hook(*values)
