"""What a tracker of any version is told before it is put away: everything that it knows of."""

import io
from typing import Any

from PIL import Image

from tests.make import PASSWORD
from tests.upgrade.visiting import Answer, Visitor

TOLD = ("title", "body", "name", "description")
PEOPLE = ("Ada", "Bob", "Zoë")


class Filling:
    """A tracker that is being filled, and what it was told."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.people: dict[str, Visitor] = {}
        self.said: list[str] = []
        # Addresses to look at that no page leads to; who looks is a name, or nobody.
        self.starts: dict[str, list[str]] = {"Ada": [], "Bob": [], "Zoë": [], "": []}
        self.known = Visitor(port).ask("GET", "/openapi.json").json["paths"]

    def knows(self, address: str, method: str = "post") -> bool:
        """Whether this version has such an address, as its own document writes it."""
        return method in self.known.get(address, {})

    def tell(self, by: str, method: str, path: str, body: Any = None) -> Any:
        """What is answered. Raises RuntimeError where it is refused: then this file no longer fits."""
        answer = self.people[by].ask(method, path, body)
        self._remember(body)
        return _of(answer, f"{method} {path} {body}")

    def upload(self, by: str, path: str, name: str, content: bytes) -> Any:
        return _of(self.people[by].upload(path, name, content), path)

    def _remember(self, body: Any) -> None:
        if isinstance(body, dict):
            texts = [text for key in TOLD if isinstance(text := body.get(key), str)]
            self.said += [text for text in texts if text.isprintable() and text not in self.said]


def _of(answer: Answer, asked: str) -> Any:
    if answer.status not in (200, 201, 204):
        raise RuntimeError(f"{asked}: {answer.status} {answer.body[:500]!r}")
    return answer.json if answer.body else None


def fill(port: int) -> Filling:
    """Tell it all."""
    tracker = Filling(port)
    for name in PEOPLE:
        _register(tracker, name)
    for tell in (_project, _people, _issues, _discussions, _plans, _views, _files, _past, _feeds, _later):
        tell(tracker)
    return tracker


def email(name: str) -> str:
    return f"{'zoe' if name == 'Zoë' else name.lower()}@example.com"


def _register(tracker: Filling, name: str) -> None:
    nobody = Visitor(tracker.port)
    account = {"name": name, "email": email(name), "password": PASSWORD}
    _of(nobody.ask("POST", "/auth/register", account), "an account")
    login = _of(nobody.ask("POST", "/auth/login", {"email": email(name), "password": PASSWORD}), "a login")
    tracker.people[name] = Visitor(tracker.port, login["access_token"])
    tracker.said.append(name)
    tracker.tell(name, "PATCH", "/auth/me", {"time_zone": "Europe/Berlin", "handle": name.lower().replace("ë", "e")})


def _project(tracker: Filling) -> None:
    made = {
        "name": "Dry stone walls",
        "key": "ROCK",
        "description": "Walls **without** mortar",
        "visibility": "private",
    }
    tracker.tell("Ada", "POST", "/projects", made)
    tracker.tell("Ada", "POST", "/projects", {"name": "Open paths", "key": "PATHS", "visibility": "public"})
    tracker.tell("Bob", "POST", "/projects", {"name": "Bob’s shed", "key": "SHED", "visibility": "internal"})
    tracker.tell("Ada", "PATCH", "/projects/ROCK", {"key": "WALL"})  # the old key goes on leading to it
    for name, color in (("bug", "#d34467"), ("priority::high", "#2a6f73"), ("priority::low", "#777777")):
        tracker.tell(
            "Ada", "POST", "/projects/WALL/labels", {"name": name, "color": color, "description": f"On {name}"}
        )
    review = {"name": "Being weighed", "category": "started", "wip_limit": 3}
    tracker.tell("Ada", "POST", "/projects/WALL/statuses", review)
    report = {"name": "Fault report", "title": "Fault: ", "body": "What happened?", "labels": ["bug"]}
    tracker.tell("Ada", "POST", "/projects/WALL/templates", report)
    for key in ("WALL", "PATHS"):
        tracker.starts["Ada"] += [f"/projects/{key}{end}" for end in ("", "/issues", "/board", "/members", "/trash")]
    tracker.starts["Ada"] += ["/", "/projects/ROCK", "/projects/ROCK/issues/1", "/issues?q=is:all"]
    tracker.starts["Bob"] += ["/", "/projects/WALL/issues/1", "/projects/SHED"]
    tracker.starts["Zoë"] += ["/projects/WALL", "/projects/WALL/issues/1", "/projects/SHED"]  # a stranger
    tracker.starts[""] += ["/projects/PATHS", "/projects/PATHS/issues/1", "/projects/WALL"]


def _people(tracker: Filling) -> None:
    tracker.tell("Ada", "POST", "/projects/WALL/members", {"email": email("Bob"), "role": "member"})
    invited = {"email": "carol@example.com", "role": "reporter"}
    tracker.tell("Ada", "POST", "/projects/WALL/members", invited)
    tracker.upload("Ada", "/auth/me/avatar", "me.png", picture("teal"))


def _issues(tracker: Filling) -> None:
    bob = tracker.tell("Bob", "GET", "/auth/me")["id"]
    spring = {"title": "Spring thaw", "description": "Before the snow melts", "due_on": "2040-03-20"}
    milestone = tracker.tell("Ada", "POST", "/projects/WALL/milestones", spring)["id"]
    full = {
        "title": "The north wall leans", "body": "It leans by **two degrees**.\n\n- [x] measure\n- [ ] mend, see #2",
        "labels": ["bug", "priority::high"], "assignees": [bob], "priority": "high", "due_on": "2040-02-01",
        "estimate": 5, "milestone": milestone,
    }  # fmt: skip
    tracker.tell("Ada", "POST", "/projects/WALL/issues", full)
    for title in (
        "Order more limestone",
        "Gräben räumen, 石を積む",
        "Find <b>old</b> plans & maps",
        "A doubtful gap",
    ):
        tracker.tell("Bob", "POST", "/projects/WALL/issues", {"title": title, "body": f"On “{title}”."})
    tracker.tell("Ada", "POST", "/projects/PATHS/issues", {"title": "Moss on the steps", "body": "Slippery, @bob."})


def _discussions(tracker: Filling) -> None:
    comments = "/projects/WALL/issues/1/comments"
    first = tracker.tell("Bob", "POST", comments, {"body": "I have looked at it, @ada: PATHS-1 is alike."})
    tracker.tell(
        "Bob", "PATCH", f"{comments}/{first['id']}", {"body": "I have looked twice, @ada: PATHS-1 is alike."}
    )
    tracker.tell("Ada", "POST", comments, {"body": "Good, thank you."})
    lost = tracker.tell("Ada", "POST", comments, {"body": "Written by mistake."})
    tracker.tell("Ada", "DELETE", f"{comments}/{lost['id']}")
    tracker.tell("Ada", "POST", "/projects/WALL/issues/2/comments", {"body": "It came; fixes #2", "state": "closed"})
    tracker.tell("Ada", "PATCH", "/projects/WALL/issues/1", {"body": "It leans by **three degrees**.\n\n- [ ] mend"})
    tracker.tell("Ada", "POST", "/projects/WALL/issues/1/tasks", {"done": [2]})


def _plans(tracker: Filling) -> None:
    issue = "/projects/WALL/issues"
    tracker.tell("Ada", "POST", f"{issue}/1/relations", {"kind": "blocked_by", "issue": "WALL-3"})
    tracker.tell("Ada", "PATCH", f"{issue}/4", {"parent": 1, "start_on": "2040-01-01"})
    tracker.tell("Ada", "POST", f"{issue}/5/closure", {"duplicate_of": "WALL-4"})
    tracker.tell("Ada", "PATCH", f"{issue}/1", {"title": "The north wall leans more", "status": "Being weighed"})
    tracker.tell("Ada", "POST", "/projects/WALL/board/moves", {"number": 3, "place": "bottom"})


def _views(tracker: Filling) -> None:
    view = {"name": "Urgent faults", "query": "label:bug assignee:@bob", "shared": True, "pinned": True}
    tracker.tell("Ada", "POST", "/projects/WALL/views", view)
    board = {"name": "Reviewing", "query": 'status:"Being weighed"', "layout": "board", "by": "priority"}
    tracker.tell("Bob", "POST", "/projects/WALL/views", board)
    tracker.tell("Ada", "POST", "/views", {"name": "All of mine", "query": "involves:@me project:WALL"})


def _files(tracker: Filling) -> None:
    plan = tracker.upload("Ada", "/projects/WALL/attachments", "plan.png", picture("red"))
    notes = tracker.upload("Bob", "/projects/WALL/attachments", "notes – old.txt", "Zwölf Steine\n".encode())
    body = {"title": "Plans of the wall", "body": f"Here: {plan['markdown']} and {notes['markdown']}"}
    tracker.tell("Ada", "POST", "/projects/WALL/issues", body)
    tracker.said.remove(body["body"])
    files = [plan["url"], plan["thumbnail_url"], notes["url"]]
    for who in tracker.starts:
        tracker.starts[who] += files
    tracker.starts["Ada"] += [f"/attachments/{one['id']}" for one in (plan, notes)]


def _past(tracker: Filling) -> None:
    """What is elsewhere now, and what is gone."""
    tracker.tell("Ada", "POST", "/projects/WALL/issues", {"title": "Wanders to the paths"})
    tracker.tell("Ada", "POST", "/projects/WALL/issues/7/move", {"project": "PATHS"})
    tracker.tell("Ada", "POST", "/projects/WALL/issues", {"title": "Written for nothing"})
    tracker.tell("Ada", "DELETE", "/projects/WALL/issues/8")
    tracker.starts["Ada"] += [f"/projects/WALL/issues/{number}" for number in (7, 8, 1, 99)]
    tracker.starts["Ada"] += [
        f"/projects/WALL/issues/1/{what}" for what in ("events", "history", "relations", "tasks")
    ]
    tracker.tell("Ada", "POST", "/projects", {"name": "Long done", "key": "DONE"})
    tracker.tell("Ada", "POST", "/projects/DONE/issues", {"title": "The last stone"})
    tracker.tell("Ada", "POST", "/projects/DONE/archive")


def _feeds(tracker: Filling) -> None:
    made = tracker.tell("Ada", "POST", "/auth/feeds", {"name": "My phone", "list": "/projects/WALL/issues?q=is:all"})
    tracker.starts[""] += [one["url"].partition(f":{tracker.port}")[2] for one in made["addresses"]]
    lists = [f"/projects/WALL/issues.{end}?q=is:all" for end in ("csv", "jsonl", "atom", "ics")]
    tracker.starts["Ada"] += [*lists, "/projects/WALL/issues/1.atom", "/search?q=limestone", "/search?q=leans"]


# What came after the first version: its address in the document, and what is said there.
LATER = (
    (
        "put",
        "/projects/{project}/issues/{number}/reactions/{reaction}",
        "/projects/WALL/issues/1/reactions/heart",
        None,
    ),
    ("put", "/projects/{project}/issues/{number}/watch", "/projects/PATHS/issues/1/watch", {"level": "all"}),
    ("put", "/projects/{project}/watch", "/projects/WALL/watch", {"level": "new"}),
    ("patch", "/projects/{project}/notifications", "/projects/WALL/notifications", {"commented": "inbox"}),
    ("patch", "/account/notifications", "/account/notifications", {"digest": "weekly", "own_acts": False}),
    ("post", "/projects/{project}/webhooks", "/projects/WALL/webhooks", {"url": "https://example.org/hook"}),
    ("post", "/projects/{project}/code-hosts", "/projects/WALL/code-hosts", {"kind": "plain"}),
)


def _later(tracker: Filling) -> None:
    """What this version knows of that the first did not."""
    for method, known, path, body in LATER:
        if tracker.knows(known, method):
            tracker.tell("Ada", method.upper(), path, body)
    if tracker.knows("/inbox", "get"):
        tracker.tell("Bob", "POST", "/projects/WALL/issues/1/comments", {"body": "Told to who listens, @ada."})
        note = {"state": "closed", "resolution_note": "Filled with rubble"}
        tracker.tell("Ada", "PATCH", "/projects/WALL/issues/4", {**note, "force": True})


def picture(color: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(written, "PNG")
    return written.getvalue()
