"""Judges of pages: each page is opened once for each width, and once without a script, and looked at in every way."""

import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from tests.browser.offering import Offering
from webapp.config import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
NU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
LOOKS = (Path(__file__).parent / "looks.js").read_text()
# Each of several, one after another.
ALL = """async (asked) => {
  const found = [];
  for (const [what, ...given] of asked) found.push(await looks[what](...given));
  return found;
}"""
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
    page.evaluate(f"window.looks || (() => {{ {LOOKS} }})()")
    return looks(page, (what, *given))[0]


def looks(page: Any, *asked: tuple[Any, ...]) -> list[Any]:
    """What several return, with one question: to ask costs more than most of them."""
    found: list[Any] = page.evaluate(ALL, asked)
    return found


class Window:
    """Somebody's window, and what a page in it said, asked for and weighed as it arrived."""

    def __init__(self, chromium: Any, cookie: Any) -> None:
        context = chromium.new_context(viewport=WIDE, reduced_motion="reduce")
        if cookie:
            context.add_cookies([cookie])
        context.add_init_script(f"{MOVED}; {LOOKS}")
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
        looks(self.page, ("arrived",))
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
        if (skeleton := self.shape(window.page, path)) not in self.built:
            self.built.add(skeleton)
            self.access(window.page, path)

    def arrival(self, window: Window, path: str) -> None:
        """What a page says, weighs and moves on its way."""
        self.note("says nothing on the console", path, window.said)
        moved = window.page.evaluate("moved")
        self.note("stays where it is while it arrives", path, moved if sum(one[0] for one in moved) > UNSEEN else [])
        self.note("asks for little", path, [window.ours] * (len(window.ours) > REQUESTS))
        self.note("weighs little", path, [f"{window.weight:.1f} KiB"] * (window.weight > KIB))

    def shape(self, page: Any, path: str) -> str:
        """What is there, whether it fits, and whether keys lead through it; returns how the page is built."""
        asked = [("large", ELEMENTS), ("headings",), ("nameless",), ("first",), ("trapped",), ("skeleton",)]
        large, headings, nameless, first, trapped, skeleton = looks(page, *asked)
        self.note("has few elements", path, large)
        self.note("has one heading", path, headings)
        self.note("names every control", path, nameless)
        self.note("is walked by keys", path, [*first, *trapped])
        return str(skeleton)

    def access(self, page: Any, path: str) -> None:
        """What axe knows, and where the focus is, in both themes and with little room; also whether it fits."""
        page.evaluate(AXE.read_text())
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            asked = [("axe", RULES)] if scheme == "light" else []  # what has no colour is the same in both
            *axe, colours, dim = looks(page, *asked, self.fresh("colours", scheme), self.fresh("dim", scheme))
            self.note("is open to all", path, chain(*axe))
            self.judge("is open to all", path, "colours", scheme, colours)
            self.judge("shows the focus", path, "dim", scheme, dim)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        wide, axe, colours = looks(page, ("wide", PHONE["width"]), ("axe", OF_ROOM), self.fresh("colours", "phone"))
        self.note("is open to all", path, axe)
        self.judge("is open to all", path, "colours", "phone", colours)
        page.set_viewport_size(SMALL)
        self.note("scrolls one way", path, [*wide, *looks(page, ("wide", SMALL["width"]))[0]])
        page.set_viewport_size(WIDE)

    def fresh(self, what: str, scheme: str) -> tuple[str, str]:
        """A look at what is called as nothing that was looked at before; the names are many, and go as one text."""
        return what, json.dumps(self.known[f"{what} {scheme}"])

    def judge(self, fact: str, path: str, what: str, scheme: str, answer: tuple[list[Any], list[str]]) -> None:
        """Note what such a look found, and what it has looked at."""
        found, names = answer
        self.note(fact, path, [(scheme, one) for one in found])
        self.known[f"{what} {scheme}"] += names

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
