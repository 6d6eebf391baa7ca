"""A private issue leaves no trace before whoever may not see it: in no answer, no count, no mail, by no change."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.safety.hidden import CANARY, OUTSIDE, SOUGHT, Hidden, narrow_anew, there_is
from webapp import eyes
from webapp.db import db
from webapp.jobs.worker import drain

INSIDE = ("author", "assignee", "member", "owner", "admin")
# What can be asked of a list, a search or a board beside its address.
QUERIES = (
    "", "?q=is:all", "?q=is:private", f"?q={SOUGHT}", f"?q=is:all+{SOUGHT}", "?q=is:all+group:priority", "?state=all",
    "?q=%233", "?q=is:all+label:idea", "?q=is:all+sort:updated-desc", "?q=is:all+blocks:yes", "?q=is:all+has:attachment",
    "?q=is:all+parent:%234", f"?title={SOUGHT}+gate", f"?find={SOUGHT}", "?by=priority&q=is:all", "?by=assignee",
    "?by=milestone", f"?q={SOUGHT[:5]}*", "?q=HIDE-3", "?timeline=all", "?limit=100",
)  # fmt: skip
ASKED = ("index", "show", "query", "similar", "palette", "choices", "of_project", "of_all", "listing", "burn_up")


NOWHERE = 99  # a number that no issue has


@pytest.fixture
def there(make) -> Hidden:
    return there_is(make)


class Addresses:
    """Every address of the application that can be asked for here, with what belongs to private issues in it."""

    def __init__(self, app: Flask, there: Hidden) -> None:
        author = there.people["author"]
        assert author is not None
        self.there, self.adapter = there, app.create_url_adapter(None) or app.url_map.bind("localhost")
        self.known = {**there.things, "user": author.id, "member": author.id, "part": "labels"}
        rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
        self.rules = [rule for rule in rules if rule.arguments - {"number"} <= self.known.keys()]

    def of_issues(self) -> Iterator[tuple[str, str]]:
        """Those that name a private issue, and the same of one that never was."""
        for rule in self.rules:
            if "number" in rule.arguments:
                number = self.there.numbers[len(rule.endpoint) % 3]  # each is asked for in many ways
                yield self._built(rule, number), self._built(rule, NOWHERE)

    def of_files(self) -> list[str]:
        return [self._built(rule) for rule in self.rules if "attachment" in rule.arguments]

    def others(self, queries: Sequence[str]) -> Iterator[str]:
        """Those of what private issues may leave a trace in, with all that can be asked of it."""
        for rule in self.rules:
            if not rule.arguments & {"number", "attachment"}:
                name = rule.endpoint.rpartition(".")[2]
                is_asked = name in ASKED or "_of_" in name
                yield from (self._built(rule) + query for query in (queries if is_asked else ("",)))
        yield from (f"{self.there.own}/issues/1{rest}" for rest in ("", "/relations", "/events", "/history", ".atom"))
        yield f"/issues.ics?token={self.there.things['token']}"

    def _built(self, rule: Rule, number: int = 0) -> str:
        given = {name: number if name == "number" else self.known[name] for name in rule.arguments}
        return str(self.adapter.build(rule.endpoint, given))


def answers(there: Hidden, who: str, url: str) -> list[TestResponse]:
    """What somebody is answered, as JSON and as a page."""
    client, found = there.as_(who), []
    for accept in ("application/json", "text/html"):
        found.append(client.send("GET", url, headers={"Accept": accept}))
        found[-1].get_data()
        found[-1].close()
    return found


def told(answer: TestResponse, url: str) -> tuple[int, str]:
    """An answer without what each has for itself."""
    text = answer.text.replace(answer.headers.get("X-Request-ID", "?"), "")
    for form in (url, quote(url), quote(url, safe="")):
        text = text.replace(form, "URL")
    return answer.status_code, re.sub(r'name="(?:form_key|csrf_token)" value="[^"]*"', "", text)


@pytest.mark.parametrize("who", OUTSIDE)
def test_it_answers_as_one_that_is_not_there(app, there, who):
    for url, nowhere in Addresses(app, there).of_issues():
        for answer, other in zip(answers(there, who, url), answers(there, who, nowhere), strict=True):
            assert told(answer, url) == told(other, nowhere), url
            assert answer.status_code >= 303


@pytest.mark.parametrize("who", OUTSIDE)
def test_its_files_are_not_there(app, there, who):
    for url in Addresses(app, there).of_files():
        assert {answer.status_code for answer in answers(there, who, url)} <= {303, 401, 404, 405, 406}, url


@pytest.mark.parametrize(
    ("who", "queries"), [("nobody", QUERIES), ("reporter", QUERIES), ("stranger", ("",)), ("viewer", ("",))]
)
def test_no_answer_has_a_word_of_it(app, there, who, queries):
    found = []
    for url in Addresses(app, there).others(queries):
        for answer in answers(there, who, url):
            if answer.status_code >= 500 or CANARY in answer.text:
                found.append(
                    f"{answer.status_code} {url}: {answer.text[max(answer.text.find(CANARY) - 80, 0) :][:160]!r}"
                )
    assert not found, "\n".join(found[:60])


@pytest.mark.parametrize("who", INSIDE)
def test_those_whose_it_is_see_it(there, who):
    number = there.numbers[0]
    assert there.as_(who).get(f"{there.own}/issues/{number}")["private"] is True
    for url in (f"{there.own}/issues", f"{there.own}/issues?q={SOUGHT}", f"/search?q={SOUGHT}", f"{there.own}/board"):
        assert all(CANARY in said for said in there.texts(who, url)), url
    assert "Private" in there.texts(who, f"{there.own}/issues/{number}")[1]


# What counts issues, and is the same for both projects in what else it tells.
COUNTED = (
    "", "/labels", "/milestones", "/board?q=is:all", "/board?by=priority&q=is:all", "/charts", "/issues?q=is:all",
    "/issues?q=is:all+label:bug", "/issues?q=is:all+milestone:Spring+group:status",
)  # fmt: skip
NUMBERS = ("count", "total", "open", "closed", "created", "points", "percent", "number", "n")


def numbers(told: Any, name: str = "n") -> list[int]:
    """The numbers of an answer that count something, in their order."""
    if isinstance(told, dict):
        return [one for key, value in sorted(told.items()) for one in numbers(value, key)]
    if isinstance(told, list):
        return [len(told), *(one for value in told for one in numbers(value, name))]
    is_number = type(told) is int
    return [told] if is_number and not set(NUMBERS).isdisjoint(name.split("_")) else []


@pytest.mark.parametrize("who", OUTSIDE)
def test_what_is_counted_is_what_a_project_without_it_has(there, who):
    client = there.as_(who)
    for url in COUNTED:
        assert numbers(client.get(there.own + url)) == numbers(client.get(there.twin + url)), url


def test_those_who_see_it_count_it(there):
    mine, twin = (there.as_("member").get(url) for url in (there.own, there.twin))
    assert (mine["open_issues"], mine["closed_issues"]) == (twin["open_issues"] + 1, twin["closed_issues"] + 1)
    labels = {one["name"]: one["issue_count"] for one in there.as_("member").get(f"{there.own}/labels")["items"]}
    assert labels == {"bug": 4, "idea": 2}


def test_the_author_counts_their_own(there):
    """Of the private ones it is the only one that they see."""
    mine = there.as_("author").get(there.own)
    twin = there.as_("author").get(there.twin)
    assert (mine["open_issues"], mine["closed_issues"]) == (twin["open_issues"] + 1, twin["closed_issues"])


WRITES = (
    ("PATCH", "", {"title": "Mine"}), ("PATCH", "", {"private": False}), ("DELETE", "", None),
    ("POST", "/closure", {}), ("POST", "/comments", {"body": "Seen."}), ("PATCH", "/tasks", {"done": []}),
    ("PUT", "/reactions/+1", None), ("PUT", "/watch", {"level": "all"}), ("POST", "/relations", {"kind": "relates", "issue": "#1"}),
    ("POST", "/move", {"project": "TWIN"}), ("POST", "/restoration", {}),
)  # fmt: skip


@pytest.mark.parametrize("who", ["stranger", "viewer", "reporter"])
def test_whoever_does_not_see_it_changes_nothing_of_it(there, who):
    """They hear the same as of an issue that was never there."""
    before = there.as_("owner").get(f"{there.own}/issues?q=is:all")["items"]
    for number in there.numbers:
        for method, rest, body in WRITES:
            mine, other = (
                there.as_(who).send(method, f"{there.own}/issues/{one}{rest}", json=body) for one in (number, NOWHERE)
            )
            assert (mine.status_code, mine.json.get("detail")) == (other.status_code, other.json.get("detail")), rest
            assert mine.status_code in (403, 404, 405, 422), (method, rest)
    assert there.as_("owner").get(f"{there.own}/issues?q=is:all")["items"] == before


def test_it_is_no_target_for_others(there):
    """Neither as what an issue repeats, is a part of, or relates to, nor among many."""
    reporter, number = there.as_("reporter"), there.numbers[0]
    own = reporter.post(f"{there.own}/issues", {"title": "Mine"})["number"]
    for ref in (f"#{number}", f"#{NOWHERE}"):
        sent = reporter.send("POST", f"{there.own}/issues/{own}/closure", json={"duplicate_of": ref})
        told = [{"field": "duplicate_of", "message": f"names no issue that you can see: {ref}."}]
        assert (sent.status_code, sent.json["errors"]) == (422, told)
    done = reporter.patch(f"{there.own}/issues", {"numbers": [own, number], "state": "closed"})
    assert (done["changed"], [one["number"] for one in done["refused"]]) == (1, [number])
    assert there.as_("owner").get(f"{there.own}/issues/{number}")["state"] == "open"


def rows(app: Flask, sql: str, **values: Any) -> list[Any]:
    with app.app_context():
        return list(db.session.execute(text(sql), values).all())


def test_nobody_hears_of_it_who_does_not_see_it(app, there):
    """Strangers who watch the whole project, and whom its texts name, do not; whose it is does."""
    heard = rows(
        app,
        "SELECT DISTINCT user_id FROM inbox_items JOIN issues ON issues.id = issue_id WHERE issues.private"
        " UNION SELECT user_id FROM deliveries JOIN issues ON issues.id = issue_id WHERE issues.private",
    )
    known = {there.people[who].id for who in ("author", "assignee", "owner")}
    assert {row[0] for row in heard} <= known
    assert there.people["assignee"].id in {row[0] for row in heard}
    assert rows(app, "SELECT count(*) FROM inbox_items JOIN issues ON issues.id = issue_id WHERE NOT private")[0][0]


def test_no_webhook_hears_of_it(app, there):
    sent = rows(
        app,
        "SELECT issues.private, count(*) FROM webhook_deliveries JOIN issues"
        " ON issues.id BETWEEN first_issue_id AND last_issue_id GROUP BY 1",
    )
    assert [row[0] for row in sent] == [False]


def test_what_becomes_private_is_hidden_at_once_and_comes_back(app, there):
    member, stranger, url = there.as_("member"), there.as_("stranger"), f"{there.own}/issues/1"
    assert "Gate" in stranger.send("GET", f"{there.own}/issues").text
    done = member.patch(url, {"private": True})
    assert done["private"] is True
    drain(app)
    stranger.get(url, status=404)
    assert "Gate" not in "".join(there.texts("stranger", f"{there.own}/issues"))
    assert "Gate" not in "".join(there.texts("stranger", "/inbox"))
    events = member.get(f"{url}/events?limit=100")["items"]
    change = next(one for one in events if one["kind"] == "privacy")
    member.post(f"{url}/undo", {"change": change["change_id"]}, status=200)
    assert stranger.get(url)["private"] is False


def test_who_loses_it_sees_it_no_more(there):
    """Whoever was it assigned to, and whoever was on the team."""
    number, member = there.numbers[0], there.people["member"]
    there.as_("assignee").get(f"{there.own}/issues/{number}")
    there.as_("owner").patch(f"{there.own}/issues/{number}", {"assignees": []})
    there.as_("assignee").get(f"{there.own}/issues/{number}", status=404)
    there.as_("owner").patch(f"{there.own}/members/{member.id}", {"role": "reporter"})
    there.as_("member").get(f"{there.own}/issues/{number}", status=404)


def test_a_mail_that_waits_is_not_sent_once_it_is_hidden(there, mailing, sink):
    """Hours may lie between: what was noted while everybody could see it is asked again."""
    member, url = there.as_("member"), f"{there.own}/issues/1"
    there.as_("owner").delete(f"{there.own}/webhooks/{there.things['webhook']}")  # it would be tried again and again
    member.post(f"{url}/comments", {"body": f"{SOUGHT}, said in time."})
    mailing.drain()
    member.patch(url, {"private": True})
    mailing.drain(ahead=240)
    told = {mail.message["To"] for mail in sink.mails if SOUGHT in mail.body()}
    outside = [there.people[who].email for who in ("stranger", "viewer", "reporter")]
    assert told
    assert not [to for to in told if any(email in to for email in outside)]


@pytest.mark.parametrize("table", ["issues", "labels", "projects"])
def test_a_table_that_is_read_as_it_is_is_found(app, there, monkeypatch, table):
    """A planted fault: were it not narrowed, one of the tests above would fail."""
    there.as_("reporter")
    whole = f"SELECT * FROM {table} WHERE CAST(%({eyes.READER})s AS bigint) IS NOT NULL"
    monkeypatch.setitem(eyes.SEEN, table, whole)
    narrow_anew()
    words = [answer.text for url in Addresses(app, there).others([""]) for answer in answers(there, "reporter", url)]
    counted = [
        [numbers(there.as_("reporter").get(url + rest)) for rest in ("", "/labels")]
        for url in (there.own, there.twin)
    ]
    monkeypatch.undo()
    narrow_anew()
    assert any(CANARY in one for one in words) or counted[0] != counted[1]
