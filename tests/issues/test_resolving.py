"""Whatever an issue was called, before it moved and before its project got another key, goes on meaning it."""

import pytest

from tests.clients import HTML
from tests.scene import *  # noqa: F403

WALL, SCREE = "/projects/RAMPART/issues", "/projects/SCREE/issues"
# The first issue of WALL went to SCREE; then WALL became RAMPART. The second one stayed.
MOVED, RENAMED = ("RAMPART-1", "WALL-1", "SCREE-1"), ("WALL-2", "RAMPART-2")
NAMES = [(name, "SCREE-1") for name in MOVED] + [(name, "RAMPART-2") for name in RENAMED]


@pytest.fixture(scope="module")
def wall(make, api, ada):
    wall = make.project(ada, key="WALL")
    make.project(ada, key="SCREE")
    for title in ("Loose", "Tight", "Other"):
        make.issue(wall, ada, title=title)
    client = api(ada)
    client.post("/projects/WALL/issues/1/move", {"project": "SCREE"}, status=200)
    client.patch("/projects/WALL", {"key": "RAMPART"})
    return wall


@pytest.fixture(autouse=True)
def house(api, ada, wall):
    return api(ada)


def address(key):
    project, number = key.split("-")
    return f"/projects/{project}/issues/{number}"


def in_a_text(client, name):
    made = client.post(WALL, {"title": "x", "body": f"See {name}."})
    return made["body_html"].split('href="')[1].split('"')[0]


def in_an_address_of_a_text(client, name):
    made = client.post(WALL, {"title": "x", "body": f"See http://localhost:8000{address(name)}"})
    return made["body_html"].split('href="')[1].split('"')[0]


def in_a_preview(client, name):
    page = client.browser.post(f"{WALL}/preview", {"title": "x", "body": f"See {name}."}, status=200)
    return page.text.split('class="reference"')[0].rsplit('href="', 1)[1].split('"')[0]


def as_a_relation(client, name):
    made = client.post(f"{WALL}/3/relations", {"kind": "relates", "issue": name})
    return address(made["issue"]["key"])


def as_a_duplicate(client, name):
    client.post(f"{WALL}/3/closure", {"duplicate_of": name}, status=200)
    return address(client.get(f"{WALL}/3/relations")["items"][0]["issue"]["key"])


def as_a_duplicate_by_a_change(client, name):
    client.patch(f"{WALL}/3", {"duplicate_of": name})
    return address(client.get(f"{WALL}/3/relations")["items"][0]["issue"]["key"])


def as_what_is_fixed(client, name):
    client.post(f"{WALL}/3/comments", {"body": f"Fixes {name}"})
    return address(client.get("/issues?q=is:closed")["items"][0]["key"])


def in_the_search(client, name):
    return address(client.get(f"/search?q={name}")["items"][0]["issue"]["key"])


def in_the_search_box(client, name):
    return client.browser.get(f"/search?q={name}", status=303).location


def in_a_list_over_all(client, name):
    return address(client.get(f"/issues?q={name}")["items"][0]["key"])


def in_the_box_of_a_list(client, name):
    return client.browser.get(f"{WALL}?q={name}", status=303).location


def in_the_box_of_another_list(client, name):
    return client.browser.get(f"{SCREE}?q={name}", status=303).location


def in_blocks(client, name):
    client.post(f"{WALL}/3/relations", {"kind": "blocks", "issue": name})
    found = client.get(f"{WALL}?q=blocks:{name}")["items"]
    assert [one["number"] for one in found] == [3]
    return address(client.get(f"{WALL}/3/relations")["items"][0]["issue"]["key"])


def in_blocked(client, name):
    client.post(f"{WALL}/3/relations", {"kind": "blocked_by", "issue": name})
    assert [one["number"] for one in client.get(f"/issues?q=blocked:{name}")["items"]] == [3]
    return address(client.get(f"{WALL}/3/relations")["items"][0]["issue"]["key"])


def as_an_address(client, name):
    answer = client.send("GET", address(name))
    return answer.headers.get("Location", address(name).replace("WALL", "RAMPART"))


def as_a_page(client, name):
    at = address(name)
    while at != (there := client.browser.client.get(at, headers=HTML).headers.get("Location", at)):
        at = there
    return at


PLACES = [
    in_a_text, in_an_address_of_a_text, in_a_preview, as_a_relation, as_a_duplicate, as_a_duplicate_by_a_change,
    as_what_is_fixed, in_the_search, in_the_search_box, in_a_list_over_all, in_the_box_of_a_list,
    in_the_box_of_another_list, in_blocks, in_blocked, as_an_address, as_a_page,
]  # fmt: skip


@pytest.mark.parametrize(("name", "key"), NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_an_old_name_means_it_wherever_one_can_be_written(house, browser, ada, place, name, key):
    house.browser = browser(ada)
    assert place(house, name) == address(key)


@pytest.mark.parametrize("name", ["#1", "1"])
def test_so_does_the_number_alone_in_its_former_project(house, browser, ada, name):
    assert house.post(f"{WALL}/3/relations", {"kind": "relates", "issue": name})["issue"]["key"] == "SCREE-1"
    assert browser(ada).get(f"{WALL}?q=%231", status=303).location == f"{SCREE}/1"
    assert "/SCREE/issues/1" in house.post(WALL, {"title": "x", "body": "See #1."})["body_html"]
    assert house.get("/search?q=%231&project=RAMPART")["items"][0]["issue"]["key"] == "SCREE-1"


@pytest.fixture
def back(house):
    """It came back, as RAMPART-4."""
    house.post(f"{SCREE}/1/move", {"project": "RAMPART"}, status=200)
    return house


def test_one_that_came_back_is_a_parent_by_any_of_its_numbers(back):
    assert back.patch(f"{WALL}/2", {"parent": 1})["parent"]["number"] == 4
    for name in ("1", "%231", "WALL-1", "RAMPART-1", "RAMPART-4", "4"):
        assert [one["number"] for one in back.get(f"{WALL}?q=parent:{name}")["items"]] == [2], name
    assert back.patch(f"{WALL}/2", {"parent": 4})["version"] == 2
    assert back.patch(f"{WALL}/2", {"parent": 1})["version"] == 2
    assert back.post(WALL, {"title": "x", "parent": 1})["parent"]["number"] == 4


def test_one_that_came_back_is_changed_with_others_by_its_former_number(back):
    done = back.patch(WALL, {"numbers": [1, 2], "priority": "high"})
    assert (done["changed"], done["refused"]) == (2, [])
    assert back.get(f"{WALL}/4")["priority"] == "high"


def test_one_that_is_elsewhere_is_named_where_many_are_changed(house):
    done = house.patch(WALL, {"numbers": [1, 2, 9], "priority": "high"})
    assert done["changed"] == 1
    assert [(one["number"], one["detail"]) for one in done["refused"]] == [
        (1, "It is SCREE-1 now."), (9, "It is not there, or does not match."),
    ]  # fmt: skip


def test_a_card_is_not_taken_for_another_with_the_same_number_elsewhere(house):
    problem = house.send("POST", "/projects/RAMPART/board/moves", json={"number": 1, "column": "Done"}, status=404)
    assert problem.json["detail"] == "This is SCREE-1 now."


def test_it_tells_nothing_to_who_does_not_see_where_it_is(house, api, make, wall):
    viewer = api(make.member(wall, "member"))
    assert viewer.get("/search?q=WALL-1")["items"] == []
    assert "reference" not in viewer.post(WALL, {"title": "x", "body": "See WALL-1."})["body_html"]
    viewer.post(f"{WALL}/2/relations", {"kind": "relates", "issue": "WALL-1"}, status=422)
    assert viewer.patch(WALL, {"numbers": [1], "priority": "high"})["refused"][0]["detail"].startswith("It is not")
