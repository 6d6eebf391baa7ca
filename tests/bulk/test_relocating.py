"""Many issues go to another project together."""

import pytest

from tests.bulk.changing import URL, change, issue


@pytest.fixture
def scree(make, ada):
    scree = make.project(ada, key="SCREE")
    make.label(scree, ada, "OLD")
    make.issue(scree, ada)
    return scree


def there(client, number):
    apart = ("id", "key", "number", "created_at", "updated_at", "closed_at", "title")
    return {k: v for k, v in client.get(f"/projects/SCREE/issues/{number}").items() if k not in apart}


def test_each_goes_as_a_single_one_would(api, ada, make, project, scree):
    client, member = api(ada), make.member(project, "member")
    for key in ("WALL", "SCREE"):
        client.post(f"/projects/{key}/milestones", {"title": "Spring"})
    spring = client.get("/projects/WALL/milestones")["items"][0]["id"]
    for number in (1, 2, 3):
        fields = {"labels": ["bug", "old"], "assignees": [ada.id, member.id], "milestone": spring}
        client.patch(f"{URL}/{number}", {**fields, "state": "closed", "close_reason": "not_planned"})
    client.post(f"{URL}/3/move", {"project": "SCREE"}, status=200)
    assert change(client, move_to="scree")["changed"] == 2
    assert there(client, 2) == there(client, 3) == there(client, 4)
    assert [label["name"] for label in there(client, 3)["labels"]] == ["OLD"]


def test_the_counters_go_along(api, ada, project, scree):
    client = api(ada)
    client.patch(f"{URL}/1", {"state": "closed"})
    change(client, move_to="SCREE")
    counts = [client.get(f"/projects/{key}") for key in ("WALL", "SCREE")]
    assert [(one["open_issues"], one["closed_issues"]) for one in counts] == [(1, 0), (2, 1)]
    assert client.get("/projects/WALL/labels")["items"][1]["issue_count"] == 1
    assert client.get("/projects/SCREE/labels")["items"][0]["issue_count"] == 2


def test_old_numbers_lead_to_them_and_events_go_along(api, ada, project, scree):
    client = api(ada)
    done = change(client, move_to="SCREE")
    assert client.send("GET", f"{URL}/2").headers["Location"].endswith("/projects/SCREE/issues/3")
    last = client.get("/projects/SCREE/issues/3/events")["items"][-1]
    assert (last["kind"], last["data"]["to"], last["change_id"]) == ("moved", "SCREE-3", done["change_id"])


def test_a_part_stays_one_of_what_comes_along(api, ada, project, scree):
    client = api(ada)
    client.patch(f"{URL}/2", {"parent": 1})
    client.patch(f"{URL}/3", {"parent": 1})
    change(client, move_to="SCREE")
    assert there(client, 3)["parent"]["key"] == "SCREE-2"
    assert issue(client, 3)["parent"] is None
    last = client.get(f"{URL}/3/events")["items"][-1]
    assert (last["kind"], last["data"]["old"], last["data"]["new"]) == ("reparented", "WALL-1", None)


def test_a_place_on_the_board_is_not_taken_along(api, ada, project, scree):
    client = api(ada)
    client.post("/projects/WALL/board/moves", {"number": 2, "place": "bottom"}, status=200)
    change(client, move_to="SCREE")
    backlog = client.get("/projects/SCREE/board")["columns"][0]
    assert [card["number"] for card in backlog["items"]] == [1, 3, 2]


@pytest.mark.parametrize("key", ["NONE", "WALL"])
def test_there_is_no_way_to_nowhere(api, ada, project, key):
    assert change(api(ada), 422, move_to=key)["errors"][0]["field"] == "move_to"


def test_a_reporter_moves_nothing(api, ada, make, project, scree):
    change(api(make.member(scree, "member")), 404, move_to="SCREE")
    reporter = make.member(project, "reporter")
    change(api(reporter), 422, move_to="SCREE")


def test_moving_many_costs_as_much_as_moving_few(api, ada, make, project, scree, statements):
    client = api(ada)
    for _ in range(20):
        make.issue(project, ada, labels=["old"])
    statements.clear()
    change(client, numbers=[1], move_to="SCREE")
    few = len(statements)
    statements.clear()
    assert change(client, numbers=range(2, 24), move_to="SCREE")["changed"] == 22
    assert len(statements) == few
