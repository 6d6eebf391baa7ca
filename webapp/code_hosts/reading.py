"""What a host's payload tells: commits, or a merge request, in the same words whatever the host."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from webapp.code_hosts import payloads
from webapp.code_hosts.payloads import Author, Commit, Merge, Repository
from webapp.i18n import N_
from webapp.i18n.retelling import kept
from webapp.models.code_hosts import HostKind, Piece

Schema = TypeVar("Schema", bound=BaseModel)

# What hosts call an event, as it is read here. GitHub's and Gitea's names are those of their headers.
PUSHES = frozenset({"push", "Push Hook"})
MERGES = frozenset({"pull_request", "Merge Request Hook"})
# Where a program does not say which branch is the default one.
DEFAULTS = ("main", "master")
STRANGE = kept(N_("It cannot be read: %(place)s is not as such hosts send it."))
LAST = kept(N_("The host told only the last %(some)s of %(all)s commits."))
_STATES = {"closed": "closed", "merged": "merged"}


class Unreadable(Exception):
    """It is not what such a host sends; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Written:
    """A commit or merge request as a host tells it; `closes` says whether it arrived where it is in effect."""

    kind: Piece
    ref: str
    title: str
    text: str
    url: str | None
    author: str
    email: str
    branch: str
    closes: bool
    state: str | None = None
    stated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a payload tells; `remark` is what whoever looks at the log should know of it."""

    written: Sequence[Written] = ()
    commits: int = 0
    url: str | None = None
    remark: str = ""


def read(kind: HostKind, event: str, body: bytes) -> Told:
    """What it tells. Raises Unreadable."""
    if kind == HostKind.PLAIN:
        return _plain(_checked(payloads.Plain, body))
    if event in PUSHES:
        return _push(_checked(payloads.Push, body))
    if event in MERGES:
        return _merge(_checked(payloads.MergeEvent, body))
    if event == "ping":
        return Told(remark=N_("It is connected."))
    return Told(remark=N_("Only pushes and merge requests are of use here."))


def _checked(schema: type[Schema], body: bytes) -> Schema:
    try:
        return schema.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise Unreadable(STRANGE % {"place": where or "it"}) from None
    except RecursionError:
        raise Unreadable(N_("It cannot be read: it is nested too deeply.")) from None


def _push(push: payloads.Push) -> Told:
    there = push.repository or Repository()
    branch = push.ref.removeprefix("refs/heads/")
    if branch == push.ref:
        return Told(url=there.url, remark=N_("It is no branch that was pushed."))
    return _commits(push.commits, branch, there.default_branch, there.url, push.total)


def _commits(commits: Sequence[Commit], branch: str, default: str, url: str | None, total: int | None = None) -> Told:
    written = {one.id.lower(): _commit(one, branch, is_default=branch == default) for one in commits}
    left = max(total or 0, len(commits)) - len(commits)
    remark = LAST % {"some": len(commits), "all": total} if left else ""
    return Told(list(written.values()), max(total or 0, len(commits)), url, remark)


def _commit(commit: Commit, branch: str, *, is_default: bool) -> Written:
    author, title = commit.author or Author(), commit.message.strip().split("\n", 1)[0].strip()[:200]
    return Written(
        Piece.COMMIT,
        commit.id.lower(),
        title,
        commit.message,
        commit.url,
        author.name or author.login,
        author.email.lower(),
        branch,
        closes=is_default,
    )


def _merge(event: payloads.MergeEvent) -> Told:
    there, given = event.repository or Repository(), event.merge
    branch = given.base.ref or given.target_branch
    author = given.user or event.user or Author()
    return Told([_merged(given, author, branch, there.default_branch)], url=there.url)


def _merged(given: Merge, author: Author, branch: str, default: str) -> Written:
    state = "merged" if given.merged else _STATES.get(given.state, "open")
    return Written(
        Piece.MERGE_REQUEST,
        str(given.number),
        given.title,
        f"{given.title}\n\n{given.body}",
        given.url,
        author.name or author.login,
        author.email.lower(),
        branch,
        closes=state == "merged" and branch == default,
        state=state,
        stated_at=given.updated_at,
    )


def _plain(given: payloads.Plain) -> Told:
    default = given.default_branch or (given.branch if given.branch in DEFAULTS else "")
    told = _commits(given.commits, given.branch, default, given.url)
    if (one := given.merge_request) is None:
        return told
    merge = _merged(one, one.user or Author(), given.branch, default)
    return Told([*told.written, merge], told.commits, told.url)
