"""Clients that go on at once, each in a thread, for as long as a block takes."""

import threading
from typing import Self


class Crowd:
    """What one of them does says `_go_on`, which returns soon after `_over` is set."""

    def __init__(self, clients: int) -> None:
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=(number,)) for number in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, client: int) -> None:
        raise NotImplementedError
