"""A creation that is sent twice happens once: by a client's Idempotency-Key, by the hidden key of a page's form."""

import re
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import BadRequest
from webapp.http.application import asked, noted
from webapp.http.identity import me
from webapp.http.negotiation import wants_page
from webapp.http.reply import Done, Made, Reply, replayed
from webapp.http.services import Answer, services
from webapp.http.uploads import typed
from webapp.i18n import _

HEADER = "Idempotency-Key"
_SENT_AS = "HTTP_IDEMPOTENCY_KEY"
FIELD = "form_key"
_CLIENTS = re.compile(r"[!-~]{1,200}")
_OURS = re.compile(r"[\w-]{16,64}", re.ASCII)
# What a page puts into each of its forms, and what says nothing about what is asked for.
UNTYPED = ("csrf_token", FIELD)


def form_key() -> str:
    """The value of the hidden field of this page's forms: random, and the same again after a refusal.

    A refused form stored nothing under its key; but one that failed may have been carried out all the same.
    """
    known = noted()
    if "form_key" not in known:
        sent = asked().form.get(FIELD, "") if asked().method == "POST" else ""
        known["form_key"] = sent if sent and _OURS.fullmatch(sent) else secrets.token_urlsafe(16)
    return str(known["form_key"])


def once(act: Callable[[], Reply[Any]], schema: Any) -> Reply[Any]:
    """Carry out a creation, or tell again how it was answered when it came before under the same key."""
    sent = _key()
    if sent is None:
        return act()
    fingerprint = _fingerprint()
    # A form's key goes with what was typed: who goes back, changes that and sends it again wants another thing.
    # The blank sets such keys apart from those that clients can send.
    key = f"form {sent} {fingerprint.hex()}" if wants_page() else sent
    replies: list[Reply[Any]] = []

    def acted() -> Answer | None:
        reply, answer = _answered(act(), schema)
        replies.append(reply)
        return answer

    answer = services().once(me(), key, fingerprint, acted)
    return replies[-1] if answer is None else _again(Answer(*answer))


class Answered(Reply[Any]):
    """An answer to a client that is written already."""

    def __init__(self, response: AnyResponse) -> None:
        self.response = response

    def as_json(self, schema: Any) -> AnyResponse:
        return self.response


def _key() -> str | None:
    """The key of this request, if it has one."""
    if wants_page():
        sent = asked().form.get(FIELD, "")
        return sent if _OURS.fullmatch(sent) else None
    key: str | None = asked().environ.get(_SENT_AS)
    if key is not None and not _CLIENTS.fullmatch(key):
        raise BadRequest(_("%(header)s must be 1 to 200 visible ASCII characters.", header=HEADER))
    return key


def _fingerprint() -> bytes:
    """A sum of what is asked for, and where."""
    sent = asked()
    summed = sha256(f"{sent.method} {sent.full_path}".encode())
    if sent.mimetype == "application/json":
        summed.update(sent.get_data())
    for name, value in sorted(typed().items(multi=True)):
        if name not in UNTYPED:
            summed.update(repr((name, value)).encode())
    for name, file in sent.files.items(multi=True):
        summed.update(repr((name, file.filename)).encode())
        while part := file.stream.read(65_536):
            summed.update(part)
        file.stream.seek(0)
    return summed.digest()


def _answered(reply: Reply[Any], schema: Any) -> tuple[Reply[Any], Answer | None]:
    """The reply, and what is remembered of it; of a page that is shown at once, nothing."""
    if wants_page():
        if not isinstance(reply, Made | Done):
            return reply, None
        return reply, Answer(303, reply.goes_to, reply.say)
    response = reply.as_json(schema)
    return Answered(response), Answer(response.status_code, response.location or "", response.get_data(as_text=True))


def _again(answer: Answer) -> Reply[Any]:
    if wants_page():
        return Made(None, at=answer.location, say=answer.body)
    response = replayed(answer.body, answer.status)
    response.headers["Idempotent-Replayed"] = "true"
    if answer.location:
        response.headers["Location"] = answer.location
    return Answered(response)
