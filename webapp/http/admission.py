"""What a request hears for which there was no room: see `webapp/serving/`, which knows before a thread is taken."""

from flask import Flask, Response

from webapp.errors import Unavailable
from webapp.http.application import asked
from webapp.i18n import N_

WORDS = N_("Many requests are waiting at the moment. Try again in a few seconds.")


def init_app(app: Flask) -> None:
    app.before_request(_without_database)


def admit() -> None:
    """Raises Unavailable for a request that found no room; its form may still be shown again."""
    if _refusal():
        raise Unavailable(WORDS)


def _without_database() -> Response | None:
    """Answer at once what must not touch the database, because those that do are too many or all stand still.

    Missing static files are among them: the page that tells of other missing things asks whom it is for.
    """
    if _refusal() == "still":
        raise Unavailable(WORDS)
    sent = asked()
    if sent.path.startswith("/static/") and sent.endpoint is None:
        return Response("There is no such file.\n", 404, mimetype="text/plain")
    return None


def _refusal() -> str:
    """What our worker has written on the client's socket; any other server writes nothing."""
    return getattr(asked().environ.get("gunicorn.socket"), "refusal", "")
