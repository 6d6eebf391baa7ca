"""What a request hears for which there was no room: see `webapp/serving/`, which knows before a thread is taken."""

from typing import NoReturn

from flask import Flask, Response

from webapp import counting
from webapp.errors import Unavailable
from webapp.http.application import asked
from webapp.i18n import N_

WORDS = N_("Many requests are waiting at the moment. Try again in a few seconds.")


def init_app(app: Flask) -> None:
    app.before_request(_without_database)


def admit() -> None:
    """Raises Unavailable for a request that found no room; its form may still be shown again."""
    if _refusal():
        _refuse()


def is_leaving() -> bool:
    """Whether our worker has been asked to stop: it answers on its connections, and takes no more of them."""
    return bool(getattr(asked().environ.get("gunicorn.socket"), "is_leaving", False))


def _without_database() -> Response | None:
    """Answer at once what must not touch the database, because those that do are too many or all stand still.

    Missing static files are among them: the page that tells of other missing things asks whom it is for.
    """
    if _refusal() == "still":
        _refuse()
    sent = asked()
    if sent.path.startswith("/static/") and sent.endpoint is None:
        return Response("There is no such file.\n", 404, mimetype="text/plain")
    return None


def _refuse() -> NoReturn:
    counting.note_unavailable("busy")
    raise Unavailable(WORDS)


def _refusal() -> str:
    """What our worker has written on the client's socket; any other server writes nothing."""
    return getattr(asked().environ.get("gunicorn.socket"), "refusal", "")
