"""Pictures that a text names by the address of another site: whether, and from where, a page shows them.

A browser that asked the other site itself would tell it who reads what. So it asks this one, by an address that is
signed: nobody can have pictures fetched that no text here shows.
"""

import hmac
import re
from zlib import crc32

from webapp.config.keys import Ring

LONGEST = 1_000
_OTHER = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_SIGNED = 32
# Whatever a text says, only this is shown.
SHOWN = re.compile(rf"/pictures/[0-9a-f]{{{_SIGNED}}}/(?:[0-9a-f]{{2}}){{8,{LONGEST}}}")

_mode = "link"
_keys = Ring("")


def configure(mode: str, keys: Ring) -> None:
    """Say when the application is made what becomes of such pictures: `off`, `link` or `proxy`."""
    global _mode, _keys
    _mode, _keys = mode, keys


def is_linked() -> bool:
    """Whether words lead to a picture that is not shown."""
    return _mode != "off"


def shown_at(url: str) -> str | None:
    """From where a page shows the picture; None if it does not."""
    if _mode != "proxy" or not _OTHER.match(url) or len(url.encode()) > LONGEST:
        return None
    return f"/pictures/{_written(_keys.mac(url))}/{url.encode().hex()}"


def signed(signature: str, said: str) -> str | None:
    """The address that was signed, as such an address says it; None if this site never gave it."""
    try:
        url = bytes.fromhex(said).decode()
    except ValueError:
        return None
    is_ours = signature.isascii() and any(hmac.compare_digest(signature, _written(mac)) for mac in _keys.macs(url))
    return url if is_ours and _mode == "proxy" else None


def state() -> int:
    """A small number that is another one when pictures are shown otherwise, or signed by another key."""
    if _mode == "proxy":
        return 2 + crc32(_keys.present.encode()) % 254
    return 0 if _mode == "link" else 1


def _written(mac: bytes) -> str:
    return mac.hex()[:_SIGNED]
