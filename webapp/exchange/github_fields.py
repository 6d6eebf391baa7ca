"""Every field of GitHub's records: those that are imported, those that only repeat others, those that are left out.

What is in none of the three lists is told by its name, so that nothing that GitHub adds is lost without a word.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic import AliasChoices, BaseModel

from webapp.exchange.ledger import Ledger


class Left(NamedTuple):
    """A field that Cairn has no place for: what it holds, in the plural, why it stays behind, and how many."""

    kind: str
    why: str
    count: Callable[[Any], int]


def _any(value: Any) -> int:
    """One, for whatever says something."""
    return int(bool(value) and value != "NONE")


def _many(value: Any) -> int:
    return len(value) if isinstance(value, list) else _any(value)


def _total(*names: str) -> Callable[[Any], int]:
    """The sum of these numbers of an object; what is no number counts nothing."""
    return lambda value: sum(_number(value.get(name)) for name in names) if isinstance(value, dict) else 0


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _merged(value: Any) -> int:
    return _any(value.get("merged_at")) if isinstance(value, dict) else 0


NOT_HERE = "Cairn has nothing like them"
LATER = "this import does not bring them yet"
_REACTIONS = Left("reactions", NOT_HERE, _total("total_count"))
_GROUPS = Left("reactions", NOT_HERE, _many)
_ROLE = Left("authors' roles", NOT_HERE, _any)
_APP = Left("notes of an app that wrote", NOT_HERE, _any)
_BRANCH = Left("facts about branches and commits", "they belong to the code", _any)

COMMON = {
    "reactions": _REACTIONS,
    "reactionGroups": _GROUPS,
    "author_association": _ROLE,
    "authorAssociation": _ROLE,
    "performed_via_github_app": _APP,
}
LEFT: dict[str, Mapping[str, Left]] = {
    "issue": COMMON
    | {
        "locked": Left("locks", NOT_HERE, _any),
        "active_lock_reason": Left("reasons of locks", NOT_HERE, _any),
        "type": Left("issue types", NOT_HERE, _any),
        "issueType": Left("issue types", NOT_HERE, _any),
        "sub_issues_summary": Left("sub-issues", LATER, _total("total")),
        "issue_dependencies_summary": Left("dependencies", LATER, _total("total_blocked_by", "total_blocking")),
        "parent_issue_url": Left("parents", LATER, _any),
        "issue_field_values": Left("values of own fields", NOT_HERE, _many),
        "pinned_comment": Left("pinned comments", NOT_HERE, _any),
        "isPinned": Left("pins", NOT_HERE, _any),
        "projectItems": Left("places on project boards", NOT_HERE, _many),
        "projectCards": Left("places on project boards", NOT_HERE, _many),
        "draft": Left("draft marks", NOT_HERE, _any),
        "isDraft": Left("draft marks", NOT_HERE, _any),
        "merged": Left("merges", "a merged pull request is a closed issue here", _any),
        "mergedAt": Left("merges", "a merged pull request is a closed issue here", _any),
        "pull_request": Left("merges", "a merged pull request is a closed issue here", _merged),
        "requested_reviewers": Left("requests for review", NOT_HERE, _many),
        "requested_teams": Left("requests for review", NOT_HERE, _many),
        "auto_merge": Left("automatic merges", NOT_HERE, _any),
        "reviews": Left("reviews", LATER, _many),
        "latestReviews": Left("reviews", LATER, _many),
    }
    | dict.fromkeys(
        ("head", "base", "merge_commit_sha", "mergeCommit", "baseRepository", "headRepository",
         "baseRefName", "baseRefOid", "headRefName", "headRefOid", "additions", "deletions", "commits",
         "changed_files"),
        _BRANCH,
    ),
    "comment": COMMON
    | {
        "pin": Left("pins", NOT_HERE, _any),
        "minimized": Left("hidden comments", "they are shown here", _any),
        "isMinimized": Left("hidden comments", "they are shown here", _any),
        "minimizedReason": Left("reasons of hidden comments", NOT_HERE, _any),
    },
    "milestone": {"creator": Left("makers of milestones", NOT_HERE, _any)},
    "label": {},
}  # fmt: skip
ADDRESSES = frozenset({"id", "node_id", "url", "html_url"})
# Addresses, ids, counts, and what another field says as well.
REPEATED: dict[str, frozenset[str]] = {
    "issue": ADDRESSES
    | {"repository_url", "labels_url", "comments_url", "events_url", "timeline_url", "repository", "closed", "_meta",
       "_links", "diff_url", "patch_url", "issue_url", "commits_url", "review_comments_url", "review_comment_url",
       "statuses_url", "comments_count", "review_comments", "mergeable", "mergeable_state", "mergeStateStatus",
       "rebaseable", "maintainer_can_modify", "viewerDidAuthor", "score", "text_matches", "merged_at"},
    "comment": ADDRESSES | {"issue_url", "event", "actor", "includesCreatedEdit", "viewerDidAuthor"},
    "milestone": ADDRESSES | {"labels_url", "open_issues", "closed_issues", "updated_at", "updatedAt"},
    "label": ADDRESSES | {"default"},
}  # fmt: skip


def imported(model: type[BaseModel]) -> frozenset[str]:
    """The names under which a model reads its fields."""
    names: set[str] = set()
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias or name]
        names |= {str(choice) for choice in choices}
    return frozenset(names)


class Fields:
    """The fields of one thing of an archive. `models` are those that read it."""

    def __init__(self, thing: str, *models: type[BaseModel]) -> None:
        self.thing = thing
        self.left = LEFT[thing]
        self.taken = frozenset().union(REPEATED[thing], *map(imported, models)) - self.left.keys()
        self.known = self.taken | self.left.keys()

    def tell(self, item: Any, ledger: Ledger) -> None:
        """Count what this object holds and the import leaves out."""
        if not isinstance(item, dict):
            return
        for name, value in item.items():
            if not value or name in self.taken:
                continue
            if left := self.left.get(name):
                ledger.lose(left.kind, left.why, left.count(value))
            else:
                ledger.lose(f"fields “{name}” of {self.thing}s", "Cairn does not know them")
