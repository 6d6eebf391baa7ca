"""From what somebody does to what another finds, with nothing written by hand between."""

from webapp.jobs import worker


def test_what_is_done_is_found_and_read_and_found_again(app, api, browser, ada, make):
    project = make.project(ada, key="WALL")
    bob = make.member(project, "member")
    mine, page = api(bob), browser(bob)
    make.issue(project, bob, title="A loose stone")
    worker.drain(app)
    assert mine.get("/inbox")["items"] == []
    api(ada).post("/projects/WALL/issues/1/comments", {"body": "Which one?"})
    worker.drain(app)
    (row,) = mine.get("/inbox")["items"]
    assert (row["reason"], row["unread"], row["events"][0]["said"]) == ("author", True, "Which one?")
    shown = page.get("/inbox")
    assert "Inbox</span> <b" in shown.text
    read = page.get(f"/projects/WALL/issues/1?since={row['first_unread']}")
    assert 'id="new"' in read.text
    assert "Inbox</span></a>" in read.text
    mine.patch(f"/inbox/{row['id']}", {"done": True})
    api(ada).patch("/projects/WALL/issues/1", {"assignees": [bob.id]})
    worker.drain(app)
    (row,) = mine.get("/inbox")["items"]
    assert (row["reason"], row["unread"], row["done"]) == ("assigned", True, False)
    assert [one["kind"] for one in row["events"]] == ["assigned"]
