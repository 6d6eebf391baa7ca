"""What a view asks for by the types in its signature: who asks, and what the address speaks of."""

from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from typing import Any, NamedTuple, get_type_hints

from webapp.access import Viewer
from webapp.http.identity import me, viewer

# Finds a thing by what the address says, and by what was found before it.
Find = Callable[[Mapping[str, Any]], Any]

_FINDS: dict[Any, Find] = {Viewer: lambda _: me(), Viewer | None: lambda _: viewer()}


class Asked(NamedTuple):
    """The names that a view takes, and those that are found for it, in the order of its signature."""

    names: frozenset[str]
    brought: tuple[tuple[str, Find], ...]


def brings(kind: Any, find: Find) -> None:
    """Let views have what is of this type, found so. To be said before the first request."""
    _FINDS[kind] = find


def arguments(view: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What to call a view with: what it takes of the address and of the input, and what it asks for beyond.

    Raises what tells that there is no such thing, or that nobody is signed in.
    """
    asked, given = _asked(view), dict(values)
    for name, find in asked.brought:
        given[name] = find(given)
    return {name: value for name, value in given.items() if name in asked.names}


@cache
def _asked(view: Callable[..., Any]) -> Asked:
    hints = get_type_hints(view)
    names = list(signature(view).parameters)
    finds = _FINDS.items()  # compared, as not every type can be hashed
    brought = [(name, find) for name in names for kind, find in finds if hints.get(name) == kind]
    return Asked(frozenset(names), tuple(brought))
