"""What is deleted goes to the trash, and comes back from there as it was."""

import pytest

from tests.history.test_forgetting import holding
from webapp.db import db, transacting

URL = "/projects/WALL/issues"
TRASH = "/projects/WALL/trash"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    make.issue(project, ada, title="Loose", labels=["bug"])
    return project


@pytest.fixture
def old(app):
    """Let what is in the trash have been there for so many days."""

    def age(days: int) -> None:
        with app.app_context(), transacting():
            for table in ("issues", "comments"):
                db.session.execute(
                    db.text(f"UPDATE {table} SET deleted_at = deleted_at - make_interval(days => {days})")
                )

    return age


def counts(client):
    project = client.get("/projects/WALL")
    return project["open_issues"], client.get("/projects/WALL/labels")["items"][0]["issue_count"]


def test_a_deleted_issue_is_in_no_list_and_in_no_count(api, ada, project):
    api(ada).delete(f"{URL}/1")
    assert api(ada).get(f"{URL}?state=all")["items"] == []
    assert api(ada).get(f"{URL}?label=bug")["total"] == 0
    assert counts(api(ada)) == (0, 0)


@pytest.mark.parametrize("path", ["", "/comments", "/events"])
def test_its_address_says_that_it_is_gone(api, ada, project, path):
    api(ada).delete(f"{URL}/1")
    assert api(ada).get(f"{URL}/1{path}", status=410)["detail"].startswith("Ada deleted WALL-1 on ")


def test_only_to_those_who_may_see_the_project(api, ada, eve, project):
    api(ada).delete(f"{URL}/1")
    api(eve).get(f"{URL}/1", status=404)
    api().get(f"{URL}/1", status=401)


def test_nothing_can_be_done_to_it(api, ada, project):
    api(ada).delete(f"{URL}/1")
    api(ada).patch(f"{URL}/1", {"title": "Tight"}, status=410)
    api(ada).post(f"{URL}/1/comments", {"body": "Oh"}, status=410)
    api(ada).delete(f"{URL}/1", status=410)


def test_a_restored_issue_is_as_it_was(api, ada, project):
    api(ada).post(f"{URL}/1/comments", {"body": "Seen."})
    before = api(ada).get(f"{URL}/1")
    api(ada).delete(f"{URL}/1")
    after = api(ada).post(f"{URL}/1/restoration", status=200)
    assert after["version"] == before["version"] + 2
    assert {**after, "version": 0, "updated_at": 0} == {**before, "version": 0, "updated_at": 0}
    assert counts(api(ada)) == (1, 1)
    kinds = [one["kind"] for one in api(ada).get(f"{URL}/1/events")["items"]]
    assert kinds == ["opened", "commented", "deleted", "restored"]


def test_a_closed_issue_is_counted_among_the_closed(api, ada, project):
    api(ada).patch(f"{URL}/1", {"state": "closed"})
    api(ada).delete(f"{URL}/1")
    api(ada).post(f"{URL}/1/restoration", status=200)
    assert api(ada).get("/projects/WALL")["open_issues"] == 0
    assert api(ada).get(f"{URL}?state=closed")["total"] == 1


def test_a_label_that_is_deleted_meanwhile_does_not_come_back(api, ada, project):
    api(ada).delete(f"{URL}/1")
    api(ada).delete(f"/projects/WALL/labels/{api(ada).get('/projects/WALL/labels')['items'][0]['id']}")
    assert api(ada).post(f"{URL}/1/restoration", status=200)["labels"] == []


def test_what_is_not_in_the_trash_cannot_be_restored(api, ada, project):
    api(ada).post(f"{URL}/1/restoration", status=404)
    api(ada).post(f"{URL}/9/restoration", status=404)


def test_members_neither_see_the_trash_nor_restore(api, ada, make, project):
    api(ada).delete(f"{URL}/1")
    member = api(make.member(project, "member"))
    member.get(TRASH, status=403)
    member.post(f"{URL}/1/restoration", status=403)
    api(make.member(project, "maintainer")).post(f"{URL}/1/restoration", status=200)


def test_the_trash_tells_what_was_deleted_by_whom(api, ada, make, project):
    made = api(ada).post(f"{URL}/1/comments", {"body": "Not *so*."})
    make.issue(project, ada, title="Other")
    api(ada).delete(f"{URL}/1/comments/{made['id']}")
    api(ada).delete(f"{URL}/2")
    issue, comment = api(ada).get(TRASH)["items"]
    assert (issue["kind"], issue["title"], issue["deleted_by"]["name"], issue["days_left"]) == (
        "issue",
        "Other",
        "Ada",
        30,
    )
    assert (comment["kind"], comment["key"], comment["comment"]) == ("comment", "WALL-1", made["id"])
    assert comment["excerpt"] == "Not so."


def test_the_trash_is_read_in_pages(api, ada, make, project):
    for _ in range(2):
        make.issue(project, ada)
    for number in (1, 2, 3):
        api(ada).delete(f"{URL}/{number}")
    first = api(ada).get(f"{TRASH}?limit=2")
    rest = api(ada).get(first["next"])
    assert [one["number"] for one in first["items"] + rest["items"]] == [3, 2, 1]
    assert rest["next"] is None


def test_a_restored_comment_is_there_and_counted(api, ada, project):
    made = api(ada).post(f"{URL}/1/comments", {"body": "Seen."})
    at = f"{URL}/1/comments/{made['id']}"
    api(ada).delete(at)
    api(ada).get(at, status=410)
    assert api(ada).get(f"{URL}/1/comments")["items"] == []
    assert api(ada).post(f"{at}/restoration", status=200)["body"] == "Seen."
    assert api(ada).get(f"{URL}/1")["comment_count"] == 1
    api(ada).post(f"{at}/restoration", status=404)


def test_who_deleted_their_own_comment_may_take_that_back_for_a_while(api, ada, make, project, old):
    reporter = api(make.member(project, "reporter"))
    at = f"{URL}/1/comments/{reporter.post(f'{URL}/1/comments', {'body': 'Seen.'})['id']}"
    reporter.delete(at)
    reporter.post(f"{at}/restoration", status=200)
    reporter.delete(at)
    old(1)
    reporter.post(f"{at}/restoration", status=403)
    api(ada).post(f"{at}/restoration", status=200)


def test_after_thirty_days_it_is_gone_for_good(api, ada, project, old):
    made = api(ada).post(f"{URL}/1/comments", {"body": "Seen."})
    api(ada).delete(f"{URL}/1/comments/{made['id']}")
    api(ada).delete(f"{URL}/1")
    old(31)
    assert api(ada).get(TRASH)["items"] == []
    api(ada).get(f"{URL}/1", status=404)


def test_a_comments_text_is_gone_after_thirty_days(api, ada, project, old, app):
    made = api(ada).post(f"{URL}/1/comments", {"body": "Secret"})
    api(ada).delete(f"{URL}/1/comments/{made['id']}")
    old(31)
    run = app.test_cli_runner().invoke(args=["clean-trash"])
    assert run.output == "Deleted 1 from the trash.\n"
    api(ada).post(f"{URL}/1/comments/{made['id']}/restoration", status=404)
    api(ada).get(f"{URL}/1/comments/{made['id']}", status=410)


def test_nothing_else_tells_the_text_either(api, browser, ada, project, old, app):
    """Events quote the tasks that were ticked."""
    text = "- [ ] change hunter2zebra\n- [ ] call Bob"
    made = api(ada).post(f"{URL}/1/comments", {"body": text})
    place = f"{URL}/1/comments/{made['id']}"
    api(ada).post(f"{place}/tasks", {"done": [0, 1]}, status=200)
    api(ada).patch(place, {"body": "hunter2zebra"})
    kept = api(ada).post(f"{URL}/1/comments", {"body": "- [ ] mend hunter3zebra"})
    api(ada).post(f"{URL}/1/comments/{kept['id']}/tasks", {"done": [0]}, status=200)
    api(ada).delete(place)
    old(31)
    assert "hunter2zebra" not in browser(ada).get(f"{URL}/1").text
    assert holding(app, "hunter2zebra") != []  # it can still be restored
    app.test_cli_runner().invoke(args=["clean-trash"])
    assert holding(app, "hunter2zebra") == []
    page = browser(ada).get(f"{URL}/1")
    assert page.says("ticked …")
    assert page.says("ticked mend hunter3zebra")


def test_a_page_offers_to_restore(browser, ada, make, project):
    someone = browser(ada)
    someone.post(f"{URL}/1/delete")
    gone = someone.get(f"{URL}/1", status=410)
    assert gone.says("This issue was deleted")
    assert f'action="{URL}/1/restoration"' in gone.text
    shown = someone.get(someone.post(f"{URL}/1/restoration").location)
    assert shown.says("WALL-1 is restored.")
    member = browser(make.member(project, "member"))
    someone.post(f"{URL}/1/delete")
    assert "restoration" not in member.get(f"{URL}/1", status=410).text


def test_the_trash_has_a_page(browser, ada, project):
    someone = browser(ada)
    assert someone.get(TRASH).says("The trash is empty")
    someone.post(f"{URL}/1/delete")
    assert someone.get(TRASH).says("30 days left")
    someone.post(f"{URL}/1/restoration")
    someone.get(f"{URL}/1")


def test_a_project_with_a_trash_can_be_deleted(api, ada, project):
    api(ada).delete(f"{URL}/1")
    api(ada).delete("/projects/WALL")
