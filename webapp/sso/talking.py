"""What is asked of a provider itself: only where the operator or the provider's own document says, and no further.

No redirect is followed, no answer is read beyond a bound, and none is waited for longer than one asks in all. A
provider that did not answer a few times is left alone for a while, so that not every thread waits for it.
"""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from webapp.config.allowed import Allowed
from webapp.config.sso import OidcProvider
from webapp.db import release
from webapp.errors import CairnError
from webapp.i18n import N_, _
from webapp.outside import asking, guard
from webapp.outside.asking import Answer
from webapp.outside.breaker import Breaker

log = logging.getLogger("cairn.auth")
SECONDS = 5.0
MOST = 256 * 1024
_breaker = Breaker(pause=15.0)


class ProviderFailed(CairnError):
    """A provider cannot be asked, or answers what cannot be. The log says what; whoever wants to log in need not."""

    status, title = 502, N_("The login elsewhere did not work")


class Broken(Exception):
    """What a provider sent is not what it must be; the words are for the log."""


def failed(provider: OidcProvider, why: str) -> ProviderFailed:
    """What is told of a provider that failed; `why` goes into the log."""
    log.warning("provider_failed provider=%s why=%s", provider.id, why.replace("\n", " ")[:200])
    return ProviderFailed(_("%(label)s cannot be asked at the moment. Try again later.", label=provider.label))


def fetch(provider: OidcProvider, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object that is there. Raises ProviderFailed."""
    return _object(provider, url, None, {"Accept": "application/json", **(headers or {})})


def send(provider: OidcProvider, url: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object that a form is answered with. Raises ProviderFailed."""
    form = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    return _object(provider, url, body, {**form, **headers})


def _object(provider: OidcProvider, url: str, body: bytes | None, headers: Mapping[str, str]) -> dict[str, Any]:
    host = urlsplit(url).netloc
    if not _breaker.lets(host):
        raise failed(provider, "left alone after failures")
    release()
    try:
        answer, said = _asked(provider, url, body, headers)
    except (asking.Failed, guard.Refused) as error:
        _breaker.failed(host)
        raise failed(provider, str(error)) from None
    _breaker.answered(host)
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        value = None
    if not answer.is_yes or not isinstance(value, dict):
        raise failed(provider, f"{urlsplit(url).path} answers {answer.status}")
    return value


def _asked(provider: OidcProvider, url: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[Answer, bytes]:
    allowed = Allowed.of([urlsplit(provider.issuer).hostname or ""])
    end = time.monotonic() + SECONDS
    if body is None:
        return asking.get(url, headers, allowed, end=end, most=MOST)
    return asking.send(url, body, headers, allowed, end=end, most=MOST)
