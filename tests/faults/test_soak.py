"""Memory, descriptors and the log over some time: flat, once all that is kept is there. `SOAK_MINUTES` says how long."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger, settle

pytestmark = pytest.mark.faults

MINUTES = float(os.environ.get("SOAK_MINUTES", "5"))
WARM = 0.4  # of the time
# Shares by which the second half of the rest may be above the first: memory is handed out in heaps.
GROWTH, MORE_FILES = 0.10, 4
EACH = 10  # looked at so often, in the whole time
LINE = 200  # bytes of log a request


@dataclass(frozen=True)
class Look:
    memory: float  # MiB, what each process has for itself and its share of what they have together
    files: int
    written: int
    requests: int


def looked_at(server, ledger):
    return Look(
        sum(map(memory, server.workers)), max(map(files, server.workers)), server.log.stat().st_size, len(ledger.sent)
    )


def memory(pid):
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_r27_soak_nothing_grows(server, ada, project, tell):
    looks = []
    with Ledger(server, ada, project) as ledger:
        for _ in range(EACH):
            time.sleep(MINUTES * 60 / EACH)
            looks.append(looked_at(server, ledger))
            for path in (f"{project}/issues", project, f"{project}/board", "/"):
                server.ask("GET", path, by=ada, page=True)
    settle(ledger, server.database)
    steady = looks[int(EACH * WARM) :]
    half = len(steady) // 2
    before, after = mean(steady[:half]), mean(steady[half:])
    first, last = steady[0], steady[-1]
    each = (last.written - first.written) / (last.requests - first.requests)
    tell(
        f"R27 soak of {MINUTES:g} min",
        f"{last.requests} requests, memory {first.memory:.0f} → {last.memory:.0f} MiB, "
        f"descriptors {first.files} → {last.files}, {each:.0f} bytes of log a request",
    )
    assert after <= before * (1 + GROWTH), [round(one.memory) for one in looks]
    assert max(one.files for one in steady) <= first.files + MORE_FILES, [one.files for one in looks]
    assert each < LINE


def mean(looks):
    return sum(one.memory for one in looks) / len(looks)
