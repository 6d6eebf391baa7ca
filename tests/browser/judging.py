"""Judges of pages: each page is opened once for each width, and once without a script, and looked at in every way."""

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.browser.offering import Offering
from webapp.config import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
NU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
LOOKS = f"window.looks || (() => {{ {(Path(__file__).parent / 'looks.js').read_text()} }})()"
# Whatever moves while a page arrives.
MOVED = """window.moved = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) moved.push(
    [one.value, ...one.sources.map((it) => it.node?.outerHTML?.slice(0, 90))]);
}).observe({ type: "layout-shift", buffered: true })"""
WIDE, PHONE, SMALL = ({"width": width, "height": 844} for width in (1280, 390, 320))
# A list of fifty rows has the most elements: each has its status, labels, people and numbers, with their marks.
REQUESTS, KIB, ELEMENTS = 4, 49, 2100
# What comes on top of that: what people put there, and the rules for links, for which a browser asks when all is there.
UPLOADED = re.compile(r"/attachments/|/avatar|/pictures/|/speculation\.json")
# A row of links on the right arrives from its left, and a table's columns fit what has come of it: each that follows
# may move them by a few pixels. How slow pages stand still, to the pixel, is looked at by test_steady.py.
UNSEEN = 0.03
# All that axe knows but what is about colours, which is asked for each theme.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}},
}
# What depends on how much room there is.
OF_ROOM = {"runOnly": ["target-size", "scrollable-region-focusable", "region", "page-has-heading-one"]}


def look(page: Any, what: str, *given: Any) -> Any:
    """What a look of looks.js returns."""
    page.evaluate(LOOKS)
    return page.evaluate(f"(given) => looks.{what}(...given)", list(given))


class Window:
    """Somebody's window, and what a page in it said, asked for and weighed as it arrived."""

    def __init__(self, chromium: Any, cookie: Any) -> None:
        context = chromium.new_context(viewport=WIDE, reduced_motion="reduce")
        if cookie:
            context.add_cookies([cookie])
        context.add_init_script(MOVED)
        self.page = context.new_page()
        self.said: list[str] = []
        self.asked: dict[str, str] = {}
        self.weights: dict[str, float] = {}
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        wire = context.new_cdp_session(self.page)
        wire.on("Network.requestWillBeSent", self._ask)
        wire.on("Network.loadingFinished", self._weigh)
        wire.on("Network.loadingFailed", lambda got: self.said.append(f"failed: {got}"))
        wire.send("Network.enable")

    def open(self, url: str) -> str:
        """Go there, and wait until it stands; returns the page as it was served."""
        self.said.clear()
        self.asked.clear()
        answer = self.page.goto(url)
        look(self.page, "arrived")
        return str(answer.text())

    @property
    def weight(self) -> float:
        """In KiB, for somebody who has nothing of it yet: what is kept weighs what it did when it came."""
        return sum(self.weights.get(url, 0) for url in self.ours) / 1024

    @property
    def ours(self) -> list[str]:
        """What was asked for, but for what people put there."""
        return [url for url in self.asked.values() if not UPLOADED.search(url)]

    def _hear(self, message: Any) -> None:
        """A page that is refused says so itself."""
        if message.type in ("error", "warning") and message.location.get("url") != self.page.url:
            self.said.append(message.text)

    def _ask(self, sent: Any) -> None:
        url = sent["request"]["url"]
        if sent.get("type") == "Prefetch":
            return  # of what may come next
        if not url.startswith("data:") and not url.endswith("favicon.svg"):  # once for all pages, after the first
            self.asked[sent["requestId"]] = url

    def _weigh(self, got: Any) -> None:
        url = self.asked.get(got["requestId"])
        if url:
            self.weights[url] = max(got["encodedDataLength"], self.weights.get(url, 0))


class Judges:
    """They look at pages, and note what is wrong: by what must be so, the page and what is not."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        self.served: dict[str, str] = {}
        self.known: dict[str, list[str]] = defaultdict(list)  # names of what was looked at, by look and theme
        self.built: set[str] = set()

    def note(self, fact: str, path: str, found: Iterable[Any]) -> None:
        """Note what is wrong with a page."""
        self.found[fact] += [(path, what) for what in found]

    def look_at(self, window: Window, url: str, path: str) -> None:
        """Open a page once, and look at it in every way."""
        self.served[path] = window.open(url + path)
        self.arrival(window, path)
        self.shape(window.page, path)
        if (skeleton := look(window.page, "skeleton")) not in self.built:
            self.built.add(skeleton)
            self.access(window.page, path)

    def arrival(self, window: Window, path: str) -> None:
        """What a page says, weighs and moves on its way."""
        self.note("says nothing on the console", path, window.said)
        moved = window.page.evaluate("moved")
        self.note("stays where it is while it arrives", path, moved if sum(one[0] for one in moved) > UNSEEN else [])
        self.note("asks for little", path, [window.ours] * (len(window.ours) > REQUESTS))
        self.note("weighs little", path, [f"{window.weight:.1f} KiB"] * (window.weight > KIB))

    def shape(self, page: Any, path: str) -> None:
        """What is there, whether it fits, and whether keys lead through it."""
        self.note("has few elements", path, look(page, "large", ELEMENTS))
        self.note("has one heading", path, look(page, "headings"))
        self.note("names every control", path, look(page, "nameless"))
        self.note("is walked by keys", path, [*look(page, "first"), *look(page, "trapped")])

    def access(self, page: Any, path: str) -> None:
        """What axe knows, and where the focus is, in both themes and with little room; also whether it fits."""
        page.evaluate(AXE.read_text())
        self.note("is open to all", path, look(page, "axe", RULES))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            self.fresh("is open to all", path, page, "colours", scheme)
            self.fresh("shows the focus", path, page, "dim", scheme)
        page.emulate_media(color_scheme="light")
        for size in (PHONE, SMALL):
            page.set_viewport_size(size)
            self.note("scrolls one way", path, look(page, "wide", size["width"]))
            if size is PHONE:
                self.note("is open to all", path, look(page, "axe", OF_ROOM))
                self.fresh("is open to all", path, page, "colours", "phone")
        page.set_viewport_size(WIDE)

    def fresh(self, fact: str, path: str, page: Any, what: str, scheme: str) -> None:
        """Look at what is called as nothing that was looked at before."""
        known = self.known[f"{what} {scheme}"]
        found, names = look(page, what, known)
        self.note(fact, path, [(scheme, one) for one in found])
        known += names

    def markup(self, folder: Path) -> None:
        """All pages as they were served, read by the Nu checker at once."""
        paths = list(self.served)
        for number, path in enumerate(paths):
            (folder / f"{number}.html").write_text(self.served[path])
        command = [
            "java",
            "-Xss1m",
            "-jar",
            str(NU),
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            str(folder),
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        # In which language people write it can only guess.
        for message in (
            one for one in json.loads(said)["messages"] if "appears to be written in" not in one["message"]
        ):
            path = paths[int(Path(message["url"]).stem)]
            self.note("is valid", path, [(message["type"], message["message"], message.get("extract", ""))])

    def offerings(self, is_known: Callable[[tuple[str, str]], bool]) -> None:
        """What all pages offer without a script, and whether it leads somewhere."""
        for path, text in self.served.items():
            offering = Offering(path, text)
            self.note("needs no script", path, offering.dead)
            self.note("leads somewhere", path, (way for way in offering.ways if way[1] != path and not is_known(way)))
