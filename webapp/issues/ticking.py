"""Tasks in the text of an issue or comment are ticked: the text changes by just their marks."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.errors import Invalid, Overtaken
from webapp.events import kinds
from webapp.i18n import _
from webapp.issues.schemas import TicksIn
from webapp.text import tasks

# An event tells no more items than anybody reads.
TOLD = 20
TRIES = 5


@dataclass(frozen=True, slots=True)
class Ticked:
    """A text after its tasks were ticked, and the words of those that are done now, or no longer.

    `version` is what it was before.
    """

    text: str
    version: int
    added: list[str]
    removed: list[str]

    def event(self, comment_id: int | None = None) -> kinds.Ticked:
        """The event that tells of it, in a comment or else in an issue."""
        return kinds.Ticked(self.added[:TOLD], self.removed[:TOLD], comment_id)


def in_few_tries(ticked: Callable[[], bool]) -> None:
    """Tick anew what somebody else changed before it was written: a text is read before its row is taken."""
    if not any(ticked() for _try in range(TRIES)):
        raise Overtaken(_("Others change this text at this moment. Look at it again, then tick."))


def after(text: str, version: int, ticks: TicksIn) -> Ticked:
    """What becomes of a text.

    Raises Conflict if it is no longer the one that was ticked, Invalid for a line without a task.
    """
    if ticks.base not in (None, tasks.sum_of(text)) or ticks.version not in (None, version):
        raise Overtaken(_("Somebody else changed this text meanwhile. Look at it again, then tick."))
    changed = _changed(text, ticks)
    return Ticked(
        tasks.ticked(text, {task.line: not task.done for task in changed}),
        version,
        added=[task.text for task in changed if not task.done],
        removed=[task.text for task in changed if task.done],
    )


def _changed(text: str, ticks: TicksIn) -> list[tasks.Task]:
    """The tasks that are done now, or no longer, as they were before."""
    there = tasks.tasks(text)
    by_line = {task.line: task for task in there}
    wanted = tasks.wanted(there, ticks.done, ticks.was)
    for line in wanted:
        if line not in by_line:
            raise Invalid.on("done", _("names line %(line)s, which has no task.", line=line))
    return [by_line[line] for line, done in wanted.items() if by_line[line].done != done]
