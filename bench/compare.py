"""Sets two commits, or a commit and other servers, against each other: `python -m bench compare BEFORE AFTER`.

BEFORE and AFTER are commits, tags or folders. Each is served as it is delivered, with two workers and the settings of
production, on a copy of one made-up tracker that its own migrations bring up to date; BEFORE makes it, once, so name
the older one first. What is measured is CPU, of the application and of PostgreSQL, in rounds that take turns, so that
noise on the machine falls on all alike. The client's own work is not counted. Ratios are told against the last
version: over 1, it costs less.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import calls
from bench.checkouts import KEPT, checkout, copied, tracker
from bench.looks import Look, looks
from bench.peers import Peer
from bench.served import Cairn, Server, Used, stopping

ISSUES = 20_000
Round = dict[str, float]
# What is counted in the process: the first requests only fill what is kept.
COUNTED = 6


def measured(server: Server, look: Look, seconds: float) -> Round:
    """What one request took on average, within batches of some seconds together: seconds of CPU, and bytes."""
    used, number, size = Used(0.0, 0.0), 0, 0
    connections = server.connections()
    end = time.monotonic() + seconds
    while not number or time.monotonic() < end:
        if look.before and isinstance(server, Cairn):
            server.run(look.before)
        batch = look.batch()
        before = server.used()
        size += server.ask_all(batch, look.expected, connections)
        spent = server.used().since(before)
        used = Used(used.application + spent.application, used.database + spent.database)
        number += len(batch)
    for connection in connections:
        connection.close()
    return {
        "application": used.application / number, "database": used.database / number,
        "cpu": (used.application + used.database) / number, "bytes": size / number, "requests": number,
    }  # fmt: skip


def in_turn(servers: dict[str, Server], each: dict[str, Look], rounds: int, seconds: float) -> dict[str, list[Round]]:
    """The rounds of each server that knows this look, after one that is not counted."""
    known = [name for name in servers if name in each]
    done: dict[str, list[Round]] = {name: [] for name in known}
    for turn in range(-1, rounds):
        for name in known if turn % 2 else reversed(known):
            found = measured(servers[name], each[name], seconds)
            if turn >= 0:
                done[name].append(found)
    return done


def counts(server: Cairn, asked: Sequence[Look]) -> dict[str, Any]:
    """Calls and statements of each look, in a process of the server's own code."""
    host = {"Host": f"127.0.0.1:{server.port}"}
    # First without changes: until the first one, what somebody has already is what would be answered.
    still = sorted(asked, key=lambda look: bool(look.before))
    sent = [
        {"name": look.name, "before": look.before,
         "requests": [{**asdict(one), "headers": {**one.headers, **host}} for one in _some(look)]}
        for look in still
    ]  # fmt: skip
    command = [sys.executable, "-P", calls.__file__, server.dsn]
    env = {**server.environment, "PYTHONPATH": str(server.code)}
    with server.log.open("a") as log:
        done = subprocess.run(  # noqa: S603
            command, cwd=server.code, env=env, input=json.dumps(sent), stdout=subprocess.PIPE, stderr=log, text=True,
            check=True,
        )  # fmt: skip
    return dict(json.loads(done.stdout))


def _some(look: Look) -> list[Any]:
    """So many requests of the same kind and, where that is no change, of the same address."""
    batch: list[Any] = []
    while len(batch) < COUNTED:
        batch += look.batch()
    return batch[:1] * COUNTED if batch[0].method == "GET" else batch[:COUNTED]


def _against(measure: str, name: str, took: dict[str, Any]) -> str:
    return _ratios(took[name], took[measure]) if name in took else "–"


def head(names: Sequence[str], measure: str) -> str:
    """The beginning of the table: each server, and what each costs next to the one named as the measure."""
    ratios = [f"{name} : {measure}" for name in names if name != measure]
    cells = ["CPU in ms: application + PostgreSQL", *names, *ratios, "calls", "statements", "bytes"]
    return "| " + " | ".join(cells) + " |\n" + "|---" * len(cells) + "|"


def row(look: str, told: dict[str, Any], names: Sequence[str], measure: str) -> str:
    """A line of it."""
    took = {name: one["rounds"] for name, one in told.items()}
    cells = [_milliseconds(took[name]) if name in took else "–" for name in names]
    cells += [_against(measure, name, took) for name in names if name != measure]
    for kind in ("calls", "statements"):
        cells.append(" → ".join(str(own[kind]) for own in told.values() if kind in own))
    cells.append(" → ".join(map(_bytes, took.values())))
    return f"| {look} | " + " | ".join(cells) + " |"


def _bytes(rounds: Sequence[Round]) -> str:
    return f"{statistics.median(one['bytes'] for one in rounds):.0f}"


def _milliseconds(rounds: Sequence[Round]) -> str:
    application, database = (statistics.median(one[part] for one in rounds) for part in ("application", "database"))
    return f"{application * 1000:.2f} + {database * 1000:.2f}"


def _ratios(rounds: Sequence[Round], measure: Sequence[Round]) -> str:
    """The median of the rounds' ratios, the least and the most."""
    ratios = [one["cpu"] / other["cpu"] for one, other in zip(rounds, measure, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def compare(servers: dict[str, Server], given: argparse.Namespace) -> dict[str, Any]:
    """Measure all looks, print a line for each, and return every round's figures."""
    asked = {name: _asked(server) for name, server in servers.items()}
    wanted = [name for name in next(iter(asked.values())) if given.only in name]
    inside = _inside(servers, asked, wanted)
    told: dict[str, Any] = {}
    names, measure = list(servers), list(inside)[-1]
    print(head(names, measure))
    for look in wanted:
        each = {name: own[look] for name, own in asked.items() if look in own}
        rounds = in_turn(servers, each, given.rounds, given.seconds)
        told[look] = {name: {"rounds": own, **inside.get(name, {}).get(look, {})} for name, own in rounds.items()}
        print(row(look, told[look], names, measure), flush=True)
    return {"looks": told, "memory": _memory(servers)}


def _inside(servers: dict[str, Server], asked: dict[str, dict[str, Look]], wanted: list[str]) -> dict[str, Any]:
    """What each answer takes of ours: calls and statements."""
    ours = {name: server for name, server in servers.items() if isinstance(server, Cairn)}
    return {name: counts(server, [asked[name][look] for look in wanted]) for name, server in ours.items()}


def _memory(servers: dict[str, Server]) -> dict[str, float]:
    memory = {name: server.memory() for name, server in servers.items()}
    print("\nMemory after that (PSS): " + ", ".join(f"{name} {taken:.0f} MiB" for name, taken in memory.items()))
    return memory


def _asked(server: Server) -> dict[str, Look]:
    found = looks(server) if isinstance(server, Cairn) else server.looks() if isinstance(server, Peer) else []
    return {look.name: look for look in found}


def started(given: argparse.Namespace) -> dict[str, Server]:
    """The servers that are named, the first one's tracker made if it is not there yet."""
    given.kept.mkdir(parents=True, exist_ok=True)
    codes = [checkout(named, given.kept) for named in given.versions]
    made = tracker(codes[0], given.issues, given.kept)
    servers: dict[str, Server] = {}
    for place, (named, code) in enumerate(zip(given.versions, codes, strict=True)):
        name = named if named not in servers else f"{named} again"
        servers[name] = Cairn(code, copied(made, f"run-{place}", given.kept))
    for path in given.peer:
        peer = Peer(Path(path), given.kept, given.issues)
        servers[peer.name] = peer
    return servers


def main() -> None:
    """Read the arguments and compare."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("versions", nargs="+", metavar="VERSION", help="Commit, tag or folder; the oldest first.")
    reader.add_argument("--peer", action="append", default=[], help="A file that describes another server.")
    reader.add_argument("--issues", type=int, default=ISSUES)
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--seconds", type=float, default=1.5, help="How long a round of one look lasts.")
    reader.add_argument("--only", default="", help="Looks whose names have this in them.")
    reader.add_argument("--kept", type=Path, default=KEPT, help="Where checkouts and trackers are kept.")
    reader.add_argument("--json", type=Path, help="Where every round's figures are written.")
    given = reader.parse_args()
    with ExitStack() as ending:
        servers = started(given)
        ending.enter_context(stopping(list(servers.values())))
        for server in servers.values():
            server.ready()
        told = compare(servers, given)
    if given.json:
        given.json.write_text(json.dumps(told, indent=1))
