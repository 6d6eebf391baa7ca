"""The one form in which a text speaks of an attached file: `![shot](/attachments/12/shot.png?w=640&h=480)`.

The address names no project, so it survives a new key and a move. The size of a picture stands in it, so
that a page can leave the right room without looking the file up.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

_ADDRESS = re.compile(
    r"/attachments/([1-9][0-9]{0,17})/[^/?#\s()<>]{1,1800}(?:\?w=([1-9][0-9]{0,4})&h=([1-9][0-9]{0,4}))?"
)
_MENTION = re.compile(r"/attachments/([1-9][0-9]{0,17})/")
_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~!])")
# The widest and the highest that a picture stands in a text.
WIDE, HIGH = 480, 960


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as an address tells of it; without a size it is no picture."""

    id: int
    width: int
    height: int

    @property
    def is_picture(self) -> bool:
        return self.width > 0 and self.height > 0

    @property
    def thumbnail(self) -> str:
        return thumbnail(self.id)

    @property
    def shown_size(self) -> tuple[int, int]:
        """The size to show it in: its own, or smaller."""
        scale = min(1.0, WIDE / self.width, HIGH / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


def read(address: str) -> Attached | None:
    """The file that the address is of, if it is of one."""
    match = _ADDRESS.fullmatch(address)
    return Attached(int(match[1]), int(match[2] or 0), int(match[3] or 0)) if match else None


def mentioned(text: str) -> list[int]:
    """The ids of the files that a text names by address, each once."""
    return list(dict.fromkeys(int(id) for id in _MENTION.findall(text)))


def address(id: int, name: str) -> str:
    """Where the file is."""
    return f"/attachments/{id}/{quote(name, safe='')}"


def thumbnail(id: int) -> str:
    """Where its small picture is."""
    return f"/attachments/thumbnails/{id}"


def markdown(id: int, name: str, width: int | None, height: int | None) -> str:
    """What to write into a text: a picture is shown, another file linked."""
    escaped = _SPECIAL.sub(r"\\\1", name)
    if width and height:
        return f"![{escaped}]({address(id, name)}?w={width}&h={height})"
    return f"[{escaped}]({address(id, name)})"
