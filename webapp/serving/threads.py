"""Threads that answer: begun as they are needed, each waiting for the next request after that."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

# What is to be done, or that a thread shall end.
Task = tuple[Callable[..., None], tuple[Any, ...]] | None


class Threads:
    """Do what they are given, nothing of which may raise. Whoever submits sees to it that it is not more than `most`.

    The standard library's pool makes a future for each task, with a lock and a condition; nobody waits for it here.
    """

    def __init__(self, most: int) -> None:
        self.most, self._begun = most, 0
        self._tasks: SimpleQueue[Task] = SimpleQueue()
        self._idle, self._beginning = threading.Semaphore(0), threading.Lock()

    def submit(self, work: Callable[..., None], *given: Any) -> None:
        """Have one thread do it, which is begun if all are busy."""
        self._tasks.put((work, given))
        if not self._idle.acquire(blocking=False):
            self._begin_another()

    def _begin_another(self) -> None:
        with self._beginning:
            if self._begun < self.most:
                self._begun += 1
                threading.Thread(target=self._do, name=f"answers-{self._begun}").start()

    def shutdown(self, wait: bool = False) -> None:
        """Let each thread end after what it does; `wait` is gunicorn's, which waits for nobody."""
        for _ in range(self._begun):
            self._tasks.put(None)

    def _do(self) -> None:
        while task := self._tasks.get():
            work, given = task
            work(*given)
            del task, work, given
            self._idle.release()
