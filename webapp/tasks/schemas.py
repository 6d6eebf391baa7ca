from webapp.types import Out, Slice


class TaskOut(Out):
    """`line` counts the lines of the text from 0."""

    line: int
    text: str
    done: bool


class TasksOut(Slice[TaskOut]):
    done: int
