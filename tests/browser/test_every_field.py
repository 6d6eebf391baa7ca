"""Whatever is typed into a field of a form is text on every page that shows it: no script, not even one that the
policy of the page stops.

Every form of every page is sent, with hostile words in all of its fields, and every page is opened after that, also
those that say what was wrong. `bin/test --attack` does so again and again, with the payloads of `CAIRN_CORPORA` too.
"""

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.browser.forms import Form, Forms
from tests.server.running import serving
from tests.text import corpora

WATCH = """
window.caught = [];
for (const name of ["alert", "confirm", "prompt", "print", "canary"])
  window[name] = (...what) => { caught.push(`${name} ran: ${what.join().slice(0, 60)}`); };
document.addEventListener("securitypolicyviolation", (event) => {
  if (!/^(img|media|font)-src/.test(event.effectiveDirective)) caught.push(`stopped by ${event.effectiveDirective}`);
});
"""
# What a text made of the page, whether or not it ran; and what a mouse and keys would set off.
LOOK = """() => {
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes)
      if (/^on/.test(name) || (/^(href|src|action|formaction|data|xlink:href)$/.test(name) && /^\\s*(javascript|vbscript|data:text)/i.test(value))) caught.push(`<${one.localName} ${name}="${value.slice(0, 60)}">`);
    if (/^(canary-|script$|iframe$|object$|embed$|base$)/.test(one.localName) && !one.src?.startsWith(location.origin)
        && one.type !== "application/json") caught.push(`<${one.localName}>`);
  }
  return caught;
}"""
# A way out of each place that a text can stand in, and something that runs.
WAYS_OUT = (
    "",
    '"',
    "'",
    ">",
    "\"'>",
    "</title>",
    "</textarea>",
    "</script>",
    "-->",
    "</style>",
    "`",
    "]]>",
    "</option></select>",
)
RUNS = (
    "<img src=x onerror=canary({})>", "<svg onload=canary({})>", "<script>canary({})</script>",
    " autofocus onfocus=canary({}) x=", "<canary-{0} onclick=canary({0})>", "<details open ontoggle=canary({})>",
    "javascript:canary({})", "<iframe srcdoc='<script>parent.canary({})</script>'>", "&lt;img src=x onerror=canary({})&gt;",
    "<a href=javascript:canary({})>x</a>", "[x](javascript:canary({}))", "<base href=//canary-{}.test>",
)  # fmt: skip
# Out of all of them at once.
ONE = "</title></textarea></script>\"'--><img src=x onerror=canary(1)><canary-1>"
# What would end the login, or the account that all of it is done with.
LEFT = ("/auth/logout", "/auth/password", "/auth/me", "/auth/sign-ins", "/auth/email")
WHOLE = "CAIRN_ATTACK" in os.environ
TURNS = 8


@dataclass
class Attack:
    """Somebody who may do everything, and sends all forms with what would run if it were no text."""

    window: Any
    url: str
    pages: list[str]
    sent: dict[str, int] = field(default_factory=dict)  # the forms, and what was answered
    fields: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def type_everywhere(self, text_for) -> None:
        """Send every form, with what `text_for(kind, longest, number)` says in its fields."""
        done = set()
        for path in self.pages:
            answer = self.window.request.get(self.url + path, max_redirects=0, headers={"Accept": "text/html"})
            if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            for form in Forms(self.url + path, answer.text()).all.values():
                key = (form.method, urlsplit(form.action).path, *sorted(form.typed))
                if form.typed and key not in done and not urlsplit(form.action).path.startswith(LEFT):
                    done.add(key)
                    self.send(form, text_for)

    def send(self, form: Form, text_for) -> None:
        texts = {name: text_for(*form.typed[name], len(self.fields) + place) for place, name in enumerate(form.typed)}
        path = urlsplit(form.action).path
        self.fields |= {(path, name) for name in texts}
        if form.method == "get":
            self.asked.add(f"{path}?{urlencode(form.filled(texts))}")
        elif wrong := self.post(form, texts):
            # What has to be a colour, say, stays as it was, so that the others are taken.
            self.post(form, {name: text for name, text in texts.items() if name not in wrong})

    def post(self, form: Form, texts: dict[str, str]) -> set[str]:
        """Send a form; says what is wrong with it, if that is all that there is."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        sent = urlencode(form.filled(texts))
        answer = self.window.request.post(form.action, data=sent, headers=kind, max_redirects=0)
        self.sent[urlsplit(form.action).path] = answer.status
        if answer.status < 400:
            return set()
        self.refused[form.action] = answer.status, answer.headers, answer.text()
        return Forms(form.action, answer.text()).invalid & set(texts)


def looked_at(page, address):
    """What runs, or would have, on the page at this address."""
    page.goto(address, wait_until="load")
    return page.evaluate(LOOK)


def replayed(page, address, status, headers, text):
    """The same of an answer that there was."""
    page.route(address, lambda route: route.fulfill(status=status, headers=headers, body=text))
    found = looked_at(page, address)
    page.unroute(address)
    return found


@pytest.fixture(scope="module")
def attack(full, chromium):
    window = chromium.new_context()
    window.add_init_script(WATCH)
    window.add_cookies([full.cookie])
    # The large project has the same forms once more.
    pages = [*full.pages, *full.strangers] if WHOLE else [path for path in full.pages if "/WALL/" not in path]
    yield Attack(window, full.server.url, pages)
    window.close()


def shown(attack):
    """What is found on all pages. One that has no word of it need not be drawn."""
    page, found, drawn = attack.window.new_page(), {}, 0
    for path in [*attack.pages, *sorted(attack.asked)]:
        answer = attack.window.request.get(attack.url + path, headers={"Accept": "text/html"})
        kind = answer.headers.get("content-type", "")
        if answer.status == 200 and kind.startswith("text/html") and (WHOLE or "canary" in answer.text()):
            drawn += 1
            if caught := replayed(page, attack.url + path, 200, answer.headers, answer.text()):
                found[path] = caught
    for address, (status, headers, text) in attack.refused.items():
        if caught := replayed(page, address, status, headers, text):
            found[address] = caught
    page.close()
    return found, drawn


def test_a_careless_page_is_caught(attack, full):
    page = attack.window.new_page()
    with serving() as site:
        site.pages["/"] = f"<title>x</title><p>{ONE}"
        assert "canary ran: 1" in looked_at(page, site.origin)
        site.pages["/"] = (
            f'<title>x</title><input value="{RUNS[3].format(2).strip()}"><a href="javascript:canary(3)">x</a>'
        )
        assert len(looked_at(page, site.origin)) == 1
    policy = full.server.ask("GET", "/auth/login", page=True).headers["Content-Security-Policy"]
    headers = {"Content-Type": "text/html", "Content-Security-Policy": policy}
    found = replayed(page, f"{full.server.url}/careless", 200, headers, f"<title>x</title><p>{ONE}")
    assert any(one.startswith("stopped by script-src") for one in found)
    assert not any("ran" in one for one in found)


def test_what_is_typed_is_text_wherever_it_is_shown(attack):
    attack.type_everywhere(lambda kind, longest, number: ONE[-longest:] if longest < len(ONE) else ONE)
    found, drawn = shown(attack)
    assert found == {}
    taken = [path for path, status in attack.sent.items() if status == 303]
    print(
        len(attack.fields), len(taken), len(attack.refused), drawn, {p: t for p, t in attack.sent.items() if t != 303}
    )
    assert len(attack.fields) > 80
    assert len(taken) > 20
    assert drawn > 40


def several(texts, turn):
    """Which of many texts stand in a field this time: many where there is room for them, else one that fits."""

    def text_for(kind, longest, number):
        if kind == "textarea":
            begin = (number * 7 + turn * 31) * 10 % len(texts)
            return "\n\n".join(texts[begin : begin + 40])[: min(longest, 30_000)]
        fitting = [text for text in texts if len(text) <= longest]
        return fitting[(number + turn * 37) % len(fitting)]

    return text_for


@pytest.mark.attack
@pytest.mark.parametrize("turn", range(TURNS))
def test_every_way_to_run_is_text_in_every_field(attack, turn):
    texts = [way + run.format(2) for way in WAYS_OUT for run in RUNS]
    if (corpora.FOLDER / "hostile/xss.jsonl").exists():
        texts += [" ".join(payload.split()) for payload in corpora.payloads()]
    attack.asked.clear(), attack.refused.clear()
    attack.type_everywhere(several(texts, turn))
    assert shown(attack)[0] == {}
