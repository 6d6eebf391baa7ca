"""Whatever happens to issues in whatever order: the counters stay true, and no page breaks."""

import random

import pytest
from sqlalchemy import func, select, text

from webapp.db import db
from webapp.models.comments import Comment
from webapp.models.issues import Issue, IssueLabel, State
from webapp.models.labels import Label
from webapp.models.projects import Project
from webapp.models.reactions import Feeling, Reaction

STEPS = 100
KEYS = ("WALL", "SCREE")
# As arrays are counted in PostgreSQL.
NUMBERED = list(enumerate(Feeling, 1))
PAGES = ("", "/issues", "/issues?state=closed", "/labels", "/milestones", "/statuses", "/trash", "/members")


class Somebody:
    """Does one thing after another to two projects. An answer may be a refusal, never a failure of the server."""

    def __init__(self, api, seed):
        self.api, self.random = api, random.Random(seed)
        self.done = {}
        self.change = ""

    def act(self):
        self.project = f"/projects/{self.random.choice(KEYS)}"
        acts = [name for name in dir(self) if name.startswith("do_")]
        name = self.random.choice([*acts, *["do_open", "do_change", "do_comment"] * 2])
        if getattr(self, name)() is not False:
            self.done[name] = self.done.get(name, 0) + 1

    def send(self, method, url, json=None):
        response = self.api.send(method, url, json=json)
        assert response.status_code < 500, f"{method} {url} {json}: {response.text}"
        return response.status_code < 300

    def any_of(self, what):
        found = self.api.get(f"{self.project}/{what}")
        items = found if isinstance(found, list) else found["items"]
        return self.random.choice(items) if items else None

    def items_of(self, url):
        """None, where the issue has moved or was deleted."""
        return (self.api.send("GET", url).json or {}).get("items")

    def issue(self):
        found = self.any_of(f"issues?state={self.random.choice(['open', 'closed', 'all'])}&limit=100")
        return f"{self.project}/issues/{found['number']}" if found else f"{self.project}/issues/1"

    def some_labels(self):
        labels = self.api.get(f"{self.project}/labels")["items"]
        return [one["name"] for one in labels if self.random.random() < 0.4]

    def do_open(self):
        return self.send("POST", f"{self.project}/issues", {"title": "A stone", "labels": self.some_labels()})

    def do_change(self):
        status, milestone = self.any_of("statuses"), self.any_of("milestones")
        fields = {
            "state": self.random.choice(["open", "closed"]),
            "status": status["name"],
            "labels": self.some_labels(),
            "milestone": milestone and milestone["id"],
            "parent": self.random.choice([None, 1, 2, 3]),
        }
        name = self.random.choice(["state", *fields])
        return self.send("PATCH", self.issue(), {name: fields[name], "force": self.random.random() < 0.7})

    def do_assign(self):
        people = [one["id"] for one in self.api.get(f"{self.project}/members")["items"] if self.random.random() < 0.7]
        return self.send("PATCH", self.issue(), {"assignees": people})

    def do_move_card(self):
        place = {"number": self.random.randint(1, 9), "by": "assignee", "place": self.random.choice(["top", "down"])}
        return self.send("POST", f"{self.project}/board/moves", place)

    def do_delete(self):
        return self.send("DELETE", self.issue())

    def do_restore(self):
        thing = self.any_of("trash")
        if thing is None:
            return False
        comment = f"/comments/{thing['comment']}" if thing["comment"] else ""
        return self.send("POST", f"{self.project}/issues/{thing['number']}{comment}/restoration")

    def do_move(self):
        return self.send("POST", f"{self.issue()}/move", {"project": self.random.choice(KEYS)})

    def do_change_many(self):
        status, milestone = self.any_of("statuses"), self.any_of("milestones")
        labels = self.some_labels()
        fields = self.random.choice(
            [
                {"state": self.random.choice(["open", "closed"]), "add_labels": labels},
                {"status": status["name"], "remove_labels": labels, "priority": "high"},
                {"milestone": milestone and milestone["id"]},
                {"delete": True},
                {"move_to": self.random.choice(KEYS)},
            ]
        )
        force = self.random.random() < 0.5
        chosen = {"numbers": self.random.sample(range(1, 15), 4)}
        response = self.api.send("PATCH", f"{self.project}/issues", json={**chosen, **fields, "force": force})
        assert response.status_code < 500, f"{fields}: {response.text}"
        self.change = (response.json or {}).get("change_id") or self.change
        return response.status_code < 300

    def do_undo_many(self):
        return bool(self.change) and self.send("POST", f"{self.project}/issues/undo", {"change": self.change})

    def do_comment(self):
        body = self.random.choice(["Seen.", "fixes #1", "fixes WALL-2 and SCREE-3", "see #2"])
        draft = {"body": body, "force": True}
        if self.random.random() < 0.3:
            draft["state"] = self.random.choice(["open", "closed"])
        return self.send("POST", f"{self.issue()}/comments", draft)

    def do_delete_comment(self):
        issue = self.issue()
        comments = self.items_of(f"{issue}/comments")
        return bool(comments) and self.send("DELETE", f"{issue}/comments/{comments[-1]['id']}")

    def do_react(self):
        about = self.issue()
        said = self.items_of(f"{about}/comments")
        if said and self.random.random() < 0.5:
            about = f"{about}/comments/{self.random.choice(said)['id']}"
        way = self.random.choice(["PUT", "PUT", "DELETE"])
        return self.send(
            way, f"{about}/reactions/{self.random.choice(['+1', 'heart'])}", {} if way == "PUT" else None
        )

    def do_relate(self):
        kind = self.random.choice(["blocks", "blocked_by", "relates", "duplicates", "parent", "child"])
        other = f"{self.random.choice(KEYS)}-{self.random.randint(1, 4)}"
        return self.send("POST", f"{self.issue()}/relations", {"kind": kind, "issue": other})

    def do_undo(self):
        issue = self.issue()
        events = self.items_of(f"{issue}/events?limit=100")
        return bool(events) and self.send("POST", f"{issue}/undo", {"change": events[-1]["change_id"]})

    def do_make_label(self):
        return self.send("POST", f"{self.project}/labels", {"name": f"l{self.random.randint(1, 5)}"})

    def do_merge_label(self):
        one, other = self.any_of("labels"), self.any_of("labels")
        return bool(one) and self.send("POST", f"{self.project}/labels/{one['id']}/merge", {"into": other["id"]})

    def do_delete_label(self):
        one = self.any_of("labels")
        return bool(one) and self.send("DELETE", f"{self.project}/labels/{one['id']}")

    def do_delete_status(self):
        one, other = self.any_of("statuses"), self.any_of("statuses")
        return self.send("DELETE", f"{self.project}/statuses/{one['id']}", {"to": other["id"]})

    def do_make_milestone(self):
        return self.send("POST", f"{self.project}/milestones", {"title": f"m{self.random.randint(1, 5)}"})

    def do_end_milestone(self):
        one, other = self.any_of("milestones"), self.any_of("milestones")
        if one is None:
            return False
        at = f"{self.project}/milestones/{one['id']}"
        if self.random.random() < 0.5:
            return self.send("DELETE", at)
        return self.send("PATCH", at, {"state": "closed", "move_to": other["id"]})


def wrong_counters():
    here = Issue.deleted_at.is_(None)

    def issues(*those):
        return select(func.count()).select_from(Issue).where(here, *those).scalar_subquery()

    carrying = issues(
        Issue.id.in_(select(IssueLabel.issue_id).where(IssueLabel.label_id == Label.id).correlate(Label))
    )
    comments = (
        select(func.count()).where(Comment.issue_id == Issue.id, Comment.deleted_at.is_(None)).scalar_subquery()
    )

    def felt(*feelings):
        of_issue = Reaction.issue_id == Issue.id, Reaction.comment_id.is_(None), Reaction.feeling.in_(feelings)
        return select(func.count()).select_from(Reaction).where(*of_issue).scalar_subquery()

    def said(feeling):
        of_comment = Reaction.comment_id == Comment.id, Reaction.feeling == feeling
        return select(func.count()).select_from(Reaction).where(*of_comment).scalar_subquery()

    counters = [
        (Project.key, Project.open_issues, issues(Issue.project_id == Project.id, Issue.state == State.OPEN)),
        (Project.key, Project.closed_issues, issues(Issue.project_id == Project.id, Issue.state == State.CLOSED)),
        (Label.name, Label.issue_count, carrying),
        (Issue.number, Issue.comment_count, comments),
        *((Issue.number, func.coalesce(Issue.reactions[place], 0), felt(feeling)) for place, feeling in NUMBERED),
        (Issue.number, Issue.reaction_count, felt(*Feeling)),
        *((Comment.id, func.coalesce(Comment.reactions[place], 0), said(feeling)) for place, feeling in NUMBERED),
    ]
    return [
        (str(counter), *row)
        for what, counter, real in counters
        for row in db.session.execute(select(what, counter, real).where(counter != real))
    ]


def wrong_tallies():
    """What days add up to, against the issues themselves."""
    recounted = """
        SELECT project_id, 'created' AS series, 0 AS of_id FROM issues WHERE deleted_at IS NULL
        UNION ALL SELECT project_id, 'closed', 0 FROM issues WHERE deleted_at IS NULL AND state = 'closed'
        UNION ALL SELECT project_id, 'status', status_id FROM issues WHERE deleted_at IS NULL
        UNION ALL SELECT project_id, 'scope', milestone_id FROM issues
            WHERE deleted_at IS NULL AND milestone_id IS NOT NULL
        UNION ALL SELECT project_id, 'done', milestone_id FROM issues
            WHERE deleted_at IS NULL AND milestone_id IS NOT NULL AND state = 'closed'
    """
    compared = f"""
        SELECT project_id, series, of_id, sum(n) FROM (
            SELECT project_id, series, of_id, n FROM tallies UNION ALL SELECT *, -1 FROM ({recounted}) AS issues
        ) AS both_ways GROUP BY 1, 2, 3 HAVING sum(n) <> 0
    """
    return db.session.execute(text(compared)).all()


def wrong_places():
    """Links to issues that stand elsewhere than their issue, or stand there although it does not; or that tell another
    time of its making.
    """
    place = "CASE WHEN i.state = 'open' AND i.deleted_at IS NULL THEN i.position END"
    compared = f"""
        SELECT 'label', i.number, l.place FROM issue_labels l JOIN issues i ON i.id = l.issue_id
        WHERE (l.place, l.issue_created_at) IS DISTINCT FROM ({place}, i.created_at)
        UNION ALL SELECT 'assignee', i.number, a.place FROM issue_assignees a JOIN issues i ON i.id = a.issue_id
        WHERE (a.place, a.project_id) IS DISTINCT FROM ({place}, i.project_id)
    """
    return db.session.execute(text(compared)).all()


def refuse_broken_pages(browser, api):
    for key in KEYS:
        project = f"/projects/{key}"
        for page in PAGES:
            browser.get(project + page)
        for issue in api.get(f"{project}/issues?state=all&limit=100")["items"]:
            browser.get(f"{project}/issues/{issue['number']}?timeline=all")
            browser.get(f"{project}/issues/{issue['number']}/relations")
            browser.get(f"{project}/issues/{issue['number']}/edit")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counters_stay_true_and_pages_whole(app, api, browser, make, ada, seed):
    for key in KEYS:
        project = make.project(ada, key=key)
        make.label(project, ada, "bug")
        make.issue(project, ada, labels=["bug"])
    somebody = Somebody(api(ada), seed)
    for _ in range(STEPS):
        somebody.act()
    with app.app_context():
        assert not wrong_counters()
        assert not wrong_tallies()
        assert not wrong_places()
    refuse_broken_pages(browser(ada), api(ada))
    assert len(somebody.done) >= 10, f"too little happened: {somebody.done}"
