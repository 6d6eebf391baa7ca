"""The hosts of deploy/ha on one machine: three databases, three applications, a balancer, and a store for files.

    python -m tests.faults.lab

stands them up by the very files that are meant for real hosts, says how they are reached, and takes them down with
Ctrl-C. Needs root, and Debian's patroni, etcd-server, haproxy, pgbouncer and postgresql-15.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import boto3
import psycopg2

from tests.databases import connected
from tests.faults.laid import (
    ADDRESSES,
    APPLICATIONS,
    DATABASES,
    FRONT,
    OUTSIDE,
    PATH,
    SITE,
    STORE,
    Laid,
    folder,
    programs,
)
from tests.faults.ledger import wait
from tests.faults.network import Host, network
from webapp.config import ROOT

NEEDED = ("patroni", "etcd", "haproxy", "pgbouncer", "ip", "nsenter", "setpriv", "openssl")
POSTGRES = "postgres"


def lacking() -> str:
    """What this machine has not got for it; empty if all is there."""
    if os.geteuid() != 0:
        return "only root may make networks"
    missing = [name for name in NEEDED if shutil.which(name, path=PATH) is None]
    if not programs():
        missing.append("PostgreSQL of Debian")
    return f"lacks {', '.join(missing)}" if missing else ""


class Lab(Laid):
    """All of it; `hosts` can be broken. Whatever a supervisor would start again, is only started by `revive`."""

    def __init__(self, folder: Path, hosts: dict[str, Host]) -> None:
        super().__init__(folder)
        self.hosts, self.outside = hosts, hosts[OUTSIDE]
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.url = f"postgresql://cairn:{self.secrets['DB_PASSWORD']}@%s/cairn"

    # What runs.

    def stand_up(self) -> None:
        for name in self.hosts:
            self.home(name).mkdir()
            shutil.chown(self.home(name), POSTGRES, POSTGRES)
            self.home(name).chmod(0o700)
        for name in DATABASES:
            self.begin_etcd(name)
        self.begin_store()
        for name in DATABASES:
            self.begin_patroni(name)
        wait(self.is_whole)
        self.make_database()
        self.begin_front()
        self.command("prepare")
        for name in APPLICATIONS[1:]:
            self.begin_application(name)
        self.begin_application(APPLICATIONS[0])
        wait(self.is_served)

    def begin_etcd(self, name: str) -> None:
        environ = self.environ(self.lay(name, "etcd.env"))
        self.hosts[name].run(["etcd"], self.home(name) / "etcd.log", environ, POSTGRES)

    def begin_patroni(self, name: str) -> None:
        file = self.lay(name, "patroni.yml")
        shutil.chown(file, POSTGRES, POSTGRES)
        self.hosts[name].run(["patroni", file], self.home(name) / "patroni.log", self.environ(), POSTGRES)

    def begin_application(self, name: str, *, pooled: bool = True) -> None:
        """All of an application host, with or without pgbouncer before its database."""
        home, host = self.home(name), self.hosts[name]
        self.begin_way(name)
        environ = self.environ(self.lay(name, "cairn.env")) | {
            "WEB_CONCURRENCY": "1", "LIMIT_FACTOR": "0", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        beside = environ | self.environ(self.lay(name, "cairn-worker.env"))
        gunicorn = (
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            ROOT / "gunicorn.conf.py",
            "--chdir",
            ROOT,
            "wsgi:app",
        )
        host.run(gunicorn, home / "cairn.log", environ if pooled else beside)
        worker = (sys.executable, "-m", "flask", "--app", ROOT / "wsgi", "worker")
        self.workers[name] = host.run(worker, home / "worker.log", beside)

    def begin_way(self, name: str) -> None:
        """HAProxy and pgbouncer, unless they are there; Cairn ends if it finds nobody, and systemd would start it again."""
        home, host = self.home(name), self.hosts[name]
        if any(process.poll() is None for process in host.processes):
            return
        host.run(
            ["haproxy", "-db", "-f", self.lay(name, "haproxy-postgresql.cfg")], home / "haproxy.log", self.environ()
        )
        (home / "userlist.txt").write_text(f'"cairn" "{self.secrets["DB_PASSWORD"]}"\n')
        shutil.chown(home / "userlist.txt", POSTGRES, POSTGRES)
        ini = self.lay(name, "pgbouncer.ini")
        host.run(["pgbouncer", ini], home / "pgbouncer.log", self.environ(), POSTGRES)
        wait(lambda: host.answers(5000) and host.answers(6432))

    def begin_front(self) -> None:
        home = self.home(FRONT)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={SITE}", "-keyout", home / "key.pem", "-out", home / "cert.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        (home / "site.pem").write_text((home / "cert.pem").read_text() + (home / "key.pem").read_text())
        command = ("haproxy", "-db", "-f", self.lay(FRONT, "haproxy-site.cfg"))
        self.hosts[FRONT].run(command, home / "haproxy.log", self.environ())

    def begin_store(self) -> None:
        """A bucket elsewhere, as a provider has it."""
        here = ADDRESSES[STORE]
        command = (Path(sys.executable).parent / "moto_server", "-H", here, "-p", "9000")
        self.hosts[STORE].run(command, self.home(STORE) / "store.log", self.environ())
        wait(lambda: self.status(STORE, 9000, "/") is not None)
        with self.outside.inside():
            client = boto3.client(
                "s3", endpoint_url=f"http://{here}:9000", region_name="us-east-1",
                aws_access_key_id=self.secrets["FILES_ACCESS_KEY_ID"],
                aws_secret_access_key=self.secrets["FILES_SECRET_ACCESS_KEY"],
            )  # fmt: skip
            client.create_bucket(Bucket="cairn")

    def make_database(self) -> None:
        """As docs/high-availability.md says, on the host that leads."""
        leader = self.leader()
        environ = self.environ() | {
            "DB_PASSWORD": self.secrets["DB_PASSWORD"], "PGPASSWORD": self.secrets["SUPERUSER_PASSWORD"],
            "PGHOST": ADDRESSES[leader],
        }  # fmt: skip
        self.outside.run(["sh", ROOT / "deploy" / "postgres-init.sh"], self.folder / "database.log", environ)
        self._succeed(self.outside, "database.log")

    def command(self, *words: str) -> None:
        """`flask …` on the first application host."""
        name = APPLICATIONS[0]
        self.begin_way(name)
        environ = self.environ(self.lay(name, "cairn.env"))
        self.hosts[name].run(
            [sys.executable, "-m", "flask", "--app", ROOT / "wsgi", *words], self.folder / "command.log", environ
        )
        self._succeed(self.hosts[name], "command.log")

    def _succeed(self, host: Host, log: str) -> None:
        if host.processes.pop().wait():
            raise RuntimeError((self.folder / log).read_text()[-3000:])

    # What it says of itself.

    def status(self, name: str, port: int, path: str) -> int | None:
        """How a host answers there; None if it does not."""
        with suppress(OSError, HTTPException):
            return self.ask(name, port, "GET", path)[0]
        return None

    def ask(
        self,
        name: str,
        port: int,
        method: str,
        path: str,
        body: str | None = None,
        said: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """A request to one host itself, as the balancer would hand it on."""
        headers = {"Host": SITE, "Accept": "application/json", "X-Forwarded-Proto": "https"} | dict(said or {})
        with self.outside.inside(), closing(HTTPConnection(ADDRESSES[name], port, timeout=5)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def leader(self) -> str:
        """Who leads, by its own word; empty if nobody does."""
        return next((name for name in DATABASES if self.status(name, 8008, "/primary") == 200), "")

    def standbys(self) -> list[str]:
        """Who follows the leader by its own word."""
        with suppress(psycopg2.Error, KeyError):
            return self.rows("SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'", owner=True)
        return []

    def synchronous(self) -> list[str]:
        """Who may take the leader's place, as all of Patroni have agreed: PostgreSQL knows a moment sooner."""
        with suppress(OSError, HTTPException):
            _, said = self.ask(next(filter(None, [self.leader(), *DATABASES])), 8008, "GET", "/cluster")
            return [one["name"] for one in json.loads(said)["members"] if one["role"] == "sync_standby"]
        return []

    def is_whole(self) -> bool:
        """Whether one leads and two follow."""
        return len(self.standbys()) == 2

    def is_served(self) -> bool:
        return all(self.status(name, 8000, "/readyz") == 200 for name in APPLICATIONS)

    def fallen(self) -> dict[str, str]:
        """Workers that have ended by themselves, and the last that each of them said."""
        ended = [name for name, worker in self.workers.items() if worker.poll() is not None]
        return {name: (self.home(name) / "worker.log").read_text()[-2000:] for name in ended}

    def rows(self, statement: str, *values: Any, owner: bool = False) -> list[Any]:
        """What the leader says, asked from outside."""
        url = self.url
        if owner:
            url = f"postgresql://postgres:{self.secrets['SUPERUSER_PASSWORD']}@%s/postgres"
        address = f"{url % ADDRESSES[self.leader()]}?connect_timeout=3"
        with self.outside.inside(), closing(connected(address)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [row[0] if len(row) == 1 else row for row in cursor.fetchall()]

    def configure(self, **changes: Any) -> None:
        """Change what all of Patroni obeys, as `patronictl edit-config` does."""
        self._tell_leader("PATCH", "/config", changes)

    def switch_over(self) -> None:
        """Let the synchronous standby lead, as `patronictl switchover` does."""
        self._tell_leader("POST", "/switchover", {"leader": self.leader()})

    def _tell_leader(self, method: str, path: str, body: Any) -> None:
        token = base64.b64encode(f"patroni:{self.secrets['PATRONI_PASSWORD']}".encode()).decode()
        said = {"Content-Type": "application/json", "Authorization": f"Basic {token}"}
        status, answer = self.ask(self.leader(), 8008, method, path, json.dumps(body), said)
        assert status == 200, answer

    def revive(self, name: str) -> None:
        """What systemd does when a database host has power again."""
        self.begin_etcd(name)
        self.begin_patroni(name)


@contextmanager
def lab() -> Iterator[Lab]:
    """Stood up for as long as the block takes."""
    home = folder()
    try:
        with network(ADDRESSES) as hosts:
            made = Lab(home, hosts)
            made.stand_up()
            yield made
    finally:
        shutil.rmtree(home)


def main(arguments: Sequence[str]) -> int:
    if why_not := lacking():
        print(f"This machine {why_not}.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    with suppress(KeyboardInterrupt), lab() as made:
        print(f"Stands after {time.monotonic() - began:.0f} s; logs and settings are in {made.folder}.")
        print(f"Who leads: {made.leader()}. A shell outside: ip netns exec {made.outside.namespace} bash; there:")
        print(f"  curl -k --resolve {SITE}:443:{ADDRESSES[FRONT]} https://{SITE}/projects")
        print(f"  curl http://{ADDRESSES['db1']}:8008/cluster")
        print("Ctrl-C takes all of it down.", flush=True)
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
