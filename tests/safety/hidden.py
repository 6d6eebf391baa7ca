"""A public project with private issues that leave a trace wherever an issue can, and its twin that never had any."""

import gc
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Flask

import webapp
from tests.clients import HTML, Api
from tests.make import Make
from webapp import eyes
from webapp.access import Viewer
from webapp.jobs.worker import drain
from webapp.projects.service import ProjectRow
from webapp.reading import Built

# Stands in every text and name of what is private, and nowhere else. Beside it stands a word that may be searched for.
CANARY, SOUGHT = "zxcanary", "zxsought"
# Those who are neither the team's nor the author's nor whose the issue is.
OUTSIDE = ("nobody", "stranger", "viewer", "reporter")


@dataclass
class Hidden:
    """`numbers` are the private issues: open, closed and in the trash. The first is the author's, and assigned."""

    app: Flask
    people: Mapping[str, Viewer | None]
    numbers: tuple[int, int, int]
    things: Mapping[str, Any]
    own: str = "/projects/HIDE"
    twin: str = "/projects/TWIN"
    clients: dict[str, Api] = field(default_factory=dict)

    def as_(self, who: str) -> Api:
        """Their client; each signs in once."""
        if who not in self.clients:
            self.clients[who] = Api(self.app, self.people[who], {})
        return self.clients[who]

    def texts(self, who: str, url: str) -> list[str]:
        """What they are answered there, as JSON and as a page."""
        client = self.as_(who)
        return [client.send("GET", url).text, client.send("GET", url, headers=HTML).text]


def statements() -> list[Built]:
    """Every statement that is made once, of all modules."""
    for module in pkgutil.walk_packages(webapp.__path__, "webapp."):
        importlib.import_module(module.name)
    return [one for one in gc.get_objects() if isinstance(one, Built)]


def narrow_anew() -> None:
    """Let statements be narrowed by what eyes.SEEN says now."""
    eyes.seen.cache_clear()
    for one in statements():
        one.__dict__.pop("narrowed", None)


def there_is(make: Make) -> Hidden:
    ada = make.person("Ada")
    hide, twin = (make.project(ada, key=key, name=key, visibility="public") for key in ("HIDE", "TWIN"))
    people = {role: make.member(hide, role) for role in ("viewer", "reporter", "member")}
    people |= {"author": make.member(hide, "reporter"), "assignee": make.member(hide, "viewer")}
    people |= {"stranger": make.person("Eve"), "admin": make.person("Root", is_admin=True), "owner": ada}
    there = Hidden(make.app, {**people, "nobody": None}, (0, 0, 0), {})
    for who in ("stranger", "viewer", "reporter"):
        there.as_(who).send("PUT", f"{there.own}/watch", json={"level": "all"}, status=200)
    hook = there.as_("owner").post(
        f"{there.own}/webhooks", {"url": "https://93.184.215.14/", "events": ["everything"]}
    )
    for project in (hide, twin):
        _public(there.as_("owner"), f"/projects/{project.key}")
    things = _private(there, hide)
    drain(make.app)
    return Hidden(
        make.app, there.people, things.pop("numbers"), {**things, "webhook": hook["id"]}, clients=there.clients
    )


def _public(ada: Api, url: str) -> None:
    """What both have: names, two issues that have them, and a comment."""
    for name in ("bug", "idea"):
        ada.post(f"{url}/labels", {"name": name})
    milestone = ada.post(f"{url}/milestones", {"title": "Spring", "due_on": "2040-01-01"})["id"]
    for title in ("Gate", "Wall"):
        plan = {"labels": ["bug"], "milestone": milestone, "due_on": "2039-12-01", "priority": "high"}
        ada.post(f"{url}/issues", {"title": title, "body": "Stones and mortar.", **plan})
    ada.post(f"{url}/issues/1/comments", {"body": "Seen."})
    ada.post(f"{url}/issues/2/closure", {}, status=200)
    ada.post(f"{url}/views", {"name": "Everything", "query": "is:all", "shared": True})


def say(there: Hidden, issue: str) -> dict[str, Any]:
    """A private comment on a public issue, with all that can be done to it, and one that is in the trash."""
    member, ada, stranger = there.as_("member"), there.as_("owner"), there.people["stranger"]
    assert stranger
    name = f"{CANARY}-said.txt"
    attached = member.post(f"{there.own}/attachments", data={"file": (BytesIO(CANARY.encode()), name)})
    body = f"{CANARY} {SOUGHT} mortar, @{stranger.handle} #2\n\n- [ ] {CANARY}\n\n{attached['markdown']}"
    said, gone = (member.post(f"{issue}/comments", {"body": body, "private": True})["id"] for body in (body, CANARY))
    member.patch(f"{issue}/comments/{said}", {"body": f"{body} again"})
    member.send("PATCH", f"{issue}/comments/{said}/tasks", json={"done": [CANARY]})
    ada.send("PUT", f"{issue}/comments/{said}/reactions/+1", status=200)
    member.delete(f"{issue}/comments/{gone}")
    return {"said": said, "gone": gone, "file": attached["id"], "file_name": name}


def _private(there: Hidden, project: ProjectRow) -> dict[str, Any]:
    author, ada, url = there.as_("author"), there.as_("owner"), there.own
    stranger, assignee = there.people["stranger"], there.people["assignee"]
    assert stranger
    assert assignee
    name = f"{CANARY}.txt"
    attached = author.post(f"{url}/attachments", data={"file": (BytesIO(CANARY.encode()), name)})
    body = f"{CANARY} {SOUGHT} mortar and stones of the gate, @{stranger.handle} #1\n\n- [ ] {CANARY}\n\n{attached['markdown']}"
    first = author.post(f"{url}/issues", {"title": f"{CANARY} {SOUGHT} gate", "body": body, "private": True})[
        "number"
    ]
    milestone = ada.get(f"{url}/milestones")["items"][0]["id"]
    plan = {"labels": ["bug", "idea"], "milestone": milestone, "due_on": "2039-12-01", "priority": "urgent"}
    ada.patch(f"{url}/issues/{first}", {**plan, "assignees": [assignee.id]})
    author.patch(f"{url}/issues/{first}", {"body": f"{body} again"})
    comment = author.post(f"{url}/issues/{first}/comments", {"body": f"{CANARY} {SOUGHT} said @{stranger.handle}"})[
        "id"
    ]
    relation = ada.post(f"{url}/issues/{first}/relations", {"kind": "blocks", "issue": "#1"})["id"]
    closed, gone = (
        ada.post(f"{url}/issues", {"title": f"{CANARY} {SOUGHT} {what}", "private": True, **plan})["number"]
        for what in ("wall", "gone")
    )
    ada.patch(f"{url}/issues/1", {"parent": closed})
    ada.post(f"{url}/issues/{closed}/closure", {"force": True}, status=200)
    ada.delete(f"{url}/issues/{gone}")
    ada.post(f"{url}/issues/1/comments", {"body": f"As in #{first}, and HIDE-{closed}."})
    ada.post(f"{there.twin}/issues/1/comments", {"body": "As in #98, and TWIN-97."})
    say(there, f"{url}/issues/1")
    view = ada.post(f"{url}/views", {"name": "Hidden", "query": "is:private", "shared": True})["id"]
    assignee_token = there.as_("stranger").post("/auth/feeds", {"name": "Calendar"})
    return {
        "numbers": (first, closed, gone), "attachment": attached["id"], "name": name, "comment": comment,
        "relation": relation, "view": view, "milestone": milestone, "project": project.key, "reaction": "+1",
        "label": ada.get(f"{url}/labels")["items"][0]["id"], "token": assignee_token["token"],
    }  # fmt: skip


def hold(there: Hidden, newcomer: Viewer, issue: str) -> list[str]:
    """An issue and a comment of a newcomer that wait for approval, with what their author does to them meanwhile."""
    new, stranger = Api(there.app, newcomer, {}), there.people["stranger"]
    assert stranger
    attached = new.post(f"{there.own}/attachments", data={"file": (BytesIO(CANARY.encode()), f"{CANARY}-held.txt")})
    body = f"{CANARY} {SOUGHT} mortar, @{stranger.handle} #2\n\n- [ ] {CANARY}"
    made = new.post(f"{there.own}/issues", {"title": f"{CANARY} {SOUGHT} pills", "body": body})
    said, gone = (
        new.post(f"{issue}/comments", {"body": text})["id"] for text in (f"{body}\n\n{attached['markdown']}", CANARY)
    )
    assert made["held"]
    new.patch(
        f"{there.own}/issues/{made['number']}", {"title": f"{CANARY} {SOUGHT} more pills", "body": f"{body} again"}
    )
    new.post(f"{there.own}/issues/{made['number']}/closure", {}, status=200)
    new.patch(f"{issue}/comments/{said}", {"body": f"{body} again"})
    new.delete(f"{issue}/comments/{gone}")
    return [str(made["number"]), f"{issue.rpartition('/')[2]}c{said}"]
