"""Two people who save the same thing: what they changed apart from each other stands, what both changed is asked.

A form says what it was made from: a short sum of each field, or the choices themselves where there are several.
So it can be told what its sender changed, and what somebody else did meanwhile.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from enum import Enum, StrEnum
from hashlib import sha256
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel

from webapp.errors import Overtaken
from webapp.http.negotiation import wants_page
from webapp.i18n import _
from webapp.i18n.fields import called
from webapp.types import trimmed

T = TypeVar("T")
Edit = TypeVar("Edit", bound=BaseModel)

TRIES = 3


class Way(StrEnum):
    """How to go on with what both have changed."""

    MINE = "mine"
    COMMENT = "comment"
    THEIRS = "theirs"


class Clash(Overtaken):
    """Both have changed the same `fields`.

    `kept` is what the sender changed, `known` are all fields of the thing, `others` those that only others changed.
    """

    def __init__(
        self, fields: list[str], *, kept: Mapping[str, Any], known: Collection[str], others: Sequence[str]
    ) -> None:
        super().__init__(_("Somebody else changed this while you wrote. Nothing is saved yet: choose how to go on."))
        self.fields, self.kept, self.known, self.others = fields, kept, known, others


def save(changes: Edit, saved: Callable[[Edit], T], now: Callable[[], Mapping[str, Any]]) -> T:
    """Save a form's changes over those of others. Raises Clash for what both have changed.

    `now` tells the fields as they are, with the version. What a client sends is saved as it is: it names
    the fields that it changes, and its version is a condition.
    """
    if not wants_page():
        return saved(changes)
    base = _base()
    changes = _without(changes, [name for name, was in base.items() if _summed(getattr(changes, name, None)) == was])
    for _again in range(TRIES):
        try:
            return saved(changes)
        except Overtaken:
            current = now()
            if getattr(changes, "version", None) in (None, current["version"]):
                raise
            changes = _moved(changes, base, current)
    return saved(changes)


def way() -> Way | None:
    """What was chosen on the page that showed both versions."""
    sent = request.form.get("resolve") if wants_page() else None  # JSON has no form to be taken apart
    return Way(sent) if sent in set(Way) else None


def set_aside(changes: Edit) -> tuple[Edit, str]:
    """The changes without what clashed, and that as a text: for who keeps theirs and adds the own as a comment."""
    if way() != Way.COMMENT:
        return changes, ""
    names = [name for name in request.form.getlist("clash") if name in changes.model_fields_set]
    # The number of a milestone says nothing to who reads it.
    texts = [(name, _joined(plain(getattr(changes, name)))) for name in names if name != "milestone"]
    said = [text if name == "body" else f"{called(name)}: {text}" for name, text in texts if text]
    return _without(changes, names), "\n\n".join(said)


def base_of(fields: Mapping[str, Any]) -> str:
    """What a form is made from, as the value of its hidden field."""
    return json.dumps({name: _summed(value) for name, value in fields.items() if name != "version"})


def field_value(value: Any) -> str:
    """A value as a form's field holds it."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def plain(value: Any) -> str | list[str]:
    """A value so that a sent one and a stored one can be compared."""
    if isinstance(value, list | tuple):
        return sorted(field_value(one) for one in value)
    return trimmed(field_value(value))


def _base() -> dict[str, Any]:
    try:
        base = json.loads(request.form.get("base", ""))
    except (ValueError, RecursionError):
        return {}
    return base if isinstance(base, dict) else {}


def _moved(changes: Edit, base: dict[str, Any], current: Mapping[str, Any]) -> Edit:
    """The same changes, made from the present state."""
    names = changes.model_fields_set & current.keys() - {"version"}
    sent = {name: _resent(getattr(changes, name), base.get(name), current[name]) for name in names}
    both = [name for name, now in current.items() if name in sent and _clashes(sent[name], base.get(name), now)]
    if both:
        others = [name for name in _changed(base, current) if name not in both]
        raise Clash(both, kept=sent, known=current.keys(), others=others)
    return changes.model_copy(update={**sent, "version": current["version"]})


def _resent(value: Any, was: Any, now: Any) -> Any:
    """What was sent for a field; of a list, what was added to it and taken from it."""
    return _chosen(value, was, now) if isinstance(was, list) and isinstance(value, list) else value


def _changed(base: dict[str, Any], current: Mapping[str, Any]) -> list[str]:
    return [name for name, was in base.items() if name in current and was != _summed(current[name])]


def _clashes(sent: Any, was: Any, there: Any) -> bool:
    return not isinstance(was, list) and plain(sent) != plain(there) and was != _summed(there)


def _chosen(sent: list[Any], was: list[Any], there: list[Any]) -> list[Any]:
    """The present choices, without those that the sender took away and with those that they added."""
    away = set(map(str, was)) - set(plain(sent))
    kept = [one for one in there if field_value(one) not in away]
    return kept + [one for one in sent if field_value(one) not in was and field_value(one) not in plain(kept)]


def _without(changes: Edit, names: list[str]) -> Edit:
    copy = changes.model_copy()
    copy.model_fields_set.difference_update(names)
    return copy


def _summed(value: Any) -> str | list[str]:
    known = plain(value)
    return known if isinstance(known, list) else urlsafe_b64encode(sha256(known.encode()).digest()[:9]).decode()


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
