from webapp.types import Out


class TaskOut(Out):
    """`line` counts the lines of the text from 0."""

    line: int
    text: str
    done: bool


class TasksOut(Out):
    items: list[TaskOut]
    done: int
    total: int
