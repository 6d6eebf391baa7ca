"""What cannot come along is told before a move, in its answer, in its notice and as its event; who comes back has it."""

import pytest

WALL, SCREE = "/projects/WALL/issues", "/projects/SCREE/issues"
APART = ("version", "updated_at")
KINDS = ("labels", "milestones", "assignees", "statuses", "parents", "parts")


def names(behind):
    return {kind: [one["name"] for one in behind[kind]] for kind in KINDS}


LOST = {
    "labels": ["size::big"], "milestones": ["Spring"], "assignees": ["Member"], "statuses": ["Cooling"],
    "parents": ["WALL-2"], "parts": ["WALL-3", "WALL-4"],
}  # fmt: skip


def shown(client, url=f"{WALL}/1"):
    """An issue as it is shown, and those that are parts of it."""
    issue = client.get(url)
    tied = client.get(f"{url}/relations")["items"]
    return {key: value for key, value in issue.items() if key not in APART}, tied


def test_it_is_told_before(laden, make, ada):
    make.project(ada, key="LEDGE", name="A ledge")
    ways = {one["key"]: one["left_behind"] for one in laden.get(f"{WALL}/1/move")["items"]}
    assert names(ways["SCREE"]) == LOST
    assert names(ways["LEDGE"]) == {**LOST, "labels": ["bug", "size::big"]}
    only = laden.get(f"{WALL}/1/move?project=scree")["items"]
    assert [(one["key"], names(one["left_behind"])) for one in only] == [("SCREE", LOST)]


def test_a_project_that_is_asked_about_must_be_one(laden):
    laden.get(f"{WALL}/1/move?project=NONE", status=422)
    laden.get(f"{WALL}/1/move?project=WALL", status=422)


def test_the_form_tells_it_for_each_project(laden, browser, ada):
    page = browser(ada).get(f"{WALL}/1/move")
    assert page.says("the label size::big; the milestone Spring; the assignee Member; the status Cooling")
    assert page.says("the place under WALL-2; the sub-issues WALL-3, WALL-4")


def test_many_are_told_together_before(laden, browser, ada, make, wall):
    make.label(wall, ada, "odd")
    laden.patch(f"{WALL}/2", {"labels": ["odd"]})
    (way,) = laden.get(f"{WALL}/move?numbers=1&numbers=2&project=SCREE")["items"]
    assert names(way["left_behind"]) == {**LOST, "labels": ["odd", "size::big"], "parents": []}
    (by_query,) = laden.get(f"{WALL}/move?q=label:odd&project=SCREE")["items"]
    assert names(by_query["left_behind"])["labels"] == ["odd"]
    assert (
        browser(ada).get(f"{WALL}/bulk?numbers=1&numbers=2").says("the labels odd, size::big; the milestone Spring")
    )


def test_names_are_told_as_people_count_and_spell(laden, browser, ada, make, wall):
    counted = ["1.9", "1.10", "Äpfel", "apple", "Zebra"]
    for name in counted:
        make.label(wall, ada, name)
    laden.patch(f"{WALL}/1", {"labels": counted[::-1]})
    (way,) = laden.get(f"{WALL}/1/move?project=SCREE")["items"]
    assert names(way["left_behind"])["labels"] == counted
    assert browser(ada).get(f"{WALL}/bulk?numbers=1").says("the labels 1.9, 1.10, Äpfel, apple, Zebra")
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    behind = laden.get(f"{SCREE}/1/events")["items"][-1]["data"]["left_behind"]
    assert [one["name"] for one in behind["labels"]] == counted


def test_it_is_told_in_the_answer_and_as_the_event(laden):
    moved = laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    assert names(moved["left_behind"]) == LOST
    event = laden.get(f"{SCREE}/1/events")["items"][-1]
    assert event["change_id"] == moved["change_id"]
    behind = event["data"]["left_behind"]
    assert [one["name"] for one in behind["labels"]] == ["size::big"]
    assert (behind["milestone"]["name"], behind["status"]["name"]) == ("Spring", "Cooling")
    assert behind["parent"] == {"id": None, "name": None}  # not everybody who sees SCREE knows of WALL


def test_it_is_told_in_the_notice(laden, browser, ada):
    someone = browser(ada)
    page = someone.get(someone.post(f"{WALL}/1/move", {"project": "SCREE"}).location)
    assert page.says("This is SCREE-1 now. Left behind: the label size::big; the milestone Spring")


def test_many_tell_it_in_their_answer_and_notice(laden, browser, ada):
    done = laden.patch(WALL, {"numbers": [1, 3], "move_to": "SCREE"})
    assert names(done["left_behind"]) == {**LOST, "parts": ["WALL-4"]}
    laden.post("/projects/WALL/issues/undo", {"change": done["change_id"]}, status=200)
    someone = browser(ada)
    page = someone.get(someone.post(f"{WALL}/bulk", {"numbers": ["1", "3"], "move_to": "SCREE"}).location)
    assert page.says("2 issues moved. Left behind: the label size::big")


def test_where_nothing_is_lost_nothing_is_told(laden, browser, ada, make, wall):
    make.issue(wall, ada)
    someone = browser(ada)
    assert not someone.get(f"{WALL}/5/move").says("leave behind")
    page = someone.get(someone.post(f"{WALL}/5/move", {"project": "SCREE"}).location)
    assert not page.says("Left behind")
    assert laden.get(f"{SCREE}/1/events")["items"][-1]["data"]["left_behind"] == {}


def test_what_all_may_not_know_is_told_without_its_key_or_number(api, browser, ada, make):
    """Neither who comes by nor who moved it reads on the new issue what its parent and its part are there."""
    secret = make.project(ada, key="SECRET")
    for _ in range(79):
        make.issue(secret, ada)
    make.project(ada, key="OPEN", visibility="public")
    mover = api(ada)
    mover.patch("/projects/SECRET/issues/77", {"parent": 78})
    mover.patch("/projects/SECRET/issues/79", {"parent": 77})
    moved = mover.post("/projects/SECRET/issues/77/move", {"project": "OPEN"}, status=200)
    for reader in (None, ada):
        event = api(reader).get("/projects/OPEN/issues/1/events")["items"][-1]["data"]
        assert event["from"] is None
        assert event["left_behind"]["parent"] == {"id": None, "name": None}
        assert event["left_behind"]["parts"] == [{"id": None, "name": None}]
        assert not {"from_id", "from_number"} & set(event)
        page = browser(reader).get("/projects/OPEN/issues/1")
        assert page.says("moved this to OPEN-1, where it has no longer its parent, sub-issues")
        assert not {"#78", "#79"} & set(" ".join(page.words).split())
    mover.post("/projects/OPEN/issues/1/undo", {"change": moved["change_id"]}, status=200)
    assert mover.get("/projects/SECRET/issues/77")["parent"]["number"] == 78
    assert mover.get("/projects/SECRET/issues/79")["parent"]["number"] == 77


def back(client, code=200):
    return client.post(f"{SCREE}/1/move", {"project": "WALL"}, status=code)


def undo(client, code=200):
    change = client.get(f"{SCREE}/1/events")["items"][-1]["change_id"]
    return client.post(f"{SCREE}/1/undo", {"change": change}, status=code)


def test_undo_makes_it_as_it_was(laden):
    before, board = shown(laden), laden.get("/projects/WALL/board")["columns"]
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    assert undo(laden)["key"] == "WALL-1"
    assert shown(laden) == before
    assert [[card["number"] for card in one["items"]] for one in laden.get("/projects/WALL/board")["columns"]] == [
        [card["number"] for card in one["items"]] for one in board
    ]
    assert laden.send("GET", f"{SCREE}/1", status=308).headers["Location"] == f"{WALL}/1"
    assert [one["issue_count"] for one in laden.get("/projects/WALL/labels")["items"]] == [1, 1]
    assert laden.get("/projects/SCREE/labels")["items"][0]["issue_count"] == 0
    assert [laden.get(f"/projects/{key}")["open_issues"] for key in ("WALL", "SCREE")] == [4, 0]


def test_one_undo_makes_many_as_they_were(laden):
    before = [shown(laden, f"{WALL}/{number}") for number in (1, 2, 3, 4)]
    done = laden.patch(WALL, {"numbers": [1, 2, 3], "move_to": "SCREE"})
    assert laden.post(f"{WALL}/undo", {"change": done["change_id"]}, status=200)["changed"] == 3
    assert [shown(laden, f"{WALL}/{number}") for number in (1, 2, 3, 4)] == before


def test_the_undo_of_the_notice_works(laden, browser, ada):
    someone = browser(ada)
    page = someone.get(someone.post(f"{WALL}/1/move", {"project": "SCREE"}).location)
    assert someone.post(f"{SCREE}/1/undo", {"change": page.fields["change"]}).location == f"{WALL}/1"
    page = someone.get(someone.post(f"{WALL}/bulk", {"numbers": ["1", "2"], "move_to": "SCREE"}).location)
    someone.post(f"{WALL}/undo", {"change": page.fields["change"]})
    assert laden.get(f"{WALL}/1")["parent"]["key"] == "WALL-2"


def test_an_undone_move_can_be_undone(laden):
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    there = shown(laden, f"{SCREE}/1")
    undo(laden)
    change = laden.get(f"{WALL}/1/events")["items"][-1]["change_id"]
    assert laden.post(f"{WALL}/1/undo", {"change": change}, status=200)["key"] == "SCREE-1"
    assert shown(laden, f"{SCREE}/1") == there


def test_one_that_was_moved_on_is_not_taken_back(laden, make, ada):
    make.project(ada, key="LEDGE")
    change = laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)["change_id"]
    laden.post(f"{SCREE}/1/move", {"project": "LEDGE"}, status=200)
    laden.post("/projects/LEDGE/issues/1/undo", {"change": change}, status=409)
    done = laden.post("/projects/LEDGE/issues/undo", {"change": change}, status=200)
    assert (done["changed"], [one["detail"] for one in done["refused"]]) == (0, ["It was moved again meanwhile."])


def test_only_who_may_change_issues_there_takes_it_back(laden, api, ada, make, scree, wall):
    carol = make.member(scree, "member")
    laden.post("/projects/WALL/members", {"email": carol.email, "role": "member"})
    change = api(carol).post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)["change_id"]
    laden.post(f"{SCREE}/1/undo", {"change": change}, status=403)
    laden.delete(f"/projects/WALL/members/{carol.id}")
    api(carol).post(f"{SCREE}/1/undo", {"change": change}, status=409)


def test_moving_back_brings_it_again(laden):
    before, tied = shown(laden)
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    assert back(laden)["key"] == "WALL-5"
    after, still = shown(laden, f"{WALL}/5")
    assert {**after, "key": 0, "number": 0} == {**before, "key": 0, "number": 0}
    assert still == tied
    assert [one["name"] for one in laden.get(f"{WALL}/5/events")["items"][-1]["data"]["again"]["labels"]] == [
        "size::big"
    ]


def test_even_by_a_detour(laden, make, ada):
    make.project(ada, key="LEDGE")
    before, _ = shown(laden)
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    laden.post(f"{SCREE}/1/move", {"project": "LEDGE"}, status=200)
    laden.post("/projects/LEDGE/issues/1/move", {"project": "WALL"}, status=200)
    after, _ = shown(laden, f"{WALL}/5")
    assert after["milestone"] == before["milestone"]
    assert (after["status"], after["parent"]) == (before["status"], before["parent"])


def test_what_it_got_meanwhile_stays(laden, make, ada, scree, wall):
    make.label(scree, ada, "size::small")
    make.label(wall, ada, "size::small")
    laden.post("/projects/WALL/milestones", {"title": "Summer"})
    summer = laden.post("/projects/SCREE/milestones", {"title": "Summer"})["id"]
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    laden.patch(f"{SCREE}/1", {"labels": ["size::small"], "milestone": summer, "status": "In review"})
    issue = back(laden)
    assert [one["name"] for one in issue["labels"]] == ["size::small"]
    assert (issue["milestone"]["title"], issue["status"]) == ("Summer", "In review")


def test_what_is_gone_meanwhile_does_not_come_again(laden, bob):
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    for thing in ("labels", "milestones"):
        for one in laden.get(f"/projects/WALL/{thing}")["items"]:
            laden.delete(f"/projects/WALL/{thing}/{one['id']}")
    laden.delete(f"/projects/WALL/members/{bob.id}")
    for number in (2, 3):
        laden.delete(f"{WALL}/{number}")
    laden.patch(f"{WALL}/4", {"parent": laden.post(WALL, {"title": "Other"})["number"]})
    issue = back(laden)
    assert (issue["labels"], issue["milestone"], issue["parent"]) == ([], None, None)
    assert [one["name"] for one in issue["assignees"]] == ["Ada"]
    assert laden.get(f"{WALL}/{issue['number']}/relations")["items"] == []


def test_nothing_comes_again_in_a_circle(laden):
    laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    laden.patch(f"{WALL}/2", {"parent": 3})
    issue = back(laden)
    assert issue["parent"]["key"] == "WALL-2"
    kinds = {one["issue"]["key"]: one["kind"] for one in laden.get(f"{WALL}/5/relations")["items"]}
    assert kinds == {"WALL-2": "parent", "WALL-4": "child"}


@pytest.mark.parametrize("field", ["milestone", "label"])
def test_a_closed_issue_and_a_closed_milestone_come_along_as_well(laden, field):
    spring = laden.get("/projects/WALL/milestones")["items"][0]["id"]
    there = laden.post("/projects/SCREE/milestones", {"title": "spring"})["id"]
    laden.patch(f"/projects/SCREE/milestones/{there}", {"state": "closed"})
    laden.patch(f"{WALL}/1", {"state": "closed", "force": True})
    laden.patch(f"/projects/WALL/milestones/{spring}", {"state": "closed"})
    moved = laden.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    assert moved["milestone"]["title"] == "spring"
    assert moved["left_behind"]["milestones"] == []
    assert undo(laden)["milestone"]["id"] == spring


def test_moving_many_back_costs_as_much_as_moving_few(laden, statements):
    laden.patch(WALL, {"numbers": [1, 2, 3, 4], "move_to": "SCREE"})
    statements.clear()
    laden.patch(SCREE, {"numbers": [1], "move_to": "WALL"})
    few = len(statements)
    statements.clear()
    laden.patch(SCREE, {"numbers": [2, 3, 4], "move_to": "WALL"})
    assert len(statements) <= few + 2
