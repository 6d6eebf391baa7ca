"""What is in the trash can be deleted for good at once, by whoever may restore it."""

from io import BytesIO

import pytest

from webapp.attachments import storage
from webapp.db import db, transacting

URL, TRASH = "/projects/WALL/issues", "/projects/WALL/trash"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    issue = make.issue(project, ada, title="Loose", body="Words")
    make.issue(project, ada, title="Tight")
    make.comment(project, issue, ada, "Secret")
    return project


@pytest.fixture
def upload(app, api, ada, project):
    """Put a file into a text; returns where it is."""

    def put(url, **fields):
        sent = {"file": (BytesIO(b"secret"), "note.txt")}
        made = api(ada).send("POST", "/projects/WALL/attachments", data=sent, status=201).json
        text = {"body": f"[note]({made['url']})", **fields}
        api(ada).send("PATCH", url, json=text, status=200)
        with app.app_context():
            stored = db.session.scalar(db.text("SELECT stored FROM attachments ORDER BY id DESC LIMIT 1"))
            return made["url"], storage.file(stored)

    return put


def comment_of(client):
    return client.get(f"{URL}/1/comments")["items"][0]["id"]


def test_a_deleted_issue_is_gone_with_all_that_is_of_it(app, api, ada, project):
    client = api(ada)
    issue = client.get(f"{URL}/1")["id"]
    client.patch(f"{URL}/1", {"body": "Other words"})
    client.delete(f"{URL}/1")
    client.delete(f"{TRASH}/1")
    assert client.get(TRASH)["items"] == []
    for status, way in ((404, f"{URL}/1"), (404, f"{URL}/1/comments")):
        client.get(way, status=status)
    client.post(f"{URL}/1/restoration", status=404)
    assert client.post(URL, {"title": "Next"})["number"] == 3
    with app.app_context():
        for table in ("comments", "text_versions"):
            left = f"SELECT count(*) FROM {table} WHERE issue_id = {issue}"
            assert db.session.scalar(db.text(left)) == 0


def test_a_deleted_comment_is_gone_and_its_place_is_marked(app, api, browser, ada, project):
    client = api(ada)
    comment = comment_of(client)
    client.delete(f"{URL}/1/comments/{comment}")
    client.delete(f"{TRASH}/1/comments/{comment}")
    assert client.get(TRASH)["items"] == []
    client.post(f"{URL}/1/comments/{comment}/restoration", status=404)
    assert "deleted" in browser(ada).get(f"{URL}/1").text
    with app.app_context():
        assert db.session.scalar(db.text(f"SELECT count(*) FROM comments WHERE body <> '' AND id = {comment}")) == 0


@pytest.mark.parametrize("what", ["issue", "comment"])
def test_its_files_go_at_once(api, ada, project, upload, what):
    client = api(ada)
    at = f"{URL}/1" if what == "issue" else f"{URL}/1/comments/{comment_of(client)}"
    url, path = upload(at)
    client.delete(at)
    assert path.exists()
    client.delete(at.replace("/issues/", "/trash/"))
    assert not path.exists()
    client.get(url, status=404)


def test_what_is_not_in_the_trash_is_left_alone(api, ada, project):
    client = api(ada)
    comment = comment_of(client)
    for at in (f"{TRASH}/1", f"{TRASH}/9", f"{TRASH}/1/comments/{comment}", f"{TRASH}/2/comments/{comment}"):
        client.delete(at, status=404)
    assert client.get(f"{URL}/1")["comment_count"] == 1


def test_only_who_may_restore_does_it(api, ada, make, project):
    api(ada).delete(f"{URL}/1")
    member = api(make.member(project, "member"))
    member.delete(f"{TRASH}/1", status=403)
    api(make.member(project, "maintainer")).delete(f"{TRASH}/1")


def test_a_page_asks_before(browser, api, ada, project):
    someone = browser(ada)
    api(ada).delete(f"{URL}/2")
    assert f"{TRASH}/2/delete" in someone.get(TRASH).links
    page = someone.get(f"{TRASH}/2/delete")
    assert page.says("Delete WALL-2 for good?")
    assert page.says("Nobody can restore it.")
    assert someone.post(f"{TRASH}/2/delete").location == TRASH
    assert someone.get(TRASH).says("WALL-2 is deleted for good.")
    comment = comment_of(api(ada))
    api(ada).delete(f"{URL}/1/comments/{comment}")
    assert someone.get(f"{TRASH}/1/comments/{comment}/delete").says("Ada")
    someone.post(f"{TRASH}/1/comments/{comment}/delete")
    assert api(ada).get(TRASH)["items"] == []


def test_a_project_goes_with_what_is_left_of_its_issues(app, api, ada, project):
    client = api(ada)
    client.delete(f"{URL}/1")
    client.delete(f"{TRASH}/1")
    client.delete("/projects/WALL", json={"confirm": "WALL"})
    with app.app_context(), transacting():
        assert db.session.scalar(db.text("SELECT count(*) FROM issue_aliases")) == 0
