"""What somebody wrote, as HTML that a mail can carry: Markdown with a style at each element, and without pictures.

A picture would be asked for with a login that mail programs do not have, or tell its owner who reads what.
"""

from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from markupsafe import Markup

from webapp.mail.looks import look
from webapp.text import markdown

# What an element becomes, and how it looks; the words of all others stand without them.
SAME = {"p", "ul", "ol", "li", "pre", "code", "blockquote", "table", "th", "td"}
BARE = {"strong", "em", "s", "sub", "sup", "thead", "tbody", "tr", "br", "hr"}
NO_END = {"br", "hr"}
TITLES = {"h3", "h4", "h5", "h6"}


def rich(source: str, site: str) -> Markup:
    """The HTML of a Markdown text; links into this site are whole."""
    writer = _Writer(site)
    writer.feed(markdown.render(source))
    writer.close()
    return Markup("".join(writer.parts))  # noqa: S704


class _Writer(HTMLParser):
    """Writes anew what the sanitiser has let through."""

    def __init__(self, site: str) -> None:
        super().__init__(convert_charrefs=True)
        self.site = site
        self.parts: list[str] = []
        self.links: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._begin_link(given.get("href", ""))
        elif tag == "img":
            self.parts.append(escape(given.get("alt") or "a picture"))
        elif tag == "input":
            self.parts.append("☑" if "checked" in given else "☐")
        else:
            self.parts.append(_beginning(tag))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.parts.append("</a>" if self.links and self.links.pop() else "")
        elif tag in TITLES:
            self.parts.append("</p>")
        elif tag in SAME | BARE and tag not in NO_END:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data))

    def _begin_link(self, address: str) -> None:
        if address.startswith("/") and not address.startswith("//"):
            address = self.site + address
        leads = urlsplit(address).scheme in ("http", "https", "mailto")
        self.links.append(leads)
        if leads:
            self.parts.append(f'<a {look("link")} href="{escape(address)}">')


def _beginning(tag: str) -> str:
    if tag in TITLES:
        return f"<p {look('rich-title')}>"
    if tag in SAME:
        return f"<{tag} {look(f'rich-{tag}')}>"
    return f"<{tag}>" if tag in BARE else ""
