"""Finding issues by a query: the same text in the box, in the address and in the API."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scene import *  # noqa: F403
from tests.text.test_query import PIECES

URL = "/projects/WALL/issues"


@pytest.fixture(scope="module", autouse=True)
def project(make, ada):
    return make.project(ada, key="WALL", name="Dry stone")


@pytest.fixture(scope="module", autouse=True)
def wall(api, ada, eve, project, make):
    """Six issues, each with something that the others lack."""
    ours = api(ada)
    make.label(project, ada, "bug")
    make.label(project, ada, "docs")
    ours.post("/projects/WALL/members", {"email": eve.email, "role": "member"})
    spring = ours.post("/projects/WALL/milestones", {"title": "Spring 1.0"})["id"]
    today = datetime.now(UTC).date()
    for issue in (
        {"title": "Loose stone", "labels": ["bug"], "priority": "high", "assignees": [ada.id]},
        {"title": "Gap in the wall", "labels": ["bug", "docs"], "priority": "low", "milestone": spring},
        {"title": "Moss", "assignees": [eve.id], "due_on": f"{today + timedelta(days=3)}", "estimate": 3},
        {"title": "Capstone", "priority": "urgent", "due_on": f"{today - timedelta(days=3)}", "parent": 1},
        {"title": "Loose gate", "body": "As @{} said".format(eve.handle or "eve"), "status": "In progress"},
        {"title": "Done with"},
    ):
        ours.post(URL, issue)
    ours.patch(f"{URL}/6", {"state": "closed", "close_reason": "not_planned"})
    api(eve).post(f"{URL}/2/comments", {"body": "I see."})
    for address in ("3/reactions/+1", "3/reactions/heart", "5/reactions/-1"):
        api(eve).send("PUT", f"{URL}/{address}", json={}, status=200)
    ours.post(f"{URL}/1/relations", {"kind": "blocks", "issue": "#2"})
    return lambda q, who=ada: sorted(
        one["number"] for one in api(who).get(URL, query_string={"q": q, "limit": 100})["items"]
    )


# They only read: one project answers all of them, as making it takes far longer.
ASKED = [
    ("is:open", [1, 2, 3, 4, 5]),
    ("is:closed", [6]),
    ("state:all", [1, 2, 3, 4, 5, 6]),
    ("-is:open", [6]),
    ("reason:not_planned", [6]),
    ("loose", [1, 5]),
    ('"loose stone"', [1]),
    ("-loose is:open", [2, 3, 4]),
    ("label:bug", [1, 2]),
    ("label:BUG label:docs", [2]),
    ("label:bug,docs", [1, 2]),
    ("label:bug -label:docs", [1]),
    ("label:none is:open", [3, 4, 5]),
    ("label:nope", []),
    ("assignee:@me", [1]),
    ("assignee:eve", [3]),
    ("assignee:@me,eve", [1, 3]),
    ("assignee:none is:open", [2, 4, 5]),
    ("is:assigned", [1, 3]),
    ("author:@me", [1, 2, 3, 4, 5, 6]),
    ("author:eve", []),
    ("commenter:eve", [2]),
    ("involves:eve -mentions:eve", [2, 3]),
    ('milestone:"spring 1.0"', [2]),
    ('-milestone:"spring 1.0" is:open', [1, 3, 4, 5]),
    ("no:milestone is:open", [1, 3, 4, 5]),
    ("priority:high", [1]),
    ("priority:>=high", [1, 4]),
    ("priority:low..high", [1, 2]),
    ("priority:<high is:open", [2, 3, 5]),
    ("due:<7d", [3, 4]),
    ("due:7d", [3]),
    ("-due:<7d is:open", [1, 2, 5]),
    ("is:overdue", [4]),
    ("due:..today", [4]),
    ("no:due is:open", [1, 2, 5]),
    ("created:today", [1, 2, 3, 4, 5, 6]),
    ("created:<2h", [1, 2, 3, 4, 5, 6]),
    ("created:>2h", []),
    ("created:2020..2021", []),
    ("closed:today", [6]),
    ("comments:>0", [2]),
    ("has:comment", [2]),
    ("reactions:>1", [3]),
    ("reactions:1..2", [3, 5]),
    ("reactions:0 is:open", [1, 2, 4]),
    ("has:reaction", [3, 5]),
    ("estimate:1..5", [3]),
    ("has:estimate", [3]),
    ("has:attachment", []),
    ("parent:#1", [4]),
    ("parent:WALL-1", [4]),
    ("has:child", [1]),
    ("no:parent is:open", [1, 2, 3, 5]),
    ("blocked:yes", [2]),
    ("blocks:yes", [1]),
    ("blocked:#1", [2]),
    ("is:blocked", [2]),
    ('status:"in progress"', [5]),
    ("status:backlog,todo", [1, 2, 3, 4]),
    ("project:wall is:closed", [6]),
    ("project:other", []),
    ("#3", [3]),
    ("wall-3", [3]),
    ("OTHER-3", []),
    ("(label:docs OR assignee:eve) is:open", [2, 3]),
    ("-(label:bug OR assignee:eve) is:open", [4, 5]),
    ("label:docs OR label:bug priority:high", [1, 2]),
]


def test_a_query_finds_what_it_asks_for(wall):
    assert [(q, wall(q)) for q, _ in ASKED] == ASKED


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("is:opne", "Did you mean open"),
        ("priority:hgih", "Did you mean high"),
        ("due:soon", "This is no date"),
        ("comments:many", "takes a number"),
        ("sort:title", "sorted by"),
        ("(sort:created OR loose)", "stands by itself"),
        ("label:>bug", "takes names"),
        ("parent:x", "names no issue"),
        ("lable:bug", "Did you mean label:?"),
    ],
)
def test_what_a_query_cannot_mean_is_told(api, browser, ada, project, q, said):
    problem = api(ada).get(URL, query_string={"q": q}, status=422)
    assert [error["field"] for error in problem["errors"]] == ["q"]
    assert said in problem["errors"][0]["message"]
    page = browser(ada).get(URL, query_string={"q": q}, status=422)
    assert page.says(said)
    assert page.fields["q"] == q
    assert page.title.startswith("Error:")


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        ("priority", [4, 1, 2, 5, 3]),
        ("priority-asc", [3, 5, 2, 1, 4]),
        ("due", [4, 3, 1, 2, 5]),
        ("due-desc", [3, 4, 5, 2, 1]),
        ("comments", [2, 5, 4, 3, 1]),
        ("reactions", [3, 5, 4, 2, 1]),
        ("reactions-asc", [1, 2, 4, 5, 3]),
        ("created-asc", [1, 2, 3, 4, 5]),
    ],
)
def test_every_order_is_kept_over_pages_both_ways(api, ada, wall, sort, numbers):
    seen, url, page = [], f"{URL}?q=is:open+sort:{sort}&limit=2", None
    while url:
        page = api(ada).get(url)
        seen += [one["number"] for one in page["items"]]
        url = page["next"]
    assert seen == numbers


def test_the_same_query_looks_through_all_projects(api, ada, eve, make, wall):
    hidden = make.project(eve, key="VEIL")
    make.issue(hidden, eve, title="Loose veil")
    other = make.project(ada, key="ROOF")
    make.issue(other, ada, title="Loose tile")
    keys = lambda who, q: [one["key"] for one in api(who).get("/issues", query_string={"q": q})["items"]]  # noqa: E731
    assert keys(ada, "loose") == ["ROOF-1", "WALL-5", "WALL-1"]
    assert keys(eve, "loose") == ["VEIL-1", "WALL-5", "WALL-1"]
    assert keys(ada, "loose project:roof,wall -project:wall") == ["ROOF-1"]
    assert keys(ada, "VEIL-1") == []
    assert api(ada).get("/issues", query_string={"q": "loose"})["total"] == 3


def test_nobody_sees_only_public_projects(api, ada, make):
    make.issue(make.project(ada, key="SHOW", visibility="public"), ada)
    make.issue(make.project(ada, key="VEIL"), ada)
    assert [one["key"] for one in api().get("/issues")["items"]] == ["SHOW-1"]
    assert api().get("/issues?q=assignee:@me")["items"] == []


def test_a_choice_of_the_form_takes_the_place_of_what_the_words_said(browser, ada, wall):
    def led(**said):
        return browser(ada).get(f"{URL}/filter", query_string=said, status=303).location

    assert led(q="is:open", was="is:open", label="bug") == f"{URL}?q=is:open+label:bug"
    assert led(q="is:open label:bug", was="is:open label:bug", label="docs") == f"{URL}?q=is:open+label:docs"
    assert led(q="is:open label:bug", was="is:open label:bug", label="") == URL
    assert led(q="is:open -label:bug moss", was="is:open -label:bug") == f"{URL}?q=is:open+-label:bug+moss"
    assert led(q="is:open label:docs", was="is:open label:bug", label="bug") == f"{URL}?q=is:open+label:docs"
    assert led(q="moss", was="", sort="due-asc") == f"{URL}?q=moss+sort:due-asc"
    assert led(q="", was="") == f"{URL}?q=is:all"
    assert "lable" in led(q="lable:x", was="is:open")


def test_each_active_filter_can_be_taken_away(browser, ada, wall):
    page = browser(ada).get(f"{URL}?q=is:open+label:bug+-label:docs+assignee:@me+loose")
    assert f"{URL}?q=is:open+-label:docs+assignee:@me+loose" in page.links
    assert f"{URL}?q=is:open+label:bug+-label:docs+assignee:@me" in page.links
    assert page.says("Not label: docs ×")
    assert page.says("“loose” ×")


def test_a_name_that_nothing_has_is_told(browser, ada, wall):
    assert browser(ada).get(f"{URL}?q=label:bgu").says("There is no label called “bgu” here.")


def test_a_key_alone_leads_to_the_issue(browser, ada, wall):
    assert browser(ada).get(f"{URL}?q=%233", status=303).location == f"{URL}/3"
    assert browser(ada).get("/issues?q=wall-3", status=303).location == f"{URL}/3"
    assert browser(ada).get(f"{URL}?q=%2399").says("Nothing matches")


def test_an_issue_leads_on_through_the_list_it_was_found_in(browser, ada, wall):
    someone = browser(ada)
    came = {"HTTP_REFERER": f"http://localhost{URL}?q=is:open+sort:created-asc"}
    page = someone.get(f"{URL}/2", environ_overrides=came)
    assert f"{URL}/1?q=is:open+sort:created-asc" in page.links
    assert f"{URL}/3?q=is:open+sort:created-asc" in page.links
    assert page.says("2 of 5")
    further = someone.get(f"{URL}/5?q=is:open+sort:created-asc")
    assert further.says("5 of 5")
    assert f"{URL}/4?q=is:open+sort:created-asc" in further.links
    assert not further.says("Next")
    assert f"{URL}?q=is:open+sort:created-asc#WALL-5" in further.links
    assert not someone.get(f"{URL}/2").says("Back to the list")
    assert someone.get(f"{URL}/2?q=lable:x").says("Gap in the wall")


@pytest.mark.parametrize(
    ("asked", "carried", "back"),
    [
        ("", "?board=status", "/projects/WALL/board#card-2"),
        (
            "?by=assignee&q=label:bug",
            "?board=assignee&q=label:bug",
            "/projects/WALL/board?by=assignee&q=label:bug#card-2",
        ),
        ("?column=To+do&by=label:a%26b", "?board=label:a%26b", "/projects/WALL/board?by=label:a%26b#card-2"),
    ],
)
def test_an_issue_leads_back_to_the_board_it_was_opened_on(browser, api, ada, wall, asked, carried, back):
    api(ada).post("/projects/WALL/labels", {"name": "A&b::c", "color": "#d34467"})
    someone = browser(ada)
    came = {"HTTP_REFERER": f"http://localhost/projects/WALL/board{asked}"}
    page = someone.get(f"{URL}/2", environ_overrides=came)
    assert page.says("Back to the board")
    assert back in page.links
    assert not page.says("Next")
    assert f"{URL}/2/edit{carried}" in page.links
    saved = someone.post(f"{URL}/2/comments{carried}", {"body": "Wedged it."}, status=303)
    assert someone.get(saved.location).says("Back to the board")
    gone = someone.post(f"{URL}/2/delete{carried}", status=303).location
    assert gone == back.partition("#")[0]


def test_an_issue_that_the_list_does_not_have_has_no_number_in_it(browser, ada, wall):
    page = browser(ada).get(f"{URL}/3?q=label:bug")
    assert page.says("Back to the list")
    assert not re.search(r"\d of \d", page.text)


def test_clients_read_what_can_be_asked(api, ada, wall):
    fields = {one["name"]: one for one in api(ada).get(f"{URL}/query")["items"]}
    assert fields["label"]["values"] == ["bug", "docs"]
    assert "@me" in fields["assignee"]["values"]
    assert "overdue" in fields["is"]["values"]
    assert api().get("/issues/query")["items"]


GONE = [
    ("label:nope", "There is no label called “nope” here."),
    ("is:all (label:bug OR label:nope)", "There is no label called “nope” here."),
    ('-status:"Long gone"', "There is no status called “Long gone” here."),
    ("milestone:2.0", "There is no milestone called “2.0” here."),
    ("author:nobody-here", "There is no person called “nobody-here” here."),
    ("project:NOPE", "There is no project called “NOPE” here."),
    ("label:#99999", "There is no label with the id 99999 here."),
    ("changed:status to:open by:nobody-here", "There is no person called “nobody-here” here."),
]


@pytest.mark.parametrize(("query", "told"), GONE)
@pytest.mark.parametrize("at", [URL, "/projects/WALL/board", "/issues"])
def test_clients_are_told_what_a_query_names_that_is_not_there(api, ada, wall, at, query, told):
    assert api(ada).get(at, query_string={"q": query})["warnings"] == [told]
    assert api(ada).get(at, query_string={"q": query})["warnings"] == [told]
    assert api(ada).get(at, query_string={"q": "label:bug"})["warnings"] == []
    assert api(ada).get(at)["warnings"] == []


def test_a_page_with_nothing_on_it_says_the_same(browser, ada, wall):
    for query, told in GONE:
        if "bug" not in query and "-" not in query:
            assert browser(ada).get(URL, query_string={"q": query}).says(told)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_asked_is_answered_or_refused(api, ada, project, text):
    response = api(ada).send("GET", URL, query_string={"q": text})
    assert response.status_code in (200, 422), (text, response.text)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("milestone:#9999", "There is no milestone with the id 9999 here."),
        ("status:#9999", "There is no status with the id 9999 here."),
        ("label:#9999", "There is no label with the id 9999 here."),
        ("project:#9999", "There is no project with the id 9999 here."),
        ("was:milestone:#9999", "There is no milestone with the id 9999 here."),
        ("label:gone", "There is no label called “gone” here."),
    ],
)
def test_whoever_takes_a_query_says_what_it_names_and_is_not_there(api, browser, ada, make, query, told):
    make.issue(make.project(ada, key="ROOF"), ada)
    client, q = api(ada), {"q": query}
    assert client.get("/projects/ROOF/issues", query_string=q)["warnings"] == [told]
    assert client.get("/issues", query_string=q)["warnings"] == [told]
    assert client.get("/search", query_string=q)["warnings"] == [told]
    assert client.get("/search", query_string={"q": "stone"})["warnings"] == []
    changed = client.patch("/projects/ROOF/issues", {"priority": "high"}, query_string=q)
    assert changed["warnings"] == [told]
    assert "warnings" not in client.patch("/projects/ROOF/issues", {"numbers": [1], "priority": "low"})
    for at in ("/projects/ROOF/issues", "/issues", "/search"):
        assert browser(ada).get(at, query_string=q).says(told), at


def test_what_has_such_an_id_is_found(api, ada, make):
    project = make.project(ada, key="ROOF")
    make.issue(project, ada)
    client = api(ada)
    spring = client.post("/projects/ROOF/milestones", {"title": "Spring"})["id"]
    client.patch("/projects/ROOF/issues/1", {"milestone": spring})
    status = client.get("/projects/ROOF/statuses")["items"][0]["id"]
    for query in (f"milestone:#{spring}", f"status:#{status}", f"project:#{project.id}"):
        found = client.get("/projects/ROOF/issues", query_string={"q": query})
        assert (found["total"], found["warnings"]) == (1, []), query


@pytest.mark.parametrize("board", ["label:gone", "label:a", "label:", "moss", "status"])
def test_columns_that_there_are_not_lead_back_to_the_plain_board(browser, api, ada, wall, board):
    api(ada).post("/projects/WALL/labels", {"name": "a::b::c", "color": "#d34467"})
    someone = browser(ada)
    assert "/projects/WALL/board?q=is:open#card-2" in someone.get(f"{URL}/2?board={board}&q=is:open").links
    gone = someone.post(f"{URL}/2/delete?board={board}&q=is:open", status=303).location
    assert gone == "/projects/WALL/board?q=is:open"
    someone.get(gone)
