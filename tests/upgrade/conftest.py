"""Trackers of former versions, brought up to today's by starting today's."""

import hmac
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from tests.embedded.folders import reachable_folder
from tests.faults.clusters import cluster
from tests.make import PASSWORD
from tests.server.running import Server, pytest_runtest_makereport
from tests.upgrade.loading import Release, Rows, loaded, releases, rows
from tests.upgrade.visiting import Visitor
from webapp.embedded import binaries
from webapp.embedded.home import MAJOR

__all__ = ["pytest_runtest_makereport"]

OLD = 15  # the oldest PostgreSQL that Cairn runs on
QUICK = pytest.mark.upgrade(quick=True)


@dataclass(frozen=True)
class Upgraded:
    """A tracker of a former version, and today's server on it."""

    release: Release
    server: Server
    data: Path
    before: Rows
    after: Rows

    def visitor(self, name: str) -> Visitor:
        """Somebody, logged in with the password of then; or nobody."""
        address = self.release.told["people"].get(name)
        if address is None:
            return Visitor(self.server.port)
        login = Visitor(self.server.port).ask("POST", "/auth/login", {"email": address, "password": PASSWORD})
        assert login.status == 200, login
        return Visitor(self.server.port, login.json["access_token"])

    def old_token(self) -> Visitor:
        """Ada with the token that she had then, as if that were just now: its times are moved, and nothing else."""
        key = hmac.new((self.data / "secret.key").read_bytes(), b"cairn/session", "sha256").hexdigest()
        claims = jwt.decode(
            self.release.told["token"], key, ["HS256"],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
        )  # fmt: skip
        now = datetime.now(UTC)
        claims.update({"iat": now, "nbf": now, "exp": now + timedelta(minutes=30)})
        self.server.rows("UPDATE sign_ins SET ends_at = now() + interval '1 day', refreshed_at = now() RETURNING id")
        return Visitor(self.server.port, jwt.encode(claims, key, "HS256"))


@pytest.fixture(scope="session")
def older() -> Iterator[str]:
    """The address of an empty database on Debian's PostgreSQL 15."""
    if not binaries.elsewhere(OLD).is_dir():
        pytest.skip(f"Debian's postgresql-{OLD} is not installed.")
    path = reachable_folder()
    with cluster(path / "postgres", OLD) as one:
        yield one.url()
    shutil.rmtree(path)


def cases() -> Iterator[object]:
    """Each release on both; a plain run has the first on the included PostgreSQL."""
    for place, release in enumerate(releases()):
        name = release.folder.name[:8]
        yield pytest.param((release, MAJOR), marks=[] if place else [QUICK], id=f"{name}-{MAJOR}")
        yield pytest.param((release, OLD), id=f"{name}-{OLD}")


@pytest.fixture(scope="module", params=list(cases()))
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """Loaded, and today's server started on it as bin/serve starts it: nothing else is done."""
    release, major = request.param
    address = request.getfixturevalue("older" if major == OLD else "database")
    data: Path = release.unpack(tmp_path_factory.mktemp("data"))
    with loaded(release, address) as database:
        before = rows(database)
        server = Server(database, data, "http://localhost", SECRET_KEY="")
        try:
            server.wait_until_ready()
            yield Upgraded(release, server, data, before, rows(database))
        finally:
            server.stop()
