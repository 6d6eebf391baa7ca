"""Every list in JSON has one shape, and its `total` is how many things its pages have together."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from tests.inbox.telling import tell
from webapp.db import transacting
from webapp.jobs.worker import drain

LISTS = {
    "/admin/jobs", "/admin/settings", "/projects/{project}/blocks", "/projects/{project}/visibility",
    "/projects/{project}/issues/{number}/visibility",
    "/auth/feeds", "/auth/identities", "/auth/sign-ins", "/auth/tokens", "/inbox", "/issues", "/issues/new", "/issues/query", "/keys", "/palette", "/projects", "/search", "/views",
    "/projects/{project}/choices", "/projects/{project}/issues", "/projects/{project}/issues/query", "/projects/{project}/issues/similar",
    "/projects/{project}/issues/move", "/projects/{project}/issues/{number}/move",
    "/projects/{project}/issues/{number}/comments", "/projects/{project}/issues/{number}/comments/{comment}/history",
    "/projects/{project}/issues/{number}/comments/{comment}/tasks", "/projects/{project}/issues/{number}/events",
    "/projects/{project}/issues/{number}/history", "/projects/{project}/issues/{number}/relations",
    "/projects/{project}/issues/{number}/tasks", "/projects/{project}/labels", "/projects/{project}/members",
    "/projects/{project}/members/invitations", "/projects/{project}/milestones", "/projects/{project}/statuses",
    "/projects/{project}/templates", "/projects/{project}/trash", "/projects/{project}/views",
    "/admin/audit", "/admin/people", "/projects/{project}/audit", "/auth/activity",
    "/admin/webhooks", "/admin/webhooks/{webhook}/deliveries", "/projects/{project}/webhooks",
    "/projects/{project}/webhooks/{webhook}/deliveries", "/projects/{project}/issues/{number}/deliveries",
    "/projects/{project}/code-hosts", "/projects/{project}/code-hosts/{code_host}/deliveries",
    "/projects/{project}/moderation", "/projects/{project}/issues/{number}/code", "/projects/{project}/issues/{number}/reactions",
    "/projects/{project}/issues/{number}/comments/{comment}/reactions",
}  # fmt: skip
# What these lists must be asked for, to tell anything.
ASKED = {
    "/palette": "q=stone",
    "/search": "q=stone",
    "/projects/{project}/issues/move": "numbers=1",
    "/projects/{project}/issues/similar": "title=A stone is loose",
}


@pytest.fixture
def document(app):
    return app.test_client().get("/openapi.json").json


def answers(document):
    """The addresses that answer JSON to a GET, each with its operation and the schema of the answer."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        content = methods.get("get", {"responses": {"200": {}}})["responses"].get("200", {}).get("content", {})
        if schema := content.get("application/json", {}).get("schema"):
            yield path, methods["get"], schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def lists(document):
    return {path: one for path, one, schema in answers(document) if "items" in schema.get("properties", {})}


def test_no_answer_is_a_bare_list(document):
    assert not [path for path, _, schema in answers(document) if schema.get("type") == "array"]


def test_every_list_is_described_in_the_same_shape(document):
    assert set(lists(document)) == LISTS
    for path, _, schema in answers(document):
        told = schema.get("properties", {})
        if "items" in told:
            assert told["items"]["type"] == "array", path
            assert [kind["type"] for kind in told["total"]["anyOf"]] == ["integer", "null"], path
            assert [kind["type"] for kind in told["next"]["anyOf"]] == ["string", "null"], path
            assert {"items", "total", "next"} <= set(schema["required"]), path


# Somebody was told of each event of an issue.
DELIVERED = """
INSERT INTO deliveries (user_id, project_id, issue_id, change_id, event_id, last_event_id, way, reason, rule, state)
SELECT :user, project_id, issue_id, change_id, min(id), max(id), 'inbox', 'watching', 'usual', 'sent'
FROM events WHERE issue_id = :id GROUP BY project_id, issue_id, change_id
"""
ELSEWHERE = """
INSERT INTO outside_identities (provider, subject, user_id) VALUES ('acme', '1', :user), ('acme', '2', :user)
"""


@pytest.fixture
def full(app, api, ada, make):
    """A project that has two or more of all that is listed; returns what its addresses are made of."""
    project, mine = make.project(ada, key="WALL"), api(ada)
    make.project(ada, key="MOAT")
    make.project(ada, key="FORD")
    reader = make.member(project, "member")
    first, second, _, *others = [
        make.issue(project, ada, title="A stone is loose", body="- [ ] one\n- [x] two") for _ in range(5)
    ]
    for n in range(3):
        make.label(project, ada, f"label {n}")
        at = "/projects/WALL"
        mine.post(f"{at}/members", {"email": f"new{n}@example.com"})
        mine.post(f"{at}/blocks", {"handle": make.person(f"Spam {n}").handle})
        mine.post(f"{at}/milestones", {"title": f"Milestone {n}"})
        mine.post(f"{at}/templates", {"name": f"Template {n}"})
        mine.post(f"{at}/views", {"name": f"View {n}"})
        mine.post("/views", {"name": f"View {n}"})
        mine.post("/auth/feeds", {"name": f"Calendar {n}"})
        mine.post("/auth/tokens", {"name": f"Report {n}", "scope": "read"})
        comment = mine.post(f"{at}/issues/1/comments", {"body": f"- [ ] {n}\n- [ ] more, see #2"})
        for body in "abc":
            mine.patch(f"{at}/issues/1", {"body": f"{body}{n}\n- [ ] one\n- [ ] two"})
            mine.patch(f"{at}/issues/1/comments/{comment['id']}", {"body": f"{body}\n- [ ] one\n- [ ] two, see #2"})
    mine.post(f"{at}/issues/1/relations", {"kind": "blocks", "issue": "#2"})
    mine.post(f"{at}/issues/1/relations", {"kind": "relates", "issue": "#3"})
    for issue in others:
        mine.delete(f"{at}/issues/{issue.number}")
    mine.delete(f"{at}/issues/{second.number}/comments/{make.comment(project, second, ada).id}")
    with make.app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET is_admin = true WHERE id = :id"), {"id": ada.id})  # for /admin
        session.execute(text(DELIVERED), {"id": first.id, "user": ada.id})
        session.execute(text(ELSEWHERE), {"user": ada.id})
    for issue in (first, second):
        tell(app, ada, issue)
    for post in (f"{at}/issues/1", f"{at}/issues/1/comments/{comment['id']}"):
        api(reader).post(f"{post}/reports", {"reason": "spam"}, status=200)
    hooks = {path: two_hooks(mine, path) for path in (f"{at}/webhooks", "/admin/webhooks")}
    for at_what in ("", f"/comments/{comment['id']}"):
        for feeling in ("heart", "rocket"):
            mine.send("PUT", f"{at}/issues/1{at_what}/reactions/{feeling}")
    known = {"project": "WALL", "number": first.number, "comment": comment["id"], "hooks": hooks}
    return known | {"code_host": two_code_hosts(app, mine, f"{at}/code-hosts")}


def two_code_hosts(app, mine, path):
    """Two connected repositories; the second one's id, from which two commits came that name the first issue."""
    for _ in range(2):
        made = mine.post(path, {"kind": "plain"})
    for n in "ab":
        commits = {"branch": "main", "commits": [{"id": n * 40, "message": "See WALL-1."}]}
        bearer = {"Authorization": f"Bearer {made['secret']}"}
        answer = app.test_client().post(urlsplit(made["hook_url"]).path, json=commits, headers=bearer)
        assert answer.status_code == 202, answer.text
    drain(app)
    return made["id"]


def two_hooks(mine, path):
    """Two webhooks; the second one's id, which was tested twice."""
    for n in range(2):
        hook = mine.post(path, {"url": f"https://93.184.215.14/{n}"})["id"]
    for _ in range(2):
        mine.post(f"{path}/{hook}/test")
    return hook


def read_all(mine, url):
    """All that a list has, page by page, and what each page says the total is."""
    items, totals, seen = [], set(), 0
    while url:
        page = mine.get(url)
        assert {"items", "total", "next"} <= set(page), url
        items += page["items"]
        totals.add(page["total"])
        url, seen = page["next"], seen + 1
    return items, totals, seen


def test_every_list_tells_its_total_on_every_page(api, ada, document, full):
    mine = api(ada)
    for path, operation in lists(document).items():
        hook = full["hooks"].get(path.partition("/{webhook}")[0].format(**full, webhook=0))
        url = f"{path.format(**full, webhook=hook)}?{ASKED.get(path, '')}"
        items, totals, _ = read_all(mine, url)
        assert len(items) >= 2, path
        assert totals == {len(items)}, path
        if "limit" in {one["name"] for one in operation["parameters"]}:
            assert read_all(mine, f"{url}&limit=1") == (items, totals, len(items)), path


@pytest.mark.parametrize("url", ["/projects/NONE/labels", "/auth/sign-ins"])
def test_a_list_that_nobody_may_see_is_no_list(api, url):
    assert "items" not in api().send("GET", url).json
