import pytest
from markdown_it import MarkdownIt

from tests.text import corpora
from webapp.text.markdown import render

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

pytestmark = corpora.needed


@pytest.fixture(scope="module")
def page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.add_init_script(HOOKS)
    yield page
    context.close()


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
