"""Pictures that a text names by the address of another site: whether, and from where, a page shows them.

A browser that asked the other site itself would tell it who reads what. So it asks this one, by an address that is
signed: nobody can have pictures fetched that no text here shows.
"""

import hmac
import re
from hashlib import sha256
from zlib import crc32

LONGEST = 1_000
_OTHER = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_SIGNED = 32
# Whatever a text says, only this is shown.
SHOWN = re.compile(rf"/pictures/[0-9a-f]{{{_SIGNED}}}/(?:[0-9a-f]{{2}}){{8,{LONGEST}}}")

_mode, _key = "link", b""


def configure(mode: str, key: str) -> None:
    """Say when the application is made what becomes of such pictures: `off`, `link` or `proxy`."""
    global _mode, _key
    _mode, _key = mode, key.encode()


def is_linked() -> bool:
    """Whether words lead to a picture that is not shown."""
    return _mode != "off"


def shown_at(url: str) -> str | None:
    """From where a page shows the picture; None if it does not."""
    if _mode != "proxy" or not _OTHER.match(url) or len(url.encode()) > LONGEST:
        return None
    return f"/pictures/{_signature(url)}/{url.encode().hex()}"


def signed(signature: str, said: str) -> str | None:
    """The address that was signed, as such an address says it; None if this site never gave it."""
    try:
        url = bytes.fromhex(said).decode()
    except ValueError:
        return None
    is_ours = _mode == "proxy" and signature.isascii() and hmac.compare_digest(signature, _signature(url))
    return url if is_ours else None


def state() -> int:
    """A small number that is another one when pictures are shown otherwise, or signed by another key."""
    if _mode == "proxy":
        return 2 + crc32(_key) % 254
    return 0 if _mode == "link" else 1


def _signature(url: str) -> str:
    return hmac.new(_key, url.encode(), sha256).hexdigest()[:_SIGNED]
