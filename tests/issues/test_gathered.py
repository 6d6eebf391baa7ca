"""Lists of a filter: what is counted is gathered once for the list and its number; a longer one is walked through."""

import re
from html import unescape

import pytest

from webapp.lists import service as lists

URL = "/projects/WALL/issues"
SORTS = ["created-desc", "created-asc", "updated-desc", "priority-asc", "due-asc", "due-desc", "comments-desc"]


@pytest.fixture
def wall(make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    for number in range(7):
        issue = make.issue(
            project, ada, title=f"Stone {number}", labels=["bug"], priority=["low", "high"][number % 2],
            due_on=f"2030-01-0{number % 3 + 1}" if number % 3 else None,
        )  # fmt: skip
        for _ in range(number % 2):
            make.comment(project, issue, ada)
    for _ in range(2):
        make.issue(project, ada, title="Moss")
    return project


def walked(client, address):
    """The titles and the totals of all pages, from one on."""
    titles, totals = [], []
    while address:
        page = client.get(address)
        titles.append([item["title"] for item in page["items"]])
        totals.append(page["total"])
        address = page["next"]
    return titles, totals


@pytest.mark.parametrize("place", [URL, "/issues"])
@pytest.mark.parametrize("sort", SORTS)
def test_a_long_list_is_the_same_as_a_short_one(api, ada, wall, monkeypatch, place, sort):
    client, address = api(ada), f"{place}?q=label:bug sort:{sort}&limit=3"
    gathered, totals = walked(client, address)
    assert [len(page) for page in gathered] == [3, 3, 1]
    assert totals == [7, 7, 7]
    monkeypatch.setattr(lists, "COUNTED", 4)
    client.send("PATCH", f"{URL}/9", json={"title": "Moss again", "version": 1})  # what is kept says the number
    longer, totals = walked(client, address)
    assert longer == gathered
    assert totals == [None, None, None]


@pytest.mark.parametrize(
    "query",
    ["label:bug", "-label:bug", "label:bug,moss", "label:bug label:moss", "-label:gone", "label:none,moss",
     "assignee:@me", "-assignee:@me is:open", "label:bug (assignee:@me OR assignee:none)", "assignee:*"],
)  # fmt: skip
def test_a_long_list_finds_the_same_and_asks_each_issue_by_itself(
    api, ada, wall, make, monkeypatch, statements, query
):
    make.label(wall, ada, "moss")
    for labels, people in ((["bug", "moss"], [ada.id]), (["moss"], []), ([], [ada.id])):
        make.issue(wall, ada, title=f"With {labels} {people}", labels=labels, assignees=people)
    client, address = api(ada), f"{URL}?q={query}&limit=3"
    gathered, _ = walked(client, address)
    monkeypatch.setattr(lists, "COUNTED", 0)
    for priority in ("low", "high"):  # what is kept says the number; the second time it is known
        client.send("PATCH", f"{URL}/9", json={"priority": priority})
        statements.clear()
        assert walked(client, address)[0] == gathered
    lists_read = [one for one in statements if "labels.name" not in one]  # names are looked up with their ties
    assert not [one for one in lists_read if "FROM issue_labels" in one or "FROM issue_assignees" in one]


@pytest.mark.parametrize("address", ["/issues?q=label:bug", f"{URL}?q=label:bug sort:due-desc"])
def test_where_no_index_has_the_order_what_has_the_label_is_still_gathered(
    api, ada, wall, monkeypatch, statements, address
):
    client = api(ada)
    monkeypatch.setattr(lists, "COUNTED", 0)
    client.get(address)
    client.send("PATCH", f"{URL}/9", json={"priority": "low"})
    statements.clear()
    assert client.get(address)["items"]
    assert [one for one in statements if "FROM issue_labels" in one]


@pytest.mark.parametrize("sort", SORTS)
def test_a_list_leads_back_the_way_it_led_on(api, browser, ada, wall, sort):
    client, pages = api(ada), browser(ada)
    first = client.get(f"{URL}?q=label:bug sort:{sort}&limit=3")
    back = re.search(r'rel="prev" href="([^"]*)"', pages.get(first["next"]).text)
    again = client.get(unescape(back[1]))
    assert (again["items"], again["total"]) == (first["items"], 7)


def test_a_place_behind_the_last_one_still_says_how_many_there_are(api, ada, wall):
    client = api(ada)
    end = client.get(f"{URL}?q=label:bug sort:created-asc&limit=6")["next"]
    client.send("DELETE", f"{URL}/7")
    page = client.get(end)
    assert (page["items"], page["total"]) == ([], 6)


def test_the_list_and_its_number_are_one_look(api, ada, wall, statements):
    client = api(ada)
    client.get(f"{URL}?q=label:bug&limit=3")
    client.send("PATCH", f"{URL}/9", json={"title": "Moss again", "version": 1})
    client.get(URL)  # the words
    statements.clear()
    assert client.get(f"{URL}?q=label:bug&limit=3")["total"] == 7
    listed = [" ".join(one.split()) for one in statements if "labels.name" not in one]
    carrying = [one for one in listed if "EXISTS (SELECT" in one and "issue_labels" in one]
    assert len(carrying) == 1
