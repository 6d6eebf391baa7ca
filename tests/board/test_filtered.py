"""A board of a query shows the same cards in the same order, with the same counts, whichever way they are found."""

import pytest
from sqlalchemy import select

from tests.scene import *  # noqa: F403
from webapp.board import few
from webapp.board import service as boards
from webapp.db import db
from webapp.models.issues import Issue
from webapp.recent import RecentSet

BOARD, ISSUES = "/projects/WALL/board", "/projects/WALL/issues"
NEVER = 10**6
# Along each column; all at once, by a label or as PostgreSQL likes; at once in vain, then along each column.
WAYS = {
    "walked": {"LONG": NEVER},
    "gathered": {"LONG": 0, "FEW": NEVER},
    "too many": {"LONG": 0, "FEW": 0},
}
QUERIES = (
    "label:bug", "is:open label:bug", "is:closed label:bug", "milestone:Spring", "label:bug milestone:Spring", "label:bug label:kind::idea", "label:bug stone",
    "-label:bug", "is:open -label:bug", "label:bug,kind::idea", "label:bug OR priority:high", "label:none",
    "assignee:@me", "is:open assignee:@me", "label:bug assignee:@me", "no:assignee", "label:nothing", "label:bug is:private",
    "is:open", "is:closed", "label:bug is:open is:closed",
)  # fmt: skip
GROUPINGS = ("status", "assignee", "priority", "milestone", "label:kind")


@pytest.fixture(scope="module")
def people(make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    return {
        "owner": ada, "member": make.member(project, "member", name="Ben"), "stranger": make.person("Eve"),
        "author": make.member(project, "reporter"), "assignee": make.member(project, "viewer"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def wall(api, make, people):
    """Two dozen of issues, of which some are private, closed, moved by hand, or in the trash."""
    ours = api(people["owner"])
    for name in ("bug", "kind::idea", "kind::task"):
        ours.post("/projects/WALL/labels", {"name": name})
    milestone = ours.post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    for number in range(24):
        who = people["author"] if number % 5 == 1 else people["owner"]
        private = {"private": True} if number % 4 == 1 else {}
        own = api(who).post(ISSUES, {"title": f"{'Stone' if number % 3 else 'Moss'} {number}", **private})["number"]
        status = ("Backlog", "Todo", "Done", "Canceled")[number // 2 % 4]
        plan = {"priority": "high"} if number % 3 == 2 else {}
        plan |= {"milestone": milestone} if number % 4 < 2 else {}
        ours.patch(f"{ISSUES}/{own}", {"status": status, **plan, **tied(number, people)})
    for number in (3, 9, 17):
        ours.post(f"{BOARD}/moves", {"number": number, "place": "bottom"}, status=200)
    for number in (4, 10):
        ours.delete(f"{ISSUES}/{number}")


def tied(number, people):
    """The labels and the people of one of them."""
    labels = {("kind::idea", "kind::task", "bug")[number % 3], *(["bug"] if number % 2 else [])}
    mine = [people[name].id for name, at in (("owner", 2), ("assignee", 3), ("member", 7)) if number % at == 0]
    return {"labels": sorted(labels), "assignees": mine}


def shown(client, by, query):
    """The cards of each column, part by part, and how many it says that it has."""
    found = {}
    for column in client.get(BOARD, query_string={"by": by, "q": query})["columns"]:
        cards, count = [card["number"] for card in column["items"]], column["count"]
        while column["next"]:
            [column] = client.get(column["next"])["columns"]
            assert column["count"] == count
            cards += [card["number"] for card in column["items"]]
        found[column["key"]] = (cards, count)
    return found


def listed(app, client, by, query):
    """The same, put together of what a list has."""
    page = client.get(ISSUES, query_string={"q": query, "state": "all", "limit": 100})
    with app.app_context():
        places = {one.number: one.position for one in db.session.execute(select(Issue.number, Issue.position))}
    found = {column["key"]: [] for column in client.get(BOARD, query_string={"by": by})["columns"]}
    for issue in sorted(page["items"], key=lambda issue: places[issue["number"]]):
        if by == "status" or issue["state"] == "open":
            for key in found.keys() & _keys(issue, by):
                found[key].append(issue["number"])
    return {key: (cards, len(cards)) for key, cards in found.items()}


def _keys(issue, by):
    labels = [one["name"] for one in issue["labels"] if one["name"].startswith("kind::")]
    milestone = issue["milestone"]
    return {
        "status": [issue["status"]],
        "assignee": [str(one["id"]) for one in issue["assignees"]] or ["none"],
        "priority": [issue["priority"]],
        "milestone": [str(milestone["id"]) if milestone else "none"],
        "label:kind": labels or ["none"],
    }[by]


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("who", ["owner", "stranger", "author"])
def test_the_cards_are_those_of_the_list(app, api, wall, people, monkeypatch, who, by):
    client = api(people[who])
    monkeypatch.setattr(boards, "FIRST", 4)
    monkeypatch.setattr(boards, "FEWEST", 4)
    monkeypatch.setattr(boards, "_many", RecentSet(60, 0))
    for query in QUERIES:
        expected = listed(app, client, by, query)
        for way, limits in WAYS.items():
            for name, value in limits.items():
                monkeypatch.setattr(boards, name, value)
            monkeypatch.setattr(few, "EACH", 0 if way == "too many" else 300_000)
            app.extensions["keeping"].clear()
            assert shown(client, by, query) == expected, (query, way)
