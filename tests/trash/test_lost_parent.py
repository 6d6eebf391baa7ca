"""A parent in the trash is not shown; it can be taken away, and nothing else takes it away."""

import pytest

URL = "/projects/WALL/issues"


@pytest.fixture
def client(api, ada, make):
    project = make.project(ada, key="WALL")
    for title in ("Above", "Below"):
        make.issue(project, ada, title=title)
    client = api(ada)
    client.patch(f"{URL}/2", {"parent": 1})
    client.delete(f"{URL}/1")
    return client


def parent(client):
    client.post(f"{URL}/1/restoration", status=200)
    found = client.get(f"{URL}/2")["parent"]
    return found and found["number"]


def test_it_is_not_shown_and_comes_back(client):
    assert client.get(f"{URL}/2")["parent"] is None
    assert parent(client) == 1


def test_it_can_be_taken_away(client):
    client.patch(f"{URL}/2", {"parent": None})
    last = client.get(f"{URL}/2/events")["items"][-1]
    assert (last["kind"], last["data"]["old"], last["data"]["new"]) == ("reparented", "WALL-1", None)
    assert parent(client) is None


def test_taking_away_one_that_is_none_changes_nothing(client):
    version = client.patch(f"{URL}/2", {"parent": None})["version"]
    assert client.patch(f"{URL}/2", {"parent": None})["version"] == version


def test_many_can_be_taken_out_of_it_one_by_one_and_another_takes_its_place(client):
    client.post(URL, {"title": "Other"})
    client.patch(f"{URL}/2", {"parent": 3})
    assert parent(client) == 3


@pytest.mark.parametrize("path", ["parent", "edit"])
def test_a_form_shows_it_and_keeps_it_unless_it_is_emptied(client, browser, ada, path):
    someone = browser(ada)
    page = someone.get(f"{URL}/2/{path}")
    assert page.fields["parent"] == "1"
    assert page.says("That issue is in the trash.")
    sent = {**page.fields, "title": "Still below"} if path == "edit" else page.fields
    someone.post(f"{URL}/2", sent)
    assert parent(client) == 1
    client.delete(f"{URL}/1")
    page = someone.get(f"{URL}/2/{path}")
    someone.post(f"{URL}/2", {**page.fields, "parent": ""})
    assert parent(client) is None


def test_an_issue_without_one_has_an_empty_form(client, browser, ada, make):
    client.post(URL, {"title": "Alone"})
    assert browser(ada).get(f"{URL}/3/parent").fields["parent"] == ""
    assert not browser(ada).get(f"{URL}/3/parent").says("in the trash")
