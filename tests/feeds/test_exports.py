"""Lists as CSV and JSON Lines: whole, safe, in constant memory."""

import csv
import json
import tracemalloc
from io import StringIO

import pytest

from webapp.feeds.table import guarded
from webapp.http import streaming

LIST = "/projects/WALL/issues"
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1+1",
    "''@x",
    "＝1",
    'She said "no", twice',
    "a,b;c|d",
    "'Tis quiet",
    "Größe ≥ 日本 🪨",
    "<b>&amp;</b>",
]


def table(response):
    return list(csv.DictReader(StringIO(response.get_data().decode("utf-8-sig"), newline=""), strict=True))


def ungarded(cell):
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell


def lines(response):
    return [json.loads(line) for line in response.get_data().decode().splitlines()]


def test_a_list_is_a_table(api, ada, make, project):
    make.label(project, ada, "bug")
    make.issue(project, ada, labels=["bug"], assignees=[ada.id], due_on="2026-12-24", estimate=3)
    sent = api(ada).send("GET", f"{LIST}.csv", status=200)
    assert sent.get_data().startswith(b"\xef\xbb\xbfkey,")  # else spreadsheets take it for another code
    assert sent.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert sent.headers["Content-Disposition"].startswith('attachment; filename="WALL-issues-20')
    assert sent.headers["Cache-Control"] == "private, no-store"
    (row,) = table(sent)
    assert (row["key"], row["title"], row["state"], row["author"]) == ("WALL-1", "A stone is loose", "open", "Ada")
    assert (row["assignees"], row["labels"], row["due_on"], row["estimate"]) == ("Ada", "bug", "2026-12-24", "3")
    assert (row["closed_at"], row["parent"], row["url"]) == ("", "", f"http://localhost{LIST}/1")
    assert row["created_at"].endswith("Z")


def test_names_in_one_cell_can_be_told_apart(api, ada, make, project):
    people = [make.member(project, "member", name=name) for name in ("Lovelace, Ada", 'Ada "the" Countess', "Grace")]
    make.issue(project, ada, assignees=[person.id for person in people])
    (row,) = table(api(ada).send("GET", f"{LIST}.csv"))
    (names,) = csv.reader([row["assignees"]], skipinitialspace=True)
    assert sorted(names) == sorted(person.name for person in people)


def test_no_title_is_a_formula_and_every_one_comes_back(api, ada, make, project):
    for title in HOSTILE:
        make.issue(project, ada, title=title)
    cells = [row["title"] for row in table(api(ada).send("GET", f"{LIST}.csv?sort=created-asc"))]
    assert not [cell for cell in cells if cell[0] in "=+-@＝"]
    assert [ungarded(cell) for cell in cells] == HOSTILE


def test_names_of_people_and_labels_are_guarded_too(api, make, ada):
    mallory = make.person("=HYPERLINK()")
    project = make.project(mallory, key="EVIL")
    make.label(project, mallory, "@bug")
    make.issue(project, mallory, labels=["@bug"])
    (row,) = table(api(mallory).send("GET", "/projects/EVIL/issues.csv"))
    assert (row["author"], row["labels"]) == ("'=HYPERLINK()", "'@bug")


def test_json_lines_hold_the_texts(api, ada, make, project):
    make.issue(project, ada, title="One", body="Line\nand line \u2028 🪨")
    make.issue(project, ada, title="Two")
    sent = api(ada).send("GET", f"{LIST}.jsonl", status=200)
    assert sent.mimetype == "application/x-ndjson"
    found = [json.loads(line) for line in sent.get_data().decode().split("\n")[:-1]]
    assert [one["title"] for one in found] == ["Two", "One"]
    assert found[1]["body"] == "Line\nand line \u2028 🪨"
    assert found[1]["url"] == f"http://localhost{LIST}/1"


def test_a_line_is_the_issue_as_lists_have_it(api, ada, make, project):
    make.issue(project, ada)
    (line,) = lines(api(ada).send("GET", f"{LIST}.jsonl"))
    (item,) = api(ada).get(LIST)["items"]
    assert {name: value for name, value in line.items() if name not in ("body", "url")} == item


def test_an_export_holds_what_the_query_finds(api, ada, make, project):
    make.issue(project, ada, title="Moss", priority="high")
    make.issue(project, ada, title="Lichen")
    assert [row["title"] for row in table(api(ada).send("GET", f"{LIST}.csv?q=priority:high"))] == ["Moss"]
    assert [row["title"] for row in table(api(ada).send("GET", f"{LIST}.csv?priority=high"))] == ["Moss"]


def test_a_query_that_cannot_be_read_is_refused_before_anything_is_sent(api, ada, project):
    told = api(ada).get(f"{LIST}.csv?q=is:purple", status=422)
    assert told["errors"][0]["field"] == "q"


def test_all_projects_that_one_sees_are_one_list(api, ada, eve, make, project, public):
    make.issue(project, ada, title="Hidden")
    make.issue(public, ada, title="Open")
    assert {row["key"] for row in table(api(ada).send("GET", "/issues.csv"))} == {"WALL-1", "OPEN-1"}
    assert [line["key"] for line in lines(api(eve).send("GET", "/issues.jsonl"))] == ["OPEN-1"]
    assert [line["key"] for line in lines(api().send("GET", "/issues.jsonl"))] == ["OPEN-1"]


def test_an_empty_list_is_a_heading(api, ada, project):
    assert api(ada).send("GET", f"{LIST}.csv").get_data().count(b"\r\n") == 1
    assert api(ada).send("GET", f"{LIST}.jsonl").get_data() == b""


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/csv", "text/csv"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("application/jsonl", "application/x-ndjson"),
        ("application/atom+xml, text/html;q=0.5", "application/atom+xml"),
        ("text/calendar", "text/calendar"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/html", "text/html"),
    ],
)
def test_accept_asks_for_the_same_at_the_lists_own_address(api, ada, project, accept, media):
    sent = api(ada).send("GET", LIST, status=200, headers={"Accept": accept})
    assert sent.mimetype == media
    assert "Accept" in sent.headers["Vary"]


def test_accept_is_heard_everywhere(api, ada, make, project):
    make.issue(project, ada)
    assert table(api(ada, Accept="text/csv").send("GET", "/issues?q=is:open", status=200))[0]["key"] == "WALL-1"
    assert api(ada, Accept="application/atom+xml").send("GET", f"{LIST}/1").mimetype == "application/atom+xml"
    assert api(ada, Accept="text/csv").send("GET", f"{LIST}/1").mimetype == "application/json"


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_it_is_sent_while_it_is_read(api, ada, many, statements, monkeypatch, ending):
    monkeypatch.setattr("webapp.feeds.lists.AT_ONCE", 500)
    monkeypatch.setattr("webapp.feeds.lists.AT_ONCE_WITH_TEXT", 500)
    many(3000)
    statements.clear()
    sent = api(ada).send("GET", f"{LIST}.{ending}", status=200, buffered=False)
    assert sent.is_streamed
    assert sent.content_length is None
    before = reads(statements)
    assert before <= 3  # one counts them, for the audit log
    body = b"".join(sent.response)
    assert body.count(b"\n") == 3000 + (ending == "csv")
    assert reads(statements) <= 8


def reads(statements):
    """How often issues are read, beside the statements of a project that ask whether any of its issues is private."""
    return len([one for one in statements if "FROM issues" in one and "FROM issues AS any_private" not in one])


def test_a_head_reads_no_more_than_the_beginning(api, ada, many, statements):
    many(3000)
    statements.clear()
    assert api(ada).send("HEAD", f"{LIST}.jsonl", status=200).get_data() == b""
    assert reads(statements) <= 1


def test_it_takes_no_more_memory_for_a_longer_list(api, ada, many):
    many(3000, body="x" * 3_000)
    client = api(ada)
    client.send("GET", f"{LIST}.jsonl?q=Stone").get_data()[:0]
    tracemalloc.start()
    try:
        size = sum(len(part) for part in client.send("GET", f"{LIST}.jsonl", buffered=False).response)
        assert size > 9_000_000
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_slow_readers_leave_room_for_others(api, ada, many):
    many(1200)
    client = api(ada)
    slow = [client.send("GET", f"{LIST}.csv", status=200, buffered=False) for _ in range(2)]
    refused = client.send("GET", f"{LIST}.csv", status=503)
    assert refused.headers["Retry-After"] == "10"
    slow.pop().close()
    assert len(table(client.send("GET", f"{LIST}.csv", status=200))) == 1200


def test_whoever_goes_away_gives_the_room_back(api, ada, many):
    many(1200)
    for _ in range(3):
        sent = api(ada).send("GET", f"{LIST}.csv", status=200, buffered=False)
        next(iter(sent.response))
        sent.close()
    assert streaming.ROOM._value == 2
