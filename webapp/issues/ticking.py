"""Tasks in the text of an issue or comment are ticked: the text changes by just their marks."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import Invalid, Overtaken
from webapp.events import kinds
from webapp.history import service as history
from webapp.issues import editing
from webapp.issues.rows import IssueDetail
from webapp.issues.saving import Save, keep
from webapp.issues.schemas import TicksIn
from webapp.issues.service import get, read
from webapp.projects.service import ProjectRow
from webapp.text import tasks
from webapp.text.cache import kept

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

    def told(self, comment_id: int | None = None) -> kinds.Ticked:
        """The event that tells of it, in a comment or else in an issue."""
        return kinds.Ticked(self.added[:TOLD], self.removed[:TOLD], comment_id)


def tick(project: ProjectRow, number: int, ticks: TicksIn, by: Viewer) -> IssueDetail:
    """Tick tasks of an issue's text. Ticking what is ticked changes nothing."""

    def ticked() -> bool:
        seen = read(project, number, by)
        require(by, Do.EDIT_ISSUE, project, seen.author.id)
        return _tick(project, number, after(seen.body, seen.version, ticks), by)

    in_few_tries(ticked)
    return get(project, number, by)


@transaction
def _tick(project: ProjectRow, number: int, ticked: Ticked, by: Viewer) -> bool:
    """Write it, unless the issue has become another since its text was read."""
    before = editing.locked(project, number, by)
    require(by, Do.EDIT_ISSUE, project, before.author.id)
    if before.version != ticked.version:
        return False
    if ticked.added or ticked.removed:
        history.keep(before.id, None, before.version, before.body, by)
        values = {"body": ticked.text, **kept(None)}
        told = ticked.told()
        keep(Save(before, {}, project, by, values=values, events={told.kind: told}))
    return True


def in_few_tries(ticked: Callable[[], bool]) -> None:
    """Tick anew what somebody else changed before it was written: a text is read before its row is taken."""
    if not any(ticked() for _ in range(TRIES)):
        raise Overtaken("Others change this text at this moment. Look at it again, then tick.")


def after(text: str, version: int, ticks: TicksIn) -> Ticked:
    """What becomes of a text.

    Raises Conflict if it is no longer the one that was ticked, Invalid for a line without a task.
    """
    same_text = ticks.base is None or ticks.base == tasks.sum_of(text)
    if not same_text or ticks.version not in (None, version):
        raise Overtaken("Somebody else changed this text meanwhile. Look at it again, then tick.")
    there = tasks.tasks(text)
    by_line = {task.line: task for task in there}
    wanted = tasks.wanted(there, ticks.done, ticks.was)
    for line in wanted:
        if line not in by_line:
            raise Invalid.on("done", f"names line {line}, which has no task.")
    changed = [by_line[line] for line, done in wanted.items() if by_line[line].done != done]
    return Ticked(
        tasks.ticked(text, {task.line: not task.done for task in changed}),
        version,
        added=[task.text for task in changed if not task.done],
        removed=[task.text for task in changed if task.done],
    )
