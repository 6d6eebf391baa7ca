"""Whether the public address answers, and is this installation: asked as anybody would."""

import json
import secrets
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from webapp import clock
from webapp.config import Settings
from webapp.ops.checking import Finding, error, warning

PATIENCE = 5.0
MOST = 4096
SOON, VERY_SOON = timedelta(days=14), timedelta(days=3)
MAY_BE_BETWEEN = (
    "If others do reach it, only this machine's way there is closed, as behind some routers, and this can be passed "
    "over."
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, and until when the certificate holds, if there was one."""

    status: int
    body: bytes
    until: datetime | None


def findings(settings: Settings, proof: Callable[[str], str]) -> Iterator[Finding]:
    """What is wrong on the way in; `proof` is what only this installation answers to a question."""
    asked = secrets.token_hex(16)
    try:
        found = _ask(settings.address, f"/healthz?ask={asked}")
    except ssl.SSLCertVerificationError as fault:
        yield error(
            "certificate",
            f"The certificate of {settings.address} is not believed: {fault.verify_message}. Browsers show a warning "
            "instead of pages, and webhooks of others fail. Have it renewed, and give the proxy the whole chain.",
        )
    except (OSError, HTTPException) as fault:
        why = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        yield error(
            "site",
            f"{settings.address} does not answer: {why}. Nobody sees a page, if it is the same from elsewhere. Does "
            f"the server run, the proxy before it, and does the name lead here? {MAY_BE_BETWEEN}",
        )
    else:
        yield from _of_the_answer(settings, found, proof(asked))
        if found.until is not None:
            yield from _of_the_certificate(settings, found.until - clock.now())


def _of_the_answer(settings: Settings, found: Answered, proof: str) -> Iterator[Finding]:
    if found.status != 200:
        yield error(
            "site",
            f"{settings.address} answers {found.status} where Cairn answers 200. 502 and 504 are a proxy's that does "
            f"not reach {settings.bound}; 400 is Cairn's, to a Host that is not BASE_URL's; 3xx leads elsewhere. "
            "Look into the proxy's configuration and log.",
        )
        return
    try:
        told = json.loads(found.body)
        is_this = isinstance(told, dict) and told.get("answer") == proof
    except ValueError:
        is_this = False
    if not is_this:
        yield error(
            "another",
            f"What answers at {settings.address} is not this installation, or has another SECRET_KEY. Links in mails "
            "lead there. Mend BASE_URL, the name's address, or the proxy; after a change of SECRET_KEY restart the "
            "server.",
        )


def _of_the_certificate(settings: Settings, left: timedelta) -> Iterator[Finding]:
    if left < SOON:
        tell = error if left < VERY_SOON else warning
        yield tell(
            "certificate",
            f"The certificate of {settings.address} ends in {left.days} days. From then on browsers show a warning "
            "instead of pages. Renew it, and look why that did not happen by itself.",
        )


def _ask(site: str, path: str) -> Answered:
    parts = urlsplit(site)
    host = parts.hostname or ""
    if parts.scheme == "https":
        line: HTTPConnection = HTTPSConnection(
            host, parts.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        line = HTTPConnection(host, parts.port, timeout=PATIENCE)
    try:
        line.connect()
        until = _ends(line.sock) if isinstance(line.sock, ssl.SSLSocket) else None
        line.request("GET", path, headers={"Accept": "application/json", "User-Agent": "Cairn doctor"})
        answer = line.getresponse()
        return Answered(answer.status, answer.read(MOST), until)
    finally:
        line.close()


def _ends(line: ssl.SSLSocket) -> datetime | None:
    until = (line.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC) if isinstance(until, str) else None
