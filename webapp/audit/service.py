"""The one door to the audit log: whoever does something notes it in the transaction of the act itself."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from webapp.audit import repository
from webapp.audit.kinds import Kind
from webapp.audit.rows import Actor, Keyed, Target, person
from webapp.config import of_this_app
from webapp.db import after_commit, transaction
from webapp.origins import Origin, network, origin

__all__ = ["Kind", "Target", "clear", "differing", "note", "person"]

log = logging.getLogger("cairn.audit")

# What is refused anybody can cause as often as they like: so much of a network is noted one by one in a minute, and
# so much of all networks, as some have many.
ONE_BY_ONE, OF_ALL = 16, 512
# Of a text that was changed, the beginning tells which one it was.
LONGEST = 200
# How many old records are deleted at once, so that it takes a moment.
AT_ONCE = 5_000


@transaction
def note(
    kind: Kind,
    *,
    actor: Actor | None = None,
    target: Target | None = None,
    project: Keyed | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    sid: int | None = None,
    refused: bool = False,
) -> None:
    """Note what was done, or `refused`; with the act, or not at all. No secret may stand in `before` or `after`.

    Without an `actor` it is whoever asks; a command has none. Refusals of one network are counted by the minute: from
    the seventeenth on only the 32nd, 64th and so on are written, which tell how many there were by then.
    """
    came = origin()
    acting = actor or came.viewer
    values = {
        "kind": kind.word,
        "outcome": "refused" if refused else "ok",
        **_who(acting, sid or getattr(acting, "sid", None)),
        **_whence(came),
        "project_id": project.id if project else None,
        "project_key": project.key if project else None,
        "target_kind": target.kind if target else None,
        "target_id": target.id if target else None,
        "target_name": target.name[:LONGEST] if target else None,
        "before": _told(before),
        "after": _told(after),
    }
    if refused:
        repository.add_counted(values, f"audit:{network(came.address)}", ONE_BY_ONE, OF_ALL)
    else:
        repository.add(values)
    after_commit(partial(_tell, values))


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states of a thing what is another one, as it was and as it is."""
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


@transaction
def clear() -> int:
    """Delete some of the records that are older than AUDIT_DAYS; how many."""
    return repository.clear(of_this_app().audit_days, AT_ONCE)


def _who(acting: Actor | None, sid: int | None) -> dict[str, Any]:
    names = {"actor_id": None, "actor_name": None, "actor_email": None, "sid": sid}
    if acting is None:
        return names
    return {**names, "actor_id": acting.id, "actor_name": acting.name, "actor_email": acting.email or None}


def _whence(came: Origin) -> dict[str, Any]:
    return {"request_id": came.request_id, "address": came.address, "agent": came.agent}


def _told(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not values:
        return None
    return {name: value[:LONGEST] if isinstance(value, str) else value for name, value in values.items()}


def _tell(values: Mapping[str, Any]) -> None:
    """A line of the log for whoever ships it: ids, and no name."""
    refused = values["outcome"] == "refused"
    fields = {
        "event": values["kind"],
        "outcome": values["outcome"],
        "user": values["actor_id"],
        "sid": values["sid"],
        "ip": values["address"],
        "project": values["project_key"],
        "target": values["target_kind"],
        "target_id": values["target_id"],
    }
    log.log(logging.WARNING if refused else logging.INFO, "%s", values["kind"], extra={"fields": fields})
