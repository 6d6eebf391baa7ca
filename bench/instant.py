"""How soon a page is there: `python -m bench instant URL EMAIL PASSWORD /projects/DEMO/issues?q=is:all`.

A real Chromium whose every request takes 40 ms to come back goes from a list to an issue, to the next one, and back,
by addresses alone, with nothing in its cache before each; once with scripts and once without. Told is the time from
the start of the navigation until the largest part of what is seen was painted, and for the way back until the page is
shown: of as many rounds the one that three of four are not above, and the least, which a busy machine disturbs less.
"""

import argparse
import json
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

LATENCY = 40
LIMITS = {True: 200, False: 250}  # milliseconds, with scripts and without
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
# Nothing larger is painted any more once the page has been quiet for so long.
QUIET = 300


def rounds(browser: Any, asked: argparse.Namespace, *, scripts: bool) -> dict[str, list[float]]:
    """By step, what each round took in milliseconds."""
    state, took = _signed_in(browser, asked), defaultdict(list)
    for _ in range(asked.rounds):
        context = browser.new_context(storage_state=state, java_script_enabled=scripts)
        for step, milliseconds in _walk(context.new_page(), asked.url + asked.list):
            took[step].append(milliseconds)
        context.close()
    return took


def _signed_in(browser: Any, asked: argparse.Namespace) -> Any:
    page = browser.new_page()
    page.goto(f"{asked.url}/auth/login")
    page.get_by_label("E-mail").fill(asked.email)
    page.get_by_label("Password").fill(asked.password)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{asked.url}/")
    state = page.context.storage_state()
    page.context.close()
    return state


def _walk(page: Any, start: str) -> Iterator[tuple[str, float]]:
    wire, painted = page.context.new_cdp_session(page), []
    wire.on("PerformanceTimeline.timelineEventAdded", lambda one: painted.append(one["event"]["lcpDetails"]))
    wire.send("PerformanceTimeline.enable", {"eventTypes": ["largest-contentful-paint"]})
    wire.send("Network.enable")
    slow = {"offline": False, "latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
    wire.send("Network.emulateNetworkConditions", slow)
    yield "list", _seen(page, wire, painted, start)
    issue = page.locator(".issue-row .title").nth(1).evaluate("(link) => link.href")
    yield "issue", _seen(page, wire, painted, issue)
    following = page.locator("a[rel=next], a[rel=prev]").first.evaluate("(link) => link.href")
    yield "next", _seen(page, wire, painted, following)
    began = time.perf_counter()
    page.go_back(wait_until="commit")
    yield "back", (time.perf_counter() - began) * 1000


def _seen(page: Any, wire: Any, painted: list[Any], address: str) -> float:
    """Go there; how long it took until the last that was larger than all before was painted."""
    wire.send("Network.clearBrowserCache")
    painted.clear()
    page.goto(address)
    page.wait_for_timeout(QUIET)
    while not painted:  # a busy machine tells it late
        page.wait_for_timeout(QUIET)
    last = max(one["renderTime"] or one["loadTime"] for one in painted)
    return float(last * 1000 - page.evaluate("performance.timeOrigin"))


def _third_quarter(took: list[float]) -> float:
    return sorted(took)[-(len(took) // 4) - 1]


def main() -> None:
    """Measure, and print a line for each step."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "email", "password", "list"):
        parser.add_argument(name)
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
        )
        for scripts, limit in LIMITS.items():
            took = rounds(browser, asked, scripts=scripts)
            told = {step: {"p75": round(_third_quarter(one)), "least": round(min(one))} for step, one in took.items()}
            print(json.dumps({"scripts": scripts, "limit": limit, **told}))
        browser.close()
