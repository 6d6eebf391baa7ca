"""What listeners hear of texts."""

import pytest

from webapp.references import written


@pytest.fixture
def heard():
    """Number of the issue, whether it was a comment, and the text, of all that is told from here on."""
    told = []

    def listener(one):
        told.append((one.number, one.comment_id is not None, one.text))

    written.listeners.append(listener)
    yield told
    written.listeners.remove(listener)


@pytest.fixture
def issue(make, ada):
    return make.issue(make.project(ada, key="WALL"), ada, body="first")


def test_every_change_of_a_text_is_told_once(api, ada, issue, heard):
    api(ada).patch("/projects/WALL/issues/1", {"body": "second", "title": "Other"})
    api(ada).patch("/projects/WALL/issues/1", {"body": "second", "title": "Same text"})
    made = api(ada).post("/projects/WALL/issues/1/comments", {"body": "third"})
    at = f"/projects/WALL/issues/1/comments/{made['id']}"
    api(ada).patch(at, {"body": "fourth"})
    api(ada).delete(at)
    assert heard == [(1, False, "second"), (1, True, "third"), (1, True, "fourth"), (1, True, "")]


def test_a_new_and_a_deleted_issue_are_told(api, ada, issue, heard):
    api(ada).post("/projects/WALL/issues", {"title": "New", "body": "words"})
    api(ada).delete("/projects/WALL/issues/1")
    assert heard == [(2, False, "words"), (1, False, "")]


def test_what_a_listener_refuses_is_not_written(api, ada, issue):
    def listener(one):
        raise RuntimeError

    written.listeners.append(listener)
    try:
        api(ada).post("/projects/WALL/issues/1/comments", {"body": "third"}, status=500)
    finally:
        written.listeners.remove(listener)
    assert api(ada).get("/projects/WALL/issues/1/comments")["items"] == []
