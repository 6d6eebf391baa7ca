"""What goes on in a worker beside its jobs, as long as it does them: features register it in their `jobs.py`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

Begin = Callable[["Flask"], Callable[[], None]]

BESIDE: list[Begin] = []


def begins(begin: Begin) -> None:
    """Let each worker call this when it begins, and what it answers when it ends. Neither may wait for anything."""
    if begin not in BESIDE:
        BESIDE.append(begin)
