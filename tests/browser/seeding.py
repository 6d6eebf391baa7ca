"""A project that has one of everything, and the addresses of all pages over it.

`python -m tests.browser.seeding` writes it into the database that the environment names, which a server may serve
meanwhile, and prints the addresses: whoever judges pages asks for it in a process of its own, as an application sets
what its process shares. What is there is what tests/test_permissions.py needs of it, made as wide as it can be.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask

from tests.clients import Api, token_of
from tests.make import Make
from tests.pages.crowds import fill
from tests.test_permissions import ROUTES, there_is
from webapp import create_app
from webapp.access import Viewer
from webapp.http.cookies import marked

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
BODY = f"""{LONG * 3}

```python
raise SystemExit("{LONG * 3}")
```

|a|b|
|-|-|
|{LONG}|{LONG}|

# A heading
> [!NOTE]
> An alert, with a [link](https://example.com) and `code`.

- [ ] a task
- [x] another, of #1

A footnote[^1], ~~struck~~, :tada:, see #2.

[^1]: It leads back.
"""
# Pages that look different by what is asked of them.
ASKED = (
    "/", "/nowhere", "/projects/MATRIX/issues?priority=high&state=all", "/projects/MATRIX/issues?q=label:none+nothing",
    "/projects/MATRIX/issues?view={view}", "/projects/MATRIX/issues/new?template={template}",
    "/projects/MATRIX/issues/1?q=is:open", "/projects/MATRIX/issues/similar?title=stone", "/palette?q=a",
    "/projects/MATRIX/issues/bulk?numbers=1", "/projects/MATRIX/issues/bulk?numbers=1&do=labels",
    "/search?q=stone", "/search?q=nothing+here", "/projects/MATRIX/board?by=assignee",
    "/projects/MATRIX/issues/{deleted issue}", "/projects/MATRIX/issues/1/status", "/projects/MATRIX/issues/1/dates",
    "/projects/WALL/issues", "/projects/WALL/issues/7", "/projects/WALL/issues/new", "/projects/WALL/board",
    "/projects/WALL/members", "/projects/WALL/labels", "/projects/WALL/milestones", "/projects/WALL/charts",
)  # fmt: skip
# Not ours: documents of others' scripts, and a mail as it is, by itself and in a frame.
OTHERS = {"docs.swagger", "docs.redoc", "mail.lying_html", "mail.lying_one", "sso.begin", "sso.callback"}


def seed(app: Flask) -> dict[str, Any]:
    """Write all of it; says as whom to look, and where: as that person, and as a stranger."""
    make = Make(app)
    things, people = there_is(make, "public")
    widen(Api(app, people["owner"], {}), things)
    crowd(app, make, people["admin"])
    with app.app_context():
        cookie = marked("cairn")
    token = token_of(app, people["admin"], timedelta(hours=12))
    pages = [*addresses(app, things, to_strangers=False), *(path.format(**things) for path in ASKED)]
    strangers = [*addresses(app, things, to_strangers=True), "/nowhere"]
    return {"cookie": cookie, "token": token, "pages": pages, "strangers": strangers, "things": things}


def widen(owner: Api, things: dict[str, Any]) -> None:
    """Let what is there try the width of its pages."""
    at = "/projects/MATRIX"
    owner.patch(at, {"name": LONG, "description": BODY})
    owner.patch(f"{at}/labels/{things['label']}", {"name": f"{LONG[:50]}::{LONG[:40]}", "color": "#123456"})
    owner.post(f"{at}/labels", {"name": "none", "color": "#d34467"})
    owner.patch(
        f"{at}/milestones/{things['milestone']}", {"title": LONG, "description": BODY, "due_on": "2020-01-01"}
    )
    owner.patch(f"{at}/views/{things['view']}", {"name": LONG, "query": "is:open", "pinned": True})
    owner.patch(f"{at}/templates/{things['template']}", {"name": LONG, "title": LONG, "body": BODY})
    changes = {"title": LONG, "body": BODY, "priority": "high", "labels": ["none"], "due_on": "2020-01-01"}
    owner.patch(f"{at}/issues/1", {**changes, "milestone": things["milestone"], "assignees": [things["user"]]})
    owner.post(f"{at}/issues/1/comments", {"body": BODY})
    owner.send("PUT", f"{at}/issues/1/comments/{things['comment']}/reactions/heart", status=200)
    owner.post(f"{at}/issues/3/closure", status=200)


def crowd(app: Flask, make: Make, root: Viewer) -> None:
    """A project as a big team has it, and a long thread."""
    project = make.project(root, key="WALL", visibility="public")
    fill(app, project, people=40, labels=30, milestones=10, issues=60)
    api = Api(app, root, {})
    for number in range(30):
        api.post("/projects/WALL/issues/7/comments", {"body": f"Seen **{number}** times."})


def addresses(app: Flask, things: dict[str, Any], *, to_strangers: bool) -> Iterator[str]:
    """All that can be asked for. What everybody may see outside of projects is looked at as strangers see it."""
    build = app.url_map.bind("localhost").build
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        to = ROUTES.get(rule.endpoint)
        if to is None or to.lowest == "signer" or rule.endpoint in OTHERS or "GET" not in (rule.methods or ()):
            continue
        if to_strangers is (to.lowest == "anyone" and "project" not in rule.arguments):
            yield build(rule.endpoint, {name: things[to.at.get(name, name)] for name in rule.arguments})


if __name__ == "__main__":
    print(json.dumps(seed(create_app())))
