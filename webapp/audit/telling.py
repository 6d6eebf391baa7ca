"""What a record tells of before and after, in words for people. JSON has it as it was noted."""

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.i18n import N_, _, pgettext, pN_
from webapp.i18n.formats import listed

# What these are called. Another one, of newer code perhaps, is called by its own name.
NAMES: Mapping[str, str | tuple[str, str]] = {
    "category": N_("Category"),
    "description": N_("Description"),
    "email": N_("E-mail"),
    "ends": pN_("token", "Expires"),
    "events": N_("Events"),
    "form": N_("Format"),
    "handle": N_("Handle"),
    "issues": N_("Issues"),
    "key": N_("Key"),
    "kind": N_("Kind"),
    "name": N_("Name"),
    "owner": N_("Owner"),
    "place": N_("Address"),
    "projects": N_("Projects"),
    "provider": N_("Provider"),
    "role": N_("Role"),
    "scope": N_("Scope"),
    "tokens": N_("Tokens"),
    "url": N_("Address"),
    "visibility": pN_("audit", "Visibility"),
    "why": N_("Reason"),
}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    """Each thing that is told: what it is called, and what it was and is, where that was noted."""
    return [(_name(one), _said(before.get(one)), _said(after.get(one))) for one in {**before, **after}]


def _name(word: str) -> str:
    name = NAMES.get(word, word.replace("_", " "))
    return pgettext(*name) if isinstance(name, tuple) else _(name)


def _said(value: Any) -> str:
    """A value as people read it; empty if there is none."""
    if isinstance(value, bool):
        return pgettext("audit", "yes") if value else pgettext("audit", "no")
    if isinstance(value, Mapping):
        return listed([f"{_name(str(name))}: {_said(one)}" for name, one in value.items()])
    if isinstance(value, list | tuple):
        return listed([_said(one) for one in value])
    return "" if value is None else str(value)
