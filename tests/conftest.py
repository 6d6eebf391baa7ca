"""One PostgreSQL for the run, one rolled-back transaction for each test."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as generated
from sqlalchemy import Engine, event

from tests import audited, locks, prepared
from tests.clients import Api, Browser
from tests.databases import END, empty_database, filled, rolled_back
from tests.mail.sink import certificate, mailing, mute, sink
from tests.make import Make
from webapp import create_app, migrations
from webapp.access import Viewer
from webapp.config import ROOT, Settings
from webapp.db import db, is_changing
from webapp.http import traps
from webapp.text import markdown

__all__ = ["certificate", "mailing", "mute", "sink"]

KEY = "not-a-real-key-only-for-tests-0123456789"
# A busy machine makes what is generated slow, and neither is a fault of what is tested.
generated.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
generated.load_profile("calm")
# What takes minutes, by its marker, and the variable that asks for it.
ASKED_FOR = {"attack": "CAIRN_ATTACK", "faults": "CAIRN_FAULTS", "upgrade": "CAIRN_UPGRADE"}
# The files that take a minute of a core or more, the longest first. When several processes share the run, none of them
# shall begin such a file at its end, when the others have nothing left to do.
LONGEST = [
    "tests/browser/test_judges.py", "tests/browser/test_every_field.py", "tests/browser/test_acting.py",
    "tests/bench/test_compare.py", "tests/issues/test_hostile_names.py",
    "tests/server/test_rights_meanwhile.py", "tests/server/test_schemathesis.py", "tests/test_permissions.py",
    "tests/bench/test_rows.py", "tests/bench/test_scale.py", "tests/bench/test_costs.py", "tests/backups/test_making.py",
    "tests/backups/test_restoring.py",
]  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless it is asked for; let several processes begin with what takes longest."""
    left = [item for item in items if takes_minutes(item)]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)
    if "PYTEST_XDIST_WORKER" in os.environ:
        places = {str(ROOT / path): place for place, path in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(str(item.path), len(places)))


def takes_minutes(item: pytest.Item) -> bool:
    """Whether it is for `bin/test --attack` and its like alone; of faults and upgrades some are quick."""
    for name, asked in ASKED_FOR.items():
        marker = item.get_closest_marker(name)
        if marker and not marker.kwargs.get("quick") and asked not in os.environ:
            return True
    return False


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The address of an empty PostgreSQL: TEST_DATABASE_URL, or an embedded one in a temporary folder.

    Each of several processes has its own.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given and "PYTEST_XDIST_WORKER" in os.environ:
        with empty_database(given) as own, prepared.dropped_at_the_end(own):
            yield own
        return
    if given:
        with prepared.dropped_at_the_end(given):
            yield given
        return
    from webapp import embedded

    home = Path(tempfile.mkdtemp(prefix="cairn-test-"))
    home.chmod(0o755)
    server = embedded.acquire(home / "postgres", durable=False)
    yield server.url("cairn_test")
    server.release()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database,
        secret_key=KEY,
        cairn_data=tmp_path_factory.mktemp("data"),
        backend_cors_origins="http://localhost:5173",
    )


@pytest.fixture(scope="session")
def migrated(settings: Settings) -> Flask:
    app = create_app(settings)
    migrations.init_app(app)
    app.testing = False  # errors are told as to a user, not raised into the test
    with app.app_context():
        upgrade()
    return app


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_behind(database: str) -> Iterator[None]:
    """What a module commits, it undoes: others would find it there, in one order of the run and not in another."""
    before = filled(database)
    yield
    assert not before or filled(database) == before  # the first one has it migrated


@pytest.fixture
def app(migrated: Flask) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back; what it commits are savepoints.

    No application context stays open around the test: each request shall have its own, as in life.
    """
    with rolled_back(migrated):
        yield migrated


@contextmanager
def nothing_noted(request: pytest.FixtureRequest, found: list[Any], fault: Callable[[Any], str]) -> Iterator[None]:
    """Nothing wrong is found while a test runs, nor while the scene is made that it begins with (tests/scene.py)."""
    if "leaves_it_as_it_was" not in request.fixturenames:
        found.clear()  # of servers and trackers that were filled for a module
    yield
    wrong = [fault(one) for one in found if fault(one)]
    found.clear()
    assert not wrong


@pytest.fixture(scope="session")
def read_too_late() -> Iterator[list[str]]:
    """The beginnings of texts that were parsed while a change kept others waiting."""
    late: list[str] = []
    parse = markdown._parser.parse

    def noted(text: str, *rest: Any) -> Any:
        if has_app_context() and db.session.registry.has() and is_changing():
            late.append(text[:80])
        return parse(text, *rest)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(markdown._parser, "parse", noted)
        yield late


@pytest.fixture(autouse=True)
def forms_are_typed_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests type faster than people; tests/http/test_traps.py says what becomes of that."""
    monkeypatch.setattr(traps, "SECONDS", 0)


@pytest.fixture(autouse=True)
def no_text_is_parsed_in_a_transaction(request: pytest.FixtureRequest, read_too_late: list[str]) -> Iterator[None]:
    """Whoever writes a text parses it before; the rows of a project and an issue are for all."""
    with nothing_noted(request, read_too_late, lambda text: text):
        yield


@pytest.fixture(scope="session")
def unproved() -> Iterator[list[str]]:
    """What requests wrote that should have asked again who somebody is."""
    found: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if wrong := locks.unproved(statement):
            found.append(wrong)

    yield found
    event.remove(Engine, "before_cursor_execute", look)


@pytest.fixture(autouse=True)
def locks_are_changed_by_whom_is_known(request: pytest.FixtureRequest, unproved: list[str]) -> Iterator[None]:
    """What writes there is in webapp/http/freshness.py, or says in tests/locks.py why not."""
    with nothing_noted(request, unproved, lambda wrong: wrong):
        yield


@pytest.fixture(scope="session")
def units() -> Iterator[list[audited.Unit]]:
    """What requests and commands have written."""
    found: list[audited.Unit] = []
    with audited.watching(found):
        yield found


@pytest.fixture(autouse=True)
def what_changes_the_locks_is_noted_once(request: pytest.FixtureRequest, units: list[audited.Unit]) -> Iterator[None]:
    """What writes there calls webapp/audit/service.py, or says in tests/audited.py why not."""
    with nothing_noted(request, units, lambda unit: unit.fault):
        yield


@pytest.fixture
def make(app: Flask) -> Make:
    return Make(app)


@pytest.fixture
def ada(make: Make) -> Viewer:
    """Owns what there is."""
    return make.person("Ada")


@pytest.fixture
def eve(make: Make) -> Viewer:
    """A stranger who has an account."""
    return make.person("Eve")


@pytest.fixture
def api(app: Flask) -> Callable[..., Api]:
    """A JSON client: `api(ada)` sends her bearer token, `api()` none."""
    return lambda who=None, **headers: Api(app, who, headers)


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    """A browser without JavaScript: `browser(ada)` holds her cookie, `browser()` none."""
    return lambda who=None: Browser(app, who)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that is sent from here on, without the savepoints that stand for a test's transactions."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement != END:
            sent.append(statement)

    with app.app_context():
        engine = db.engine.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many pairs of like lines or words comparisons have looked at from here on."""
    steps = [0]
    real = SequenceMatcher.find_longest_match

    def counting(self: Any, alo: int, ahi: int, blo: int, bhi: int) -> Any:
        steps[0] += sum(len(self.b2j.get(one, ())) for one in self.a[alo:ahi])
        return real(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counting)
    return lambda: steps[0]
