"""Commits and merge requests that name an issue stand in its timeline, each once."""

import json
import threading

import pytest

from tests.code_hosts.conftest import HOSTS, URL
from webapp.jobs.tasks import TASKS


def told(world, number=1, at=URL):
    return [(one["kind"], one["actor"]["name"], one["data"]) for one in world.events(number, at=at)]


def test_a_commit_that_names_an_issue_is_told_there(world, host):
    host.push("Turn the loose stone\n\nSee WALL-1.")
    ((kind, actor, data),) = told(world)
    assert (kind, actor) == ("committed", "Ada")
    assert data["title"] == "Turn the loose stone"
    assert data["author"] == "Eve Mason"
    assert data["branch"] == "main"
    assert data["called"] == f"commit {data['ref'][:7]}"
    assert data["url"].startswith("https://")


def test_a_merge_request_is_told_as_it_comes_to_be(world, host):
    host.merge("open", body="See WALL-1.")
    host.merge("merged", "2026-03-01T12:00:00Z", body="See WALL-1.")
    word = {"github": "pull request #5", "gitea": "pull request #5", "gitlab": "merge request !5"}
    events = told(world)
    assert [data["state"] for _, _, data in events] == ["open", "merged"]
    assert {data["called"] for _, _, data in events} == {word.get(host.kind, "merge request 5")}


def test_what_a_host_tells_late_changes_nothing(world, host):
    host.merge("merged", "2026-03-01T12:00:00Z", body="See WALL-1.")
    host.merge("open", "2026-03-01T11:00:00Z", body="See WALL-1.")
    assert [data["state"] for _, _, data in told(world)] == ["merged"]
    assert world.api.get(f"{URL}/issues/1/code")["items"][0]["state"] == "merged"


def test_a_merge_request_that_no_longer_names_an_issue_is_told_there_still(world, host):
    host.merge("open", body="See WALL-1.")
    host.merge("closed", "2026-03-01T12:00:00Z", body="Nothing.")
    assert [data["state"] for _, _, data in told(world)] == ["open", "closed"]


def test_a_commit_of_a_member_is_told_as_theirs(world, host):
    eve = world.make.member(world.project, "reporter")
    world.run("UPDATE users SET email = 'Eve@mason.example' WHERE id = :id", id=eve.id)
    host.push("See WALL-1")
    assert told(world)[0][:2] == ("committed", eve.name)
    assert told(world)[0][2]["author"] is None


def test_an_address_that_is_not_confirmed_makes_nobody_an_author(world, host):
    eve = world.make.member(world.project, "reporter", email_confirmed_at=None)
    world.run("UPDATE users SET email = 'eve@mason.example', email_confirmed_at = NULL WHERE id = :id", id=eve.id)
    host.push("See WALL-1")
    assert told(world)[0][1] == "Ada"


def test_a_commit_is_told_once_wherever_it_is_pushed(world, host):
    host.push("See WALL-1", branch="turn")
    host.push("See WALL-1", "And another", branch="main")
    world.connect("gitea").push("See WALL-1")
    assert len(told(world)) == 1


def test_a_forced_push_of_what_is_there_tells_only_what_is_new(world, host):
    host.push("First for WALL-1", "Second for WALL-1")
    host.push("First for WALL-1", "Second for WALL-1, as it should be")
    assert [data["title"] for _, _, data in told(world)] == [
        "First for WALL-1", "Second for WALL-1", "Second for WALL-1, as it should be",
    ]  # fmt: skip


def test_what_is_done_twice_is_told_once(world, host):
    host.send(host.pushed("Fixes WALL-1"))
    ((delivery,),) = world.run("SELECT id FROM code_deliveries")
    with world.app.app_context():
        TASKS["take_code"].function(id=delivery)
        TASKS["take_code"].function(id=delivery)
    world.work()
    assert [kind for kind, _, _ in told(world)] == ["committed", "closed"]


def test_nothing_is_left_of_what_was_not_finished(world, host, monkeypatch):
    """Who is killed before the end has told nothing; done again it is told once."""
    from webapp.code_hosts import arrivals

    host.send(host.pushed("Fixes WALL-1"))
    end = arrivals.end
    monkeypatch.setattr(arrivals, "end", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        world.work()
    assert told(world) == []
    assert world.state() == "open"
    monkeypatch.setattr(arrivals, "end", end)
    ((delivery,),) = world.run("SELECT id FROM code_deliveries")
    with world.app.app_context():
        TASKS["take_code"].function(id=delivery)
    assert [kind for kind, _, _ in told(world)] == ["committed", "closed"]
    assert world.state() == "closed"


@pytest.mark.parametrize("message", ["#1", "See #1", "fixes #1", "`WALL-1`", "WALL-99", "WALL-0", "@ada WALL", ""])
def test_what_names_no_issue_is_told_nowhere(world, message):
    host = world.connect("plain")
    host.push(message)
    assert told(world) == []
    assert host.log()[0]["state"] == "ignored"


def test_former_keys_and_addresses_name_an_issue(world):
    world.api.patch(URL, {"key": "ROCK"})
    host = world.connect("plain", at="/projects/ROCK/code-hosts")
    host.push("See WALL-1", "And http://localhost:8000/projects/ROCK/issues/1")
    assert len(told(world, at="/projects/ROCK")) == 2


def test_bad_payloads_are_refused_and_told_in_the_log(world, host):
    bad = [
        b"", b"null", b"[]", b"{", b"\xff\xfe", b"1" * 5000, b"[" * 100_000, b'{"ref": 1}', b'{"ref": [], "branch": []}',
        b'{"ref": "refs/heads/main", "branch": "main", "commits": {}}',
        b'{"ref": "refs/heads/main", "branch": "main", "commits": [1]}',
        b'{"ref": "refs/heads/main", "branch": "main", "commits": [{"id": "../..", "message": "x"}]}',
        b'{"ref": "refs/heads/main", "branch": "main", "commits": [{"id": "0123456", "message": "\\ud800 WALL-1"}]}',
        b'{"ref": "refs/heads/main", "branch": "main", "commits": [{"id": "0123456", "message": 5}]}',
    ]  # fmt: skip
    for body in bad:
        host.send(body)
    world.work()
    assert {one["state"] for one in host.log()} == {"refused"}
    assert all(one["answer"].startswith("It cannot be read") for one in host.log())
    assert world.run("SELECT count(*) FROM code_deliveries WHERE body IS NOT NULL") == [(0,)]
    assert world.run("SELECT count(*) FROM jobs WHERE task = 'take_code'") == [(0,)]


def test_odd_payloads_are_taken(world, host):
    odd = host.pushed("See WALL-1 \x00\x1b[31m\u202e and <script>", "WALL-1 " + "x" * 100_000)
    for commit in odd["commits"]:
        commit |= {"url": "javascript:alert(1)", "author": {"name": None, "email": "x" * 10_000}, "extra": [{}] * 50}
    host.send(odd)
    world.work()
    events = told(world)
    assert len(events) == 2
    assert all(data["url"] is None and len(data["title"]) <= 200 for _, _, data in events)
    assert events[0][2]["title"] == "See WALL-1 [31m and <script>"
    page = world.api.client.get(f"{URL}/issues/1", headers={**world.api.headers, "Accept": "text/html"}).text
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_a_push_of_thousands_is_taken(world):
    host = world.connect("github")
    payload = host.pushed(*(f"See WALL-1, {number}" for number in range(3_000)))
    host.send(payload)
    world.work()
    (row,) = host.log()
    assert row["state"] == "taken"
    assert world.run("SELECT count(*) FROM events WHERE kind = 'committed'") == [(2048,)]


def test_what_the_host_left_out_is_told(world):
    host = world.connect("gitlab")
    payload = host.pushed("See WALL-1")
    host.send({**payload, "total_commits_count": 30})
    world.work()
    assert host.log()[0]["answer"] == "The host told only the last 1 of 30 commits."


def test_a_form_with_a_payload_is_taken(world):
    host = world.connect("github")
    host.push("See WALL-1 & more + more", form=True)
    assert told(world)[0][2]["title"] == "See WALL-1 & more + more"


def test_pings_tags_deletions_and_other_events_are_ignored(world):
    host = world.connect("github")
    host.send(host.payload("ping"), "ping")
    host.send({**host.pushed("See WALL-1"), "ref": "refs/tags/v1"})
    host.send({**host.pushed(), "deleted": True})
    host.send({"action": "starred"}, "star")
    world.work()
    answers = [one["answer"] for one in host.log()][::-1]
    assert answers == [
        "It is connected.", "It is no branch that was pushed.", "It names no issue.",
        "Only pushes and merge requests are of use here.",
    ]  # fmt: skip
    assert told(world) == []


def test_the_repository_is_known_by_what_it_sends(world):
    host = world.connect("github")
    host.push("Nothing")
    assert world.api.get(f"{HOSTS}/{host.id}")["url"] == "https://github.com/garden/stones"


def test_the_same_commit_at_the_same_time_is_told_once(committed_world):
    """Two deliveries in two connections, which wait for each other at the issue."""
    world, host = committed_world, None
    host = world.connect("github")
    for _ in range(4):
        host.send(host.pushed("Fixes WALL-1"))
    ids = [row.id for row in world.run("SELECT id FROM code_deliveries")]

    def take(delivery):
        with world.app.app_context():
            TASKS["take_code"].function(id=delivery)

    threads = [threading.Thread(target=take, args=[one]) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [kind for kind, _, _ in told(world)] == ["committed", "closed"]
    assert json.dumps(host.log()).count('"taken"') == 4
