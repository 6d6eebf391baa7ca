"""The HTML of a mail as Markdown: what it says, and the little of its form that a comment can have."""

import re
from html.parser import HTMLParser

# Beyond that nobody wrote it; and the parser takes longer than its due for some of it.
LONGEST = 100_000
_SILENT = frozenset({"head", "style", "script", "title", "template", "svg", "math", "noscript", "object"})
_BLOCKS = frozenset({
    "address", "article", "aside", "center", "div", "dl", "dt", "dd", "fieldset", "figure", "footer", "form",
    "header", "main", "nav", "ol", "p", "section", "table", "tr", "ul",
})  # fmt: skip
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`", "s": "~~", "del": "~~"}
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_SIGNATURES = ("gmail_signature", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature")
_QUOTES = ("gmail_quote", "yahoo_quoted", "protonmail_quote")
# What Outlook puts before the mail that it answers.
_ENDS = ("divrplyfwdmsg", "appendonsend", "olk_src_body_section", "mail-editor-reference-message-container")
_DECLARATION = re.compile(r"<[!?][^<>]{0,2000}>")
_OPEN = re.compile(r"<(?!/?[a-zA-Z][^<>]{0,4000}>)")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


def markdown_of(html: str) -> str:
    """What an HTML mail says. Unclosed, crossed and unknown elements are as good as others."""
    reader = _Reader()
    reader.feed(_ended(html[:LONGEST]))
    reader.close()
    return reader.text()


def _ended(html: str) -> str:
    """The same with no tag that does not end: for these the parser looks through all the rest, each time."""
    parts, begin = [], 0
    while (found := html.find("<!--", begin)) >= 0:
        parts.append(html[begin:found])
        end = html.find("-->", found)
        begin = end + 3 if end >= 0 else len(html)
    whole = _DECLARATION.sub("", "".join([*parts, html[begin:]]))
    return _OPEN.sub("&lt;", whole)


class _Reader(HTMLParser):
    """Notes lines; no element is kept as such, so that no depth is too deep."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.silent: list[str] = []
        self.quotes: list[str] = []
        self.links: list[str] = []
        self.verbatim = 0
        self.is_over = False

    def text(self) -> str:
        kept = [line if line == "-- " else line.rstrip() for line in self.lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.is_over or self.silent:
            self._deeper(tag)
            return
        given = {name: value or "" for name, value in attrs}
        names = f"{given.get('class', '')} {given.get('id', '')}".lower()
        if any(one in names for one in _ENDS):
            self.is_over = True
        elif tag in _SILENT or any(one in names for one in _SIGNATURES):
            self.silent.append(tag)
        else:
            self._open(tag, given, names)

    def handle_endtag(self, tag: str) -> None:
        if self.is_over:
            return
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag in _MARKS:
            self._add(_MARKS[tag])
        elif tag == "pre":
            self.verbatim = max(0, self.verbatim - 1)
            self._line("```")
            self._line()
        elif tag == "a":
            self._close_link()
        elif tag in _BLOCKS or tag in _HEADINGS or tag in ("li", "blockquote"):
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if self.is_over or self.silent:
            return
        if self.verbatim:
            first, *others = data.replace("\r\n", "\n").split("\n")
            self._add(first)
            for one in others:
                self._line(one)
            return
        said = _BLANKS.sub(" ", data.replace("\xa0", " "))
        self._add(said.lstrip(" ") if self._is_at_beginning() else said)

    def _deeper(self, tag: str) -> None:
        """Only elements of the same name count, and those that end."""
        if self.silent and tag == self.silent[-1] and tag not in _VOID:
            self.silent.append(tag)

    def _open(self, tag: str, given: dict[str, str], names: str) -> None:
        if tag == "blockquote" or any(one in names for one in _QUOTES):
            self._line()
            self.quotes.append(tag)
            self.lines[-1] = self._prefix()
        elif tag == "a":
            self.links.append(given.get("href", ""))
            self._add("[" if self._leads(self.links[-1]) else "")
        elif tag == "br":
            self._line()
        elif tag == "pre":
            self._line("```")
            self.verbatim += 1
            self._line()
        elif tag == "img" and given.get("alt"):
            self._add(f"[{given['alt'][:80]}]")
        else:
            self._begin(tag)

    def _begin(self, tag: str) -> None:
        if tag in _MARKS:
            self._add(_MARKS[tag])
        elif tag == "hr":
            self._line("_" * 32)
            self._line()
        elif tag == "li":
            self._fresh()
            self.lines[-1] = f"{self._prefix()}- "
        elif tag in _HEADINGS:
            self._fresh()
            self._line(f"{_HEADINGS[tag]} ")
        elif tag in ("td", "th"):
            self._add("" if self._is_at_beginning() else " ")
        elif tag in _BLOCKS:
            self._fresh()
            self._part_from_words(tag)

    def _part_from_words(self, tag: str) -> None:
        """A list has a blank line before it."""
        if tag in ("ul", "ol") and len(self.lines) > 1 and self.lines[-2].strip(" >"):
            self._line()

    def _close(self, tag: str) -> None:
        self._fresh()
        if self.quotes and tag == self.quotes[-1]:
            self.quotes.pop()
            self._line()
        elif tag in ("p", "table", "ul", "ol") or tag in _HEADINGS:
            self._line()

    def _close_link(self) -> None:
        """A link that shows its own address is written once."""
        href = self.links.pop() if self.links else ""
        if not self._leads(href):
            return
        before, bracket, shown = self.lines[-1].rpartition("[")
        if bracket and shown.strip() in ("", href, href.removeprefix("mailto:"), href.rstrip("/")):
            self.lines[-1] = before + href.removeprefix("mailto:")
        else:
            self._add(f"]({href})")

    @staticmethod
    def _leads(href: str) -> bool:
        return href.startswith(("http://", "https://", "mailto:")) and not re.search(r"[\s()<>]", href)

    def _prefix(self) -> str:
        return "> " * min(len(self.quotes), 10)

    def _is_at_beginning(self) -> bool:
        return self.lines[-1] in (self._prefix(), self._prefix() + "- ")

    def _add(self, words: str) -> None:
        self.lines[-1] += words

    def _line(self, words: str = "") -> None:
        self.lines.append(self._prefix() + words)

    def _fresh(self) -> None:
        """Begin a line, unless one is begun."""
        if not self._is_at_beginning():
            self._line()
