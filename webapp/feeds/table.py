"""A list as CSV (RFC 4180) and as JSON Lines, in parts."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

from webapp.feeds.rows import IssueText
from webapp.feeds.schemas import IssueLine
from webapp.issues.fields import FIELDS
from webapp.issues.rows import IssueRow

Address = Callable[[IssueRow], str]

# These stay where they are, as others count on their places: what is new comes after them.
_FIRST = (
    "key", "number", "title", "state", "close_reason", "status", "priority", "author", "assignees", "labels",
    "milestone", "parent", "start_on", "due_on", "estimate", "created_at", "updated_at", "closed_at",
    "comment_count", "url",
)  # fmt: skip
COLUMNS = (*_FIRST, *(field.name for field in FIELDS if field.table and field.name not in _FIRST), "reaction_count")
BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes what begins like this for a formula, and may run it.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")


def csv_of(parts: Iterable[Sequence[IssueRow]], address: Address) -> Iterator[str]:
    """The lines of a table with a heading, some at a time.

    The mark at the beginning tells spreadsheets that it is UTF-8; some take it for the system's own code otherwise.
    """
    yield BYTE_ORDER_MARK + _csv([COLUMNS])
    for rows in parts:
        yield _csv([_cells(issue, address(issue)) for issue in rows])


def json_lines_of(parts: Iterable[Sequence[IssueText]], address: Address) -> Iterator[str]:
    """A JSON object a line, some lines at a time."""
    for rows in parts:
        yield "".join(f"{_line(issue, address(issue))}\n" for issue in rows)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what begins like one.

    Also before what begins like that behind apostrophes, so that taking one away gives the text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def listed(names: Iterable[str]) -> str:
    """Names in one cell: those with a comma or a quotation mark in quotation marks, as CSV has it for cells."""
    return ", ".join('"' + name.replace('"', '""') + '"' if set(name) & set(',"') else name for name in names)


def _cells(issue: IssueRow, url: str) -> list[str]:
    values: dict[str, Any] = {name: getattr(issue, name, "") for name in COLUMNS}
    values["author"] = issue.author.name
    values["assignees"] = listed(person.name for person in issue.assignees)
    values["labels"] = listed(label.name for label in issue.labels)
    values["milestone"] = issue.milestone.title if issue.milestone else ""
    values["parent"] = issue.parent.key if issue.parent else ""
    values["url"] = url
    return [_cell(value) for value in values.values()]


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else guarded(str(value))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    sheet = StringIO()
    csv.writer(sheet).writerows(rows)
    return sheet.getvalue()


def _line(issue: IssueText, url: str) -> str:
    return IssueLine.model_validate(issue).model_copy(update={"url": url}).model_dump_json()
