"""Nothing on a page moves by itself while it arrives, however slowly that is."""

import pytest

from tests.browser.conftest import log_in

# What a page has moved until then; without what somebody did.
SHIFTED = """() => new Promise((done) => {
  let moved = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) moved.push([one.value, ...one.sources.map((it) => it.node?.outerHTML?.slice(0, 90))]);
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 300);
})"""
PAGES = [
    "/",
    "{project}",
    "{project}/issues",
    "{project}/issues?q=label:bug",
    "{project}/issues/1",
    "{project}/board",
]
# A row of links on the right arrives from its left: each that follows may move it by a few pixels.
UNSEEN = 0.004


@pytest.fixture(scope="module")
def project(server, ada):
    address = server.project(ada)
    server.ask("POST", f"{address}/labels", {"name": "bug", "color": "#338392"}, by=ada)
    statuses = ("Backlog", "Todo", "In progress", "In review")
    for number in range(1, 61):
        issue = {"title": f"Stone {number} " * 5, "labels": ["bug"], "status": statuses[number % 4]}
        issue["body"] = "- [ ] Look at it\n- [x] Find it\n\n" + "It is loose. " * 40
        assert server.ask("POST", f"{address}/issues", issue, by=ada).status == 201
    for _ in range(20):
        server.ask("POST", f"{address}/issues/1/comments", {"body": "Seen. " * 30}, by=ada)
    return address


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_a_page_arrives(server, window, ada, project, width):
    page = window(viewport={"width": width, "height": 900})
    log_in(page, server, ada)
    wire = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 20, "downloadThroughput": 12_000, "uploadThroughput": 12_000}
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", slow)
    moved = {}
    for path in PAGES:
        page.goto(server.url + path.format(project=project))
        moved[path] = page.evaluate(SHIFTED)
    assert {path: found for path, found in moved.items() if sum(one[0] for one in found) > UNSEEN} == {}
