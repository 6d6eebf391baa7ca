"""Hosts on one machine: each a network namespace of its own, on a switch that is one, too. Needs root and iproute2.

Addresses are within, so that two runs do not meet. A host can be killed, frozen, and cut off from all or from some.
"""

import ctypes
import os
import signal
import socket
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.clusters import is_running

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


class Host:
    """One machine: what it runs is found by its namespace, whoever has started it."""

    def __init__(self, switch: str, name: str, address: str) -> None:
        self.name, self.address, self._switch = name, address, switch
        self.namespace = switch.removesuffix("switch") + name
        self.processes: list[subprocess.Popen[bytes]] = []
        ip("netns", "add", self.namespace)

    def plug_in(self) -> None:
        ip("link", "add", "eth0", "netns", self.namespace, "type", "veth", "peer", "name", self.name,
           "netns", self._switch)  # fmt: skip
        ip("-n", self._switch, "link", "set", self.name, "master", "bridge", "up")
        ip("-n", self.namespace, "address", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            ip("-n", self.namespace, "link", "set", device, "up")

    def run(
        self, command: Sequence[str | Path], log: Path, environ: Mapping[str, str], account: str | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program there, as another account perhaps."""
        become = ["setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups"] if account else []
        with log.open("ab") as out:
            process = subprocess.Popen(
                ["nsenter", f"--net=/run/netns/{self.namespace}", *become, *command], cwd=log.parent, env=dict(environ),
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.processes.append(process)
        return process

    @property
    def pids(self) -> list[int]:
        """Of all that runs there."""
        return [pid for pid in map(int, ip("netns", "pids", self.namespace).split()) if is_running(pid)]

    def running(self, program: str) -> set[int]:
        """Those of one program, by its name."""
        return {pid for pid in self.pids if Path(f"/proc/{pid}/comm").read_text().strip() == program}

    def kill(self, only: Iterable[int] | None = None) -> None:
        """All that runs there ends at this moment, as with the power; or `only` these."""
        while pids := [pid for pid in self.pids if only is None or pid in only]:
            self._send(pids, signal.SIGKILL)
        for process in self.processes if only is None else ():
            process.wait()

    def freeze(self) -> None:
        """Nothing there moves any more, and its sockets stay open. What is begun meanwhile is frozen, too."""
        frozen: set[int] = set()
        while pids := set(self.pids) - frozen:
            self._send(pids, signal.SIGSTOP)
            frozen |= pids

    def thaw(self) -> None:
        self._send(self.pids, signal.SIGCONT)

    def cut(self) -> None:
        """Pull the plug."""
        ip("-n", self._switch, "link", "set", self.name, "down")

    def mend(self) -> None:
        ip("-n", self._switch, "link", "set", self.name, "up")

    def cut_from(self, others: Iterable["Host"]) -> None:
        """Lose the way to some, and keep that to all others."""
        for other in others:
            ip("-n", self.namespace, "route", "add", "blackhole", f"{other.address}/32")

    def mend_to(self, others: Iterable["Host"]) -> None:
        for other in others:
            ip("-n", self.namespace, "route", "delete", "blackhole", f"{other.address}/32")

    def answers(self, port: int) -> bool:
        """Whether somebody listens there, for the host itself."""
        with self.inside(), suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        return False

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Let this thread open its sockets there; they stay there."""
        with open("/proc/thread-self/ns/net") as before, open(f"/run/netns/{self.namespace}") as here:
            _enter(here.fileno())
            try:
                yield
            finally:
                _enter(before.fileno())

    def remove(self) -> None:
        self.thaw()
        self.kill()
        for process in self.processes:
            process.wait()
        ip("netns", "delete", self.namespace)

    def _send(self, pids: Iterable[int], number: signal.Signals) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def _enter(descriptor: int) -> None:
    if _libc.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


@contextmanager
def network(addresses: Mapping[str, str]) -> Iterator[dict[str, Host]]:
    """These hosts on one switch, for as long as the block takes."""
    _sweep()
    switch = f"cairn-{os.getpid()}-switch"
    hosts: dict[str, Host] = {}
    ip("netns", "add", switch)
    try:
        ip("-n", switch, "link", "add", "bridge", "type", "bridge")
        ip("-n", switch, "link", "set", "bridge", "up")
        for name, address in addresses.items():
            hosts[name] = Host(switch, name, address)
            hosts[name].plug_in()
        yield hosts
    finally:
        for host in hosts.values():
            host.remove()
        ip("netns", "delete", switch)


def _sweep() -> None:
    """Take down what a run has left that was killed."""
    for line in ip("netns", "list").splitlines():
        namespace = line.split()[0]
        of, _, _ = namespace.removeprefix("cairn-").partition("-")
        if namespace.startswith("cairn-") and of.isdigit() and not is_running(int(of)):
            for pid in map(int, ip("netns", "pids", namespace).split()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            ip("netns", "delete", namespace)
