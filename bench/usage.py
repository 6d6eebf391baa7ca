"""What processes use, as Linux counts it in /proc."""

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
PPID, OWN, WAITED_FOR = 1, slice(11, 13), slice(13, 15)  # in `stat`, counted behind the name


def cpu(root: int, without: int = 0) -> float:
    """Seconds of CPU, user and system, of a process and all below it, with those that ended and were waited for.

    `without`: a process below whose tree is not meant.
    """
    stats = _stats()
    return sum(
        max(_scheduled(pid), _ticks(stats[pid][OWN])) + _ticks(stats[pid][WAITED_FOR])
        for pid in _tree(stats, root, without)
    )


def memory(root: int, without: int = 0) -> float:
    """The MiB that a process and all below it take: what they share is counted once (PSS)."""
    total = 0
    for pid in _tree(_stats(), root, without):
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", (PROC / str(pid) / "smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
    return total / 1024


def _stats() -> dict[int, list[str]]:
    found = {}
    for name in os.listdir(PROC):
        if name.isdigit():
            with contextlib.suppress(OSError):
                found[int(name)] = (PROC / name / "stat").read_text().rpartition(")")[2].split()
    return found


def _tree(stats: dict[int, list[str]], root: int, without: int) -> Iterator[int]:
    children = defaultdict(list)
    for pid, stat in stats.items():
        children[int(stat[PPID])].append(pid)
    waiting = [root] if root in stats else []
    while waiting:
        pid = waiting.pop()
        if pid != without:
            yield pid
            waiting += children[pid]


def _ticks(numbers: list[str]) -> float:
    return sum(map(int, numbers)) / TICK


def _scheduled(pid: int) -> float:
    """The same for the threads that are there, to the nanosecond: a tick is as long as ten short answers."""
    total = 0
    with contextlib.suppress(OSError):
        for thread in os.listdir(PROC / str(pid) / "task"):
            with contextlib.suppress(OSError):
                total += int((PROC / str(pid) / "task" / thread / "schedstat").read_text().split()[0])
    return total / 1e9
