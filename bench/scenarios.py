"""What is asked of a generated tracker: the pages that people open, each with the list behind it as they find it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bench.world import RARE, SELDOM

# Reads a JSON address of the tracker at hand.
Ask = Callable[[str], Any]
BIG = "/projects/BIG"
# How far behind the first page a deep one is.
PAGES = 20


@dataclass(frozen=True, slots=True)
class Scenario:
    """A page with its address, and by which factor it may be slower with a million issues than with a thousand."""

    name: str
    path: str
    limit: float


def scenarios(ask: Ask) -> Sequence[Scenario]:
    """The pages of one tracker. Those that hang on what is in it are looked up."""
    return [
        *_lists(ask),
        Scenario("issue with a few comments", f"{BIG}/issues/{_issue(ask, '5')}", 1.2),
        Scenario("issue with many comments", f"{BIG}/issues/{_issue(ask, '20..30')}", 1.2),
        Scenario("board", f"{BIG}/board", 1.5),
        Scenario("board of a label", f"{BIG}/board?q={quote('label:bug')}", 1.5),
        Scenario("board by priority", f"{BIG}/board?by=priority", 1.5),
        Scenario("board by assignee", f"{BIG}/board?by=assignee", 1.5),
        Scenario("home", "/", 1.2),
        Scenario("project", BIG, 1.2),
        *_searches(),
    ]


def _lists(ask: Ask) -> list[Scenario]:
    return [
        Scenario("list, first page", f"{BIG}/issues", 1.2),
        Scenario(f"list, page {PAGES}", _deep(ask), 1.2),
        Scenario("list, oldest first", _listed("is:all sort:created-asc"), 1.2),
        Scenario("list by update", _listed("is:open sort:updated-desc"), 1.2),
        Scenario("list by comments", _listed("is:open sort:comments-desc"), 1.2),
        Scenario("list by priority", _listed("is:open sort:priority-desc"), 1.2),
        Scenario("list by due date", _listed("is:open sort:due-asc"), 1.2),
        Scenario("common label", _listed("is:open label:bug"), 1.2),
        Scenario("rare label", _listed("label:area::40"), 1.2),
        Scenario("two labels", _listed("label:bug label:feature"), 1.2),
        Scenario("mine", _listed("is:open assignee:@me"), 1.2),
        Scenario("nobody's", _listed("is:open no:assignee"), 1.2),
        Scenario("status and priority", _listed('status:"In review" priority:>=high'), 1.2),
        Scenario("without a label", _listed("is:open -label:bug"), 1.2),
        Scenario("milestone", _listed("is:open milestone:v3.0"), 1.2),
        Scenario("created in a week", _listed("created:>-7d"), 1.2),
        Scenario("was in review", _listed('is:open was:status:"In review"'), 1.2),
        Scenario("all projects", "/issues", 1.2),
        Scenario("all projects, mine", f"/issues?q={quote('is:open assignee:@me')}", 1.2),
        Scenario("JSON list", f"{BIG}/issues?limit=50", 1.2),
    ]


def _searches() -> list[Scenario]:
    words = {"ten hits": RARE, "one title in 1,000": SELDOM, "common word": "error", "two common words": "page error"}
    listed = [Scenario(f"list of words, {name}", _listed(said), 2) for name, said in words.items()]
    found = [Scenario(f"search, {name}", f"/search?q={quote(said)}", 2) for name, said in words.items()]
    beginning = Scenario("search, beginning of a word", "/search?q=quo*", 2)
    return [*listed, *found, beginning, Scenario("search, a slip", "/search?q=heisenbgu", 2)]


def _listed(q: str) -> str:
    return f"{BIG}/issues?q={quote(q)}"


def _issue(ask: Ask, comments: str) -> int:
    """The newest closed issue with so many comments."""
    return int(ask(_listed(f"is:closed comments:{comments}"))["items"][0]["number"])


def _deep(ask: Ask) -> str:
    """The address of a page far behind the first one, or of the last there is."""
    path = f"{BIG}/issues?q=is:all&limit=25"
    for _ in range(PAGES - 1):
        following = ask(path)["next"]
        if following is None:
            break
        path = following
    return path
