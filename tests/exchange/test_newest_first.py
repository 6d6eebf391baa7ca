"""Newest first is by when an issue was made, whatever its number and its id: imports and moves give those late."""

import csv
import re
from io import StringIO

import pytest

from tests.exchange import exports

LIST = "/projects/WALL/issues"
# The numbers that the issues end up with, the newest issue first.
ORDER = [6, 7, 3, 1, 8]
# Of the last, which comes back with the highest number; and two of one moment, of which the later id is the newer.
ISSUES = [
    exports.issue(1, created_at="2019-05-01T00:00:00Z"),
    exports.issue(2, created_at="2018-05-01T00:00:00Z"),
    exports.issue(3, created_at="2021-05-01T00:00:00Z"),
    exports.issue(4, created_at="2022-05-01T00:00:00Z"),
]


@pytest.fixture(autouse=True)
def wall(api, ada, bring):
    """Issues of 2019 to 2022, one of today, and two that were elsewhere meanwhile; all alike but for that."""
    ours = api(ada)
    bring([*ISSUES, exports.issue(5, created_at="1969-12-31T00:00:00Z", **exports.closed())])
    assert ours.post(LIST, {"title": "Today's"})["number"] == 6
    ours.post("/projects", {"name": "Scree", "key": "SCREE"})
    for number in (4, 2):
        there = ours.post(f"{LIST}/{number}/move", {"project": "SCREE"}, status=200)["number"]
        ours.post(f"/projects/SCREE/issues/{there}/move", {"project": "WALL"}, status=200)
    ours.post("/projects/WALL/labels", {"name": "kind::bug", "color": "#d34467"})
    for number in ORDER:
        ours.patch(f"{LIST}/{number}", {"assignees": [ada.id], "labels": ["kind::bug"], "priority": "high"})


def numbers(page):
    return [issue["number"] for issue in page["items"]]


@pytest.mark.parametrize("query", ["", "q=is:open+label:kind::bug", "q=is:open+assignee:@me", "state=all"])
@pytest.mark.parametrize("at", [LIST, "/issues"])
def test_a_list_is_in_the_order_of_making(api, ada, at, query):
    order = [*ORDER, 5] if query == "state=all" else ORDER
    assert numbers(api(ada).get(f"{at}?{query}")) == order
    assert numbers(api(ada).get(f"{at}?{query}&sort=created-asc")) == order[::-1]


@pytest.mark.parametrize("at", [LIST, "/issues"])
def test_its_pages_follow_one_another_in_it_and_back(api, browser, ada, at):
    seen, here = [], f"{at}?limit=2"
    while here:
        last, page = here, api(ada).get(here)
        seen, here = [*seen, *numbers(page)], page["next"]
    assert seen == ORDER
    before = next(link for link in browser(ada).get(last).links if "cursor=" in link)
    assert numbers(api(ada).get(before)) == ORDER[2:4]


def test_the_page_and_the_feed_show_it_so(browser, ada):
    page = browser(ada).get(LIST)
    shown = [int(number) for link in page.links if (number := link.removeprefix(f"{LIST}/")).isdecimal()]
    assert list(dict.fromkeys(shown)) == ORDER
    for feed in (f"{LIST}.atom", "/issues.atom"):
        entries = re.findall(r"<entry>.*?WALL-(\d+)", browser(ada).get(feed).text, re.DOTALL)
        assert [int(number) for number in entries] == ORDER


@pytest.mark.parametrize("at", [LIST, "/issues"])
def test_a_table_is_written_so(api, ada, at):
    for sort, order in (("created-desc", ORDER), ("created-asc", ORDER[::-1])):
        text = api(ada).send("GET", f"{at}.csv?sort={sort}", status=200).get_data().decode("utf-8-sig")
        assert [int(row["number"]) for row in csv.DictReader(StringIO(text, newline=""))] == order


@pytest.mark.parametrize("by", ["status", "label:kind", "assignee", "milestone", "priority"])
def test_a_board_has_the_newest_on_top(api, ada, by):
    columns = api(ada).get(f"/projects/WALL/board?by={by}")["columns"]
    assert max(([card["number"] for card in column["items"]] for column in columns), key=len) == ORDER


def test_a_card_that_was_moved_stays_between_its_neighbours(api, ada):
    api(ada).post("/projects/WALL/board/moves", {"number": 8, "after": 7}, status=200)
    api(ada).post(LIST, {"title": "Today's too"})
    columns = api(ada).get("/projects/WALL/board")["columns"]
    assert [card["number"] for card in columns[0]["items"]] == [9, 6, 7, 8, 3, 1]


def test_beside_an_issue_are_the_next_newer_and_older(browser, ada):
    for before, here, after in zip(ORDER, ORDER[1:], ORDER[2:], strict=False):
        links = browser(ada).get(f"{LIST}/{here}?q=is:open").links
        beside = [int(found[1]) for link in links if (found := re.match(rf"{LIST}/(\d+)\?q=", link))]
        assert list(dict.fromkeys(beside)) == [before, after]


def test_the_first_page_has_what_somebody_reported_so(api, ada):
    for number in ORDER:
        api(ada).post(f"{LIST}/{number}/move", {"project": "SCREE"}, status=200)
    assert [issue["title"] for issue in api(ada).get("/")["assigned"]] == [
        "Today's", "Issue 4", "Issue 3", "Issue 1", "Issue 2",
    ]  # fmt: skip


def test_a_cursor_of_former_times_is_no_fault(api, ada):
    from webapp.paging import cursor

    for at in (cursor((3,)), cursor((3,), backwards=True)):
        assert "start again" in api(ada).send("GET", f"{LIST}?cursor={at}", status=422).text
