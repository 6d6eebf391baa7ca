"""Tasks in the text of an issue or comment are ticked: the text changes by just their marks."""

from dataclasses import dataclass

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import Invalid, Overtaken
from webapp.history import service as history
from webapp.issues import editing
from webapp.issues.rows import IssueDetail
from webapp.issues.saving import Save, keep
from webapp.issues.schemas import TicksIn
from webapp.issues.service import get
from webapp.projects.service import ProjectRow
from webapp.text import tasks

# An event tells no more items than anybody reads.
TOLD = 20


@dataclass(frozen=True, slots=True)
class Ticked:
    """A text after its tasks were ticked, and the words of those that are done now, or no longer."""

    text: str
    added: list[str]
    removed: list[str]

    @property
    def told(self) -> dict[str, list[str]]:
        """An event's data."""
        return {"added": self.added[:TOLD], "removed": self.removed[:TOLD]}


@transaction
def tick(project: ProjectRow, number: int, ticks: TicksIn, by: Viewer) -> IssueDetail:
    """Tick tasks of an issue's text. Ticking what is ticked changes nothing."""
    row, before = editing.locked(project, number, by)
    require(by, Do.EDIT_ISSUE, project, before.author.id)
    ticked = after(row.body, row.version, ticks)
    if ticked.added or ticked.removed:
        history.keep(row.id, None, row.version, row.body, by)
        row.body, row.body_html, row.html_version = ticked.text, None, None
        keep(Save(row, before, {}, project, by, events={"ticked": ticked.told}))
    return get(project, number, by)


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
        added=[task.text for task in changed if not task.done],
        removed=[task.text for task in changed if task.done],
    )
