"""Whoever sees a post may report it: those who own the project hear of it, and decide."""

import pytest

from webapp.auth import allowances

WALL = "/projects/WALL"
ISSUE, MODERATION = f"{WALL}/issues/1", f"{WALL}/moderation"
REPORTS = f"{ISSUE}/reports"
SPAM = {"reason": "spam"}


@pytest.fixture
def comment(make, ada, eve, wall):
    """Eve's, on the issue of Ada, who owns the project."""
    return make.comment(wall, make_issue(make, wall, ada), eve, "Pills!").id


def make_issue(make, wall, ada):
    from webapp.issues import service as issues

    with make.app.app_context():
        return issues.get(wall, 1, ada)


def of(comment):
    return f"{ISSUE}/comments/{comment}/reports" if comment else REPORTS


def report(api, by, status=200, comment=None, **more):
    return api(by).post(of(comment), {**SPAM, **more}, status=status)


def decide(api, by, verdict, post, status=200):
    return api(by).post(MODERATION, {"verdict": verdict, "posts": [post]}, status=status)


@pytest.fixture
def bob(make):
    return make.person("Bob")


def test_what_is_reported_is_for_those_to_decide_who_may(api, make, ada, bob, wall, comment):
    made = report(api, bob, comment=comment, words="Look at it.")
    assert (made["key"], made["comment"], made["reason"]) == ("WALL-1", comment, "spam")
    one = api(ada).get(MODERATION)["items"][0]
    assert (one["post"], one["author"]["name"], one["excerpt"], one["held"]) == (
        f"1c{comment}",
        "Eve",
        "Pills!",
        False,
    )
    assert [(said["reporter"]["name"], said["words"]) for said in one["reports"]] == [("Bob", "Look at it.")]
    for who in (bob, make.member(wall, "member")):
        api(who).get(MODERATION, status=403)


def test_what_two_report_waits_once(api, make, ada, bob, comment):
    report(api, bob, comment=comment)
    report(api, make.person("Dan"), comment=comment, reason="abuse")
    items = api(ada).get(MODERATION)["items"]
    assert [[said["reason"] for said in one["reports"]] for one in items] == [["spam", "abuse"]]


def test_each_says_it_once(api, ada, bob, comment):
    report(api, bob, comment=comment)
    assert "already" in report(api, bob, comment=comment, reason="abuse", status=409)["detail"]
    decide(api, ada, "keep", f"1c{comment}")
    report(api, bob, comment=comment, status=409)
    report(api, bob)  # the issue is another thing
    assert len(api(ada).get(MODERATION)["items"]) == 1


def test_it_is_kept_or_hidden(api, ada, bob, comment):
    report(api, bob, comment=comment)
    report(api, bob)
    decide(api, ada, "keep", "1")
    assert [one["post"] for one in api(ada).get(MODERATION)["items"]] == [f"1c{comment}"]
    decide(api, ada, "remove", f"1c{comment}")
    assert api(ada).get(MODERATION)["items"] == []
    assert api(bob).get(f"{ISSUE}/comments")["items"] == []
    assert [one["comment"] for one in api(ada).get(f"{WALL}/trash")["items"]] == [comment]
    assert api(bob).get(ISSUE)["title"] == "A stone is loose"


def test_what_is_hidden_and_restored_is_decided(api, ada, bob, comment):
    report(api, bob, comment=comment)
    decide(api, ada, "remove", f"1c{comment}")
    api(ada).post(f"{ISSUE}/comments/{comment}/restoration", {}, status=200)
    assert api(ada).get(MODERATION)["items"] == []


def test_who_wrote_it_is_blocked_if_that_is_decided(api, ada, eve, bob, comment):
    report(api, bob, comment=comment)
    decide(api, ada, "block", f"1c{comment}")
    api(eve).post(f"{ISSUE}/comments", {"body": "More pills!"}, status=403)


def test_its_author_hears_nothing_of_it(app, api, browser, eve, bob, comment, mailing, sink):
    def seen():
        return api(eve).get(ISSUE), api(eve).get(f"{ISSUE}/comments"), browser(eve).get(ISSUE).text.count("eport")

    before = seen()
    report(api, bob, comment=comment, words="Look at it.")
    mailing.drain(ahead=240)
    assert seen() == before
    assert not [mail for mail in sink.mails if eve.email in mail.message["To"]]
    assert [one["reason"] for one in api(eve).get("/inbox")["items"]] == ["commented"]  # of the issue itself
    assert "report" not in {one["kind"] for one in api(eve).get(f"{ISSUE}/events")["items"]}


def test_an_owner_who_wrote_it_is_not_told_who_reported_it(api, browser, ada, bob, wall, mailing, sink):
    report(api, bob, words="Look at it.")
    assert api(ada).get(MODERATION)["items"][0]["reports"] == [
        {"reporter": None, "reason": "spam", "words": "Look at it."}
    ]
    page = browser(ada).get(MODERATION)
    assert (page.says("Look at it."), page.says("Bob")) == (True, False)
    mailing.drain(ahead=240)
    assert not [mail for mail in sink.mails if ada.email in mail.message["To"]]


def test_owners_are_written_to_and_nobody_else(api, make, ada, bob, wall, comment, mailing, sink):
    second, maintainer = make.member(wall, "owner"), make.member(wall, "maintainer")
    mailing.drain(ahead=240)
    sink.mails.clear()
    report(api, bob, comment=comment, words="Look at it.")
    report(api, make.person("Dan"), comment=comment, reason="abuse")
    mailing.drain(ahead=240)
    told = {mail.message["To"]: mail for mail in sink.mails}
    assert len(sink.mails) == len(told) == 2
    assert not [to for to in told if maintainer.email in to]
    assert [to for to in told if second.email in to]
    body = next(mail.body() for to, mail in told.items() if ada.email in to)
    for words in ("WALL-1", "Eve", "Bob", "Look at it.", "Dan", "Insult", MODERATION):
        assert words in body, words


def test_what_is_decided_before_the_mail_goes_is_not_told(api, ada, bob, comment, mailing, sink):
    mailing.drain(ahead=240)
    sink.mails.clear()
    report(api, bob, comment=comment)
    decide(api, ada, "keep", f"1c{comment}")
    mailing.drain(ahead=240)
    assert sink.mails == []


def test_who_owns_it_no_more_is_not_told(api, make, ada, bob, wall, comment, mailing, sink):
    second = make.member(wall, "owner")
    mailing.drain(ahead=240)
    sink.mails.clear()
    report(api, bob, comment=comment)
    api(ada).patch(f"{WALL}/members/{second.id}", {"role": "member"})
    mailing.drain(ahead=240)
    assert not [one for one in sink.mails if second.email in one.message["To"] and "report" in one.body().lower()]


def test_nobody_reports_their_own(api, ada, eve, comment):
    report(api, eve, comment=comment, status=409)
    report(api, ada, status=409)


def test_what_is_not_seen_is_not_there_to_report(api, make, ada, bob, wall):
    make.issue(wall, ada, private=True)
    hidden = api(ada).post(f"{ISSUE}/comments", {"body": "Between us.", "private": True})["id"]
    api(bob).post(f"{WALL}/issues/2/reports", SPAM, status=404)
    for comment in (hidden, 999_999):
        report(api, bob, comment=comment, status=404)
    other = make.issue(make.project(ada, key="SCREE"), ada)
    api(bob).post(f"/projects/SCREE/issues/{other.number}/reports", SPAM, status=404)
    api().post(REPORTS, SPAM, status=401)


def test_who_is_blocked_reports_nothing(api, ada, bob, comment):
    api(ada).post(f"{WALL}/blocks", {"handle": bob.handle})
    report(api, bob, comment=comment, status=403)
    assert "/reports/new" not in str(api(bob).get(ISSUE))


def test_something_else_is_said_in_words(api, browser, bob, comment):
    told = report(api, bob, reason="other", status=422)
    assert [one["field"] for one in told["errors"]] == ["words"]
    report(api, bob, reason="boring", status=422)
    report(api, bob, reason="other", words="x" * 1001, status=422)
    report(api, bob, reason="other", words="It is nonsense.")


def test_it_is_done_by_forms(api, browser, ada, bob, comment):
    reader = browser(bob)
    form = f"{of(comment)}/new"
    assert {form, f"{REPORTS}/new"} <= set(reader.get(ISSUE).links)
    assert reader.get(form).says("Eve")
    back = reader.post(of(comment), {"reason": "other", "words": ""}, status=422)
    assert back.says("must say what is wrong")
    assert of(comment) in back.text
    reader.post(of(comment), {"reason": "other", "words": "Nonsense."})
    page = browser(ada).get(MODERATION)
    assert page.says("Nonsense.")
    assert page.says("Reported by")
    assert browser(ada).get(WALL).says("1 post waits for your decision")


def test_nothing_is_offered_for_what_one_can_delete(browser, ada, eve, comment):
    assert not [link for link in browser(ada).get(ISSUE).links if "/reports" in link]
    assert [link for link in browser(eve).get(ISSUE).links if "/reports" in link] == [f"{REPORTS}/new"]


def test_who_reports_much_has_to_wait(app, api, make, ada, bob, wall, monkeypatch):
    monkeypatch.setitem(allowances.ALLOWANCES, ("report", "person"), allowances.Allowance(1, 0.001))
    make.issue(wall, ada)
    report(api, bob)
    told = api(bob).send("POST", f"{WALL}/issues/2/reports", json=SPAM)
    assert (told.status_code, "Retry-After" in told.headers) == (429, True)


def test_what_was_refused_counts_for_nothing(app, api, make, ada, bob, eve, wall, comment, monkeypatch):
    monkeypatch.setitem(allowances.ALLOWANCES, ("report", "person"), allowances.Allowance(1, 0.001))
    for _ in range(3):
        report(api, bob, reason="other", status=422)
        report(api, eve, comment=comment, status=409)
    report(api, bob, comment=comment)
    report(api, bob, comment=comment, status=409)
    report(api, bob, status=429)
    assert [one["post"] for one in api(ada).get(MODERATION)["items"]] == [f"1c{comment}"]
