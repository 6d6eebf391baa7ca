"""No session: what a browser keeps is a signed token, so any process on any host can answer it.

Flask's default would build a serializer for each request, even where nobody uses a session.
"""

from typing import Any

from flask import Flask
from flask.sessions import NullSession, SessionInterface


class NoSession(SessionInterface):
    _nothing = NullSession()

    def open_session(self, app: Flask, request: Any) -> NullSession:
        return self._nothing

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        return None
