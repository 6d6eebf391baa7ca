"""What keyboard and eyes need of every page, light and dark, on a desk and on a phone."""

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import log_in, press, settle

PUBLIC = ["/appearance", "/auth/login", "/auth/register", "/nowhere"]
PAGES = [
    "/", "/projects", "/projects/new", "/auth/me", "/auth/password", "/auth/sign-ins", "/inbox", "/users/1",
    "{project}", "{project}/edit", "{project}/delete", "{project}/labels",
    "{project}/labels/{label}/edit", "{project}/labels/{label}/merge", "{project}/labels/{label}/delete",
    "{project}/members", "{project}/members/{me}/edit", "{project}/members/{me}/delete",
    "{project}/transfer", "{invitation}",
    "{project}/templates", "{project}/templates/new", "{project}/templates/1/edit", "{project}/issues/new?template=1",
    "{project}/views", "{project}/views/new", "{project}/views/{view}/edit", "{project}/views/{view}/delete",
    "{project}/issues?view={view}", "{project}/board", "/views", "/views/new",
    "{project}/charts", "/keys", "/palette?q=a", "/search?q=task", "/search?q=nothing+here", "{project}/issues/similar?title=task",
    "{project}/issues", "{project}/issues?priority=high&state=all", "{project}/issues/new",
    "{project}/issues/1", "{project}/issues/1/edit", "{project}/issues/1/delete",
    "{project}/issues/1/comments/{comment}/edit", "{project}/issues/1/comments/{comment}/delete",
]  # fmt: skip
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
BODY = f"{LONG * 3}\n\n```\n{LONG * 3}\n```\n\n|a|b|\n|-|-|\n|{LONG}|{LONG}|\n\n- [ ] task"

# Autofocus would begin further down.
FROM_THE_TOP = """() => {
  const top = document.createElement("span");
  top.tabIndex = -1; document.body.prepend(top); top.focus(); top.remove();
}"""

NAMELESS = """() => [
  ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => !one.labels.length),
  ...[...document.querySelectorAll("a, button, summary")].filter((one) => !one.textContent.trim()),
].filter((one) => !one.ariaLabel).map((one) => one.outerHTML)"""

# The outline's colour is read back from a canvas, as the style may say it in any colour space.
DIM = """() => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (color) => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = color; pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data]
      .map((c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const ground = (one) => {
    for (let at = one.parentElement; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|\\/ 0\\)$|transparent/.test(color)) return light(color);
    }
    return light("Canvas");
  };
  const visible = (one) => {
    one.focus();
    const style = getComputedStyle(one), line = light(style.outlineColor), behind = ground(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && Math.max(line, behind) / Math.min(line, behind) >= 3;
  };
  const reached = "a[href], button, summary, input:not([type=hidden]):enabled, select, textarea, [tabindex='0']";
  return [...document.querySelectorAll(reached)].filter((one) => one.checkVisibility() && !visible(one))
    .map((one) => one.outerHTML);
}"""


@pytest.fixture(scope="module")
def project(server, ada):
    """A project whose content tries the width of its pages."""
    address = server.project(ada, name=LONG, description=BODY)
    server.ask("POST", f"{address}/labels", {"name": LONG[:40], "color": "#d34467"}, by=ada)
    server.ask("POST", f"{address}/labels", {"name": f"{LONG[:50]}::{LONG[:40]}", "color": "#123456"}, by=ada)
    template = {"name": LONG, "title": LONG, "body": BODY, "labels": [LONG[:40]]}
    server.ask("POST", f"{address}/templates", template, by=ada)
    view = {"name": LONG, "query": f'label:"{LONG}"', "pinned": True, "shared": True}
    server.ask("POST", f"{address}/views", view, by=ada)
    issue = {"title": LONG, "body": BODY, "labels": [LONG[:40], f"{LONG[:50]}::{LONG[:40]}"], "priority": "high"}
    assert server.ask("POST", f"{address}/issues", issue, by=ada).status == 201
    assert server.ask("POST", f"{address}/issues/1/comments", {"body": BODY}, by=ada).status == 201
    return address


@pytest.fixture(scope="module", params=[1280, 390])
def faults(request, server, chromium, ada, project):
    """What is wrong on which page: all pages are visited once, first as a stranger, then logged in."""
    page = chromium.new_context(viewport={"width": request.param, "height": 844}).new_page()
    comment = server.rows("SELECT max(id) FROM comments")[0]
    label = server.rows("SELECT max(id) FROM labels")[0]
    view = server.rows("SELECT max(id) FROM views")[0]
    me = server.ask("GET", "/auth/me", by=ada).json["id"]
    somebody = {"email": f"nora{request.param}@{'department-of-' * 4}example.com"}
    invitation = urlsplit(server.ask("POST", f"{project}/members", somebody, by=ada).json["link"]).path
    things = {
        "project": project,
        "comment": comment,
        "label": label,
        "view": view,
        "me": me,
        "invitation": invitation,
    }
    found = {fault: [] for fault in LOOKS}
    for path in [*PUBLIC, *PAGES]:
        if path == PAGES[0]:
            log_in(page, server, ada)
        page.goto(server.url + path.format(**things))
        for fault, look in LOOKS.items():
            found[fault] += [(path, what) for what in look(page)]
    page.context.close()
    return found


def skipping(page):
    settle(page)
    page.evaluate(FROM_THE_TOP)
    press(page, "Tab")
    first = page.evaluate("document.activeElement.innerText")
    press(page, "Enter")
    there = page.evaluate("document.activeElement.id")
    return [] if (first, there) == ("Skip to main content", "main") else [(first, there)]


def headings(page):
    found = page.locator("h1:visible").all_inner_texts()
    return [] if len(found) == 1 else [found]


def nameless(page):
    return page.evaluate(NAMELESS)


def dim(page):
    dim = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        dim += [(scheme, what) for what in page.evaluate(DIM)]
    return dim


def too_wide(page):
    size = page.viewport_size
    wide = []
    for width in {size["width"], 320}:
        page.set_viewport_size({**size, "width": width})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(width)
    page.set_viewport_size(size)
    return wide


LOOKS = {"skipping": skipping, "headings": headings, "nameless": nameless, "dim": dim, "too wide": too_wide}


def test_the_skip_link_comes_first_and_leads_to_the_content(faults):
    assert faults["skipping"] == []


def test_every_page_has_one_heading(faults):
    assert faults["headings"] == []


def test_every_control_has_a_name(faults):
    assert faults["nameless"] == []


def test_focus_is_seen(faults):
    assert faults["dim"] == []


def test_nothing_scrolls_sideways(faults):
    assert faults["too wide"] == []
