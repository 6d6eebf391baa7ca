"""A page reads some hundred rows of twenty thousand issues, and would read no more of a million.

Rows of tables and entries of indexes are counted by PostgreSQL itself. One that reads all issues of the big project
reads more than 10,000.
"""

import json
from urllib.parse import quote

import pytest

from bench.scenarios import scenarios
from tests.bench.trackers import made_up

ISSUES = 20_000
MOST = 1_000
# What is more, and why. `bin/test tests/bench/test_rows.py -rP` prints what each page reads.
FURTHER = {
    "all projects, mine": 1_500,  # looks into each of twenty projects
    "mine": 1_300,  # all of one's own, to find the open ones
    "home": 2_700,  # the newest of each of them
    "project": 2_900,  # who has the newest five hundred
    "board": 2_600,  # three hundred cards with their labels and people
    "board by priority": 2_000,
    "board of a label": 4_900,
    # Cards of each of thirty people, and a count for each: those who come first as people spell have more of them.
    "board by assignee": 6_000,
    # Where it is common, the newest thousand documents are asked one by one for what begins with the last word.
    "search, common word": 2_200,
    "search, two common words": 2_200,
    # Of so few issues PostgreSQL reads all, or all with a label: that is cheaper than to look each of them up.
    "common label": 6_000,
    "two labels": 4_800,
    "nobody's": 3_500,
    "status and priority": 2_800,
    "was in review": 9_600,
    "list of words, common word": 6_500,
    "list of words, two common words": 4_000,
}


@pytest.fixture(scope="module")
def tracker(settings):
    with made_up(settings, ISSUES) as made:
        yield made


def test_no_page_reads_more_rows_than_it_may(tracker):
    pages = scenarios(lambda path: json.loads(tracker.ask(tracker.json(path)).body))
    read = {page.name: tracker.rows(tracker.page(page.path)) for page in pages}
    for name, rows in read.items():
        print(f"{name:32}{rows:>8,}")
    assert {name: rows for name, rows in read.items() if rows > FURTHER.get(name, MOST)} == {}


GROUPINGS = ["status", "assignee", "milestone", "priority"]
OPEN = "FROM issues JOIN projects ON projects.id = project_id WHERE projects.key = 'BIG' AND state = 'open'"


@pytest.mark.parametrize("by", GROUPINGS)
def test_a_list_in_groups_reads_an_issue_once(tracker, by):
    """What its group is known by is joined to the whole list, not looked up for each of it."""
    (count,) = tracker.run(f"SELECT count(*) {OPEN}")[0]
    assert tracker.rows(tracker.page(f"/projects/BIG/issues?q=is:open+group:{by}")) <= 2 * count + MOST


@pytest.mark.parametrize("by", GROUPINGS)
def test_an_issue_of_a_long_list_in_groups_reads_no_more_than_is_counted(tracker, by):
    (number,) = tracker.run(f"SELECT max(issues.number) {OPEN}")[0]
    assert tracker.rows(tracker.page(f"/projects/BIG/issues/{number}?q=is:open+group:{by}")) <= 3 * MOST


# Boards of a query, where no column has what is asked for, or few of it have: of 10,000 issues two columns have most.
BOARDS = {
    "is:open": 2_200, "is:closed": 400, "is:open label:bug": 4_400, "is:closed label:bug": 4_700,
    "label:bug": 4_900, "label:area::40": 600, "is:open label:area::40": 400, "label:bug assignee:@me": 4_600,
    "assignee:@me": 1_000,
}  # fmt: skip


def board(tracker, query):
    return tracker.rows(tracker.page(f"/projects/BIG/board?q={quote(query)}"))


@pytest.mark.parametrize("query", BOARDS)
def test_a_board_reads_no_column_for_what_it_has_not(tracker, query):
    read = board(tracker, query)
    print(f"{read:,} rows")
    assert read <= BOARDS[query]


@pytest.mark.parametrize("query", ["label:bug", "is:open label:bug", "label:area::40"])
def test_a_board_of_a_label_is_read_alike_whatever_is_known_of_that(tracker, query):
    """What PostgreSQL has counted is luck: a sample, of some time ago."""
    known = board(tracker, query)
    tracker.run("SET default_statistics_target = 1; ANALYZE issues, issue_labels")
    guessed = board(tracker, query)
    tracker.run("ANALYZE issues, issue_labels")
    print(f"{known:,} and {guessed:,} rows")
    assert guessed <= BOARDS[query]


# Pages of the table itself: what an index tells alone is not among them.
TABLE = "SELECT heap_blks_read + heap_blks_hit FROM pg_statio_user_tables WHERE relname = 'issues'"
HIDDEN = (
    "UPDATE issues SET private = {} WHERE number = 1 AND project_id = (SELECT id FROM projects WHERE key = 'BIG')"
)


def test_milestones_are_counted_without_their_issues_though_one_is_hidden(tracker):
    """By an index, as there are some thousand."""
    tracker.run(HIDDEN.format("true"))
    read = tracker.told(TABLE, tracker.page("/projects/BIG/milestones"))
    tracker.run(HIDDEN.format("false"))
    assert read < 200
