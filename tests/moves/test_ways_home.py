"""An issue comes back to a project after other things have happened to it, or to the project."""

import pytest

WALL, SCREE, LEDGE = ("/projects/WALL/issues", "/projects/SCREE/issues", "/projects/LEDGE/issues")


@pytest.fixture
def ledge(make, ada):
    return make.project(ada, key="LEDGE")


def move(client, url, key):
    return client.post(f"{url}/move", {"project": key}, status=200)


def is_whole(client, issue):
    """Whether it is open or closed as its status is."""
    statuses = {one["name"]: one["category"] for one in client.get("/projects/WALL/statuses")["items"]}
    return (statuses[issue["status"]] in ("done", "canceled")) == (issue["state"] == "closed")


def test_closed_on_the_way_it_stays_closed(laden, ledge):
    move(laden, f"{WALL}/1", "SCREE")
    laden.patch(f"{SCREE}/1", {"state": "closed", "force": True})
    move(laden, f"{SCREE}/1", "LEDGE")
    back = move(laden, f"{LEDGE}/1", "WALL")
    assert (back["state"], back["status"]) == ("closed", "Done")
    assert is_whole(laden, back)


def test_a_status_that_means_something_else_now_is_not_had_again(laden):
    move(laden, f"{WALL}/1", "SCREE")
    cooling = next(one for one in laden.get("/projects/WALL/statuses")["items"] if one["name"] == "Cooling")
    laden.patch(f"/projects/WALL/statuses/{cooling['id']}", {"category": "done"})
    back = move(laden, f"{SCREE}/1", "WALL")
    assert back["state"] == "open"
    assert is_whole(laden, back)


def test_undo_of_many_takes_back_those_that_were_not_moved_on(laden, ledge):
    done = laden.patch(WALL, {"numbers": [3, 4], "move_to": "SCREE"})
    move(laden, f"{SCREE}/1", "LEDGE")
    undone = laden.post(f"{SCREE}/undo", {"change": done["change_id"]}, status=200)
    assert (undone["changed"], len(undone["refused"])) == (1, 1)
    assert laden.get(f"{WALL}/4")["key"] == "WALL-4"


def test_undo_of_many_is_asked_where_they_came_from_as_well(laden, ledge):
    done = laden.patch(WALL, {"numbers": [3, 4], "move_to": "SCREE"})
    move(laden, f"{SCREE}/1", "LEDGE")
    undone = laden.post(f"{WALL}/undo", {"change": done["change_id"]}, status=200)
    assert (undone["changed"], len(undone["refused"])) == (1, 1)
