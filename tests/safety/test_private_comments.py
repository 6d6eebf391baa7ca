"""A private comment changes nothing for whoever may not see it: each answer is the one that it was before."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.safety.hidden import CANARY, OUTSIDE, SOUGHT, Hidden, hold, narrow_anew, say, there_is
from tests.safety.test_private import NOWHERE, Addresses, answers, rows, told
from webapp import eyes
from webapp.access import Role
from webapp.http import limits
from webapp.jobs.worker import drain
from webapp.reading import read
from webapp.webhooks import telling

INSIDE = ("member", "owner", "admin")
# In what the words of comments are looked for, or how many there are, or when something was said last.
ASKED = (
    "", f"?q=is:all+{SOUGHT}", "?q=is:all+sort:updated-desc", "?q=is:all+comments:>1+sort:comments-desc",
    f"?title={SOUGHT}&find={SOUGHT[:5]}*", "?timeline=all",
)  # fmt: skip
OF_ISSUES = (
    "",
    "/comments",
    "/comments?limit=1",
    "/events",
    "/history",
    "/relations",
    ".atom",
    "/deliveries",
    "/similar",
    "/visibility",
    "/visibility?to=public",
    "/visibility?comment=1",
    "/visibility?project=TWIN",
)
# What a change would let others see.
OF_CHANGES = (
    "?private_role=reporter", "?private_role=member", "?private_role=maintainer", "?to=internal", "?to=public",
)  # fmt: skip


# What makes a secret for each answer, and what developers see of mails and of times.
ALWAYS_OTHERS = ("/auth/factors/authenticator", "/auth/register", "/dev/mail", "/styleguide")


@pytest.fixture
def there(make) -> Hidden:
    return there_is(make)


def urls(app: Any, there: Hidden, queries: tuple[str, ...]) -> Iterator[str]:
    yield from (url for url in Addresses(app, there).others(queries) if not url.startswith(ALWAYS_OTHERS))
    yield from (f"{there.own}/visibility{query}" for query in OF_CHANGES)
    for number in (1, 2):
        yield from (f"{there.own}/issues/{number}{rest}" for rest in OF_ISSUES)


def seen(there: Hidden, who: str, all_urls: list[str]) -> dict[str, Any]:
    """What somebody is answered everywhere, with what tells that an answer is another one."""
    drain(there.app)
    return {url: [_plain(one, url) for one in answers(there, who, url)] for url in all_urls}


def _plain(answer: TestResponse, url: str) -> tuple[Any, ...]:
    status, text = told(answer, url)
    text = re.sub(r"\d+ (?:seconds?|minutes?) ago|just now", "then", text)
    # The tag of a page is made of tokens that each answer has for itself.
    return status, text, answer.headers.get("ETag") if answer.is_json else None, answer.headers.get("Last-Modified")


def _differing(before: list[Any], after: list[Any]) -> list[tuple[str, str]]:
    """Where two answers begin to differ."""
    found = []
    for one, other in zip(map(repr, before), map(repr, after), strict=True):
        at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
        if at is not None:
            found.append((one[max(at - 60, 0) : at + 60], other[max(at - 60, 0) : at + 60]))
    return found


@pytest.mark.parametrize(
    ("who", "queries"), [("nobody", ASKED), ("reporter", ASKED), ("stranger", ("",)), ("viewer", ("",))]
)
def test_no_answer_is_another_one_for_it(app, there, who, queries, monkeypatch):
    """Said, edited, ticked, reacted to, deleted: all of it changes not a byte, no tag and no time."""
    monkeypatch.setattr(limits, "spend", lambda *_: None)  # more is searched for than a minute allows
    all_urls = list(urls(app, there, queries))
    seen(there, who, all_urls)  # what was looked at for the first time is told otherwise the next time
    before = seen(there, who, all_urls)
    say(there, f"{there.own}/issues/1")
    say(there, f"{there.own}/issues/2")
    after = seen(there, who, all_urls)
    changed = [url for url in all_urls if before[url] != after[url]]
    assert not changed, "\n".join(f"{url}: {_differing(before[url], after[url])}" for url in changed)


@pytest.mark.parametrize(("who", "queries"), [("nobody", ASKED), ("reporter", ("",))])
def test_what_waits_for_approval_changes_no_answer(app, make, there, who, queries, monkeypatch):
    """What a newcomer opens and says, and does to that: not a byte, no tag and no time, until it is approved."""
    monkeypatch.setattr(limits, "spend", lambda *_: None)
    settings = app.config["SETTINGS"].model_copy(update={"approve_first_posts": 1})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    newcomer = make.person("Newt")
    all_urls = list(urls(app, there, queries))
    seen(there, who, all_urls)
    before = seen(there, who, all_urls)
    posts = hold(there, newcomer, f"{there.own}/issues/1")
    after = seen(there, who, all_urls)
    changed = [url for url in all_urls if before[url] != after[url]]
    assert not changed, "\n".join(f"{url}: {_differing(before[url], after[url])}" for url in changed)
    there.as_("owner").post(f"{there.own}/moderation", {"posts": posts, "verdict": "keep"}, status=200)
    shown = seen(there, who, [f"{there.own}/issues?q=is:all", f"{there.own}/issues/1"])
    assert [CANARY in repr(one) for one in shown.values()] == [True, True]


@pytest.mark.parametrize("who", OUTSIDE)
def test_it_and_its_file_are_not_there(there, who):
    url = f"{there.own}/issues/1"
    things = say(there, url)
    for rest in ("", "/edit", "/delete", "/history", "/reactions"):
        for comment in (things["said"], things["gone"]):
            mine, other = f"{url}/comments/{comment}{rest}", f"{url}/comments/{NOWHERE * 1000}{rest}"
            for answer, nowhere in zip(answers(there, who, mine), answers(there, who, other), strict=True):
                assert told(answer, mine) == told(nowhere, other), mine
    for comment in (things["said"], things["gone"]):
        mine, other = (f"{url}/visibility?comment={one}" for one in (comment, NOWHERE * 1000))
        for answer, nowhere in zip(answers(there, who, mine), answers(there, who, other), strict=True):
            assert told(answer, mine) == told(nowhere, other), mine
    for rest in ("", "/thumbnail"):
        for answer in answers(there, who, f"/attachments/{things['file']}/{things['file_name']}{rest}"):
            assert answer.status_code in (303, 401, 404), rest


@pytest.mark.parametrize("who", ["stranger", "viewer", "reporter", "author", "assignee"])
def test_whoever_does_not_see_it_does_nothing_to_it(there, who):
    url = f"{there.own}/issues/1"
    things = say(there, url)
    before = there.as_("owner").get(f"{url}/comments")
    writes = (
        ("PATCH", "", {"body": "Mine"}), ("PATCH", "", {"private": False}), ("DELETE", "", None),
        ("PATCH", "/tasks", {"done": []}), ("PUT", "/reactions/+1", None), ("POST", "/restoration", {}),
    )  # fmt: skip
    for method, rest, body in writes:
        for comment in (things["said"], things["gone"]):
            mine, other = (
                there.as_(who).send(method, f"{url}/comments/{one}{rest}", json=body)
                for one in (comment, NOWHERE * 1000)
            )
            assert (mine.status_code, mine.json["detail"]) == (other.status_code, other.json["detail"]), (
                method,
                rest,
            )
            assert mine.status_code in (403, 404, 405), (method, rest)
    assert there.as_("owner").get(f"{url}/comments") == before


@pytest.mark.parametrize("who", ["stranger", "reporter", "assignee", "author"])
def test_whoever_is_not_of_the_team_says_nothing_in_private(there, who):
    """Also in an issue that is theirs: they would not see what is answered."""
    url = f"{there.own}/issues/1"
    sent = there.as_(who).send("POST", f"{url}/comments", json={"body": "Between us.", "private": True})
    assert sent.status_code == 403
    own = there.as_("reporter").post(f"{url}/comments", {"body": "Mine."})["id"]
    there.as_("reporter").patch(f"{url}/comments/{own}", {"private": True}, status=403)
    assert "Between us." not in there.texts("owner", url)[1]


@pytest.mark.parametrize("who", INSIDE)
def test_the_team_sees_it(there, who):
    url = f"{there.own}/issues/1"
    things = say(there, url)
    found = there.as_(who).get(f"{url}/comments")
    assert [one["private"] for one in found["items"]] == [False, False, True, *[True] * (len(found["items"]) - 3)]
    assert found["total"] == len(found["items"])
    assert there.as_(who).get(f"{url}/comments/{things['said']}")["private"] is True
    page = there.texts(who, url)[1]
    assert "Only for members" in page
    assert CANARY in page


def test_whoever_sees_a_private_issue_does_not_see_what_the_team_says_of_it(there):
    number = there.numbers[0]
    url = f"{there.own}/issues/{number}"
    there.as_("member").post(f"{url}/comments", {"body": "Let us wait.", "private": True})
    for who in ("author", "assignee"):
        assert "Let us wait." not in "".join(there.texts(who, url) + there.texts(who, f"{url}/comments"))
    assert "Let us wait." in there.texts("owner", url)[1]


def test_it_counts_for_nobody_and_is_no_activity(there):
    url = f"{there.own}/issues/1"
    before = there.as_("owner").get(url)
    say(there, url)
    after = there.as_("owner").get(url)
    assert [after[name] for name in ("comment_count", "updated_at", "version")] == [
        before[name] for name in ("comment_count", "updated_at", "version")
    ]


def test_nobody_hears_of_it_who_does_not_see_it(app, there):
    """Though they watch everything, are named by it, or hear of what follows since a text names them."""
    url = f"{there.own}/issues/1"
    stranger = there.people["stranger"]
    eve = there.as_("stranger")
    eve.send("PUT", f"{there.own}/watch", json={"level": "participating"}, status=200)
    drain(app)
    before = rows(app, "SELECT user_id, count(*) FROM deliveries GROUP BY 1")
    body = f"{CANARY}, @{stranger.handle}"
    comment = there.as_("member").post(f"{url}/comments", {"body": body, "private": True})["id"]
    drain(app)
    heard = {row[0]: row[1] for row in rows(app, "SELECT user_id, count(*) FROM deliveries GROUP BY 1")}
    more = {id for id, number in heard.items() if number > dict(map(tuple, before)).get(id, 0)}
    assert more <= {there.people[who].id for who in INSIDE}
    there.as_("owner").post(f"{url}/comments", {"body": "For all."})
    drain(app)
    assert not rows(app, "SELECT 1 FROM deliveries WHERE user_id = :id AND reason = 'mentioned'", id=stranger.id)
    there.as_("member").patch(f"{url}/comments/{comment}", {"body": f"{body} again"})
    drain(app)
    assert not rows(app, "SELECT 1 FROM deliveries WHERE user_id = :id AND reason = 'mentioned'", id=stranger.id)


def test_a_mail_that_waits_does_not_tell_what_became_private(there, mailing, sink):
    url = f"{there.own}/issues/1"
    there.as_("owner").delete(f"{there.own}/webhooks/{there.things['webhook']}")
    mailing.drain(ahead=240)
    sink.mails.clear()
    member = there.as_("owner")
    comment = member.post(f"{url}/comments", {"body": f"{CANARY}, said in time."})["id"]
    mailing.drain()
    member.patch(f"{url}/comments/{comment}", {"private": True})
    mailing.drain(ahead=240)
    told_to = [mail.message["To"] for mail in sink.mails if CANARY in mail.body()]
    outside = [there.people[who].email for who in ("stranger", "viewer", "reporter", "author", "assignee")]
    assert not [to for to in told_to if any(email in to for email in outside)]


def test_no_hook_hears_of_it(app, there):
    url = f"{there.own}/issues/1"
    say(there, url)
    for row in rows(
        app,
        "SELECT DISTINCT change_id, project_id, comments.issue_id FROM events JOIN comments"
        " ON data ->> 'comment' = comments.id::text WHERE private",
    ):
        with app.app_context():
            values = {"change": row.change_id, "first": row.issue_id, "last": row.issue_id, "project": row.project_id}
            assert read(telling._HAPPENED, values).all() == []


def test_what_it_closes_does_not_tell_where_that_was_said(there):
    member = there.as_("member")
    other = member.post(f"{there.own}/issues", {"title": "Loose stone"})["number"]
    done = member.post(f"{there.own}/issues/1/comments", {"body": f"Fixes #{other}", "private": True})
    assert done["closed"]
    events = there.as_("stranger").get(f"{there.own}/issues/{other}/events")["items"]
    assert [one["data"].get("by") for one in events if one["kind"] == "closed"] == [None]
    assert "mentioned" not in {one["kind"] for one in events}


def test_it_can_become_visible_and_private_again(there):
    url = f"{there.own}/issues/1"
    member, stranger = there.as_("member"), there.as_("stranger")
    comment = member.post(f"{url}/comments", {"body": f"{SOUGHT}q stones.", "private": True})["id"]
    before = stranger.get(url)["comment_count"]
    assert not stranger.get(f"{there.own}/issues?q={SOUGHT}q")["items"]
    member.patch(f"{url}/comments/{comment}", {"private": False})
    assert stranger.get(f"{url}/comments/{comment}")["private"] is False
    assert stranger.get(url)["comment_count"] == before + 1
    assert stranger.get(f"{there.own}/issues?q={SOUGHT}q")["items"]
    assert "comment_privacy" in {one["kind"] for one in stranger.get(f"{url}/events?limit=100")["items"]}
    member.patch(f"{url}/comments/{comment}", {"private": True})
    stranger.get(f"{url}/comments/{comment}", status=404)
    assert stranger.get(url)["comment_count"] == before
    assert not stranger.get(f"{there.own}/issues?q={SOUGHT}q")["items"]
    assert "comment_privacy" not in {one["kind"] for one in stranger.get(f"{url}/events?limit=100")["items"]}


def test_who_loses_it_sees_their_own_alone(there):
    url, member = f"{there.own}/issues/1", there.people["member"]
    own = there.as_("member").post(f"{url}/comments", {"body": "Mine.", "private": True})["id"]
    other = there.as_("owner").post(f"{url}/comments", {"body": "Another's.", "private": True})["id"]
    there.as_("owner").patch(f"{there.own}/members/{member.id}", {"role": Role.REPORTER})
    assert there.as_("member").get(f"{url}/comments/{own}")["body"] == "Mine."
    there.as_("member").get(f"{url}/comments/{other}", status=404)


def test_a_deleted_one_is_counted_neither_when_it_goes_nor_when_it_comes_back(there):
    url, owner = f"{there.own}/issues/1", there.as_("owner")
    before = owner.get(url)["comment_count"]
    comment = owner.post(f"{url}/comments", {"body": "Not for all.", "private": True})["id"]
    owner.delete(f"{url}/comments/{comment}")
    assert owner.get(url)["comment_count"] == before
    owner.post(f"{url}/comments/{comment}/restoration", {}, status=200)
    assert (owner.get(url)["comment_count"], owner.get(f"{url}/comments/{comment}")["private"]) == (before, True)


@pytest.mark.parametrize("table", ["comments", "events", "attachments", "issue_references"])
def test_a_table_that_hides_no_comment_is_found(there, monkeypatch, table):
    """A planted fault: were it narrowed by nothing, one of the tests above would fail."""
    all_urls = [f"{there.own}/issues/{number}{rest}" for number in (1, 2) for rest in OF_ISSUES]
    seen(there, "reporter", all_urls)
    before = seen(there, "reporter", all_urls)
    things = say(there, f"{there.own}/issues/1")
    whole = f"SELECT * FROM {table} WHERE CAST(%({eyes.READER})s AS bigint) IS NOT NULL"
    monkeypatch.setitem(eyes.SEEN, table, whole)
    narrow_anew()
    after = seen(there, "reporter", all_urls)
    file = there.as_("reporter").send("GET", f"/attachments/{things['file']}/{things['file_name']}")
    monkeypatch.undo()
    narrow_anew()
    assert before != after or file.status_code == 200
