"""Who fetches is this site, not its readers: no cookie, no referrer and no address of theirs goes along."""

import time
from urllib.parse import urljoin

from webapp.attachments import pictures
from webapp.config import Settings
from webapp.config.allowed import Allowed
from webapp.errors import NotFound
from webapp.gates import Gate
from webapp.i18n import N_, _
from webapp.outside import asking
from webapp.outside.asking import Failed
from webapp.outside.guard import Refused
from webapp.pictures import store
from webapp.pictures.store import Kept
from webapp.text import elsewhere

MIB = 1024 * 1024
MOST = 5 * MIB
# Pictures are often where another address sends.
HOPS = 4
SECONDS = 5.0
# For so long one is kept before its site is asked again, and for so long one that did not come is not asked for.
FRESH, FAILED = 24 * 3600, 600
GONE = N_("The picture cannot be shown.")
HEADERS = {
    "Accept": "image/webp,image/png,image/jpeg,image/gif",
    "Accept-Encoding": "identity",
    "User-Agent": "Cairn",
}

# A site that is slow may take all of its seconds: those who wait for it must not be all threads.
gate = Gate(4, patience=3.0, refusal=N_("Other pictures are being fetched at the moment."), at_once=2)
_allowed = Allowed()


def configure(settings: Settings) -> None:
    """Read what may be asked though it is not public."""
    global _allowed
    _allowed = Allowed.of(settings.external_images_allowed or ())


def get(signature: str, said: str) -> Kept:
    """The picture that an address of ours names. Raises NotFound, or Unavailable while others are fetched."""
    url = elsewhere.signed(signature, said)
    if url is None:
        raise NotFound()
    kept = store.find(url)
    if kept is None or _is_old(kept):
        with gate.turn():
            kept = store.find(url)  # somebody may have fetched it meanwhile
            if kept is None or _is_old(kept):
                kept = _renewed(url, kept)
    if kept.is_empty:
        raise NotFound(_(GONE))
    return kept


def _is_old(kept: Kept) -> bool:
    return kept.age > (FAILED if kept.is_empty else FRESH)


def _renewed(url: str, before: Kept | None) -> Kept:
    """What is there now. One that was there before stays if its site does not answer."""
    try:
        with store.draft(_fetched(url)) as draft:
            picture = pictures.looked_at(draft)
            if picture is not None:
                return store.keep(url, picture.thumbnail or draft.read_bytes())
    except (Failed, Refused):
        pass
    return store.touch(url) if before and not before.is_empty else store.keep(url, b"")


def _fetched(url: str) -> bytes:
    """What is at an address, wherever that sends: each of the places is checked. Raises Failed and Refused."""
    end = time.monotonic() + SECONDS
    for _hop in range(HOPS):
        answer, body = asking.get(url, HEADERS, _allowed, end=end, most=MOST)
        if answer.is_yes:
            return body
        if not 300 <= answer.status < 400 or "location" not in answer.headers:
            break
        url = urljoin(url, answer.headers["location"])
    raise Failed(_("It answers without a picture."))
