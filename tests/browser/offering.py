"""What a page offers without a script: read in its HTML, where what needs one is marked `scripted`."""

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Offering(HTMLParser):
    """The links and forms of a page, and what of it does nothing."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.open = address, [("", False, "")]  # each with whether it needs a script, and its form
        self.dead: list[str] = []
        self.ids: set[str] = set()
        self.named: set[str] = set()  # the parts of the page that links lead to
        self.forms: dict[str, tuple[str, str]] = {}  # method and address
        self.pressed: set[str] = set()  # forms that have a button
        self.ways: set[tuple[str, str]] = set()  # methods and addresses
        self.feed(text)
        self.dead += [f"no part {name}" for name in self.named - self.ids]
        self.dead += [f"no button: {self.forms[form]}" for form in self.forms.keys() - self.pressed]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        _, scripted, form = self.open[-1]
        scripted = scripted or "scripted" in given.get("class", "").split()
        self.ids.add(given.get("id", ""))
        if tag == "form":
            form = self._form(given)
            self.pressed |= {form} if scripted else set()  # it is not there without a script, and promises nothing
        if not scripted:
            self._offer(tag, given, form)
        if tag not in VOID:
            self.open.append((tag, scripted, form))

    def _form(self, given: dict[str, str]) -> str:
        form = given.get("id") or f"#{len(self.forms)}"
        self.forms[form] = given.get("method", "get").upper(), urljoin(self.address, given.get("action", ""))
        self.ways.add(self.forms[form])
        return form

    def _offer(self, tag: str, given: dict[str, str], form: str) -> None:
        if tag == "a":
            self._link(given)
        if tag == "button":
            self._button(given, given.get("form", form))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def _link(self, given: dict[str, str]) -> None:
        address, part = urldefrag(urljoin(self.address, given.get("href", "")))
        if not given.get("href"):
            self.dead.append(f"leads nowhere: {given}")
        if address == self.address and part:
            self.named.add(part)
        if address.startswith("/"):
            self.ways.add(("GET", address))

    def _button(self, given: dict[str, str], form: str) -> None:
        if given.get("type", "submit") != "submit" or not form:
            self.dead.append(f"does nothing: {given}")
        self.pressed.add(form)
        if "formaction" in given:
            method = given.get("formmethod", self.forms.get(form, ("POST", ""))[0]).upper()
            self.ways.add((method, urljoin(self.address, given["formaction"])))
