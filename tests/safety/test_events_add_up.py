"""Whatever happens to issues in whatever order: their events tell all of it, and lead back.

EVENT_STEPS=10000 walks as far as that.
"""

import os
from collections.abc import Sequence

import pytest

from tests.events.proving import Proof
from tests.safety.test_everything_adds_up import KEYS, Somebody

STEPS = int(os.environ.get("EVENT_STEPS", "150"))


class Planner(Somebody):
    """Somebody who plans as well: dates, estimates, priorities, people who come and go."""

    emails: Sequence[str] = ()

    def do_plan(self):
        fields = {
            "title": f"Stone {self.random.randint(1, 5)}",
            "priority": self.random.choice(["none", "low", "urgent"]),
            "due_on": self.random.choice([None, "2026-03-01", "2026-12-24"]),
            "start_on": self.random.choice([None, "2026-02-01"]),
            "estimate": self.random.choice([None, 1, 2, 3]),
            "close_reason": self.random.choice(["completed", "not_planned", "duplicate"]),
        }
        names = self.random.sample(sorted(fields), 2)
        return self.send("PATCH", self.issue(), {name: fields[name] for name in names})

    def do_plan_many(self):
        fields = {"priority": self.random.choice(["low", "high"]), "due_on": self.random.choice([None, "2026-05-01"])}
        chosen = {"numbers": self.random.sample(range(1, 10), 3)}
        return self.send("PATCH", f"{self.project}/issues", {**chosen, **fields})

    def do_leave(self):
        members = [one for one in self.api.get(f"{self.project}/members")["items"] if one["role"] != "owner"]
        if not members:
            return False
        return self.send("DELETE", f"{self.project}/members/{self.random.choice(members)['id']}")

    def do_join(self):
        email = self.random.choice(self.emails)
        return self.send("POST", f"{self.project}/members", {"email": email, "role": "member"})


@pytest.mark.parametrize("seed", [1, 2])
def test_events_tell_all_that_happens(app, api, make, ada, seed):
    for key in KEYS:
        project = make.project(ada, key=key)
        make.label(project, ada, "bug")
        for _ in range(3):
            make.issue(project, ada, labels=["bug"])
    somebody = Planner(api(ada), seed)
    somebody.emails = [make.person(name).email for name in ("Bob", "Cid")]
    wrong, proof = [], Proof(app)
    for step in range(STEPS):
        done = dict(somebody.done)
        somebody.act()
        names = [name for name in somebody.done if somebody.done[name] != done.get(name)]
        wrong += [(step, names, one) for one in proof.differences()]
        proof = Proof(app)
    assert not wrong, "\n".join(map(str, wrong[:20]))
    assert len(somebody.done) >= 10, f"too little happened: {somebody.done}"
