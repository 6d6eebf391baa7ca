"""Atom feeds (RFC 4287): a list of issues, or the talk about one of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

NAMESPACE = "http://www.w3.org/2005/Atom"
# When a feed changed that nothing was in yet.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# What XML cannot say, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a feed: `id` names it for ever, `html` is safe to show."""

    id: str
    title: str
    address: str
    author: str
    created_at: datetime
    changed_at: datetime
    html: str
    categories: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Atom:
    """A feed: `own` is its address, `address` that of the page which it follows."""

    site: str
    id: str
    title: str
    address: str
    own: str
    entries: Sequence[Entry]

    @property
    def changed_at(self) -> datetime:
        """When something in it changed last."""
        return max((entry.changed_at for entry in self.entries), default=BEGINNING)

    def as_text(self) -> str:
        """The feed as XML."""
        # Links in texts lead to paths of this site; readers know from the base which site that is.
        root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:base": f"{self.site}/"})
        _say(root, "id", named(self.site, self.id))
        _say(root, "title", self.title)
        _say(root, "updated", _moment(self.changed_at))
        ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": _permitted(self.own)})
        ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": _permitted(self.address)})
        _say(root, "generator", "Cairn")
        for entry in self.entries:
            _enter(root, entry, self.site)
        return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def named(site: str, thing: str) -> str:
    """A name that a thing keeps when its title, its project or its project's key changes (RFC 4151)."""
    return f"tag:{urlsplit(site).hostname},2026:{thing}"


def _enter(root: ET.Element, entry: Entry, site: str) -> None:
    element = ET.SubElement(root, "entry")
    _say(element, "id", named(site, entry.id))
    _say(element, "title", entry.title)
    _say(element, "published", _moment(entry.created_at))
    _say(element, "updated", _moment(entry.changed_at))
    _say(ET.SubElement(element, "author"), "name", entry.author)
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.address})
    for category in entry.categories:
        ET.SubElement(element, "category", {"term": _permitted(category)})
    _say(element, "content", entry.html).set("type", "html")


def _say(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = _permitted(text)
    return element


def _permitted(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
