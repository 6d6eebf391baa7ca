"""Mails about issues: one for a burst, one for a change of many, and by rights of when they are sent."""

import pytest

from tests.hearing.conftest import URL
from webapp.mail import unsubscribing
from webapp.mail.composing import Stop
from webapp.mail.rows import Reader

ONE = f"{URL}/1"
SOON = 240  # seconds until which all that waits is due


@pytest.fixture
def mails(wall, mailing, sink):
    """Sends what waits; gives the mails by whom they went to."""

    def sent():
        sink.mails.clear()
        mailing.drain()
        mailing.drain(ahead=SOON)
        by_address = {f"{wall.who[name].email}": name for name in wall.who}
        return {by_address[one.to[0]]: one for one in sink.mails}

    return sent


def test_a_comment_is_mailed_to_whoever_takes_part(wall, mails):
    wall.api.post(f"{ONE}/comments", {"body": "It *moves*.\n\nLook."})
    sent = mails()
    assert set(sent) == {"author", "assignee", "commenter", "named", "all_here"}
    mail = sent["assignee"]
    assert mail.message["Subject"] == "WALL-1 A stone"
    assert "Ada commented" in mail.body()
    assert "  It *moves*." in mail.body()
    assert "You get this because it is, or was, assigned to you." in mail.body()
    assert f"https://cairn.test/projects/WALL/issues/1#c{wall.last_comment()}" in mail.body()
    assert wall.run("SELECT DISTINCT state, answer LIKE '250%' FROM deliveries WHERE way = 'mail'") == [
        ("sent", True)
    ]


def test_one_burst_is_one_mail_and_what_follows_is_of_its_thread(wall, mails):
    wall.api.post(f"{ONE}/comments", {"body": "First."})
    wall.api.post(f"{ONE}/comments", {"body": "Second."})
    wall.api.patch(ONE, {"assignees": [wall.who[one].id for one in ("assignee", "member")]})
    sent = mails()
    assert [word in sent["author"].body() for word in ("First.", "Second.")] == [True, True]
    assert "assigned" in sent["member"].body()
    wall.api.post(f"{ONE}/comments", {"body": "Third."})
    later = mails()
    assert "First." not in later["author"].body()
    assert later["author"].message["References"] == sent["author"].message["References"]
    assert later["author"].id != sent["author"].id


def test_what_is_only_to_be_looked_at_is_not_mailed(wall, mails):
    wall.api.patch(ONE, {"state": "closed"})
    wall.api.patch(ONE, {"title": "Other"})
    assert mails() == {}


ENDS = {
    "left": "DELETE FROM memberships WHERE user_id = :author",
    "deactivated": "UPDATE users SET is_active = false WHERE id = :author",
    "muted": "INSERT INTO issue_watches VALUES ((SELECT min(id) FROM issues), :author, 'nothing')",
    "project muted": "INSERT INTO project_watches (project_id, user_id, level)"
    " VALUES ((SELECT min(id) FROM projects), :author, 'nothing')",
}
GONE = {
    "deleted": "UPDATE issues SET deleted_at = now()",
    "deleted for good": "DELETE FROM issues",
    "archived": "UPDATE projects SET archived_at = now()",
    "project deleted": "DELETE FROM projects",
    "comment deleted": "UPDATE comments SET deleted_at = now()",
}


@pytest.mark.parametrize("end", [*ENDS, *GONE])
def test_what_may_not_be_told_any_more_when_it_is_sent_is_not(wall, mailing, mails, end):
    wall.api.post(f"{ONE}/comments", {"body": "A secret."})
    mailing.drain()
    wall.run({**ENDS, **GONE}[end], **({"author": wall.who["author"].id} if end in ENDS else {}))
    sent = mails()
    assert set(sent) == ({"assignee", "commenter", "named", "all_here"} if end in ENDS else set())
    if end != "project deleted":
        states = wall.run(
            "SELECT state FROM deliveries WHERE way = 'mail' AND user_id = :id", id=wall.who["author"].id
        )
        assert states == [("dropped",)]


def test_who_mutes_meanwhile_is_told_only_what_means_them(wall, mailing, mails):
    """The assignee takes part, and so does whom the text names; `assigned` and `mentioned` are their reasons anyway."""
    wall.api.post(f"{ONE}/comments", {"body": f"@{wall.handles['commenter']}, look."})
    wall.api.patch(ONE, {"assignees": [wall.who["assignee"].id, wall.who["member"].id]})
    mailing.drain()
    for name in ("assignee", "named", "commenter", "member"):
        wall.watch_issue(name, "nothing")
    assert set(mails()) == {"author", "all_here", "commenter", "member", "muted_assignee"}


def test_who_mutes_what_came_back_from_the_trash_is_not_named_by_it(wall, mailing, mails):
    """Its texts name people anew then, and say nothing new."""
    for name in ("named", "author"):
        wall.run(
            'INSERT INTO notification_settings (user_id, ways) VALUES (:id, \'{"state": "mail"}\')',
            id=wall.who[name].id,
        )
    wall.api.delete(ONE)
    mailing.drain()
    wall.forget()
    wall.api.post(f"{ONE}/restoration", status=200)
    mailing.drain()
    wall.watch_issue("named", "nothing")
    assert set(mails()) == {"author"}


def test_a_change_of_many_is_one_mail(wall, mails):
    for _ in range(25):
        wall.make.issue(wall.project, wall.ada)
    wall.forget()
    wall.api.patch(f"{URL}?q=is:open", {"add_assignees": [wall.who["member"].id], "priority": "high"})
    sent = mails()
    assert set(sent) == {"member"}
    assert sent["member"].message["Subject"] == "Ada changed 26 issues in Rockery"
    assert "And 6 more." in sent["member"].body()
    assert wall.run("SELECT count(*), count(DISTINCT mail_id) FROM deliveries WHERE way = 'mail'") == [(26, 1)]


def test_one_click_ends_them(wall, mails):
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    at = mails()["author"].message["List-Unsubscribe"].strip("<>").removeprefix("https://cairn.test")
    wall.app.test_client().post(at, data={"List-Unsubscribe": "One-Click"})
    wall.api.post(f"{ONE}/comments", {"body": "Again."})
    assert "author" not in mails()


def test_one_click_ends_nothing_of_a_project_that_is_gone(app, wall, mailing):
    with app.app_context():
        at = unsubscribing.path(
            Reader(wall.who["author"].id, "", "", "UTC", is_active=True), Stop("project", {"project": 10**9}, "Stop")
        )
    assert app.test_client().post(at, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_where_no_mail_is_sent_none_is_noted(wall, mails, monkeypatch):
    monkeypatch.setattr("webapp.mail.service.is_configured", lambda: False)
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    assert mails() == {}
    assert wall.told("mail") == {}
    assert wall.told("inbox")
