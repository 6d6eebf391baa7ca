from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.text import corpora
from webapp.text.markdown import render

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Not eval: Playwright itself uses it to ask the page.
HOOKS = """
window.executed = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...what) => { executed.push(name + "(" + what.join().slice(0, 60) + ")") };
"""

# What a reader's mouse and keys would set off; a link that runs code counts without the click.
PROVOKE = """() => {
  const events = ["click", "mouseover", "mousemove", "pointerover", "focus", "focusin", "keydown", "input",
                  "change", "toggle", "error", "load", "wheel", "animationstart", "transitionend"];
  for (const element of document.body.querySelectorAll("*")) {
    for (const name of events)
      if (element.localName !== "a" || name !== "click")
        element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
    if (/^(javascript|vbscript|data):/.test(element.protocol)) executed.push(element.href);
  }
  return executed;
}"""

pytestmark = [
    corpora.needed,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="skipped: there is no /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def page():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page()
        page.route("**/*", lambda route: route.abort())
        page.add_init_script(HOOKS)
        yield page
        browser.close()


def executed(page, bodies):
    """What runs when these bodies are shown, each in a document of its own."""
    found = []
    for body in bodies:
        page.goto("about:blank")
        page.set_content(f"<!doctype html><title>x</title><body>{body}", wait_until="commit")
        found += page.evaluate(PROVOKE)
    return found


def test_a_careless_renderer_is_caught(page):
    careless = MarkdownIt("commonmark", {"html": True})
    assert executed(page, [careless.render(text) for text in corpora.payloads()[::60]])


def test_nothing_runs(page):
    texts = corpora.texts()[::7]
    assert executed(page, ["<hr>".join(map(render, texts[at : at + 60])) for at in range(0, len(texts), 60)]) == []
