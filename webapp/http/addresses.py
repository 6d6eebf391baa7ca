"""The addresses that a page leads to, written once: a page has some thirty, and most of them again and again."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, Request, current_app

from webapp.http import trail
from webapp.http.application import asked

# Of each process; some 200 bytes each. They depend on nothing but what they are asked for.
MOST = 4_000
TRAIL = "cairn.trail"


def init_app(app: Flask) -> None:
    """Let Flask remember them."""
    app.url_for = remembering(app.url_for)  # type: ignore[method-assign]


def remembering(build: Callable[..., str]) -> Callable[..., str]:
    """The same as `build`, within a request and for the addresses of this site."""

    @lru_cache(maxsize=MOST)
    def known(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return build(endpoint, **dict(values))

    def url_for(endpoint: str, /, *, _external: bool = False, **values: Any) -> str:
        if _external:
            return build(endpoint, _external=True, **values)
        try:
            sent = asked()
        except LookupError:  # there is no request
            return build(endpoint, **values)
        if endpoint[:1] == "." and sent.blueprint is not None:
            endpoint = f"{sent.blueprint}{endpoint}"
        environ = sent.environ
        try:
            address = known(environ.get("SCRIPT_NAME", ""), endpoint, tuple(values.items()))
        except TypeError:  # one of the values is a list
            address = build(endpoint, **values)
        leading = environ[TRAIL] if TRAIL in environ else led_by(sent)
        return address if leading is None else leading.along(address)

    return url_for


def led_by(sent: Request) -> trail.Trail | None:
    """The list that led to the issue that is asked for, looked for once a request."""
    try:
        found: trail.Trail | None = sent.environ[TRAIL]
    except KeyError:
        found = sent.environ[TRAIL] = trail.of(sent)
    return found


def of_form(endpoint: str, path: dict[str, Any]) -> str:
    """Where a form of the feature that is asked stands: that of what is deleted may be a list, whose address does not
    name it.
    """
    name = f"{asked().blueprint}.{endpoint}"
    known: dict[str, set[str]] = current_app.extensions.setdefault("form_arguments", {})
    if (named := known.get(name)) is None:
        named = known[name] = {one for rule in current_app.url_map.iter_rules(name) for one in rule.arguments}
    return current_app.url_for(name, **{one: value for one, value in path.items() if one in named})
