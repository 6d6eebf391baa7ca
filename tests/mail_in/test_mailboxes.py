"""A project's own address: what members send becomes an issue, what others send waits for a maintainer."""

import pytest

from webapp.mail_in import addresses, service
from webapp.mail_in.service import NoSuchAddress

ADDRESS = "cairn+wall@in.test"
MAIL = "/projects/WALL/mail"


@pytest.fixture
def opened(desk):
    desk.api(desk.ada).send("PUT", MAIL, json={"is_open": True}, status=200)
    return desk


def new(desk, body="It moves.", **heads):
    return desk.letter(body, Subject="Re: AW: A new stone", **heads)


def titles(desk):
    return [row.title for row in desk.run("SELECT title FROM issues ORDER BY number")][1:]


def test_an_address_takes_nothing_until_it_is_opened(desk):
    with desk.app.app_context(), pytest.raises(NoSuchAddress):
        service.receive(new(desk).as_bytes(), ADDRESS)
    assert desk.api(desk.ada).get(MAIL) == {
        "address": ADDRESS, "is_open": False, "private": False, "held": [],
    }  # fmt: skip


def test_what_a_member_sends_is_an_issue_of_theirs(opened):
    opened.make.label(opened.project, opened.ada, "bug")
    assert opened.take(new(opened, "It moves.\n\n!label bug"), ADDRESS) == ("taken", "")
    issue = opened.api(opened.ada).get("/projects/WALL/issues/2")
    assert (issue["title"], issue["body"], issue["author"]["id"]) == ("A new stone", "It moves.", opened.bob.id)
    assert [one["name"] for one in issue["labels"]] == ["bug"]


def test_what_a_stranger_sends_waits_until_it_is_accepted(opened, browser):
    assert opened.take(new(opened, From="eve_x@elsewhere.test"), ADDRESS)[0] == "held"
    assert titles(opened) == []
    page = browser(opened.ada).get(MAIL)
    assert "eve_x@elsewhere.test" in page.text
    (held,) = opened.api(opened.ada).get(MAIL)["held"]
    opened.api(opened.ada).post(f"{MAIL}/{held['id']}/accept", status=204)
    issue = opened.api(opened.ada).get("/projects/WALL/issues/2")
    assert issue["body"] == "*eve\\_x\\@elsewhere.test wrote by mail:*\n\nIt moves."
    assert opened.api(opened.ada).get(MAIL)["held"] == []
    opened.api(opened.ada).post(f"{MAIL}/{held['id']}/accept", status=404)


def test_what_waits_can_be_read_before_it_is_accepted(opened, browser):
    letter = new(opened, "It moves <script>.\n\n" + "Far. " * 2000, From="eve@elsewhere.test")
    letter.add_attachment(b"ink", maintype="image", subtype="png", filename="a <b>.png")
    opened.take(letter, ADDRESS)
    page = browser(opened.ada).get(MAIL)
    assert page.says("It moves <script>.")
    assert page.says("Attached: a <b>.png")
    (held,) = opened.api(opened.ada).get(MAIL)["held"]
    assert (held["files"], len(held["words"]), held["words"][-1]) == (["a <b>.png"], 4_000, "…")
    opened.api(opened.ada).delete(f"{MAIL}/{held['id']}", status=204)
    assert opened.run("SELECT words, files FROM incoming_mails") == [("", [])]


@pytest.mark.parametrize("subject", ["", "\u200b", "\u2060 \ufeff"])
def test_a_subject_that_nobody_sees_is_none(opened, subject):
    assert opened.take(opened.letter("It moves.", Subject=subject), ADDRESS) == ("taken", "")
    opened.take(opened.letter("It moves, too.", Subject=subject, From="eve@elsewhere.test"), ADDRESS)
    (held,) = opened.api(opened.ada).get(MAIL)["held"]
    opened.api(opened.ada).post(f"{MAIL}/{held['id']}/accept", status=204)
    assert titles(opened) == ["It moves.", "It moves, too."]


def test_what_is_refused_is_gone_and_not_answered(opened, sink):
    opened.take(new(opened, From="eve@elsewhere.test"), ADDRESS)
    (held,) = opened.api(opened.ada).get(MAIL)["held"]
    opened.api(opened.ada).delete(f"{MAIL}/{held['id']}", status=204)
    assert opened.run("SELECT state, source FROM incoming_mails") == [("refused", None)]
    assert (titles(opened), sink.mails) == ([], [])


def test_only_so_many_wait(opened, monkeypatch):
    monkeypatch.setattr("webapp.mail_in.taking.MOST_HELD", 1)
    became = [opened.take(new(opened, f"{n}", From=f"eve{n}@elsewhere.test"), ADDRESS)[0] for n in range(2)]
    assert became == ["held", "ignored"]


@pytest.mark.parametrize(
    ("said", "became"),
    [
        ("mx.test; spf=pass; dmarc=pass (p=none) header.from=example.com", "taken"),
        ("mx.test; dmarc=fail", "ignored"), ("elsewhere.test; dmarc=pass", "ignored"), ("", "ignored"),
    ],
)  # fmt: skip
def test_a_mail_server_may_have_to_say_that_it_is_authentic(opened, monkeypatch, said, became):
    inlet = addresses.inlet()
    monkeypatch.setattr(
        addresses, "_inlet", addresses.Inlet(inlet.pattern, inlet.keys, "mx.test", inlet.most, inlet.listens)
    )
    heads = {"Authentication_Results": said} if said else {}
    assert opened.take(new(opened, **heads), ADDRESS)[0] == became


def test_mail_can_become_private_issues(opened, browser):
    """A switch, which stays as it is where nothing is said of it; whoever wrote sees theirs, and so does the team."""
    browser(opened.ada).post(MAIL, {"is_open": "true", "private": "true", "_method": "PUT"})
    told = opened.api(opened.ada).send("PUT", MAIL, json={"is_open": True}, status=200).json
    assert told["private"] is True
    assert browser(opened.ada).get(MAIL).says("These issues are private")
    assert opened.take(new(opened), ADDRESS) == ("taken", "")
    assert opened.take(new(opened, "Held.", From="eve@elsewhere.test"), ADDRESS)[0] == "held"
    (held,) = opened.api(opened.ada).get(MAIL)["held"]
    opened.api(opened.ada).post(f"{MAIL}/{held['id']}/accept", status=204)
    for number in (2, 3):
        assert opened.api(opened.ada).get(f"/projects/WALL/issues/{number}")["private"] is True
    assert opened.api(opened.bob).get("/projects/WALL/issues/2")["private"] is True
    reporter = opened.make.member(opened.project, "reporter")
    opened.api(reporter).get("/projects/WALL/issues/2", status=404)


def test_mail_becomes_issues_for_all_unless_said(opened):
    assert opened.take(new(opened), ADDRESS) == ("taken", "")
    assert opened.api(opened.ada).get("/projects/WALL/issues/2")["private"] is False
    told = opened.api(opened.ada).send("PUT", MAIL, json={"is_open": True, "private": "perhaps"})
    assert (told.status_code, told.json["errors"][0]["field"]) == (422, "private")
