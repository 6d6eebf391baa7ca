"""Somebody answers a mail: what they wrote becomes their comment, once, and what it asks for is done."""

import pytest

from webapp.mail_in import service
from webapp.mail_in.service import NoSuchAddress

QUOTED = "\n\nOn Sat, 28 Nov 2026 at 10:00, Ada (Cairn) <cairn@in.test> wrote:\n> It moves.\n> Look.\n\n-- \nBob\n"


def test_an_answer_is_a_comment_by_its_sender(desk):
    assert desk.take(desk.letter(f"Seen.\n\n    as code{QUOTED}")) == ("taken", "")
    assert desk.comments() == ["Seen.\n\n    as code"]
    (comment,) = desk.api(desk.ada).get(f"{desk.url}/comments")["items"]
    assert comment["author"]["id"] == desk.bob.id


def test_a_mail_about_an_issue_says_where_to_answer(desk, sink):
    desk.run(
        "INSERT INTO issue_watches (issue_id, user_id, level) VALUES (:i, :u, 'all')", i=desk.issue.id, u=desk.bob.id
    )
    desk.api(desk.ada).post(f"{desk.url}/comments", {"body": "It moves."})
    desk.mailing.drain()
    desk.mailing.drain(ahead=240)
    (mail,) = [one for one in sink.mails if one.to == [desk.bob.email]]
    assert mail.message["Reply-To"] == desk.address()
    assert all("Answer this mail to comment." in mail.body(kind) for kind in ("plain", "html"))


def test_a_mail_that_comes_twice_is_taken_once(desk):
    letter = desk.letter()
    desk.take(letter)
    desk.take(letter)
    assert desk.comments() == ["Seen."]


def test_a_file_hangs_on_the_comment(desk):
    letter = desk.letter()
    letter.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="../stones.csv")
    assert desk.take(letter) == ("taken", "")
    (body,) = desk.comments()
    assert body.startswith("Seen.\n\n[stones.csv](/attachments/")
    assert desk.run("SELECT issue_id, name FROM attachments") == [(desk.issue.id, "stones.csv")]


def test_the_last_lines_are_orders(desk):
    desk.make.label(desk.project, desk.ada, "bug")
    orders = "!label bug\n!assign @me\n!priority HIGH\n!close\n"
    assert desk.take(desk.letter(f"Mended.\n\n{orders}{QUOTED}")) == ("taken", "")
    issue = desk.see()
    assert [issue["state"], issue["priority"], [one["name"] for one in issue["labels"]]] == [
        "closed",
        "high",
        ["bug"],
    ]
    assert [one["id"] for one in issue["assignees"]] == [desk.bob.id]
    assert desk.comments() == ["Mended."]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("!label nothing", "!label nothing: "), ("!assign @nobody", "Nobody here is called @nobody."),
        ("!priority huge", "!priority huge: "), ("!milestone Never", "There is no milestone Never."),
        ("!dance", "There is no such command."), ("!close because", "!close because: "), ("!label", "Say which"),
    ],
)  # fmt: skip
def test_an_order_that_fails_is_answered_and_the_comment_stands(desk, sink, order, why):
    state, answer = desk.take(desk.letter(f"Seen.\n{order}"))
    assert (state, why in answer) == ("taken", True)
    assert desk.comments() == ["Seen."]
    (mail,) = [one for one in sink.mails if one.to == [desk.bob.email]]
    assert order in mail.body()


@pytest.mark.parametrize("body", ["Seen.\n!dance", "!dance"])
def test_the_answer_leads_to_the_issue(desk, sink, body):
    desk.take(desk.letter(body))
    (mail,) = [one for one in sink.mails if one.to == [desk.bob.email]]
    assert "https://cairn.test/projects/WALL/issues/1" in mail.body()
    assert "Open WALL-1" in mail.body()


def test_but_not_for_whom_it_is_hidden(desk, sink):
    letter = desk.letter("Seen.")
    desk.run("DELETE FROM memberships WHERE user_id = :bob", bob=desk.bob.id)
    desk.take(letter)
    (mail,) = [one for one in sink.mails if one.to == [desk.bob.email]]
    assert "WALL/issues/1" not in mail.body()


def test_orders_go_by_the_rights_on_the_page(desk, sink):
    guest = desk.make.member(desk.project, "reporter")
    state, answer = desk.take(desk.letter("Please.\n!close", guest), desk.address(guest))
    assert (state, "not allowed" in answer) == ("taken", True)
    assert desk.see()["state"] == "open"


def test_only_the_owner_of_a_token_answers_by_it(desk, sink):
    state, answer = desk.take(desk.letter(From="mallory@elsewhere.test"))
    assert (state, "mallory@elsewhere.test" in answer) == ("refused", True)
    assert desk.comments() == []
    assert [one.to for one in sink.mails] == [[desk.bob.email]]


def test_a_token_is_signed_and_ends_with_all_of_its_persons(desk):
    address = desk.address()
    forged = address.replace(f"-{desk.issue.id:x}-", f"-{desk.issue.id + 1:x}-")
    with desk.app.app_context(), pytest.raises(NoSuchAddress):
        service.require_address(forged)
    desk.run("UPDATE users SET token_epoch = token_epoch + 1 WHERE id = :id", id=desk.bob.id)
    with desk.app.app_context(), pytest.raises(NoSuchAddress):
        service.require_address(address)


def test_whoever_lost_the_right_to_see_it_hears_that(desk, sink):
    address = desk.address()
    desk.run("DELETE FROM memberships WHERE user_id = :id", id=desk.bob.id)
    assert desk.take(desk.letter(), address)[0] == "refused"
    assert desk.comments() == []


def test_servers_may_change_the_case_of_an_address(desk):
    assert desk.take(desk.letter(), desk.address().upper()) == ("taken", "")


@pytest.mark.parametrize(
    ("least", "who"),
    [
        ("reporter", "Only for reporters and above"),
        ("member", "Only for members"),
        ("maintainer", "Only for maintainers"),
    ],
)
def test_what_answers_a_private_comment_is_one_itself(desk, sink, least, who):
    """The mail says so, and who sees it; its address is another one, which nobody can make of the first."""
    desk.api(desk.ada).patch("/projects/WALL", {"private_role": least})
    desk.run("UPDATE memberships SET role = 'maintainer' WHERE user_id = :id", id=desk.bob.id)
    desk.api(desk.ada).patch(desk.url, {"assignees": [desk.bob.id]})
    desk.mailing.drain(ahead=240)
    sink.mails.clear()
    desk.api(desk.ada).post(f"{desk.url}/comments", {"body": "Between us.", "private": True})
    desk.mailing.drain(ahead=240)
    told = next(mail for mail in sink.mails if desk.bob.email in mail.message["To"])
    for kind in ("plain", "html"):
        assert who in told.body(kind)
        assert "What you answer to this mail will be private as well." in told.body(kind)
    address = told.message["Reply-To"]
    assert "p-" in address
    assert desk.take(desk.letter("I see.", To=address), to=address)[0] == "taken"
    assert [row.private for row in desk.run("SELECT private FROM comments ORDER BY id")] == [True, True]
    forged = address.replace("p-", "r-", 1)
    with pytest.raises(NoSuchAddress):
        desk.take(desk.letter("For all.", To=forged), to=forged)


def test_what_a_newcomer_answers_waits_for_approval(desk, eve, monkeypatch):
    settings = desk.app.config["SETTINGS"].model_copy(update={"approve_first_posts": 1})
    monkeypatch.setitem(desk.app.config, "SETTINGS", settings)
    desk.api(desk.ada).patch("/projects/WALL", {"visibility": "public"})
    assert desk.take(desk.letter("Pills!", eve), desk.address(eve)) == ("taken", "")
    assert [one["body"] for one in desk.api().get(f"{desk.url}/comments")["items"]] == []
    (held,) = desk.api(desk.ada).get("/projects/WALL/moderation")["items"]
    assert (held["excerpt"], held["held"], held["author"]["name"]) == ("Pills!", True, "Eve")
