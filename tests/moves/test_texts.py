"""A text goes on meaning what it meant, wherever its issue moves."""

import pytest

WALL, SCREE = "/projects/WALL/issues", "/projects/SCREE/issues"
TEXT = "Like #2, `#2` and #9.\n\n- [ ] see #2"
MEANT = "Like WALL-2, `#2` and #9.\n\n- [ ] see WALL-2"
TO_WALL_2 = 'href="/projects/WALL/issues/2"'


@pytest.fixture
def told(api, ada, make, wall, scree):
    """WALL-1 names WALL-2 in its text, in a comment, and did so in a former text of both; SCREE has a second as well."""
    client = api(ada)
    for _ in range(2):
        make.issue(scree, ada, title="Of the scree")
    client.post(WALL, {"title": "Naming", "body": "Was #2."})
    client.post(WALL, {"title": "Named"})
    client.patch(f"{WALL}/1", {"body": TEXT})
    comment = client.post(f"{WALL}/1/comments", {"body": "Said #2."})["id"]
    client.patch(f"{WALL}/1/comments/{comment}", {"body": "Say #2"})
    client.comment = comment
    return client


@pytest.fixture(params=["one", "many"])
def moved(request, told):
    if request.param == "one":
        told.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    else:
        told.patch(WALL, {"numbers": [1], "move_to": "SCREE"})
    return told


def test_its_text_and_its_comments_say_by_its_key_what_they_named(moved):
    issue = moved.get(f"{SCREE}/3")
    assert issue["body"] == MEANT
    assert issue["body_html"].count(TO_WALL_2) == 2
    comment = moved.get(f"{SCREE}/3/comments/{moved.comment}")
    assert (comment["body"], comment["body_html"].count(TO_WALL_2)) == ("Say WALL-2", 1)


def test_so_do_its_former_texts(moved):
    (former,) = moved.get(f"{SCREE}/3/history")["items"]
    assert former["body"] == "Was WALL-2."
    (former,) = moved.get(f"{SCREE}/3/comments/{moved.comment}/history")["items"]
    assert former["body"] == "Said WALL-2."


def test_an_edit_changes_nothing_of_what_they_mean(moved):
    for at in (f"{SCREE}/3", f"{SCREE}/3/comments/{moved.comment}"):
        body = moved.get(at)["body"]
        edited = moved.patch(at, {"body": f"{body} And #2, #9."})
        assert TO_WALL_2 in edited["body_html"]
        assert edited["body_html"].count('href="/projects/SCREE/issues/2"') == 1


def test_nobody_is_said_to_have_edited_them(moved):
    assert moved.get(f"{SCREE}/3/history")["total"] == 1
    comment = moved.get(f"{SCREE}/3/comments/{moved.comment}")
    assert moved.get(f"{SCREE}/3/comments/{moved.comment}/history")["total"] == 1
    assert comment["version"] == 3


def test_whoever_held_the_comment_as_it_was_has_to_look_again(told):
    version = told.get(f"{WALL}/1/comments/{told.comment}")["version"]
    told.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    told.patch(f"{SCREE}/3/comments/{told.comment}", {"body": "Say #2.", "version": version}, status=409)


def test_what_it_names_still_tells_that_it_is_mentioned(moved, browser, ada):
    page = browser(ada).get(f"{WALL}/2")
    assert page.text.count("mentioned this in") == 2
    moved.patch(f"{SCREE}/3", {"body": "No more."})
    assert browser(ada).get(f"{WALL}/2").text.count("mentioned this in") == 1


def test_words_are_searched_for_as_they_stand_now(moved):
    found = moved.get("/search?q=%22see%20WALL-2%22")["items"]
    assert [one["issue"]["key"] for one in found] == ["SCREE-3"]


def test_they_follow_the_project_to_another_key_and_the_issue_to_another_project(moved):
    moved.patch("/projects/WALL", {"key": "RAMPART"})
    edited = moved.patch(f"{SCREE}/3", {"body": MEANT + " still"})
    assert 'href="/projects/RAMPART/issues/2"' in edited["body_html"]
    moved.post("/projects/RAMPART/issues/2/move", {"project": "SCREE"}, status=200)
    edited = moved.patch(f"{SCREE}/3", {"body": MEANT + " more"})
    assert edited["body_html"].count('href="/projects/SCREE/issues/4"') == 2


def test_what_was_written_there_goes_on_meaning_that_when_it_comes_back(moved):
    moved.post(f"{SCREE}/3/comments", {"body": "Like #2 and WALL-2."})
    moved.post(f"{SCREE}/3/move", {"project": "WALL"}, status=200)
    bodies = [one["body"] for one in moved.get(f"{WALL}/3/comments")["items"]]
    assert bodies == ["Say WALL-2", "Like SCREE-2 and WALL-2."]


def test_closing_words_mean_the_same(moved):
    moved.post(f"{SCREE}/3/comments", {"body": "Fixes #2"})
    assert moved.get(f"{SCREE}/2")["state"] == "closed"
    assert moved.get(f"{WALL}/2")["state"] == "open"


def test_a_deleted_comment_that_is_restored_means_the_same(told):
    told.delete(f"{WALL}/1/comments/{told.comment}")
    told.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    restored = told.post(f"{SCREE}/3/comments/{told.comment}/restoration", status=200)
    assert (restored["body"], TO_WALL_2 in restored["body_html"]) == ("Say WALL-2", True)


def test_a_task_can_be_ticked_there(moved):
    moved.patch(f"{SCREE}/3", {"body": MEANT.replace("[ ]", "[x]")})
    assert TO_WALL_2 in moved.get(f"{SCREE}/3")["body_html"]


def test_the_texts_of_others_that_name_it_still_do(told):
    told.patch(f"{WALL}/2", {"body": "See #1."})
    told.post(f"{WALL}/1/move", {"project": "SCREE"}, status=200)
    assert told.send("GET", f"{WALL}/1").headers["Location"] == f"{SCREE}/3"
    edited = told.patch(f"{WALL}/2", {"body": "See #1, really."})
    assert 'href="/projects/SCREE/issues/3"' in edited["body_html"]


def test_as_many_statements_for_many_texts_as_for_one(told, make, ada, wall, statements):
    for _ in range(5):
        issue = make.issue(wall, ada, body="As #2.")
        for _ in range(4):
            make.comment(wall, issue, ada, body="And #2.")
    statements.clear()
    told.patch(WALL, {"numbers": [1], "move_to": "SCREE"})
    few = len(statements)
    statements.clear()
    told.patch(WALL, {"numbers": [3, 4, 5, 6, 7], "move_to": "SCREE"})
    assert len(statements) <= few
    assert told.get(f"{SCREE}/5/comments")["items"][3]["body"] == "And WALL-2."
