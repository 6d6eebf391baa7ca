"""In which language whoever asks is answered: that of their profile, else what their browser or program accepts."""

from contextlib import suppress
from functools import lru_cache

from flask import Flask, Response, has_request_context
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from webapp.http.application import asked, noted
from webapp.http.identity import Identity
from webapp.http.negotiation import wants_page
from webapp.http.times import reader
from webapp.i18n import language, languages, saying
from webapp.i18n.languages import SOURCE


def init_app(app: Flask) -> None:
    saying.hand_in(language_of_asker)


def language_of_asker() -> str:
    """The code of their language. A page finds out whose it is for that; JSON goes by whom it knows so far."""
    try:
        known = noted()
    except LookupError:  # not even an application
        return SOURCE
    found: str | None = known.get("language")  # which only a request has
    if found is None:
        if not has_request_context():
            return SOURCE
        accepted = _accepted(asked().environ.get("HTTP_ACCEPT_LANGUAGE", ""), languages.OFFERED)
        if "identity" not in known and wants_page():
            known["language"] = accepted  # for what may go wrong meanwhile
            with suppress(Exception):  # which whoever needs to know it will meet again
                reader()
            del known["language"]
        who: Identity | None = known.get("identity")
        found = who.viewer.language if who and languages.is_offered(who.viewer.language) else None
        found = found or accepted
        if "identity" in known:
            known["language"] = found
    return found


def told(response: Response) -> Response:
    """The answer, which says in which language it is."""
    response.headers["Content-Language"] = language()
    return response


@lru_cache(maxsize=256)
def _accepted(header: str, offered: tuple[str, ...]) -> str:
    """The first of the languages that are accepted and offered, `de-CH` as `de`; English for who names none."""
    return parse_accept_header(header, LanguageAccept).best_match(offered, default=SOURCE) or SOURCE
