"""GitHub's issues, in the dresses that exports come in.

- An array of REST issue objects; comments beside it in `comments.json`, or inside each issue under
  `comments_content`, as a list or as JSON text.
- One file an item with its timeline: `{type, issue, events}`, for a pull request `{type, pull, events, comments}`,
  in a folder or a tar.
- The archive of IETF working groups: one object `{repo, labels, issues, pulls}`.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from webapp.exchange import files, github_timeline
from webapp.exchange.github_fields import LATER, Fields
from webapp.exchange.github_records import (
    Comment,
    Issue,
    Label,
    Milestone,
    checked,
    comment_records,
    label_record,
    record,
    repository_of,
)
from webapp.exchange.ledger import COMMENTS, ISSUES, LABELS, PULLS, Ledger
from webapp.exchange.records import Archive, BrokenRecord, IssueRecord, LabelRecord, number_in

ISSUE = Fields("issue", Issue)
COMMENT = Fields("comment", Comment)
MILESTONE = Fields("milestone", Milestone)
LABEL = Fields("label", Label)
SKIPPED = "left out as asked"


@dataclass(slots=True)
class Item:
    """An issue or a pull request on its way in: where it stands, and what stands around it."""

    where: str
    content: Any
    is_pull: bool = False
    events: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Around:
    """What an archive holds beside its issues: labels by their lower names, comments by `repository#number`."""

    ledger: Ledger
    labels: dict[str, LabelRecord] = field(default_factory=dict)
    comments: dict[tuple[str, int], list[Comment]] = field(default_factory=lambda: defaultdict(list))


def read(path: Path, *, pull_requests: bool = True) -> Archive:
    """Read an export; raises BrokenRecord, naming the record, for one that is damaged or holds nothing."""
    around = Around(Ledger())
    if path.is_dir() and (inside := files.beside(path / "x", "issues.json")):
        path = inside
    if path.is_dir() or files.is_tar(path):
        return _archive(path.name, _items(path, around.ledger), around, pull_requests)
    content = files.load(path)
    if isinstance(content, dict) and "issues" in content:
        return _working_group(path.name, content, around, pull_requests)
    if not isinstance(content, list):
        raise BrokenRecord(f"{path.name} holds neither a list of issues nor an archive with `issues`.")
    _read_beside(path, around)
    named = (Item(f"record {n} of {path.name}", one) for n, one in enumerate(content, 1))
    return _archive(path.name, named, around, pull_requests)


def _archive(name: str, items: Iterable[Item], around: Around, pull_requests: bool, source: str = "") -> Archive:
    read = list(_issues(items, around.ledger, pull_requests))
    if not around.ledger.of(around.ledger.read, ISSUES, PULLS):
        raise BrokenRecord(f"{name} holds no issues.")
    source = source or _main_source([repository_of(issue.url) for _, issue in read], around)
    issues: dict[int, IssueRecord] = {}
    for item, issue in read:
        own = repository_of(issue.url) or source
        comments = _comments(item, issue, around, own)
        if own.lower() != source.lower():
            why = f"they belong to another repository, {own}; import its own archive into a project of its own"
            around.ledger.leave(PULLS if item.is_pull else ISSUES, why)
            around.ledger.leave(COMMENTS, f"their issues belong to another repository, {own}", len(comments))
            continue
        if issue.number in issues:
            raise BrokenRecord(f"{item.where}: issue {issue.number} stands twice.")
        found = comment_records(comments)
        issues[issue.number] = record(issue, found, around.labels, source, is_pull=item.is_pull)
    orphans = sum(map(len, around.comments.values()))
    around.ledger.leave(COMMENTS, "their issues are not among those imported", orphans)
    _unused(around, issues.values())
    return Archive(source, sorted(issues.values(), key=lambda one: one.number), around.ledger)


def _issues(items: Iterable[Item], ledger: Ledger, pull_requests: bool) -> Iterator[tuple[Item, Issue]]:
    """Each item that is wanted, read. Whether it is, is decided before it is checked."""
    reported: set[tuple[str, str]] = set()
    for item in items:
        item.is_pull = item.is_pull or _is_pull(item.content)
        ledger.read[PULLS if item.is_pull else ISSUES] += 1
        if item.is_pull and not pull_requests:
            ledger.leave(PULLS, SKIPPED)
            ledger.lose(COMMENTS, "their pull requests are left out as asked", _count_inside(item.content))
            continue
        issue = checked(Issue, item.content, item.where)
        ISSUE.tell(item.content, ledger)
        _tell_once(item.content, ledger, reported)
        github_timeline.tell_reviews(item.content.get("reviews"), ledger)
        closer = github_timeline.tell(item.events, ledger)
        if closer and not issue.closed_by:
            issue.closed_by = closer
        yield item, issue


def _tell_once(content: dict[str, Any], ledger: Ledger, reported: set[tuple[str, str]]) -> None:
    """Tell of its milestone and labels, each of them with the first issue that has it."""
    for fields, name, things in (
        (MILESTONE, "title", [content.get("milestone")]),
        (LABEL, "name", content.get("labels") or []),
    ):
        for thing in things:
            if isinstance(thing, dict) and (fields.thing, thing[name]) not in reported:
                reported.add((fields.thing, thing[name]))
                fields.tell(thing, ledger)


def _count_inside(content: dict[str, Any]) -> int:
    given = content.get("comments_content") or content.get("comments")
    return len(given) if isinstance(given, list) else 0


def _is_pull(content: Any) -> bool:
    """By the mark of a REST issue, or by what only pull requests have."""
    if not isinstance(content, dict):
        return False
    address = content.get("html_url") or content.get("url")
    by_address = isinstance(address, str) and ("/pull/" in address or "/pulls/" in address)
    return bool(content.get("pull_request")) or by_address or not content.keys().isdisjoint(("merged_at", "mergedAt"))


def _main_source(named: list[str], around: Around) -> str:
    """The repository that most of the archive is of: a transferred issue tells another one."""
    counts = Counter(one for one in named if one) or Counter(one for one, _ in around.comments if one)
    return counts.most_common(1)[0][0] if counts else "github"


def _working_group(name: str, content: dict[str, Any], around: Around, pull_requests: bool) -> Archive:
    for n, one in enumerate(content.get("labels") or [], 1):
        label = checked(Label, one, f"label {n}")
        LABEL.tell(one, around.ledger)
        around.labels[label.name.lower()] = label_record(label)
    if not isinstance(content["issues"], list) or not isinstance(content.get("pulls") or [], list):
        raise BrokenRecord(f"{name} holds neither a list of issues nor an archive with `issues`.")
    issues = [Item(f"issue record {n}", one) for n, one in enumerate(content["issues"], 1)]
    pulls = [Item(f"pull record {n}", one, is_pull=True) for n, one in enumerate(content.get("pulls") or [], 1)]
    return _archive(name, [*issues, *pulls], around, pull_requests, str(content.get("repo") or ""))


def _unused(around: Around, issues: Iterable[IssueRecord]) -> None:
    """Labels that the archive describes and no issue carries."""
    used = {label.name.lower() for issue in issues for label in issue.labels}
    count = sum(name not in used for name in around.labels)
    around.ledger.lose(LABELS, "no issue carries them", count)


def _items(path: Path, ledger: Ledger) -> Iterator[Item]:
    """Of a file with a timeline: its issue or pull request, with the comments among the events put inside."""
    for name, content in files.each(path):
        if not isinstance(content, dict):
            raise BrokenRecord(f"{name} holds no issue.")
        reviewed = content.get("comments") if content.get("issue") or content.get("pull") else None
        ledger.lose("review comments", LATER, len(reviewed) if isinstance(reviewed, list) else 0)
        yield _item(name, content)


def _item(name: str, content: dict[str, Any]) -> Item:
    item = content.get("issue") or content.get("pull") or content
    events = content.get("events") or []
    if not isinstance(item, dict) or not isinstance(events, list):
        raise BrokenRecord(f"{name} holds no issue.")
    comments = [one for one in events if isinstance(one, dict) and one.get("event") == "commented"]
    is_pull = content.get("type") == "pull" or "pull" in content
    return Item(name, {**item, "comments_content": comments}, is_pull, events)


def _read_beside(path: Path, around: Around) -> None:
    """The comments of `comments.json` in the same folder, by the repository and number of their issue."""
    file = files.beside(path, "comments.json") if path.name.startswith("issues.json") else None
    if references := files.beside(path, "xrefs.json") if file else None:
        found = files.load(references)
        many = sum(map(len, found.values())) if isinstance(found, dict) else 0
        around.ledger.lose("cross-references", "Cairn finds them in the texts themselves", many)
    if file is None:
        return
    content = files.load(file)
    if not isinstance(content, list):
        raise BrokenRecord(f"{file.name} holds no list of comments.")
    for n, one in enumerate(content, 1):
        comment = checked(Comment, one, f"record {n} of {file.name}")
        number = number_in(comment.issue_url.rsplit("/", 1)[-1])
        if number is None:
            raise BrokenRecord(f"record {n} of {file.name}: issue_url names no issue.")
        COMMENT.tell(one, around.ledger)
        around.ledger.read[COMMENTS] += 1
        around.comments[repository_of(comment.issue_url), number].append(comment)


def _comments(item: Item, issue: Issue, around: Around, own: str) -> list[Comment]:
    """The comments that stand in the issue itself, or beside it; a number there only counts them."""
    beside = around.comments.pop((own, issue.number), [])
    given = issue.inside
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except json.JSONDecodeError:
            raise BrokenRecord(f"{item.where}: its comments are not JSON.") from None
    if not isinstance(given, list):
        return beside
    around.ledger.read[COMMENTS] += len(given)
    for one in given:
        COMMENT.tell(one, around.ledger)
    inside = [checked(Comment, one, f"{item.where}, comment {n}") for n, one in enumerate(given, 1)]
    ids = {comment.id for comment in inside if comment.id is not None}
    others = [comment for comment in beside if comment.id not in ids]
    around.ledger.leave(COMMENTS, "the archive holds them twice", len(beside) - len(others))
    return inside + others
