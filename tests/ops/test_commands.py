"""Commands on a database that will not do: a sentence each, a status that is not zero, and no trace."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from tests.databases import beside, connected, empty_database
from tests.make import PASSWORD
from webapp import create_app, migrations
from webapp.commands import plainly
from webapp.config import Settings
from webapp.db import db

# Every command with what it needs at least.
COMMANDS = {
    "prepare": (),
    "demo": (),
    "create-user": ("--name", "Nora", "--email", "nora@example.com", "--password", PASSWORD),
    "password": ("nora@example.com", "--password", PASSWORD),
    "invite": ("WALL", "nora@example.com"),
    "import": ("github", __file__, "--project", "WALL"),
    "backup": ("-",),
    "restore": (__file__,),
    "clean-trash": (),
    "reset-factors": ("nora@example.com",),
    "clean-files": (),
    "claim-files": (),
    "files": ("copy", "here", "there"),
    "deactivate": ("nora@example.com",),
    "activate": ("nora@example.com",),
    "admin": ("nora@example.com",),
    "reindex": (),
    "worker": ("--once",),
    "check": (),
    "doctor": (),
    "jobs": (),
    "mail-in": ("--to", "cairn+wall@example.org"),
    "mail-test": ("nora@example.com",),
    "ldap-check": ("nora",),
    "settings": ("list",),
}
OF_ANOTHER_ENCODING = "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
NEWER = "CREATE TABLE alembic_version (version_num) AS VALUES ('9999')"
OLDER = "CREATE TABLE alembic_version (version_num) AS VALUES ('0001')"


def change(url: str, statement: str) -> str:
    with closing(connected(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement.format(name=url.partition("?")[0].rpartition("/")[2]))
    return url


@pytest.fixture
def empty(database: str) -> Iterator[str]:
    with empty_database(database) as url:
        yield url


@pytest.fixture
def run(settings: Settings) -> Iterator[Callable[..., Result]]:
    """Run a command as on a database: `run("demo", url)`."""
    apps = []

    def invoke(command: str, url: str) -> Result:
        apps.append(create_app(settings.model_copy(update={"database_url": url})))
        migrations.init_app(apps[-1])
        return apps[-1].test_cli_runner().invoke(args=[command, *COMMANDS[command]])

    yield invoke
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def refused(result: Result) -> str:
    """The one sentence with which the command ended."""
    assert (result.exit_code, type(result.exception), result.stdout) == (1, SystemExit, "")
    [line] = result.stderr.splitlines()
    assert line.startswith("cairn: ")
    return line


def test_every_command_is_tried_here(migrated):
    assert set(COMMANDS) == set(migrated.cli.commands) - {"db"}


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"prepare", "restore", "doctor"}))
def test_a_command_asks_for_a_prepared_database(run, empty, command):
    assert "run `flask prepare`" in refused(run(command, empty))


@pytest.mark.parametrize("command", ["prepare", "demo"])
class TestADatabaseThatWillNotDo:
    def test_is_absent(self, run, database, command):
        assert "does not exist. Make or start it" in refused(run(command, beside(database, "cairn_absent")))

    def test_does_not_answer(self, run, command):
        assert "mend DATABASE_URL" in refused(run(command, "postgresql+psycopg2://cairn@127.0.0.1:1/cairn"))

    def test_is_of_another_encoding(self, run, database, command):
        with empty_database(database, OF_ANOTHER_ENCODING) as url:
            assert "stores text in SQL_ASCII, and Cairn needs UTF8" in refused(run(command, url))

    def test_is_newer_than_the_code(self, run, empty, command):
        assert "migration 9999, which this code does not know" in refused(run(command, change(empty, NEWER)))


def test_a_command_does_not_write_to_an_older_schema(run, empty):
    assert "is at migration 0001, and this code needs" in refused(run("demo", change(empty, OLDER)))


def test_a_database_that_only_reads_is_not_prepared(run, empty):
    change(empty, "ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "read-only transaction. Use the primary" in refused(run("prepare", empty))


def test_a_role_that_may_not_make_tables_is_told_to_own_the_database(run, empty):
    change(empty, "REVOKE CREATE ON SCHEMA public FROM PUBLIC, pg_database_owner")
    assert "Let the role in DATABASE_URL own the database" in refused(run("prepare", empty))


def test_what_was_typed_wrongly_is_named(app):
    result = app.test_cli_runner().invoke(args=["create-user", "--name", "N", "--email", "n", "--password", PASSWORD])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("email ")


def test_a_folder_that_cannot_be_written_is_named(capsys):
    with pytest.raises(SystemExit, match="1"), plainly():
        Path("/proc/cairn").mkdir()
    assert capsys.readouterr().err.startswith("cairn: /proc/cairn cannot be used")


def test_a_mistake_of_ours_keeps_its_trace():
    with pytest.raises(ZeroDivisionError), plainly():
        1 / 0  # noqa: B018
