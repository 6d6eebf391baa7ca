"""What the parts of pages show on the guide: made up here, as if it had been read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from webapp import clock
from webapp.access import Role, Visibility
from webapp.accounts.rows import Person
from webapp.charts.drawing import BOTTOM, HEIGHT, Cell, Chart, Mark, Sheet, Tick
from webapp.events import kinds
from webapp.events.service import EventRow
from webapp.feeds.rows import FeedTokenRow
from webapp.inbox.rows import InboxRow, News
from webapp.issues.rows import IssueDetail, LabelRow, MilestoneRef
from webapp.milestones.service import MilestoneRow
from webapp.models.inbox import Reason
from webapp.models.issues import Priority
from webapp.models.watching import Level
from webapp.picking.rows import Kind, Option
from webapp.picking.service import Offer
from webapp.projects.service import ProjectRow
from webapp.reactions.service import Feeling, Reacted
from webapp.text import diff, markdown
from webapp.thread.service import Entry
from webapp.watching.rows import Bell

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TEXT = f"""A paragraph with *emphasis*, **strong** words, `code`, ~~what is struck~~, a [link](https://example.com),
an emoji :tada:, a footnote[^1], <kbd>Ctrl</kbd>, H<sub>2</sub>O, E = mc<sup>2</sup> and {LONG}.

# A heading
## A smaller one
### A still smaller one

- a list
  - in a list
- [ ] a task
- [x] one that is done

1. first
2. second

> A quote, of
> two lines.

> [!NOTE]
> What is good to know.

> [!TIP]
> What helps.

> [!IMPORTANT]
> What matters.

> [!WARNING]
> What may go wrong.

> [!CAUTION]
> What must not be done.

```python
def stones(wall: Wall) -> Iterator[Stone]:
    \"\"\"All of them, from the ground up.\"\"\"
    yield from sorted(wall.stones, key=lambda stone: stone.height)  # 1 by 1
```

```
without a language, and with a line that is so long that it has to scroll: {LONG}
```

| Stone | Weight | Where |
|:------|-------:|:-----:|
| Granite | 12 kg | below |
| Slate | 3 kg | above |

<details><summary>More</summary>

What is folded.

</details>

---

The end.

[^1]: It leads back.
"""
TASKS = "- [ ] Look at it\n- [x] Find it"
TYPED: Mapping[str, Any] = {
    "title": "A stone is loose", "note": "It **wobbles**.", "due": "2026-03-31", "secret": "", "priority": "high",
    "kind": "person", "way": "second", "people": ["1"], "labels": ["bug"], "milestone": "1", "release": "1",
    "version": 1, "text": "It **wobbles**.", "shown": "It **wobbles**.", "wrong_title": "", "wrong_due": "soon",
    "wrong_text": "Too long", "wrong_kind": "none", "wrong_people": [],
}  # fmt: skip
REFUSED = "Nothing is saved yet."
ERRORS = {
    "wrong_title": ["is required"], "wrong_due": ["must be a day, like 2026-03-31"], "wrong_text": ["is too long"],
    "wrong_kind": ["must be one of these"], "wrong_people": ["Nobody is called “Zoe”."],
}  # fmt: skip
MINE = {"title": "A stone fell", "body": "It lies on the path.\nIt is wet."}
THEIRS = {"title": "A stone is loose", "body": "It lies on the wall.\nIt is wet.", "version": 2}
ADA, BOB, LONG_NAMED = Person(1, "Ada"), Person(2, "بوب"), Person(3, LONG)
BUG = LabelRow(1, "bug", "#d34467", "What is broken")
AREA = LabelRow(2, "area::gate", "#338392", "")
MILESTONE = MilestoneRef(1, "Spring")


@dataclass(frozen=True, slots=True)
class Pages:
    """A list with both ways on."""

    previous: str = "/styleguide?page=1"
    next: str = "/styleguide?page=3"


def sample() -> Mapping[str, Any]:
    """All of it by name, with times as seen from now."""
    return {
        "people": [ADA, BOB, LONG_NAMED, Person(4, "Eve")],
        "labels": [BUG, AREA, LabelRow(3, LONG, "#7a6a4f", "A long one")],
        "issues": issues(),
        "project": project(),
        "milestones": milestones(),
        "bells": [Bell(level, True) for level in Level] + [Bell(Level.ALL, False, reason) for reason in _REASONS],
        "offers": offers(),
        "felt": [Reacted(Feeling.UP, 3, mine=True, people=(ADA, BOB)), Reacted(Feeling.HEART, 1, people=(BOB,))],
        "entries": entries(),
        "told": told(),
        "chart": chart(),
        "tokens": tokens(),
        "html": markdown.render(TEXT),
        "source": TEXT,
        "tasks": markdown.render(TASKS),
        "todo": TASKS,
        "pages": Pages(),
        "now": clock.now(),
    }


_REASONS = (Reason.ASSIGNED, Reason.MENTIONED, Reason.AUTHOR, Reason.COMMENTED)


def issues() -> list[IssueDetail]:
    """One of each state and status, from the plainest to the fullest."""
    plain = _issue(1, "A stone is loose", labels=(), assignees=(), milestone=None, comment_count=0, due_on=None)
    full = _issue(2, f"{LONG} and more", status="In progress", status_category="started", reactions=(3,))
    future = _issue(3, "חומה", status="Backlog", status_category="backlog", due_on=date(2050, 1, 1))
    closed = {"state": "closed", "closed_at": clock.now() - timedelta(hours=1), "status": "Done"}
    ends = (("completed", "done"), ("not_planned", "canceled"), ("duplicate", "canceled"))
    over = [
        _issue(4 + at, f"Closed as {reason}", **closed, close_reason=reason, status_category=category)
        for at, (reason, category) in enumerate(ends)
    ]
    return [plain, full, future, *over]


def _issue(number: int, title: str, **fields: Any) -> IssueDetail:
    then = clock.now() - timedelta(days=number)
    values = {
        "private": False, "resolution_note": None, "start_on": None, "due_on": date(2020, 1, 1), "estimate": 3,
        "state": "open",
        "close_reason": None, "priority": list(Priority)[number % len(Priority)], "status": "Todo",
        "status_category": "unstarted", "created_at": then, "updated_at": then, "closed_at": None,
        "comment_count": number, "version": 1, "author": ADA, "labels": (BUG, AREA), "milestone": MILESTONE,
        "assignees": (ADA, BOB, LONG_NAMED), "parent": None, "reactions": (), "status_id": 1, "body": "",
        "body_html": "", "html_version": None,
    }  # fmt: skip
    named = {"id": number, "number": number, "project_id": 1, "project_key": "ROCK", "title": title}
    return IssueDetail(**{**values, **named, **fields})


def project() -> ProjectRow:
    """One that everybody may read."""
    then = clock.now() - timedelta(days=9)
    return ProjectRow(
        1, "ROCK", "Rockery", "Stones, and what lies between them.", Visibility.PUBLIC, 1, then, then,
        None, None, 12, 34, 1, None, Role.MEMBER, False, 1, 1, 1, None,
    )  # fmt: skip


def milestones() -> list[MilestoneRow]:
    """One that is late, one that has time, one without a day or an issue."""
    ways = ((date(2020, 1, 1), 3, 1), (date(2050, 1, 1), 1, 3), (None, 0, 0))
    return [
        MilestoneRow(at, f"Release {at}", "", "open", due, clock.now(), None, 1, opened, closed)
        for at, (due, opened, closed) in enumerate(ways, start=1)
    ]


def offers() -> Mapping[str, Offer]:
    """What fields offer: all there is, and of more the first."""
    people = [Option(Kind.PERSON, one.id, one.name, f"person{one.id}") for one in (ADA, BOB, Person(5, "Ada"))]
    labels = [Option(Kind.LABEL, one.id, one.name, None, one.color, one.description) for one in (BUG, AREA)]
    named = [Option(Kind.MILESTONE, 1, "Spring"), Option(Kind.MILESTONE, 2, "Winter", is_closed=True)]
    return {
        "people": Offer(Kind.PERSON, people, is_whole=False),
        "labels": Offer(Kind.LABEL, labels, is_whole=True),
        "milestones": Offer(Kind.MILESTONE, named, is_whole=False),
    }


def entries() -> list[Entry]:
    """A comment that was edited, what happened, and a comment that is gone."""
    then = clock.now() - timedelta(hours=3)
    said = "Seen. - [ ] look again"
    happened = [
        kinds.Opened(), kinds.Renamed("A stone", "A stone is loose"),
        kinds.Labelled(["area::gate"], ["bug"], [2], [1]),
        kinds.Closed("duplicate", "ROCK-2"),
    ]  # fmt: skip
    events = [EventRow(at, ADA, one, then, None) for at, one in enumerate(happened)]
    felt = (Reacted(Feeling.ROCKET, 2, people=(ADA, BOB)),)
    return [
        Entry(1, "comment", ADA, then, said, markdown.render(said), edited_at=then, felt=felt),
        Entry(2, "events", ADA, then, events=events),
        Entry(3, "deleted", BOB, then, remover=ADA, deleted_at=then, is_restorable=True),
    ]


def told() -> list[InboxRow]:
    """One that waits unread, with what happened, and one that is read and has come back."""
    then = clock.now() - timedelta(hours=3)
    first, second, *_ = issues()
    news = (
        News(1, BOB, kinds.Renamed("A stone", "A stone is loose"), then, ""),
        News(2, ADA, kinds.Opened(), then, ""),
    )
    return [
        InboxRow(1, Reason.MENTIONED, first, 1, 2, then, None, None, muted=False, events=news, has_earlier=True),
        InboxRow(2, Reason.WATCHING, second, None, 2, then, None, then, muted=True, events=news[:1]),
    ]


def changes() -> Mapping[str, Any]:
    """A version of a text beside the one that followed."""
    return {"diff": diff.compare(f"{THEIRS['body']}\nWhat goes.\n", f"{MINE['body']}\nWhat comes.\n")}


def tokens() -> list[FeedTokenRow]:
    now = clock.now()
    return [
        FeedTokenRow(1, "Calendar", "k3Zq", now, now + timedelta(days=90), now.date(), False, False, None),
        FeedTokenRow(2, LONG, "x0Pw", now, now + timedelta(days=9), None, False, False, ["WALL", "DOOR"]),
    ]


def chart() -> Chart:
    """Bars, points and a line."""
    opened, closed = (3, 5, 2, 4), (1, 4, 3, 5)
    sheet = Sheet(len(opened), 6)
    bars = [Mark(sheet.bar(at, value, 0, 2), "created", f"{value} opened") for at, value in enumerate(opened)]
    bars += [Mark(sheet.bar(at, value, 1, 2), "closed", f"{value} closed") for at, value in enumerate(closed)]
    weeks = enumerate(zip(opened, closed, strict=True), start=1)
    rows = [(f"Week {week}", [Cell(str(number)) for number in numbers]) for week, numbers in weeks]
    return Chart(
        "Opened and closed", "14 opened, 13 closed", [Mark("", "created", "Opened"), Mark("", "closed", "Closed")],
        ["Opened", "Closed"], rows, [*bars, Mark(sheet.line(closed), "line cycle")],
        [Tick(str(value), 40, sheet.level(value) + 4) for value in (0, 3, 6)],
        [Tick(f"Week {at + 1}", sheet.left(at + 0.5), HEIGHT - BOTTOM + 16) for at in range(4)],
        [sheet.level(value) for value in (0, 3, 6)],
    )  # fmt: skip
