"""Task lists: which tasks a text has, and the text with some of them done.

A box stands in the HTML disabled, with the line of its task; the HTML is the same for all readers. For those
who may tick it, `tickable` makes it a field of a form.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from webapp.text.markdown import read, tidy

# So many boxes of a text can be ticked: each may need two of the fields that a form may have.
MOST = 400

# What stands before a task's mark: quotes, lists and footnotes that begin in the same line.
_MARK = re.compile(r"(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|\[\^[^\]\s]+\]:)*\[([ xX])\](?=[ \t])")
_ANY_MARK = re.compile(r"\[[xX]\]")
# Nothing that people write comes out like this: the sanitiser writes each < of a text and each " in an
# attribute as a reference.
_BOX = re.compile(r'<input type="checkbox" disabled="" (checked="" )?aria-label="([^"]*)" data-line="([0-9]+)">')


@dataclass(frozen=True, slots=True)
class Task:
    """An item of a task list; lines count from 0."""

    line: int
    text: str
    done: bool


def tasks(source: str) -> list[Task]:
    """The tasks of a text, in their order."""
    lines = tidy(source).split("\n")
    items = [token.meta for token in read(source) if token.type == "list_item_open" and "line" in token.meta]
    return [Task(one["line"], one["label"], one["checked"]) for one in items if _MARK.match(lines[one["line"]])]


def ticked(source: str, wanted: Mapping[int, bool]) -> str:
    """The text with the tasks of these lines done, or not done. All of them are lines of `tasks`."""
    lines = tidy(source).split("\n")
    for number, done in wanted.items():
        if mark := _MARK.match(lines[number]):
            lines[number] = f"{lines[number][: mark.start(1)]}{'x' if done else ' '}{lines[number][mark.end(1) :]}"
    return "\n".join(lines)


def wanted(tasks: Collection[Task], done: Collection[int], was: Collection[int] | None) -> dict[int, bool]:
    """Which lines to change so that these are done; `was` are those that were when the choice was made.

    What others ticked since then stays as it is. Lines without a task may be among the answer.
    """
    before = {task.line for task in tasks if task.done} if was is None else set(was)
    after = set(done)
    return {line: line in after for line in sorted(before ^ after)}


def sum_of(source: str) -> str:
    """A short sum of a text that is the same whatever tasks are done: who ticks need not fear who ticks, too."""
    told = _ANY_MARK.sub("[ ]", tidy(source))
    return urlsafe_b64encode(sha256(told.encode()).digest()[:9]).decode()


def tickable(html: str) -> str:
    """Rendered HTML whose boxes are fields of a form: `done` where they are ticked, `was` where they were."""
    return _BOX.sub(_field, html, count=MOST)


def _field(box: re.Match[str]) -> str:
    checked, label, line = box.groups()
    was = f'<input type="hidden" name="was" value="{line}">' if checked else ""
    return f'<input type="checkbox" name="done" value="{line}" {checked or ""}aria-label="{label}">{was}'
