"""Reactions to issues and comments: one press, once a person, counted beside what they are about."""

from threading import Thread

import pytest
from sqlalchemy import text

from tests.committed import committed
from webapp.db import db, transacting
from webapp.models.reactions import Feeling

WALL = "/projects/WALL/issues"
URL = f"{WALL}/1"
FEELINGS = [one.value for one in Feeling]


def put(api, who, url, status=200):
    return api(who).send("PUT", url, json={}, status=status).json


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    make.issue(project, ada)
    return project


@pytest.fixture
def comment(api, ada, project):
    return f"{URL}/comments/{api(ada).post(f'{URL}/comments', {'body': 'Seen.'})['id']}"


@pytest.mark.parametrize("reaction", FEELINGS)
def test_a_reaction_is_given_once_and_taken_back(api, ada, project, comment, reaction):
    for about in (URL, comment):
        for _ in range(2):
            told = put(api, ada, f"{about}/reactions/{reaction}")
            assert (told["name"], told["count"], told["mine"]) == (reaction, 1, True)
        assert api(ada).get(about)["reactions"] == {"total": 1, reaction: 1}
        assert [one["id"] for one in told["people"]] == [ada.id]
        for _ in range(2):
            api(ada).delete(f"{about}/reactions/{reaction}")
        assert api(ada).get(about)["reactions"] == {"total": 0}
        assert api(ada).get(f"{about}/reactions")["items"] == []


def test_there_are_no_others(api, ada, project):
    put(api, ada, f"{URL}/reactions/shrug", status=404)


def test_all_are_told_in_their_order_with_who_they_are(api, ada, make, project):
    bob = make.member(project, "reporter")
    for who, what in ((bob, "heart"), (bob, "+1"), (ada, "+1")):
        put(api, who, f"{URL}/reactions/{what}")
    told = api(bob).get(f"{URL}/reactions")["items"]
    assert [(one["name"], one["count"], one["mine"]) for one in told] == [("+1", 2, True), ("heart", 1, True)]
    assert [one["name"] for one in told[0]["people"]] == ["Reporter", "Ada"]
    assert api(ada).get(f"{URL}/reactions/heart")["mine"] is False
    assert api(ada).get(f"{URL}/reactions/eyes")["count"] == 0
    assert api(ada).get(WALL)["items"][0]["reactions"] == {"total": 3, "+1": 2, "heart": 1}


def test_a_comment_s_are_its_own(api, ada, project, comment):
    put(api, ada, f"{comment}/reactions/heart")
    assert api(ada).get(URL)["reactions"] == {"total": 0}
    assert api(ada).get(f"{URL}/comments")["items"][0]["reactions"] == {"total": 1, "heart": 1}


def test_it_changes_neither_version_nor_activity_and_is_no_history(api, ada, make, project):
    before, told = api(ada).get(URL), api(ada).get(f"{URL}/events")["total"]
    bob = make.member(project, "reporter")
    put(api, bob, f"{URL}/reactions/+1")
    after = api(ada).get(URL)
    assert {**after, "reactions": before["reactions"]} == before
    assert api(ada).get(f"{URL}/events")["total"] == told
    with make.app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM jobs WHERE task <> 'hear'")) == 0
        assert db.session.scalar(text("SELECT count(*) FROM mails")) == 0


def test_viewers_do_not_react_and_nobody_in_an_archive(api, ada, make, project, comment):
    viewer = make.member(project, "viewer")
    for about in (URL, comment):
        put(api, viewer, f"{about}/reactions/+1", status=403)
        api(viewer).get(f"{about}/reactions")
        api(make.person("Eve")).get(f"{about}/reactions", status=404)
        put(api, make.person("Eve"), f"{about}/reactions/+1", status=404)
    put(api, ada, f"{URL}/reactions/+1")
    api(ada).post("/projects/WALL/archive", status=200)
    put(api, ada, f"{URL}/reactions/heart", status=403)
    api(ada).delete(f"{URL}/reactions/+1", status=403)
    assert api(ada).get(URL)["reactions"] == {"total": 1, "+1": 1}


def test_the_trash_keeps_them_and_takes_none(api, ada, project, comment):
    for about in (comment, URL):
        put(api, ada, f"{about}/reactions/eyes")
        api(ada).delete(about)
        put(api, ada, f"{about}/reactions/+1", status=410)
        api(ada).post(f"{about}/restoration", status=200)
        assert api(ada).get(about)["reactions"] == {"total": 1, "eyes": 1}


def test_they_go_along_to_another_project(api, ada, make, project, comment):
    make.project(ada, key="SCREE")
    for about in (URL, comment):
        put(api, ada, f"{about}/reactions/rocket")
    moved = api(ada).post(f"{URL}/move", {"project": "SCREE"}, status=200)
    there = f"/projects/SCREE/issues/{moved['number']}"
    assert api(ada).get(there)["reactions"] == {"total": 1, "rocket": 1}
    assert api(ada).get(f"{there}/comments")["items"][0]["reactions"] == {"total": 1, "rocket": 1}
    api(ada).delete(f"{there}/reactions/rocket")
    assert api(ada).get(there)["reactions"] == {"total": 0}


def test_those_of_a_comment_that_is_forgotten_are_forgotten(api, ada, make, project, comment):
    put(api, ada, f"{comment}/reactions/eyes")
    api(ada).delete(comment)
    with make.app.app_context():
        with transacting() as session:
            session.execute(text("UPDATE comments SET deleted_at = now() - interval '31 days'"))
        from webapp.comments import removal

        assert removal.purge() == 1
        assert db.session.scalar(text("SELECT count(*) FROM reactions")) == 0
        assert db.session.scalar(text("SELECT reactions FROM comments")) == []


def test_an_issue_that_ends_takes_them_along(api, ada, make, project, comment):
    for about in (URL, comment):
        put(api, ada, f"{about}/reactions/eyes")
    with make.app.app_context():
        with transacting() as session:
            session.execute(text("DELETE FROM issues"))
        assert db.session.scalar(text("SELECT count(*) FROM reactions")) == 0


def test_rows_by_hand_are_counted(api, ada, make, project, comment):
    """Whoever writes, and whatever becomes of a row."""
    add = "INSERT INTO reactions (issue_id, comment_id, user_id, feeling) SELECT issue_id, {}, author_id, '{}' FROM comments"
    steps = {
        add.format("NULL", "+1"): ([1, 0, 0, 0, 0, 0, 0, 0], []),
        add.format("id", "eyes"): ([1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1]),
        "UPDATE reactions SET feeling = 'heart' WHERE feeling = 'eyes'": (
            [1, 0, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 1, 0, 0],
        ),
        "UPDATE reactions SET comment_id = NULL": ([1, 0, 0, 0, 0, 1, 0, 0], []),
        "DELETE FROM reactions": ([], []),
    }
    for step, (of_issue, of_comment) in steps.items():
        with make.app.app_context():
            with transacting() as session:
                session.execute(text(step))
            row = db.session.execute(text("SELECT reactions, reaction_count FROM issues")).one()
            assert (row.reactions, row.reaction_count) == (of_issue, sum(of_issue)), step
            assert db.session.scalar(text("SELECT reactions FROM comments")) == of_comment, step


def test_many_at_once_are_all_counted_and_one_person_once(database, settings):
    """Two presses of one person and presses of many, each in a transaction of its own."""
    press = (
        "INSERT INTO reactions (issue_id, user_id, feeling) SELECT {issue}, id, '+1' FROM users WHERE name = 'P{one}'"
        " ON CONFLICT DO NOTHING"
    )
    failures = []
    with committed(database, settings) as kept:
        kept.run("INSERT INTO users (name) SELECT 'P' || n FROM generate_series(0, 7) n")

        def work(one: int) -> None:
            try:
                for _ in range(10):
                    kept.run(press.format(issue=kept.values["issue"], one=one))
            except Exception as error:
                failures.append(error)

        workers = [Thread(target=work, args=(one % 8,)) for one in range(16)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        counted = "SELECT reactions::text || reaction_count FROM issues WHERE id = {issue}".format(**kept.values)
        assert kept.run(counted) == "{8,0,0,0,0,0,0,0}8"
    assert failures == []
