"""The forms of a page, as one fills them in: read in its HTML, so that no list of them has to be kept."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TYPED = {"text", "search", "textarea"}


@dataclass
class Form:
    """A form, with what it would send as it is, and the fields that anything may be typed into."""

    method: str
    action: str
    values: list[tuple[str, str]] = field(default_factory=list)
    typed: dict[str, tuple[str, int]] = field(default_factory=dict)  # kind and longest
    has_button: bool = False
    has_fields: bool = False  # any that are seen

    def filled(self, texts: dict[str, str]) -> list[tuple[str, str]]:
        """What it sends with these texts in its fields."""
        return [(name, value) for name, value in self.values if name not in texts] + list(texts.items())


class Forms(HTMLParser):
    """All forms of a page."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.all = address, dict[str, Form]()
        self.open = self.select = self.area = ""
        self.text: list[str] | None = None  # of a textarea, or of an option that has no other value
        self.chosen: str | None = None
        self.invalid: set[str] = set()  # what it says something against
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = given.get("id") or f"#{len(self.all)}"
            action = urljoin(self.address, given.get("action") or self.address)
            self.all[self.open] = Form(given.get("method", "get").lower(), action)
        form = self.all.get(given.get("form", self.open))
        if form is not None and "disabled" not in given:
            self._part(form, tag, given)

    def _part(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        self.invalid |= {name} if given.get("aria-invalid") == "true" else set()
        form.has_fields |= tag in ("textarea", "select") or (tag == "input" and given.get("type") != "hidden")
        match tag:
            case "input":
                self._input(form, name, given)
            case "textarea":
                form.typed[name] = ("textarea", int(given.get("maxlength") or 60_000))
                self.area, self.text = name, []
            case "select":
                self.select, self.chosen = name, None
            case "option":
                self._option(given)
            case "button":
                self._button(form, name, given)

    def _option(self, given: dict[str, str]) -> None:
        if self.select and (self.chosen is None or "selected" in given):
            self.chosen = given.get("value")
            self.text = [] if self.chosen is None else None

    def _button(self, form: Form, name: str, given: dict[str, str]) -> None:
        """The first button is the one that is pressed."""
        if given.get("type", "submit") == "submit" and not form.has_button:
            form.has_button = True
            form.values += [(name, given.get("value", ""))] if name and "formaction" not in given else []

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in TYPED and "readonly" not in given and name:
            form.typed[name] = (kind, int(given.get("maxlength") or 200))
            form.values.append((name, given.get("value", "")))
        elif (
            name
            and kind not in ("submit", "image", "file")
            and (kind not in ("checkbox", "radio") or "checked" in given)
        ):
            form.values.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.text is not None and tag in ("textarea", "option"):
            self._text(tag, "".join(self.text))
            self.text = None
        if tag == "select" and self.select:
            form = self.all.get(self.open)
            if form is not None and self.chosen is not None:
                form.values.append((self.select, self.chosen))
            self.select = ""
        if tag == "form":
            self.open = ""

    def _text(self, tag: str, text: str) -> None:
        form = self.all.get(self.open)
        if tag == "option":
            self.chosen = text.strip()
        elif form is not None:
            form.values.append((self.area, text.removeprefix("\n")))
