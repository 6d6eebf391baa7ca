"""Reads rendered HTML as a suspicious stranger would."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

ELEMENTS = {
    "a", "abbr", "blockquote", "br", "caption", "cite", "code", "dd", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "img", "input", "ins", "kbd", "li", "mark", "ol", "p",
    "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "var", "wbr",
}  # fmt: skip
ATTRIBUTES = {
    "alt", "aria-label", "checked", "class", "data-line", "disabled", "href", "rel", "start", "tabindex", "title",
    "type", "role", "src", "width", "height", "loading", "open", "media", "srcset", "colspan", "rowspan", "id",
}  # fmt: skip
_OUR_PICTURE = re.compile(r"/attachments/thumbnails/[1-9][0-9]*|/pictures/[0-9a-f]{32}/[0-9a-f]+")
_OUR_PLACE = re.compile(r"user-content-[^\s\"'<>]+")
_OUR_ROLES = {"doc-noteref", "doc-backlink"}
_SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\-]*):", re.IGNORECASE)


@dataclass
class _Walk(HTMLParser):
    flags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        if tag not in ELEMENTS:
            self.flags.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.flags.append(f"{tag} {name}")
            self._look(tag, name, value or "")

    def _look(self, tag, name, value):
        if name == "id" and not _OUR_PLACE.fullmatch(value):
            self.flags.append(f"{tag} id={value}")
        if name == "role" and (tag != "a" or value not in _OUR_ROLES):
            self.flags.append(f"{tag} role={value}")
        if name in ("src", "srcset") and not _OUR_PICTURE.fullmatch(value):
            self.flags.append(f"{tag} {name}={value}")
        if name == "href":
            self._follow(tag, re.sub(r"[\t\n\r]", "", value))

    def _follow(self, tag, address):
        scheme = _SCHEME.match(address)
        if scheme and scheme[1].lower() not in {"http", "https", "mailto"}:
            self.flags.append(f"{tag} href {scheme[1]}:")

    def handle_comment(self, data):
        self.flags.append("<!--")

    def handle_decl(self, decl):
        self.flags.append("<!")

    def handle_pi(self, data):
        self.flags.append("<?")


def flags(html: str) -> list[str]:
    """What in this HTML is not on the list; an attribute such as onclick, style or name never is."""
    walk = _Walk()
    walk.feed(html)
    walk.close()
    return walk.flags
