"""What has to be done at the end, whichever that is."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def finally_doing(act: Callable[[], object]) -> Iterator[None]:
    """Do it when the block ends, or when the program does: Ctrl-C ends that where it is, and passes by all blocks."""
    atexit.register(act)
    try:
        yield
    finally:
        atexit.unregister(act)
        act()
