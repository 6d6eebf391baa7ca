"""Compares what two commits answer: `python -m bench answers BEFORE AFTER`, in that order of age.

Every address that the application reads from is asked with values of a made-up tracker, as page and as JSON, by an
owner, a member, a stranger and nobody; then names and titles change, and all is asked again. JSON and headers must be
equal byte for byte, pages but for their tokens and relative times. Each is asked twice, so that an answer that was
kept is compared as well. What differs is printed; the exit status is 1 if anything does.
"""

import argparse
import difflib
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.checkouts import KEPT, checkout, copied, tracker
from bench.generate import EMAIL, PASSWORD
from bench.looks import FORGET_SEARCHES
from bench.scenarios import scenarios
from bench.served import Cairn, sent, stopping
from bench.visitors import JSON, PAGE, Answer, Request
from webapp import create_app
from webapp.config import Settings

ISSUES = 2_000
SHOWN = 40  # addresses of one kind of difference, each with its first case
LONGEST = 500  # letters of one case
# By kind of difference: the address, and what is to be said of it.
Found = dict[str, list[tuple[str, str]]]
EACH = 5  # addresses, until the allowance of searches is filled up
# Of this answer alone: random, or the time.
OWN_HEADERS = {"connection", "date", "x-request-id", "set-cookie"}
SITE = "cairn.example"  # the public address of both
STATIC = re.compile(r"/static/[0-9a-f]{12}/")
SAME = [
    (re.compile(rb'(name="(?:csrf_token|form_key)" value=")[^"]*'), rb"\1"),
    (re.compile(rb"(<time [^>]*>)[^<]*"), rb"\1"),
    (re.compile(rb"(<title>[^<]*)\([^)]*\)"), rb"\1"),
]
EVERYWHERE = [
    (re.compile(STATIC.pattern.encode()), b"/static/"),
    (re.compile(rb'((?:"request_id": ?"|>Request ))[0-9a-f]*'), rb"\1"),
]
# Told of the time at which it is asked, or of the sign-ins that this program began.
LEFT_OUT = {"/auth/sign-ins", "/readyz", "/healthz"}
PEOPLE = {"owner": "person1@cairn.example", "member": EMAIL, "stranger": "stranger@cairn.example"}
PREPARED = (
    "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE handle = 'measure') WHERE id ="
    " (SELECT owner_id FROM projects WHERE key = 'BIG');"
    "INSERT INTO users (name, email, password_hash, handle) SELECT 'Stranger', 'stranger@cairn.example',"
    " password_hash, 'stranger' FROM users WHERE handle = 'measure';"
    "UPDATE projects SET visibility = 'public' WHERE key = 'P3'"
)
BIG, ISSUE = "/projects/BIG", "/projects/BIG/issues/1"
# What a made-up tracker has not got: sent by its owner before it is copied.
SEEDS: Sequence[tuple[str, str, Any]] = (
    ("PATCH", ISSUE, {"body": "- [ ] one\n- [x] two\n\nSee #2, P3-1 and @measure; ~~old~~ `code`."}),
    ("PATCH", ISSUE, {"title": "An issue with everything", "labels": ["bug"], "priority": "high"}),
    ("POST", f"{ISSUE}/comments", {"body": "- [ ] three, @person2, see #3"}),
    ("POST", f"{ISSUE}/relations", {"kind": "relates", "issue": "2"}),
    ("POST", f"{ISSUE}/relations", {"kind": "blocks", "issue": "P3-2"}),
    ("PATCH", f"{BIG}/issues/4", {"parent": 1}),
    ("POST", f"{BIG}/views", {"name": "Bugs", "query": "label:bug is:open", "shared": True}),
    ("POST", "/views", {"name": "Mine", "query": "assignee:@me"}),
    ("POST", f"{BIG}/templates", {"name": "Fault", "body": "What happened?"}),
    ("DELETE", f"{BIG}/issues/5", None),
    ("POST", f"{BIG}/issues/6/move", {"project": "P3"}),
    ("POST", f"{BIG}/issues/8/closure", {"close_reason": "completed"}),
)
# Beside the application, so that both have the same times afterwards: whatever keeps an answer has to notice.
CHANGES = (
    "UPDATE users SET name = 'Renamed ' || name WHERE id IN (SELECT id FROM users ORDER BY id LIMIT 3)",
    "UPDATE labels SET name = 'renamed-' || id WHERE name = 'bug'",
    "UPDATE milestones SET title = 'Renamed ' || title WHERE title = 'v3.0'",
    "UPDATE statuses SET name = 'Under way' WHERE name = 'In progress'",
    "UPDATE issues SET title = 'Renamed ' || left(title, 150) WHERE number < 20",
    "UPDATE projects SET name = 'Renamed ' || name WHERE key IN ('BIG', 'P3')",
    "DELETE FROM issue_labels WHERE issue_id IN (SELECT id FROM issues WHERE number = 1)",
    "UPDATE issues SET state = 'open', close_reason = NULL, closed_at = NULL, status_id ="
    " (SELECT min(id) FROM statuses WHERE project_id = issues.project_id) WHERE number = 9",
)
# Which of a project's, and of an issue's, rows an address speaks of: the first.
VALUES = {
    "member": "SELECT user_id FROM memberships WHERE project_id = {id}",
    "milestone": "SELECT id FROM milestones WHERE project_id = {id}",
    "label": "SELECT id FROM labels WHERE project_id = {id}",
    "status": "SELECT id FROM statuses WHERE project_id = {id}",
    "view": "SELECT id FROM views WHERE project_id = {id}",
    "template": "SELECT id FROM issue_templates WHERE project_id = {id}",
}
OF_ISSUE = {
    "comment": "SELECT id FROM comments WHERE issue_id = {issue}",
    "relation": "SELECT id FROM issue_links WHERE source_id = {issue}",
    "version": "SELECT 1",
}
RULE = re.compile(r"<(?:([^:<>]+):)?(\w+)>")
FURTHER = (
    f"{BIG}/issues?q=is%3Aall+sort%3Aupdated-desc&limit=10", f"{BIG}/issues?label=bug&state=closed",
    f"{BIG}/issues?q=nonsense%3A%3A", f"{BIG}/board?by=priority", f"{BIG}/board?by=assignee&q=label%3Abug",
    f"{BIG}/issues?cursor=broken", "/projects/big/issues", "/projects/NONE/issues", f"{BIG}/issues/99999999",
    "/search?q=error", "/search?q=is%3Aopen+label%3Abug", "/palette?q=err", f"{BIG}/issues/1?q=is%3Aall",
)  # fmt: skip


def addresses(server: Cairn) -> list[str]:
    """Every address to read from, with the tracker's values in it."""
    settings = Settings(_env_file=None, database_url="postgresql://nobody@/nowhere", cairn_data=server.data)
    rules = [rule for rule in create_app(settings).url_map.iter_rules() if "GET" in (rule.methods or ())]
    found = [path for rule in rules for path in _filled(server, str(rule.rule))]
    found += [scenario.path for scenario in scenarios(lambda path: _json(server, path))]
    return [one for one in dict.fromkeys([*found, *FURTHER]) if urlsplit(one).path not in LEFT_OUT]


def _filled(server: Cairn, rule: str) -> Iterator[str]:
    if rule.startswith("/static/"):
        return
    names = {name: kind for kind, name in RULE.findall(rule)}
    for key, project in _projects(server) if "project" in names else [("", 0)]:
        for number, issue in _issues(server, project) if "number" in names else [(0, 0)]:
            for values in _values(server, names, project, issue):
                known = {"project": key, "number": number, **values}
                yield RULE.sub(lambda found, known=known: str(known.get(found[2], "1")), rule)  # type: ignore[misc]


def _projects(server: Cairn) -> list[tuple[str, int]]:
    return server.run("SELECT key, id FROM projects WHERE key IN ('BIG', 'P3') ORDER BY key")


def _issues(server: Cairn, project: int) -> list[tuple[int, int]]:
    """The first, and the one with most comments."""
    return server.run(
        "SELECT number, id FROM issues WHERE project_id = %s AND (number = 1 OR id ="
        " (SELECT id FROM issues WHERE project_id = %s ORDER BY comment_count DESC, id LIMIT 1))"
        " ORDER BY number",
        project, project,
    )  # fmt: skip


def _values(server: Cairn, names: dict[str, str], project: int, issue: int) -> Iterator[dict[str, Any]]:
    """The first of what else an address names, and each of a few words."""
    chosen: dict[str, Any] = {"user": server.run("SELECT min(id) FROM users")[0][0]}
    words = next(((name, kind[4:-1].split(", ")) for name, kind in names.items() if kind.startswith("any(")), None)
    for name, query in {**VALUES, **OF_ISSUE}.items():
        if name in names:
            found = server.run(query.format(id=project, issue=issue) + " ORDER BY 1 LIMIT 1")
            chosen[name] = found[0][0] if found else 1
    for word in words[1] if words else [None]:
        yield {**chosen, words[0]: word} if words else chosen


def _json(server: Cairn, path: str) -> Any:
    return json.loads(server.ask(server.json(path)).body)


def same(answer: Answer) -> Answer:
    """Without what is another in each answer."""
    is_page = (answer.header("Content-Type") or "").startswith("text/html")
    body = answer.body
    for pattern, put in [*EVERYWHERE, *(SAME if is_page else [])]:
        body = pattern.sub(put, body)
    return Answer(answer.status, _headers(answer, is_page=is_page), body)


def _headers(answer: Answer, *, is_page: bool) -> list[tuple[str, str]]:
    """A page's length hangs on its times, and its tag on its tokens."""
    left_out = OWN_HEADERS | ({"content-length"} if is_page else set())
    kept = [(name.lower(), STATIC.sub("/static/", value)) for name, value in answer.headers]
    if is_page:
        kept = [(name, "of its tokens" if name == "etag" else value) for name, value in kept]
    return sorted((name, value) for name, value in kept if name not in left_out)


def differ(before: Answer, after: Answer) -> Iterator[tuple[str, str]]:
    """Each kind of difference, with what is to be said of this case."""
    if before.status != after.status:
        yield "status", f"{before.status} → {after.status}"
        return
    old, new = dict(before.headers), dict(after.headers)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            is_new, is_gone = name not in old, name not in new
            kind = "new header" if is_new else "missing header" if is_gone else "header"
            yield f"{kind} {name}", f"{old.get(name)} → {new.get(name)}"
    if before.body != after.body:
        yield f"body ({old.get('content-type', 'none')})", _first(before.body, after.body)


def _first(before: bytes, after: bytes) -> str:
    """Where two texts begin to differ."""
    old, new = before.decode(errors="replace"), after.decode(errors="replace")
    if "\n" not in old.strip():
        at = next((at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), 0)
        return f"at {at}: {old[max(0, at - 40) : at + 60]!r} → {new[max(0, at - 40) : at + 60]!r}"
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return " ⏎ ".join(line.strip()[:160] for line in list(lines)[2:8])


class Askers:
    """The same people on one of the servers."""

    def __init__(self, server: Cairn) -> None:
        self.connection = server.connections()[0]
        self.people = {name: server.logged_in(email, PASSWORD) for name, email in PEOPLE.items()}
        self.people["nobody"] = ({}, {})

    def ask(self, who: str, tongue: str, path: str) -> Answer:
        """One answer, without what is its own."""
        bearer, cookies = self.people[who]
        headers = {"Accept": tongue, "Host": SITE, **(cookies if tongue == PAGE else bearer)}
        request = Request(path, "GET", headers)
        try:
            return same(sent(self.connection, request))
        except ConnectionError:  # it rested for too long
            self.connection.close()
            return same(sent(self.connection, request))


def differences(first: Cairn, second: Cairn, wanted: str) -> Found:
    """All that two servers answer differently, by kind. `wanted` is part of each address that is asked."""
    paths = [path for path in addresses(first) if wanted in path]
    askers = [Askers(first), Askers(second)]
    found: Found = defaultdict(list)
    for changes, when in (((), ""), (CHANGES, "after changes")):
        for change in changes:
            first.run(change)
            second.run(change)
        for number, path in enumerate(paths):
            if number % EACH == 0:
                first.run(FORGET_SEARCHES)
                second.run(FORGET_SEARCHES)
            for who, tongue in product(askers[0].people, (PAGE, JSON)):
                _note(found, askers, (who, tongue, path), when)
    print(f"{len(paths)} addresses, asked by {len(askers[0].people)} in two tongues, before and after changes.")
    return found


def _note(found: Found, askers: Sequence[Askers], asked: tuple[str, str, str], when: str) -> None:
    who, tongue, path = asked
    before = askers[0].ask(*asked)
    for again in ("", "again"):
        for kind, said in differ(before, askers[1].ask(*asked)):
            found[kind].append((path, f"({', '.join(filter(None, [who, tongue, again, when]))}): {said}"))


def prepared(code: Path, issues: int, kept: Path) -> Path:
    """A tracker with some of everything, made by that code."""
    made = tracker(code, issues, kept)
    folder = made.with_name(f"{made.name}-{hashlib.sha256(repr((PREPARED, SEEDS)).encode()).hexdigest()[:8]}")
    if folder.exists():
        return folder
    data = copied(made, "answers", kept)
    server = Cairn(code, data)
    with stopping([server]):
        server.ready()
        server.run(PREPARED)
        bearer, _ = server.logged_in(PEOPLE["owner"], PASSWORD)
        for method, path, body in SEEDS:
            answer = server.ask(server.json(path, method, body, **bearer))
            if answer.status >= 300:
                raise SystemExit(f"{method} {path}: {answer.status} {answer.body[:500]!r}")
    return data.rename(folder)


def main() -> None:
    """Read the arguments, and print what differs."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("before")
    reader.add_argument("after")
    reader.add_argument("--issues", type=int, default=ISSUES)
    reader.add_argument("--kept", type=Path, default=KEPT, help="Where checkouts and trackers are kept.")
    reader.add_argument("--only", default="", help="Addresses that have this in them.")
    given = reader.parse_args()
    given.kept.mkdir(parents=True, exist_ok=True)
    codes = [checkout(named, given.kept) for named in (given.before, given.after)]
    data = prepared(codes[0], given.issues, given.kept)
    with ExitStack() as ending:
        folders = [copied(data, f"answers-{at}", given.kept) for at in range(len(codes))]
        servers = [Cairn(code, folder, site=SITE) for code, folder in zip(codes, folders, strict=True)]
        ending.enter_context(stopping(servers))
        for server in servers:
            server.ready()
        found = differences(servers[0], servers[1], given.only)
    for kind, cases in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"\n## {kind}: {len(cases)} times, at {len({path for path, _ in cases})} addresses")
        firsts = dict(reversed(cases))  # the first case of each address wins
        print("\n".join(f"- {path} {said[:LONGEST]}" for path, said in [*reversed(firsts.items())][:SHOWN]))
    sys.exit(1 if found else 0)
