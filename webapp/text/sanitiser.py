"""The second lock: whatever the parser lets through, only this leaves."""

import re

import nh3
from pygments.token import STANDARD_TYPES

from webapp.text import elsewhere
from webapp.text.anchors import OURS

_ALERTS = ("note", "tip", "important", "warning", "caution")
_PICTURE = re.compile(rf"/attachments/thumbnails/[0-9]{{1,18}}|{elsewhere.SHOWN.pattern}")
_SIZE = re.compile(r"[0-9]{1,4}")

_PLAIN = {
    "p", "br", "wbr", "hr", "em", "strong", "s", "ins", "mark", "code", "kbd", "sub", "small", "q", "samp", "var",
    "cite", "ruby", "rt", "rp", "ul", "blockquote", "table", "thead", "tbody", "tfoot", "tr", "caption", "summary",
    "picture", "dl", "dt", "dd", "figure", "figcaption",
}  # fmt: skip
_ALIGNMENTS = {"align-left", "align-center", "align-right"}
_HEADINGS = {"h3", "h4", "h5", "h6"}
_CELL = {"colspan", "rowspan"}
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "aria-label"},
    "abbr": {"title"},
    "details": {"open"},
    "dfn": {"title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "pre": {"tabindex"},
    "div": {"tabindex"},
    "ol": {"start"},
    "li": {"id"},
    "input": {"disabled", "checked", "aria-label", "data-line"},
    "source": {"media", "srcset"},
    "span": set[str](),
    "sup": {"id"},
    "th": _CELL,
    "td": _CELL,
    **{name: {"id"} for name in _HEADINGS},
}
_CLASSES = {
    "a": {"anchor", "attachment", "footnote", "footnote-back", "image-link", "picture", "reference"},
    "p": {"alert-title"},
    "pre": {"as-typed"},
    "div": {"table-scroll", "heading", "alert", *(f"alert-{kind}" for kind in _ALERTS), *_ALIGNMENTS},
    "ol": {"contains-task-list", "footnotes"},
    "ul": {"contains-task-list"},
    "li": {"task-list-item"},
    "th": _ALIGNMENTS,
    "td": _ALIGNMENTS,
    "span": {f"h-{name}" for name in STANDARD_TYPES.values() if name},
    **dict.fromkeys(_HEADINGS, _ALIGNMENTS),
}
_ALLOWED = {
    # The only pictures are our own small ones, and those that this site fetches: another address would tell its owner
    # who reads what.
    "src": _PICTURE,
    "srcset": _PICTURE,
    # Nothing may take the name of a part of the page.
    "id": re.compile(rf"{OURS}[^\s\"'<>&]{{1,400}}"),
    "media": re.compile(r"\(prefers-color-scheme: (?:dark|light)\)"),
    "width": _SIZE,
    "height": _SIZE,
    "colspan": _SIZE,
    "rowspan": _SIZE,
}


def _only_what_is_ours(tag: str, attribute: str, value: str) -> str | None:
    allowed = _ALLOWED.get(attribute)
    return value if allowed is None or allowed.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=_PLAIN | set(_ATTRIBUTES),
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    tag_attribute_values={"a": {"role": {"doc-noteref", "doc-backlink"}}, "input": {"type": {"checkbox"}}},
    attribute_filter=_only_what_is_ours,
    url_schemes={"http", "https", "mailto"},
    # Set by the dressing on foreign links only; the library would set it on all.
    link_rel=None,
)


def clean(html: str) -> str:
    """Return the HTML with nothing in it but elements and attributes of the list above."""
    return _cleaner.clean(html)
