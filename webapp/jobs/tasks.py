"""What workers know how to do: functions under names, which features register in their `jobs.py`.

A task may be begun again after it was done: whoever is killed between the two has not told. So it must find out what
is done already, or do it in a way that the second time changes nothing. It runs in an application context, and opens
its own transactions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

# Where the wait is: nowhere but at the database, unless a task says another.
INSIDE = "inside"
# Eight tries over 24 hours. In seconds after the one before; the first is at once.
DELAYS = (0, 10, 60, 300, 1800, 7200, 21600, 54000)
# Seconds after which a job that still runs hangs.
LIMIT = 300

Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Task:
    """A function under its name. `every` are the seconds of a slot, for one that comes round by itself.

    `limit` are the seconds after which it hangs, where that is another number than for all.

    What waits for a job says so somewhere: `given_up` notes there that it was tried for the last time, `revived` that
    it is tried again. Both get its `args`, in the transaction that makes it so.
    """

    name: str
    function: Callable[..., object]
    attempts: int = len(DELAYS)
    lane: str = INSIDE
    every: int = 0
    limit: float | None = None
    given_up: Callable[..., object] | None = None
    revived: Callable[..., object] | None = None


TASKS: dict[str, Task] = {}


def task(
    name: str,
    *,
    attempts: int = len(DELAYS),
    lane: str = INSIDE,
    given_up: Callable[..., object] | None = None,
    revived: Callable[..., object] | None = None,
) -> Callable[[Function], Function]:
    """Let workers do this function for jobs of the name; it gets their `args` by name.

    An exception is a try that failed: it is tried again after a pause, until it was tried so often. Tasks that wait
    for other machines have a `lane` of their own, whose jobs follow one another while those of other lanes go on.
    """
    return _registering(lambda function: Task(name, function, attempts, lane, given_up=given_up, revived=revived))


def periodic(
    name: str, *, every: int, lane: str = INSIDE, limit: float | None = None
) -> Callable[[Function], Function]:
    """Let workers do this function once in each slot of so many seconds: one of them, however many there are.

    Slots that pass while no worker runs are not made up for.
    """
    return _registering(lambda function: Task(name, function, lane=lane, every=every, limit=limit))


def give_up(name: str, args: Mapping[str, Any]) -> None:
    """Note that a job was tried for the last time, where something waits for it."""
    known = TASKS.get(name)
    if known is not None and known.given_up is not None:
        known.given_up(**args)


def revive(name: str, args: Mapping[str, Any]) -> None:
    """Note that what was given up is tried again."""
    known = TASKS.get(name)
    if known is not None and known.revived is not None:
        known.revived(**args)


def _registering(made: Callable[[Function], Task]) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        known = made(function)
        former = TASKS.get(known.name)
        if former is not None and _place(former.function) != _place(function):
            mistake = f"Two tasks are called {known.name}."
            raise ValueError(mistake)
        TASKS[known.name] = known
        return function

    return register


def _place(function: Any) -> tuple[str, str]:
    """Where it is defined: a module that is loaded anew registers the same again."""
    return function.__module__, function.__qualname__
