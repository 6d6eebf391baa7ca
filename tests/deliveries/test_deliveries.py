"""Who was told what, for oneself and for administrators, to what the mail server answered; and why one was not."""

import pytest

from tests.hearing.conftest import URL, Wall
from webapp.jobs import worker

ONE = f"{URL}/1"
TOLD = f"{ONE}/deliveries"


@pytest.fixture
def wall(app, api, make, ada):
    return Wall(app, api, make, ada)


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


def test_it_tells_who_was_told_what_to_the_answer_of_the_server(wall, api, mailing, sink):
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    mailing.drain()
    author = api(wall.who["author"])
    waiting = author.get(TOLD)["items"]
    assert {(one["way"], one["state"]) for one in waiting} == {("inbox", "sent"), ("mail", "waiting")}
    assert all(one["due_at"] for one in waiting if one["way"] == "mail")
    mailing.drain(ahead=240)
    [mail] = [one for one in author.get(TOLD)["items"] if one["way"] == "mail"]
    assert (mail["state"], mail["reason"], mail["rule"], mail["kinds"]) == ("sent", "author", "usual", ["commented"])
    assert mail["answer"].startswith("250")
    assert mail["actor"]["name"] == "Ada"


def test_a_page_has_one_row_of_what_was_told_by_both_ways_in_words(wall, browser, mailing):
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    wall.api.patch(ONE, {"priority": "high", "state": "closed"})
    mailing.drain(ahead=240)
    page = browser(wall.who["author"]).get(TOLD)
    assert page.text.count('<th scope="row">') == 2
    assert page.says("Ada commented")
    assert page.says("and closed this as completed")
    assert not page.says("changed, closed")


def test_people_see_their_own_and_administrators_everybodys(wall, api, root):
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    wall.told()
    author, other = wall.who["author"].id, wall.who["commenter"].id
    assert {one["user"]["id"] for one in api(wall.who["author"]).get(TOLD)["items"]} == {author}
    api(wall.who["author"]).get(f"{TOLD}?user={other}", status=403)
    assert {author, other} < {one["user"]["id"] for one in api(root).get(TOLD)["items"]}
    assert {one["user"]["id"] for one in api(root).get(f"{TOLD}?user={other}")["items"]} == {other}


def test_it_is_read_in_parts(wall, api):
    for said in ("First.", "Second.", "Third."):
        wall.api.post(f"{ONE}/comments", {"body": said})
    worker.drain(wall.app)
    author = api(wall.who["author"])
    whole = [one["id"] for one in author.get(TOLD)["items"]]
    read, at = [], f"{TOLD}?limit=2"
    while at:
        part = author.get(at)
        read += [one["id"] for one in part["items"]]
        at = part["next"]
    assert read == whole == sorted(whole, reverse=True)


WHY = {
    "own act": ("author", "Own acts"),
    "muted": ("mute", "The choice for this issue"),
    "project muted": ("nothing", "The choice for the project"),
    "no part": ("member", "No part is taken"),
    "rule": ("commenter", "The rule for news like this"),
    "no right": ("assignee", "may not be seen"),
}


def test_who_wants_new_issues_is_not_said_to_take_no_part(wall, api, root):
    person = wall.who["new"]
    api(person).patch("/account/notifications", {"new_issue": "nothing"})
    wall.api.post(URL, {"title": "New"})
    wall.told()
    (missed,) = api(root).get(f"{URL}/2/deliveries?user={person.id}")["missed"]
    assert missed["why"] == "The rule for news like this is: nothing."


def test_the_rule_that_decided_is_that_of_watching_for_who_takes_no_part(wall, api, root):
    person = wall.who["all"]
    api(person).patch("/account/notifications", {"changed": "nothing"})
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    wall.told()
    missed = api(root).get(f"{TOLD}?user={person.id}")["missed"]
    assert missed[0]["why"] == "The rule for news like this is: nothing."


@pytest.mark.parametrize("case", WHY)
def test_why_somebody_was_not_told(wall, api, root, case):
    name, why = WHY[case]
    person = wall.who[name]
    if case == "rule":
        api(person).patch("/account/notifications", {"commented": "nothing"})
    if case == "no right":
        wall.run("DELETE FROM memberships WHERE user_id = :id", id=person.id)
    (api(person) if case == "own act" else wall.api).post(f"{ONE}/comments", {"body": "It moves."})
    wall.told()
    missed = api(root).get(f"{TOLD}?user={person.id}")["missed"]
    assert missed[0]["kind"] == "commented"
    assert why in missed[0]["why"]
    if case != "no right":
        assert api(person).get(TOLD)["missed"] == missed


def test_what_only_those_hear_who_want_everything_is_said(wall, api):
    wall.api.patch(ONE, {"title": "Other"})
    wall.told()
    assert "everything" in api(wall.who["author"]).get(TOLD)["missed"][0]["why"]


def test_a_page_shows_it(wall, api, browser, root):
    api(wall.who["author"]).patch("/account/notifications", {"state": "digest"})
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    wall.api.patch(ONE, {"state": "closed"})
    wall.api.patch(ONE, {"title": "Other"})
    wall.told("digest")
    page = browser(wall.who["author"]).get(TOLD).text
    assert "What you were told" in page
    assert "Digest: waiting for the digest" in page
    assert "What was not told, and why" in page
    assert "Who was told what" in browser(root).get(TOLD).text


def test_what_the_worker_did_not_get_to_yet_is_no_riddle(wall, api):
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    author = api(wall.who["author"])
    assert "Nobody was told yet" in author.get(TOLD)["missed"][0]["why"]
    worker.drain(wall.app)
    assert all("Nobody was told yet" not in one["why"] for one in author.get(TOLD)["missed"])


def test_what_was_given_up_says_so_until_it_is_tried_again(wall, api, mailing, sink, root):
    """A job that is dead sends nothing; nobody shall believe that it still waits."""
    sink.says["data"] = "451 4.3.0 The disk is full."
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    mailing.drain()
    for _ in range(8):
        wall.run("UPDATE jobs SET run_at = now() WHERE task = 'send_mail'")
        mailing.drain(ahead=240, strict=False)
    author = api(wall.who["author"])

    def told():
        [mail] = [one for one in author.get(TOLD)["items"] if one["way"] == "mail"]
        return mail["state"], mail["answer"]

    state, answer = told()
    assert state == "failed"
    assert answer.startswith("Given up. ")
    assert "The disk is full." in answer
    api(root).post("/admin/jobs/retry", status=204)
    assert told()[0] == "waiting"
    sink.says.clear()
    mailing.drain(ahead=240)
    assert told()[0] == "sent"


def test_a_mail_leads_to_where_one_says_by_which_way(wall, mailing, sink):
    wall.api.post(f"{ONE}/comments", {"body": "It moves."})
    mailing.drain(ahead=240)
    for kind in ("plain", "html"):
        assert "https://cairn.test/account/notifications" in sink.mails[0].body(kind)
