"""Costly work is done one after the other in each process, and who would wait for long is told so at once.

Without a gate a handful of requests takes all cores; with a plain lock it takes all threads, to wait in.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from webapp import counting
from webapp.errors import Unavailable


class Gate:
    """`at_once` go through, `waiting` may wait for it for `patience` seconds; all others are refused."""

    def __init__(self, waiting: int, patience: float, refusal: str, at_once: int = 1) -> None:
        self.busy = threading.BoundedSemaphore(at_once)
        self.patience = patience
        self._room = threading.BoundedSemaphore(at_once + waiting)
        self._refusal = refusal

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Do what is costly inside. Raises Unavailable with the sentence of the gate."""
        if not self._room.acquire(blocking=False):
            self._refuse()
        try:
            if not self.busy.acquire(timeout=self.patience):
                self._refuse()
            try:
                yield
            finally:
                self.busy.release()
        finally:
            self._room.release()

    def _refuse(self) -> NoReturn:
        counting.note_unavailable("gate")
        raise Unavailable(self._refusal)
