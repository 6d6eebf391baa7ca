"""Lists that a process keeps: they are not read again until something in the project changes, and then at once."""

import tracemalloc

import pytest
from sqlalchemy import text

from webapp import keeping
from webapp.db import db, transacting
from webapp.lists import service as lists
from webapp.lists import words
from webapp.lists.asked import asked
from webapp.lists.vocabulary import VOCABULARY
from webapp.projects import service as projects

LIST = "/projects/WALL/issues"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    make.label(project, ada, "bug")
    make.issue(project, ada, title="First", labels=["bug"], assignees=[ada.id])
    return project


@pytest.fixture
def counted(app, statements, monkeypatch):
    monkeypatch.setattr(keeping, "PARANOID", False)

    def of(client, address):
        statements.clear()
        answer = client.get(address)
        return len(statements), [item["title"] for item in answer["items"]]

    return of


@pytest.mark.parametrize("query", ["", "?q=is:open", "?state=closed", "?q=label:bug&limit=1", "?q=loose"])
def test_a_second_look_costs_no_more_than_to_ask_who_looks(api, ada, project, counted, query):
    client = api(ada)
    first = counted(client, LIST + query)
    second = counted(client, LIST + query)
    assert second[1] == first[1]
    assert second[0] < first[0]
    assert second[0] <= 2


def test_it_is_the_same_for_another_reader_and_another_way_to_say_it(api, ada, eve, project, counted):
    before, _ = counted(api(ada), LIST + "?q=is:open")
    assert counted(api(eve), LIST + "?state=open")[0] < before


CHANGES = [
    ("POST", LIST, {"title": "Second"}),
    ("PATCH", f"{LIST}/1", {"title": "Anew", "version": 1}),
    ("PATCH", f"{LIST}/1", {"labels": [], "version": 1}),
    ("PATCH", f"{LIST}/1", {"assignees": [], "version": 1}),
    ("POST", f"{LIST}/1/comments", {"body": "Seen."}),
    ("POST", f"{LIST}/1/closure", {}),
    ("DELETE", f"{LIST}/1", None),
    ("PATCH", "/auth/me", {"name": "Ada L."}),
]


@pytest.mark.parametrize(("method", "address", "body"), CHANGES, ids=lambda value: str(value)[:30])
def test_what_changes_is_shown_at_once(api, ada, project, method, address, body):
    client = api(ada)
    before = client.get(LIST)
    assert client.get(LIST) == before
    assert client.send(method, address, json=body).status_code < 300
    assert client.get(LIST) != before
    assert client.get(LIST) == client.get(LIST + "?limit=99")


def test_whoever_asks_for_their_own_gets_their_own(api, ada, eve, project):
    assert len(api(ada).get(LIST + "?q=assignee:@me")["items"]) == 1
    assert api(eve).get(LIST + "?q=assignee:@me")["items"] == []


def test_words_that_have_changed_take_no_room(api, ada, project, make):
    client, before = api(ada), len(words._kept)
    for name in ("Ada A.", "Ada B.", "Ada C."):
        client.patch("/auth/me", {"name": name})
        assert client.get(LIST)["items"][0]["author"]["name"] == name
    assert len(words._kept) <= before + 1


STAMP = "SELECT stamp FROM project_stamps WHERE project_id = :id"


def test_a_change_that_no_counter_tells_of_is_found_out(app, api, ada, project, monkeypatch):
    monkeypatch.setattr(keeping, "PARANOID", True)
    client = api(ada)
    client.get(LIST)
    with app.app_context():
        before = db.session.scalar(text(STAMP), {"id": project.id})
        with transacting() as session:
            session.execute(text("UPDATE issues SET title = 'In secret'"))
        with transacting() as session:
            session.execute(text("UPDATE project_stamps SET stamp = :before"), {"before": before})
    assert client.send("GET", LIST).status_code == 500
    app.extensions["keeping"].clear()


LASTING = {
    "is:open",
    "label:bug",
    "-label:bug",
    "no:due",
    "is:unassigned OR priority:>=high",
    "loose stone",
    "was:label:x",
}
PASSING = {
    "assignee:@me", "is:overdue", "is:blocked", "-is:blocked", "due:<7d", "created:>2026-01-01", "blocks:yes", "#1",
    "is:open (label:bug OR author:@ME)", "changed:label by:@me", "project:WALL", "parent:#1",
}  # fmt: skip


def test_what_time_or_the_reader_decides_is_not_kept():
    assert {said for said in LASTING | PASSING if asked(said).lasts} == LASTING


EXAMPLES = {field.example.replace("@me", "ada") for field in VOCABULARY.values()} | {"no:attachment", "has:child"}


@pytest.mark.parametrize("said", sorted(said for said in EXAMPLES if asked(said).lasts))
@pytest.mark.parametrize("times", [1, 20])
def test_what_is_kept_of_a_query_takes_the_room_that_is_counted(app, ada, project, said, times):
    """Whoever asks long questions, each another, fills no more memory than the bound says."""
    text = " ".join([said] * times)
    with app.app_context():
        row = projects.get("WALL", ada)
        lists._sought(asked(text), row, ada)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        wanted = [lists._sought(asked(text), row, ada) for _ in range(10)]
        taken = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
    assert taken / 10 <= lists._SOUGHT.size(wanted[0])


def test_every_field_was_thought_about():
    passing = {
        "due",
        "start",
        "created",
        "updated",
        "closed",
        "parent",
        "blocked",
        "blocks",
        "project",
        "changed",
        "in",
    }
    lasting = {name for name in VOCABULARY if name not in {*passing, "sort"}}
    examples = {name: field.example.replace("@me", "ada") for name, field in VOCABULARY.items()}
    assert {name for name, said in examples.items() if asked(said).lasts and name != "sort"} == lasting
