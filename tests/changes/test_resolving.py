"""A closed issue says in a line how it was resolved; an open one has no such line."""

import pytest

from tests.changes.ground import ISSUES, WALL

NOTE = "Mortar renewed"


def close(ground, note=NOTE, **more):
    return ground.client.post(f"{ISSUES}/1/closure", {"resolution_note": note, **more}, status=200)


def note(ground):
    return ground.issue()["resolution_note"]


@pytest.fixture
def closed(ground):
    close(ground)
    return ground


def test_it_is_said_in_the_closing_form(ground, browser):
    someone = browser(ground.ada)
    someone.post(f"{ISSUES}/1/closure", {"close_reason": "not_planned", "resolution_note": f" {NOTE} "})
    page = someone.get(f"{ISSUES}/1")
    assert page.says(f"noted as its resolution {NOTE}")
    assert page.says("Closed as not planned")
    assert someone.get(f"{ISSUES}?q=is:closed").says(f": {NOTE}")


def test_it_need_not_be_said(ground, browser):
    browser(ground.ada).post(f"{ISSUES}/1/closure", {"close_reason": "completed", "resolution_note": " "})
    assert (ground.issue()["state"], note(ground)) == ("closed", None)


def test_it_is_an_event_of_the_same_change(closed):
    closing, noting = closed.newest(3)[-2:]
    assert {closing["kind"], noting["kind"]} == {"closed", "noted"}
    assert closing["change_id"] == noting["change_id"]


def test_a_closed_issue_gets_another_one(closed, browser):
    browser(closed.ada).post(f"{ISSUES}/1", {"resolution_note": "Stone replaced"})
    assert note(closed) == "Stone replaced"
    closed.client.patch(f"{ISSUES}/1", {"resolution_note": None})
    assert (note(closed), closed.newest()[0]["data"]) == (None, {"old": "Stone replaced", "new": None})


@pytest.mark.parametrize("status", ["open", "closed"])
def test_what_stays_or_becomes_open_takes_none(ground, status):
    ground.client.patch(f"{ISSUES}/1", {"state": status})
    sent = {"resolution_note": NOTE} if status == "open" else {"resolution_note": NOTE, "state": "open"}
    refused = ground.client.patch(f"{ISSUES}/1", sent, status=422)
    assert "only for a closed issue" in str(refused)
    many = ground.client.patch(ISSUES, {"numbers": [1], **sent})
    assert (many["changed"], many["refused"][0]["number"]) == (0, 1)
    assert (ground.issue()["state"], note(ground)) == (status, None)


@pytest.mark.parametrize("sent", ["x" * 201, 5, ["a"]])
def test_what_is_no_line_is_refused(ground, sent):
    refused = ground.client.patch(f"{ISSUES}/1", {"state": "closed", "resolution_note": sent}, status=422)
    assert [one["field"] for one in refused["errors"]] == ["resolution_note"]


@pytest.mark.parametrize(
    ("sent", "kept"), [("ö" * 200, "ö" * 200), ("two\nlines", "two lines"), ("", None), (" ", None), (None, None)]
)
def test_what_is_kept_is_one_line(ground, sent, kept):
    ground.client.patch(f"{ISSUES}/1", {"state": "closed", "resolution_note": sent})
    assert note(ground) == kept


OPENING = {
    "by its state": lambda client: client.patch(f"{ISSUES}/1", {"state": "open"}),
    "by its status": lambda client: client.patch(f"{ISSUES}/1", {"status": "Todo"}),
    "by one word": lambda client: client.delete(f"{ISSUES}/1/closure"),
    "with many": lambda client: client.patch(ISSUES, {"numbers": [1], "state": "open"}),
    "in a comment": lambda client: client.post(f"{ISSUES}/1/comments", {"body": "No.", "state": "open"}),
    "on the board": lambda client: client.post(f"{WALL}/board/moves", {"number": 1, "column": "Todo"}, status=200),
}


@pytest.mark.parametrize("way", OPENING)
def test_opening_takes_it_away_and_undo_brings_it_again(closed, way):
    OPENING[way](closed.client)
    assert (closed.issue()["state"], note(closed)) == ("open", None)
    (change,) = {one["change_id"] for one in closed.newest(2)}
    closed.client.post(f"{ISSUES}/1/undo", {"change": change}, status=200)
    assert (closed.issue()["state"], note(closed)) == ("closed", NOTE)


def test_many_are_closed_with_it_and_opened_again(ground):
    ground.multiply(2)
    done = ground.client.patch(f"{ISSUES}?q=is:open", {"state": "closed", "resolution_note": NOTE})
    assert done["changed"] == 3
    assert sorted(ground.found("resolution:mortar")) == [1, 101, 102]
    ground.client.post(f"{ISSUES}/undo", {"change": done["change_id"]}, status=200)
    assert ground.found("is:all has:resolution") == []


def test_undoing_a_closing_takes_no_later_note_away(closed):
    change = closed.newest()[0]["change_id"]
    closed.client.patch(f"{ISSUES}/1", {"resolution_note": "Stone replaced"})
    closed.client.post(f"{ISSUES}/1/undo", {"change": change}, status=409)
    assert note(closed) == "Stone replaced"


def test_it_goes_along_to_another_project(closed):
    closed.client.post("/projects", {"key": "SCREE", "name": "Scree"})
    moved = closed.client.post(f"{ISSUES}/1/move", {"project": "SCREE"}, status=200)
    assert (moved["state"], moved["resolution_note"]) == ("closed", NOTE)


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("resolution:mortar", True),
        ('resolution:"tar ren"', True),
        ("resolution:stone,mortar", True),
        ('resolution:"renewed mortar"', False),
        ("resolution:%", False),
        ("resolution:_ortar", False),
        ("-resolution:stone", True),
        ("-resolution:mortar", False),
        ("has:resolution", True),
        ("no:resolution", False),
        ("changed:resolution by:@me", True),
        ('changed:resolution to:"Mortar renewed"', True),
        ("mortar", False),
    ],
)
def test_a_query_asks_for_it(closed, query, finds):
    assert closed.found(f"is:all {query}") == ([1] if finds else [])


def test_it_is_neither_more_nor_less(ground):
    ground.client.get(ISSUES, status=422, query_string={"q": "resolution:>mortar"})


def test_the_database_holds_to_it(closed):
    with pytest.raises(Exception, match="issues_resolution_note_check"):
        closed.run("UPDATE issues SET state = 'open', close_reason = NULL, closed_at = NULL")
