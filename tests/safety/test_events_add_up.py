"""Whatever happens to issues in whatever order: their events tell all of it, and lead back.

EVENT_STEPS=10000 walks as far as that, in about ten minutes for each seed. It walks in a database of its own, as
nothing that is outdated can be cleaned away within the one transaction of other tests: there each step would cost
more than the one before.
"""

import os
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from tests.clients import Api
from tests.committed import committing
from tests.events.proving import Proof
from tests.make import Make
from tests.safety.test_everything_adds_up import KEYS, Somebody
from webapp.db import db
from webapp.events.kinds import KINDS
from webapp.jobs.tasks import TASKS

STEPS = int(os.environ.get("EVENT_STEPS", "150"))


class Planner(Somebody):
    """Somebody who plans as well: dates, estimates, priorities, texts with tasks, people who come and go."""

    emails: Sequence[str] = ()

    def __init__(self, api, seed):
        super().__init__(api, seed)
        self.secrets = {}

    def words(self):
        """Another text each time, most often with tasks."""
        lines = [f"- [{mark}] Stone {self.random.randint(1, 9)}" for mark in self.random.choices(" x", k=3)]
        return "\n".join(self.random.choice([lines, ["Of slate", f"and {self.random.random()}"]]))

    def comment(self):
        """One that is there, of any issue; None where there is none."""
        issue = self.issue()
        comments = self.items_of(f"{issue}/comments")
        return f"{issue}/comments/{self.random.choice(comments)['id']}" if comments else None

    def of_text(self):
        """A text: that of an issue, or a comment."""
        return self.random.choice([self.issue(), self.comment()])

    def do_plan(self):
        fields = {
            "title": f"Stone {self.random.randint(1, 5)}",
            "priority": self.random.choice(["none", "low", "urgent"]),
            "due_on": self.random.choice([None, "2026-03-01", "2026-12-24"]),
            "start_on": self.random.choice([None, "2026-02-01"]),
            "estimate": self.random.choice([None, 1, 2, 3]),
            "close_reason": self.random.choice(["completed", "not_planned", "duplicate"]),
            "body": self.words(),
        }
        names = self.random.sample(sorted(fields), 2)
        return self.send("PATCH", self.issue(), {name: fields[name] for name in names})

    def do_plan_many(self):
        fields = {"priority": self.random.choice(["low", "high"]), "due_on": self.random.choice([None, "2026-05-01"])}
        chosen = {"numbers": self.random.sample(range(1, 10), 3)}
        return self.send("PATCH", f"{self.project}/issues", {**chosen, **fields})

    def called(self, letter):
        """A name that the other project may have too, or one of this project alone, which no issue takes along."""
        return f"{self.random.choice([letter, self.project[-4:]])}{self.random.randint(1, 5)}"

    def do_make_label(self):
        return self.send("POST", f"{self.project}/labels", {"name": self.called("l")})

    def do_make_milestone(self):
        return self.send("POST", f"{self.project}/milestones", {"title": self.called("m")})

    def do_note(self):
        note = self.random.choice([None, "Renewed", "As before"])
        return self.send("PATCH", self.issue(), {"state": "closed", "force": True, "resolution_note": note})

    def do_edit_comment(self):
        comment = self.comment()
        return bool(comment) and self.send("PATCH", comment, {"body": self.words()})

    def do_tick(self):
        at = self.of_text()
        tasks = self.items_of(f"{at}/tasks") if at else None
        done = [one["line"] for one in tasks or [] if self.random.random() < 0.5]
        return bool(tasks) and self.send("POST", f"{at}/tasks", {"done": done})

    def do_forget(self):
        at = self.of_text()
        former = [one["version"] for one in (self.items_of(f"{at}/history") if at else None) or []]
        return len(former) > 1 and self.send("DELETE", f"{at}/history/{self.random.choice(former[1:])}")

    def do_untie(self):
        issue = self.issue()
        ties = [one["id"] for one in self.items_of(f"{issue}/relations") or [] if one["id"]]
        return bool(ties) and self.send("DELETE", f"{issue}/relations/{self.random.choice(ties)}")

    def do_leave(self):
        members = [one for one in self.api.get(f"{self.project}/members")["items"] if one["role"] != "owner"]
        if not members:
            return False
        return self.send("DELETE", f"{self.project}/members/{self.random.choice(members)['id']}")

    def do_push(self):
        """A commit that names an issue, and perhaps fixes it, arrives and is taken."""
        if self.project not in self.secrets:
            made = self.api.post(f"{self.project}/code-hosts", {"kind": "plain"}, status=201)
            self.secrets[self.project] = made["hook_url"].partition("/hooks/")[2], made["secret"]
        address, secret = self.secrets[self.project]
        said = self.random.choice(["Fixes", "See"])
        message = f"{said} {self.project.rpartition('/')[2]}-{self.random.randint(1, 9)}, {self.random.random()}"
        commits = [{"id": f"{self.random.getrandbits(160):040x}", "message": message}]
        sent = {"Authorization": f"Bearer {secret}"}
        self.api.post(f"/hooks/{address}", {"branch": "main", "commits": commits}, status=202, headers=sent)
        app = self.api.client.application
        with app.app_context():
            TASKS["take_code"].function(id=db.session.scalar(text("SELECT max(id) FROM code_deliveries")))
        return True

    def do_join(self):
        email = self.random.choice(self.emails)
        return self.send("POST", f"{self.project}/members", {"email": email, "role": "member"})


@pytest.fixture
def walked(database, settings):
    with committing(database, settings) as app:
        yield app


@pytest.mark.parametrize("seed", [1, 2])
def test_events_tell_all_that_happens(walked, seed):
    make = Make(walked)
    ada = make.person("Ada")
    for key in KEYS:
        project = make.project(ada, key=key)
        make.label(project, ada, "bug")
        for _ in range(3):
            make.issue(project, ada, labels=["bug"])
    somebody = Planner(Api(walked, ada, {}), seed)
    somebody.emails = [make.person(name).email for name in ("Bob", "Cid")]
    wrong, proof = [], Proof(walked)
    for step in range(STEPS):
        done = dict(somebody.done)
        somebody.act()
        names = [name for name in somebody.done if somebody.done[name] != done.get(name)]
        wrong += [(step, names, one) for one in proof.differences()]
    assert not wrong, "\n".join(map(str, wrong[:20]))
    assert len(somebody.done) >= 10, f"too little happened: {somebody.done}"
    missing = {one.kind for one in KINDS.values() if one.stored} - set(kinds_seen(walked))
    assert STEPS < 1000 or not missing, f"never happened: {missing}"


def kinds_seen(app):
    with app.app_context():
        return db.session.scalars(text("SELECT DISTINCT kind FROM events")).all()
