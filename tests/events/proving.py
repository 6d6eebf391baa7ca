"""Events are proven: what they tell, done to how issues were before, is how issues are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import text

from webapp.db import db
from webapp.events import kinds
from webapp.events.kinds import Difference, Effect, Happening
from webapp.issues.rows import TYPED

State = dict[str, Any]
SETS = ("labels", "assignees")
# Things are compared by name, as those of another project have other ids; within one project by id as well.
TYPED_COLUMNS = ", ".join(f"i.{column.key}" for column in TYPED)
ISSUES = f"""
    SELECT i.id, projects.key || '-' || i.number AS key, projects.key AS project, {TYPED_COLUMNS}, i.state, i.close_reason,
        (ARRAY['none', 'low', 'medium', 'high', 'urgent'])[i.priority + 1] AS priority,
        md5(i.body) AS body, i.deleted_at IS NOT NULL AS deleted,
        statuses.id AS status_id, statuses.name AS status, milestones.id AS milestone_id, milestones.title AS milestone,
        parents.number AS parent_id, projects.key || '-' || parents.number AS parent,
        ARRAY(SELECT l.id || ' ' || l.name FROM issue_labels t JOIN labels l ON l.id = t.label_id WHERE t.issue_id = i.id) AS labels,
        ARRAY(SELECT u.id || ' ' || u.name FROM issue_assignees t JOIN users u ON u.id = t.user_id WHERE t.issue_id = i.id) AS assignees
    FROM issues i JOIN projects ON projects.id = i.project_id JOIN statuses ON statuses.id = i.status_id
    LEFT JOIN milestones ON milestones.id = i.milestone_id LEFT JOIN issues parents ON parents.id = i.parent_id
"""
REWRITING = {"described", "ticked"}


@dataclass(frozen=True)
class Untold:
    """A field of an issue that is not what its events say."""

    issue: str
    field: str
    told: Any
    found: Any
    events: tuple[str, ...]


def rows() -> dict[int, Any]:
    """All fields of all issues as they are stored, read anew."""
    return {row.id: row for row in db.session.execute(text(ISSUES))}


def state_of(row: Any) -> State:
    """The fields of an issue, as events speak of them."""
    state = dict(row._mapping)
    for field in SETS:
        pairs = [one.partition(" ")[::2] for one in state[field]]
        state[field] = frozenset(name for _, name in pairs)
        state[f"{field}_ids"] = frozenset(int(id) for id, _ in pairs)
    del state["id"]
    return state


def happened_since(last: int) -> dict[int, list[Happening]]:
    """What was written since, in its order, by issue."""
    found: dict[int, list[Happening]] = {}
    rows = db.session.execute(
        text("SELECT issue_id, kind, data FROM events WHERE id > :last AND issue_id IS NOT NULL ORDER BY id"),
        {"last": last},
    )
    for issue_id, kind, data in rows:
        found.setdefault(issue_id, []).append(kinds.of(kind, data))
    return found


def exchanged(state: State, field: str, value: Difference) -> State:
    """The names and ids of many things after some have gone and some have come."""
    after = {}
    for side, part in (("", "name"), ("_ids", "id")):
        gone, come = ({getattr(one, part) for one in refs} for refs in (value.removed, value.added))
        after[f"{field}{side}"] = frozenset(state[f"{field}{side}"] - gone | come)
    return after


def done(state: State, effect: Effect) -> State:
    """A state after fields have become what they are said to."""
    after = dict(state)
    for field, value in effect.items():
        if field == "restored_comment":
            continue  # is no field of the issue
        if field == "project":
            after |= {"key": value, "project": value.rpartition("-")[0]}
        elif isinstance(value, Difference):
            after |= exchanged(after, field, value)
        elif f"{field}_id" in state:
            after |= {field: value and value.name, f"{field}_id": value and value.id}
        else:
            after[field] = value
    return after


class Proof:
    """Watches what is done, and compares: `before` with the events done to it is `after`, and the way back."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.last, self.rows = _last(), rows()

    def differences(self) -> list[Untold]:
        """Whatever is not as the events say, either way. The next call tells of what is done from here on.

        All is read anew. An issue whose row is the same to the last letter, and of which no event tells, has none.
        """
        before, since = self.rows, self.last
        with self.app.app_context():
            self.last, self.rows, events = _last(), rows(), happened_since(since)
        found = []
        for id in before.keys() & self.rows.keys():
            if id in events or before[id] != self.rows[id]:
                found += _compared(state_of(before[id]), state_of(self.rows[id]), events.get(id, []))
        return found


def _last() -> int:
    return int(db.session.scalar(text("SELECT coalesce(max(id), 0) FROM events")) or 0)


def _compared(before: State, after: State, happened: list[Happening]) -> list[Untold]:
    told = before
    for one in happened:
        told = done(told, one.effect())
    names = tuple(one.kind for one in happened)
    moved = any(one.kind == "moved" for one in happened)
    found = _differing(told, after, names, moved)
    if bool(REWRITING & set(names)) < (before["body"] != after["body"]):
        found.append(Untold(after["key"], "body", None, None, names))
    return found if moved else found + _not_led_back(before, after, happened)


def _not_led_back(before: State, after: State, happened: list[Happening]) -> list[Untold]:
    """What the inverse of all does not make as it was, but for what lasts."""
    for one in reversed(happened):
        after = done(after, one.inverse() or {})
    lasting = {field for one in happened if one.lasting for field in one.touches}
    names = tuple(one.kind for one in happened)
    return [one for one in _differing(after, before, names, False) if one.field not in lasting]


def _differing(told: State, found: State, names: tuple[str, ...], moved: bool) -> list[Untold]:
    """What is the same thing by another id or key, after a move, is no difference."""
    ids = {field for field in told if field.endswith(("_id", "_ids"))} if moved else set()
    if moved and told["parent"] and found["parent"]:
        ids.add("parent")
    return [
        Untold(found["key"], field, told[field], found[field], names)
        for field in told.keys() - ids - {"body"}
        if told[field] != found[field]
    ]


def proves(app: Flask, action: Callable[[], Any]) -> Any:
    """Do it, and go on only if its events tell all that it did; returns what it returns."""
    proof = Proof(app)
    result = action()
    wrong = proof.differences()
    assert not wrong, "\n".join(map(str, wrong))
    return result
