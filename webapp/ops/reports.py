"""What browsers report of the policy of our pages: somebody tried to run something, or we forgot something."""

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from webapp.http.log import bare

log = logging.getLogger("cairn.policy")

LARGEST = 16 * 1024
# Anybody may send these: a process writes no more of them than that within a minute.
MOST, MINUTE = 30, 60.0
_UNTOLD = re.compile(r"[^!-~]+")


class Budget:
    """How many more lines may be written. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left, self._since = most, 0.0
        self._lock = Lock()

    def spend(self) -> bool:
        """Whether another one may be."""
        with self._lock:
            if time.monotonic() > self._since + MINUTE:
                self._left, self._since = self._most, time.monotonic()
            self._left -= 1
            return self._left >= 0


_budget = Budget(MOST)


def note(sent: bytes) -> None:
    """Write a line of the log for each report that can be read; what cannot is passed over."""
    try:
        said = json.loads(sent)
    except ValueError:
        return
    for body in _bodies(said):
        if not _budget.spend():
            return
        log.warning(
            "policy_violated directive=%s blocked=%s page=%s",
            _word(body.get("effectiveDirective") or body.get("effective-directive")),
            _address(body.get("blockedURL") or body.get("blocked-uri")),
            _address(body.get("documentURL") or body.get("document-uri")),
        )


def _bodies(said: Any) -> Iterator[Mapping[str, Any]]:
    """Of the Reporting API's list, or of the single report that older browsers send."""
    found = [one.get("body") for one in said if isinstance(one, dict)] if isinstance(said, list) else [said]
    for one in found[:10]:
        body = one.get("csp-report", one) if isinstance(one, dict) else None
        if isinstance(body, dict):
            yield body


def _word(said: Any) -> str:
    return _UNTOLD.sub("", said)[:60] if isinstance(said, str) else "-"


def _address(said: Any) -> str:
    """Where something was, without what a query or a secret part of it would tell."""
    try:
        parts = urlsplit(_UNTOLD.sub("", said)[:500] if isinstance(said, str) else "-")
    except ValueError:
        return "-"
    return bare(parts._replace(query="", fragment="").geturl())[:200] or "-"
