"""A list that is divided: by status, assignee, milestone or priority, in JSON and on its page."""

import re
from itertools import pairwise

import pytest

URL = "/projects/WALL/issues"


@pytest.fixture
def wall(make, ada):
    project = make.project(ada, key="WALL")
    for name, status in (("a", "Todo"), ("b", "In progress"), ("c", "Todo"), ("d", "Backlog"), ("e", "In progress")):
        make.issue(project, ada, title=name, status=status)
    return project


def titles(answer):
    return "".join(row["title"] for row in answer["items"])


def groups(page):
    """The headings of a page, each with the titles below it."""
    parts = re.split(r'<h2 class="group">', page.text)[1:]
    names = [" ".join(re.sub(r"<[^>]*>", " ", part.partition("</h2>")[0]).split()) for part in parts]
    rows = ["".join(re.findall(r'class="title"[^>]*>(\w)</a>', part)) for part in parts]
    return list(zip(names, rows, strict=True))


def test_what_is_alike_stands_together_and_is_counted(browser, ada, wall):
    page = browser(ada).get(f"{URL}?q=is:open+group:status")
    assert groups(page) == [("Backlog 1", "d"), ("Todo 2", "ca"), ("In progress 2", "eb")]
    assert page.says("5 open issues by status, newest first")


def test_the_order_holds_within_the_groups(api, ada, wall):
    asked = api(ada)
    assert titles(asked.get(f"{URL}?q=group:status")) == "dcaeb"
    assert titles(asked.get(f"{URL}?q=group:status+sort:created-asc")) == "dacbe"
    assert titles(asked.get(f"{URL}?group=status&sort=created-asc")) == "dacbe"


@pytest.mark.parametrize("sort", ["created-desc", "created-asc"])
def test_pages_go_through_all_groups(api, ada, wall, sort):
    asked = api(ada)
    whole = titles(asked.get(f"{URL}?q=group:status+sort:{sort}"))
    there = asked.get(f"{URL}?q=group:status+sort:{sort}&limit=2")
    seen = titles(there)
    while there["next"]:
        there = asked.get(there["next"])
        seen += titles(there)
    assert seen == whole


def test_a_group_that_goes_on_says_so(browser, ada, wall):
    someone = browser(ada)
    first = someone.get(f"{URL}?q=is:open+group:status&limit=2")
    assert groups(first) == [("Backlog 1", "d"), ("Todo 2", "c")]
    second = someone.get(next(link for link in first.links if "cursor" in link))
    assert groups(second) == [("Todo 2 continued", "a"), ("In progress 2", "e")]
    third = someone.get([link for link in second.links if "cursor" in link][-1])
    assert groups(third) == [("In progress 2 continued", "b")]
    again = someone.get(next(link for link in third.links if "cursor" in link))
    assert groups(again) == groups(second)


def test_a_long_list_is_divided_without_numbers(browser, ada, wall, monkeypatch):
    monkeypatch.setattr("webapp.lists.service.COUNTED", 2)
    someone = browser(ada)
    page = someone.get(f"{URL}?q=is:open+group:status&limit=3")
    assert groups(page) == [("Backlog", "d"), ("Todo", "ca")]
    assert groups(someone.get(next(link for link in page.links if "cursor" in link))) == [("In progress", "eb")]


def test_groups_by_people_milestones_and_priorities(api, browser, ada, make, wall):
    bob = make.member(wall, "member")
    client = api(ada)
    milestone = client.post("/projects/WALL/milestones", {"title": "1.0"})["id"]
    client.patch(f"{URL}/1", {"assignees": [bob.id, ada.id], "priority": "low"})
    client.patch(f"{URL}/2", {"assignees": [bob.id], "milestone": milestone, "priority": "urgent"})
    someone = browser(ada)
    assert groups(someone.get(f"{URL}?q=group:assignee")) == [("Ada 1", "a"), ("Member 1", "b"), ("Nobody 3", "edc")]
    assert groups(someone.get(f"{URL}?q=group:milestone")) == [("1.0 1", "b"), ("No milestone 4", "edca")]
    shown = [("Urgent 1", "b"), ("Low 1", "a"), ("No priority 3", "edc")]
    assert groups(someone.get(f"{URL}?q=group:priority")) == shown
    assert groups(someone.get("/issues?q=group:priority")) == shown


def test_statuses_of_several_projects_stand_together_by_name(browser, ada, make, wall):
    make.issue(make.project(ada, key="GATE"), ada, title="f", status="Todo")
    page = browser(ada).get("/issues?q=group:status")
    assert groups(page) == [("Backlog 1", "d"), ("Todo 3", "fca"), ("In progress 2", "eb")]


def test_the_way_from_issue_to_issue_is_the_lists(browser, ada, wall):
    page = browser(ada).get(f"{URL}/4?q=group:status")
    assert page.says("1 of 5")
    assert f"{URL}/3?q=group:status" in page.links
    assert f"{URL}/5?q=group:status" in browser(ada).get(f"{URL}/1?q=group:status").links


@pytest.mark.parametrize("by", ["status", "assignee", "milestone", "priority"])
def test_in_a_long_list_in_groups_nobody_says_what_is_next(browser, ada, wall, monkeypatch, by):
    monkeypatch.setattr("webapp.lists.service.COUNTED", 4)
    for _ in range(2):  # found out, and remembered
        page = browser(ada).get(f"{URL}/3?q=group:{by}")
        assert f"{URL}/2?q=group:{by}" not in page.links
        assert f"{URL}?q=group:{by}#WALL-3" in page.links


@pytest.mark.parametrize("by", ["status", "assignee", "milestone", "priority"])
def test_each_issue_leads_to_the_next_of_its_list_in_groups(api, browser, ada, make, wall, by):
    bob = make.member(wall, "member")
    milestone = api(ada).post("/projects/WALL/milestones", {"title": "1.0"})["id"]
    api(ada).patch(f"{URL}/1", {"assignees": [bob.id, ada.id], "priority": "low"})
    api(ada).patch(f"{URL}/2", {"assignees": [bob.id], "milestone": milestone, "priority": "urgent"})
    rows = [row["number"] for row in api(ada).get(f"{URL}?q=group:{by}")["items"]]
    for at, (one, following) in enumerate(pairwise(rows), 1):
        page = browser(ada).get(f"{URL}/{one}?q=group:{by}")
        assert page.says(f"{at} of 5")
        assert f"{URL}/{following}?q=group:{by}" in page.links


def test_the_filter_form_and_a_view_keep_it(api, browser, ada, wall):
    someone = browser(ada)
    page = someone.get(f"{URL}/filter?q=is:open&was=is:open&group=assignee&sort=created-asc", status=303)
    assert page.location == f"{URL}?q=is:open+sort:created-asc+group:assignee"
    shown = someone.get(page.location)
    assert '<option dir="auto" value="assignee" selected>' in shown.text
    assert f"{URL}?q=is:open+sort:created-asc" in shown.links  # the chip takes it away
    view = api(ada).post("/projects/WALL/views", {"name": "Mine", "query": "is:open group:assignee"})
    assert view["query"] == "is:open group:assignee"


@pytest.mark.parametrize("query", ["group:moss", "(group:status OR is:open)", "-group:status"])
def test_what_cannot_divide_a_list_is_refused(api, ada, wall, query):
    api(ada).get(URL, query_string={"q": query}, status=422)
