"""What somebody chose for this browser: cookies, so that the first page is right and nobody needs an account."""

import re
from datetime import timedelta

from flask import Flask, Response, g

from webapp.http.application import asked
from webapp.http.cookies import carried, cookie, drop_cookie, put_cookie

LASTS = int(timedelta(days=400).total_seconds())  # longer than that browsers keep none


class Choice:
    """One of a few values; any other word means what is so without a choice, and is kept as no cookie."""

    def __init__(self, name: str, values: tuple[str, ...]) -> None:
        self.name, self._values = name, values

    def chosen(self) -> str:
        """What was chosen; empty for nothing."""
        value = cookie(self.name)
        return value if value is not None and value in self._values else ""

    def choose(self, value: str) -> None:
        """Keep this from now on."""
        setattr(g, self.name, value)

    def carry(self, response: Response) -> Response:
        value = g.get(self.name)
        if value in self._values:
            put_cookie(response, self.name, value, LASTS)
        elif value is not None:
            drop_cookie(response, self.name)
        return response

    def init_app(self, app: Flask) -> None:
        carried(app, self.carry, self.name)


# Light or dark: what the system says, unless one is chosen.
theme = Choice("cairn-theme", ("light", "dark"))
# Rows of lists: with two lines, unless one is chosen.
density = Choice("cairn-density", ("compact",))
# Single keys as shortcuts: on, unless switched off.
keys = Choice("cairn-keys", ("off",))

_ALL = theme, density, keys
_ANY = re.compile("|".join(re.escape(choice.name) for choice in _ALL))


def chosen() -> tuple[str, ...]:
    """All that was chosen; most have chosen nothing."""
    is_any = _ANY.search(asked().environ.get("HTTP_COOKIE", ""))
    return tuple([choice.chosen() for choice in _ALL]) if is_any else ("", "", "")


def init_app(app: Flask) -> None:
    for choice in _ALL:
        choice.init_app(app)
