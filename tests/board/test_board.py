"""The board: issues as cards in columns, in an order that people give them."""

import re

import pytest

from webapp.board import ranks
from webapp.board import service as boards
from webapp.db import db, transacting

BOARD = "/projects/WALL/board"
ISSUES = "/projects/WALL/issues"


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def wall(api, ada, project, make):
    """Three cards in Backlog, of which the newest is on top."""
    for number in range(1, 4):
        make.issue(project, ada, title=f"Stone {number}")


def cards(client, query=""):
    """The numbers of the cards by column."""
    return {
        column["key"]: [card["number"] for card in column["items"]]
        for column in client.get(f"{BOARD}?{query}")["columns"]
    }


def move(client, status=200, **how):
    return client.post(f"{BOARD}/moves", how, status=status)


def test_each_status_is_a_column_with_the_newest_on_top(api, ada, wall):
    shown = cards(api(ada))
    assert list(shown) == ["Backlog", "Todo", "In progress", "In review", "Done", "Canceled"]
    assert shown["Backlog"] == [3, 2, 1]


@pytest.mark.parametrize(
    ("how", "order"),
    [
        ({"number": 1}, [1, 3, 2]),
        ({"number": 3, "place": "bottom"}, [2, 1, 3]),
        ({"number": 1, "place": "up"}, [3, 1, 2]),
        ({"number": 3, "place": "up"}, [3, 2, 1]),
        ({"number": 3, "place": "down"}, [2, 3, 1]),
        ({"number": 1, "place": "down"}, [3, 2, 1]),
        ({"number": 3, "after": 2}, [2, 3, 1]),
        ({"number": 1, "before": 2}, [3, 1, 2]),
        ({"number": 1, "after": 3, "before": 2}, [3, 1, 2]),
        ({"number": 3, "after": 1, "before": 2}, [2, 1, 3]),
        ({"number": 3, "after": 99}, [3, 2, 1]),
    ],
)
def test_a_card_is_put_where_it_is_wanted(api, ada, wall, how, order):
    before = api(ada).get(f"{ISSUES}/1")
    move(api(ada), **how)
    assert cards(api(ada))["Backlog"] == order
    after = api(ada).get(f"{ISSUES}/1")
    assert (before["version"], before["updated_at"]) == (after["version"], after["updated_at"])


def test_another_column_is_another_status_with_its_event_and_undo(api, browser, ada, wall):
    move(api(ada), number=2, column="In progress")
    move(api(ada), number=1, column="in progress", after=2)
    assert cards(api(ada))["In progress"] == [2, 1]
    assert api(ada).get(f"{ISSUES}/2")["status"] == "In progress"
    assert api(ada).get(f"{ISSUES}/2/events")["items"][-1]["kind"] == "moved_status"
    someone = browser(ada)
    page = someone.post(f"{BOARD}/moves", {"card": "3 Backlog", "by": "status", "column": "Done", "place": "top"})
    assert page.location == f"{BOARD}#card-3"
    shown = someone.get(BOARD)
    assert shown.says("WALL-3 moved to Done.")
    assert shown.says("Undo")
    assert api(ada).get(f"{ISSUES}/3")["state"] == "closed"


def test_columns_are_people_milestones_priorities_or_labels_as_well(api, ada, eve, wall, make, project):
    ours = api(ada)
    ours.post("/projects/WALL/members", {"email": eve.email, "role": "member"})
    spring = ours.post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    for name in ("kind::bug", "kind::idea", "docs"):
        make.label(project, ada, name)
    ours.patch(f"{ISSUES}/1", {"assignees": [ada.id], "labels": ["docs", "kind::bug"]})
    move(ours, number=1, by="assignee", from_column=str(ada.id), column=str(eve.id))
    move(ours, number=2, by="milestone", column=str(spring))
    move(ours, number=3, by="priority", column="urgent")
    move(ours, number=1, by="label:kind", column="kind::idea")
    assert cards(ours, "by=assignee") == {"none": [2, 3], str(ada.id): [], str(eve.id): [1]}
    assert cards(ours, "by=milestone") == {"none": [1, 3], str(spring): [2]}
    assert cards(ours, "by=priority")["urgent"] == [3]
    assert cards(ours, "by=label:kind") == {"none": [2, 3], "kind::bug": [], "kind::idea": [1]}
    assert {label["name"] for label in ours.get(f"{ISSUES}/1")["labels"]} == {"docs", "kind::idea"}
    move(ours, number=1, by="assignee", column="none")
    move(ours, number=1, by="label:kind", column="none")
    assert ours.get(f"{ISSUES}/1")["assignees"] == []
    assert [label["name"] for label in ours.get(f"{ISSUES}/1")["labels"]] == ["docs"]


def test_columns_of_namesakes_have_names_of_their_own(browser, ada, wall, make, project):
    for _ in range(2):
        make.member(project, "member")
    page = browser(ada).get(f"{BOARD}?by=assignee")
    names = re.findall(r'<section class="board-column[^>]*aria-label="([^"]*)"', page.text)
    assert names == ["Nobody", "Ada", "Member, 3", "Member, 4"]


def test_a_card_in_several_columns_has_an_id_in_each(api, browser, ada, wall, make, project):
    ours, someone = api(ada), browser(ada)
    eve, bob = make.member(project, "member"), make.member(project, "member")
    ours.patch(f"{ISSUES}/1", {"assignees": [ada.id, eve.id]})
    assert {f"card-1-{ada.id}", f"card-1-{eve.id}"} <= set(someone.get(f"{BOARD}?by=assignee").ids)
    moved = {"card": f"1 {eve.id}", "by": "assignee", "column": str(bob.id), "place": "top"}
    to = someone.post(f"{BOARD}/moves", moved, status=303).location
    assert to == f"{BOARD}?by=assignee#card-1-{bob.id}"
    assert {f"card-1-{ada.id}", f"card-1-{bob.id}"} <= set(someone.get(to).ids)


def test_the_address_after_a_move_names_the_card_in_any_column(api, browser, ada, wall, make, project):
    make.label(project, ada, "kind of::ä % b/c")
    moved = {"card": "1 none", "by": "label:kind of", "column": "kind of::ä % b/c", "place": "top"}
    someone = browser(ada)
    to = someone.post(f"{BOARD}/moves", moved, status=303).location
    assert to.partition("#")[2] in someone.get(to).ids


def test_a_card_of_as_many_people_as_it_may_have_goes_to_no_further_one(api, ada, wall, make, project):
    ours, people = api(ada), [make.member(project, "member").id for _ in range(21)]
    ours.patch(f"{ISSUES}/1", {"assignees": people[:20]})
    refused = move(ours, 422, number=1, by="assignee", from_column="none", column=str(people[20]))
    assert [one["field"] for one in refused["errors"]] == ["assignees"]
    move(ours, number=1, by="assignee", from_column=str(people[0]), column=str(people[20]))
    assert {one["id"] for one in ours.get(f"{ISSUES}/1")["assignees"]} == set(people[1:])


def test_a_card_of_as_many_labels_as_it_may_have_goes_to_no_further_one(api, ada, wall, make, project):
    names = [make.label(project, ada, f"label {number}").name for number in range(50)]
    make.label(project, ada, "kind::bug")
    api(ada).patch(f"{ISSUES}/1", {"labels": names})
    refused = move(api(ada), 422, number=1, by="label:kind", column="kind::bug")
    assert [one["field"] for one in refused["errors"]] == ["labels"]


def test_a_query_narrows_the_cards(api, browser, ada, wall):
    assert cards(api(ada), "q=stone+-%22stone+2%22")["Backlog"] == [3, 1]
    assert api(ada).get(f"{BOARD}?q=stone+-%22stone+2%22")["columns"][0]["count"] == 2
    problem = api(ada).get(f"{BOARD}?q=lable:x", status=422)
    assert problem["errors"][0]["field"] == "q"
    page = browser(ada).get(f"{BOARD}?q=lable:x", status=422)
    assert page.says("Did you mean label:?")
    assert page.fields["q"] == "lable:x"


def test_a_long_column_is_read_in_parts(api, browser, ada, project, make):
    for number in range(1, 54):
        make.issue(project, ada, title=f"Stone {number}")
    first = api(ada).get(BOARD)["columns"][0]
    assert (first["count"], len(first["items"])) == (53, 50)
    [rest] = api(ada).get(first["next"])["columns"]
    assert [card["number"] for card in rest["items"]] == [3, 2, 1]
    assert rest["next"] is None
    assert browser(ada).get(first["next"]).says("Back to the whole board")


@pytest.mark.parametrize("query", ["by=status", "by=status&q=stone", "by=assignee", "by=assignee&q=is:open"])
def test_each_of_several_long_columns_is_counted_by_itself(api, ada, make, project, monkeypatch, query):
    monkeypatch.setattr(boards, "FIRST", 1)
    monkeypatch.setattr(boards, "FEWEST", 1)
    ben = make.member(project, "member", name="Ben")
    for number in range(5):
        status, person = ("Backlog", ada) if number % 5 < 2 else ("Todo", ben)
        make.issue(project, ada, title=f"Stone {number}", status=status, assignees=[person.id])
    columns = api(ada).get(f"{BOARD}?{query}")["columns"]
    assert [(column["count"], len(column["items"])) for column in columns if column["count"]] == [(2, 1), (3, 1)]


def test_more_cards_than_a_limit_are_told(api, browser, ada, wall):
    backlog = api(ada).get("/projects/WALL/statuses")["items"][0]["id"]
    api(ada).patch(f"/projects/WALL/statuses/{backlog}", {"wip_limit": 2})
    column = api(ada).get(BOARD)["columns"][0]
    assert (column["limit"], column["is_over"]) == (2, True)
    assert browser(ada).get(BOARD).says("3 of 2 over")
    api(ada).patch(f"/projects/WALL/statuses/{backlog}", {"wip_limit": 0}, status=422)
    api(ada).patch(f"/projects/WALL/statuses/{backlog}", {"wip_limit": None})
    assert api(ada).get(BOARD)["columns"][0]["is_over"] is False


def test_who_may_not_edit_sees_no_controls(api, browser, ada, make):
    project = make.project(ada, key="WALL", visibility="public")
    make.issue(project, ada)
    assert 'name="card"' not in browser().get(BOARD).text
    reporter = make.member(project, "reporter")
    assert 'name="card"' not in browser(reporter).get(BOARD).text
    move(api(reporter), number=1, status=403)
    assert 'name="card"' in browser(ada).get(BOARD).text


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"number": 1, "column": "Nowhere"}, "column"),
        ({"number": 1, "by": "colour"}, "by"),
        ({"number": 1, "by": "label:none such"}, "by"),
        ({"number": 1, "place": "left"}, "place"),
        ({"number": 0}, "number"),
        ({"column": "Done"}, "number"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(api, ada, wall, how, field):
    problem = move(api(ada), status=422, **how)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_a_card_that_is_not_there_is_not_found(api, ada, wall):
    move(api(ada), number=99, status=404)


def test_what_cannot_be_closed_stays_and_says_why(api, browser, ada, wall):
    api(ada).patch(f"{ISSUES}/1", {"parent": 2})
    page = browser(ada).post(f"{BOARD}/moves", {"card": "2 Backlog", "by": "status", "column": "Done"}, status=409)
    assert page.says("WALL-1")
    assert cards(api(ada))["Backlog"] == [3, 2, 1]
    move(api(ada), number=2, column="Done", force=True)
    assert cards(api(ada))["Done"] == [2]


def test_room_is_made_where_there_is_none_left(app, api, ada, wall):
    long = "m" + "0" * ranks.LONGEST
    with app.app_context(), transacting():
        for number, end in ((1, "1"), (2, "2")):
            db.session.execute(db.text(f"UPDATE issues SET rank = '{long}{end}' WHERE number = {number}"))
    move(api(ada), number=3, after=1, before=2)
    assert cards(api(ada))["Backlog"] == [1, 3, 2]
    with app.app_context():
        assert max(db.session.scalars(db.text("SELECT length(position) FROM issues"))) < ranks.LONGEST


def test_a_card_that_moves_to_another_project_takes_no_place_along(api, ada, wall, make):
    make.project(ada, key="ROOF")
    move(api(ada), number=1)
    api(ada).post(f"{ISSUES}/1/move", {"project": "ROOF"}, status=200)
    assert api(ada).get("/projects/ROOF/board")["columns"][0]["items"][0]["number"] == 1


@pytest.mark.parametrize("by", ["assignee", "label:kind"])
def test_the_column_of_a_person_or_a_label_follows_what_becomes_of_its_issues(api, ada, wall, make, project, by):
    ours = api(ada)
    make.label(project, ada, "kind::bug")
    column = str(ada.id) if by == "assignee" else "kind::bug"
    for number in (1, 2, 3):
        ours.patch(f"{ISSUES}/{number}", {"assignees": [ada.id], "labels": ["kind::bug"]})
    move(ours, number=1, by=by, after=3)

    def shown():
        return cards(ours, f"by={by}")[column]

    assert shown() == [3, 1, 2]
    ours.patch(f"{ISSUES}/1", {"state": "closed"})
    ours.delete(f"{ISSUES}/2")
    assert shown() == [3]
    ours.patch(f"{ISSUES}/1", {"state": "open"})
    ours.post(f"{ISSUES}/2/restoration", status=200)
    assert shown() == [3, 1, 2]


@pytest.mark.parametrize(
    "query", ["assignee:@me", "label:bug", "is:open+label:bug", "stone", "no:assignee", "-label:bug"]
)
@pytest.mark.parametrize("by", ["status", "assignee", "priority"])
def test_a_large_project_finds_the_cards_of_a_filter_first(app, api, ada, make, project, monkeypatch, query, by):
    ben = make.member(project, "member", name="Ben")
    make.label(project, ada, "bug")
    for number in range(6):
        status, mine = ("Todo", [ada.id]) if number % 3 else ("Backlog", [ben.id])
        carried = ["bug"] if number % 2 else []
        make.issue(project, ada, title=f"Stone {number}", status=status, assignees=mine, labels=carried)

    api(ada).post("/projects/WALL/issues/2/closure", {}, status=200)

    def shown():
        app.extensions["keeping"].clear()
        return api(ada).get(f"{BOARD}?by={by}&q={query}")

    as_they_stand = shown()
    monkeypatch.setattr(boards, "LONG", 0)
    assert shown() == as_they_stand
    monkeypatch.setattr(boards, "FEW", 1)
    assert shown() == as_they_stand
