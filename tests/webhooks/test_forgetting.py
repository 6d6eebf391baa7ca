"""What is forgotten for good stands in no log: a word is planted in every text, told to a hook, and looked for."""

import pytest

from tests.history.test_forgetting import holding

WORD = "hunter2zebra"
ISSUE = "/projects/HOOK/issues/2"


@pytest.fixture
def told(world):
    """An issue that says the word in all its texts, and a hook that was told of it, once again too."""
    hook = world.hook(events=["everything"])
    world.api.post("/projects/HOOK/issues", {"title": "Gate", "body": f"{WORD}\n\n- [ ] change {WORD}"})
    world.comment = world.api.post(f"{ISSUE}/comments", {"body": f"{WORD}\n\n- [ ] change {WORD}"})["id"]
    world.hears()
    log = f"/projects/HOOK/webhooks/{hook['id']}/deliveries"
    first = world.api.get(log)["items"][-1]["id"]
    world.api.post(f"{log}/{first}")
    assert WORD in str(world.hears())
    assert "webhook_deliveries" in holding(world.app, WORD)
    return world


def test_a_former_text(told):
    for place in (ISSUE, f"{ISSUE}/comments/{told.comment}"):
        told.api.patch(place, {"body": "Nothing to see"})
        told.hears()
        told.api.delete(f"{place}/history/1")
    assert holding(told.app, WORD) == []


def test_a_comment_that_is_deleted_for_good(told):
    told.api.patch(ISSUE, {"body": "Nothing to see"})
    told.api.delete(f"{ISSUE}/history/1")
    told.api.delete(f"{ISSUE}/comments/{told.comment}")
    told.hears()
    told.api.delete(f"/projects/HOOK/trash/2/comments/{told.comment}")
    assert holding(told.app, WORD) == []


@pytest.mark.parametrize("by_time", [False, True])
def test_an_issue_that_is_deleted_for_good(told, by_time):
    told.api.delete(ISSUE)
    told.hears()
    if by_time:
        told.run("UPDATE issues SET deleted_at = now() - interval '40 days' WHERE number = 2")
        told.api.get("/projects/HOOK/trash")
    else:
        told.api.delete("/projects/HOOK/trash/2")
    assert holding(told.app, WORD) == []


def test_what_waits_is_told_without_it(told):
    """It was put into words before, and was not taken."""
    told.receiver.status = 503
    told.api.patch(ISSUE, {"title": "Gates"})
    told.hears()
    told.api.patch(ISSUE, {"body": "Nothing to see"})
    [former] = [one for one in told.api.get(f"{ISSUE}/history")["items"] if WORD in one["body"]]
    told.api.delete(f"{ISSUE}/history/{former['version']}")
    told.receiver.status = 200
    told.receiver.came.clear()
    assert "Gates" in str(told.hears(ahead=600))
    assert WORD not in str(told.receiver.came)
