"""Another server to stand beside Cairn, as a file describes it.

    name = "peer"
    folder = "../peer"                # from the file; where its commands run
    ready = "/health"
    prepare = [["psql", "{database}", "-v", "issues={issues}", "-f", "seed.sql"]]
    command = ["bin/uvicorn", "app:app", "--port", "{port}", "--workers", "2"]
    [environment]
    DATABASE_URL = "{database}"
    [login]                           # takes a bearer token
    path = "/auth/login"
    form = { username = "user1@example.com", password = "password123" }
    token = "access_token"
    [looks."JSON project"]            # the name of a look at Cairn
    path = "/projects/{place}"
    places = [2, 3, 4]
    [looks."create by JSON"]
    path = "/projects/{place}/issues"
    places = [2, 3, 4]
    json = { title = "Made issue" }
    status = 201

It gets a new database on an embedded PostgreSQL of its own: `{database}` is its address.
"""

import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.looks import Look
from bench.served import Server, free_port
from bench.visitors import Request
from webapp import embedded


class Peer(Server):
    """The server that a file describes."""

    def __init__(self, path: Path, kept: Path, issues: int) -> None:
        self.told = tomllib.loads(path.read_text())
        self.name = str(self.told["name"])
        home = kept / f"peer-{self.name}"
        shutil.rmtree(home, ignore_errors=True)
        self.lease = embedded.acquire(home)
        port = free_port()
        names = {"port": port, "issues": issues, "database": self.lease.url().replace("+psycopg2", "")}
        folder = path.parent / self.told.get("folder", ".")
        env = {**os.environ, **_filled(self.told.get("environment", {}), names)}
        for command in _filled(self.told.get("prepare", []), names):
            subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        super().__init__(_filled(self.told["command"], names), folder, env, port, home.with_suffix(".log"))
        (pid_file,) = home.glob("data*/postmaster.pid")
        self.postmaster = int(pid_file.read_text().split()[0])
        self.headers: dict[str, str] = {}

    def ready(self) -> None:
        """Wait until it answers, and log in."""
        self.wait(self.told.get("ready", "/"))
        if login := self.told.get("login"):
            answer = self.ask(self._request(login, login["path"]))
            self.headers["Authorization"] = f"Bearer {json.loads(answer.body)[login['token']]}"

    def looks(self) -> list[Look]:
        """What the file says it can be asked."""
        return [
            Look(name, self._batch(told), expected=(told.get("status", 200),))
            for name, told in self.told["looks"].items()
        ]

    def stop(self) -> None:
        """End it, and its PostgreSQL."""
        super().stop()
        self.lease.release()

    def _batch(self, told: dict[str, Any]) -> Callable[[], Sequence[Request]]:
        paths = [told["path"].replace("{place}", str(place)) for place in told.get("places", [0])]
        return lambda: [self._request(told, path) for path in paths] * 4

    def _request(self, told: dict[str, Any], path: str) -> Request:
        headers, body = {**self.headers, **told.get("headers", {})}, None
        if "json" in told:
            headers["Content-Type"], body = "application/json", json.dumps(told["json"])
        if "form" in told:
            headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(told["form"])
        return Request(path, told.get("method", "POST" if body else "GET"), headers, body)


def _filled(told: Any, names: dict[str, Any]) -> Any:
    """With the names in braces replaced, in all texts of a list or a table."""
    if isinstance(told, str):
        return re.sub(r"\{(\w+)\}", lambda found: str(names.get(found[1], found[0])), told)
    if isinstance(told, list):
        return [_filled(one, names) for one in told]
    if isinstance(told, dict):
        return {name: _filled(one, names) for name, one in told.items()}
    return told
