"""Many issues are made private, or visible, at once."""

import pytest

URL = "/projects/WALL/issues"


@pytest.fixture
def wall(make, ada):
    wall = make.project(ada, key="WALL", visibility="public")
    for title in ("One", "Two", "Three"):
        make.issue(wall, ada, title=title)
    return wall


def test_they_become_private_and_visible_again(wall, ada, make, api):
    stranger = make.person("Eve")
    done = api(ada).patch(URL, {"numbers": [1, 2], "private": True})
    assert (done["changed"], done["unchanged"], done["refused"]) == (2, 0, [])
    assert [one["number"] for one in api(stranger).get(URL)["items"]] == [3]
    assert api(ada).patch(f"{URL}?q=is:all", {"private": True})["unchanged"] == 2
    api(ada).patch(f"{URL}?q=is:private", {"private": False})
    assert api(stranger).get(URL)["total"] == 3


def test_it_is_undone_together(wall, ada, make, api):
    done = api(ada).patch(URL, {"numbers": [1, 2], "private": True})
    api(ada).post(f"{URL}/undo", {"change": done["change_id"]}, status=200)
    assert [api(ada).get(f"{URL}/{number}")["private"] for number in (1, 2)] == [False, False]


def test_the_form_for_many_has_it(wall, ada, api, browser):
    page = browser(ada).get(f"{URL}/bulk?numbers=1&numbers=2")
    assert page.says("Who sees it")
    browser(ada).post(f"{URL}/bulk", {"numbers": ["1", "2"], "private": "true", "expected": "2"})
    assert [api(ada).get(f"{URL}/{number}")["private"] for number in (1, 2, 3)] == [True, True, False]
    browser(ada).post(f"{URL}/bulk", {"numbers": ["1", "2"], "private": "", "priority": "high", "expected": "2"})
    assert api(ada).get(f"{URL}/1")["private"] is True


def test_each_is_asked_for_by_its_right(wall, ada, make, api):
    """A reporter changes their own alone; a member who would not see another's any more leaves that as it is."""
    reporter, member = make.member(wall, "reporter"), make.member(wall, "member")
    own = api(reporter).post(URL, {"title": "Own"})["number"]
    done = api(reporter).patch(URL, {"numbers": [1, own], "private": True})
    assert (done["changed"], [one["number"] for one in done["refused"]]) == (1, [1])
    api(ada).patch("/projects/WALL", {"private_role": "maintainer"})
    done = api(member).patch(URL, {"numbers": [1], "private": True})
    assert (done["changed"], [one["number"] for one in done["refused"]]) == (0, [1])


@pytest.mark.parametrize("value", ["perhaps", None, 2])
def test_what_is_no_yes_or_no_is_refused_by_name(wall, ada, api, value):
    sent = api(ada).send("PATCH", URL, json={"numbers": [1], "private": value})
    assert (sent.status_code, sent.json["errors"][0]["field"]) == (422, "private")
