from collections.abc import Sequence
from dataclasses import dataclass

from webapp.text.tasks import Task, tasks


@dataclass(frozen=True, slots=True)
class TaskList:
    """The tasks of a text."""

    items: Sequence[Task]

    @property
    def done(self) -> int:
        return sum(task.done for task in self.items)

    @property
    def total(self) -> int:
        return len(self.items)


def of(text: str) -> TaskList:
    """What there is to do in a text."""
    return TaskList(tasks(text))
