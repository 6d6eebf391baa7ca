"""What cannot be restored, or where nothing can: one sentence, and nothing has changed."""

import io
import os
import random
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.backups.installation import refusal
from tests.databases import connected
from webapp import migrations
from webapp.backups import manifest
from webapp.backups.container import Writer, members
from webapp.backups.errors import DAMAGED, FOREIGN
from webapp.ops import locks
from webapp.stores.place import SHARDS

PLACES = random.Random(7)
SHARES = [0, 0.001, *(PLACES.random() for _ in range(28))]
CUTS = [0, 1, 8, 40, *(PLACES.random() for _ in range(16))]


@pytest.fixture(scope="session")
def content(archive) -> bytes:
    return archive.read_bytes()


@pytest.fixture
def refuses(empty, tmp_path):
    """Hands a file to a restoration, which refuses it; answers why."""

    def hand(content: bytes) -> str:
        path = tmp_path / "handed.tar.zst"
        path.write_bytes(content)
        before = empty.state()
        said = refusal(empty.run("restore", path))
        assert empty.state() == before
        return said

    return hand


def test_one_byte_that_is_another_is_found_wherever_it_is(refuses, content):
    places = [*(int(share * len(content)) for share in SHARES), len(content) - 1, len(content) - 40]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= PLACES.choice([1, 2, 16, 128, 255])
        assert refuses(bytes(changed)) in (DAMAGED, FOREIGN), place


def test_an_archive_that_was_cut_is_found_wherever_it_was(refuses, content):
    for cut in CUTS:
        end = cut if isinstance(cut, int) else int(cut * len(content))
        assert refuses(content[:end]) in (DAMAGED, FOREIGN), end
    assert refuses(content[:-1]) == DAMAGED


def test_what_follows_an_archive_makes_it_another(refuses, content):
    assert refuses(content + b"\n") == DAMAGED
    assert refuses(content + content) == DAMAGED


def altered(content: bytes, **told: object) -> bytes:
    """A whole archive that says other things of itself."""
    out = io.BytesIO()
    writer = Writer(out)
    for member in members(io.BytesIO(content)):
        read = member.read()
        if member.name == manifest.NAME:
            read = manifest.Manifest.read(read).model_copy(update=told).model_dump_json().encode()
        writer.add(member.name, len(read), [read])
    writer.close()
    return out.getvalue()


def test_a_newer_format_is_left_to_newer_code(refuses, content):
    assert "has the format 2, and this code knows up to 1" in refuses(altered(content, format=2))


def test_a_newer_migration_is_left_to_newer_code(refuses, content):
    assert "is at migration 9999, which this code does not know" in refuses(altered(content, revision="9999"))


def test_a_row_that_is_lacking_is_missed(refuses, content):
    tables = manifest.Manifest.read(next(members(io.BytesIO(content))).read()).tables
    more = [table.model_copy(update={"rows": table.rows + (table.name == "issues")}) for table in tables]
    assert refuses(altered(content, tables=more)) == DAMAGED


def test_a_column_that_is_not_there_is_missed(refuses, content):
    """It is found only when tables have been made, and these are gone again."""
    tables = manifest.Manifest.read(next(members(io.BytesIO(content))).read()).tables
    fewer = [table.model_copy(update={"columns": table.columns[1:]}) for table in tables]
    assert "is not in the backup as this code needs it" in refuses(altered(content, tables=fewer))


def test_rows_that_the_database_does_not_take_leave_nothing(refuses, content):
    """A table that comes late: rows of others have been written by then."""

    def broken() -> bytes:
        out = io.BytesIO()
        writer = Writer(out)
        for member in members(io.BytesIO(content)):
            read = member.read()
            if member.name.startswith("tables/views/"):
                read = read.replace(b"\t", b"\tx", 1)
            writer.add(member.name, len(read), [read])
        writer.close()
        return out.getvalue()

    assert "The table views could not be restored: " in refuses(broken())


@pytest.mark.parametrize("name", ["files/../../etc/passwd", "/etc/passwd", "files/ab/../../x", "notes"])
def test_a_member_that_leads_elsewhere_is_none(refuses, content, name):
    out = io.BytesIO()
    writer = Writer(out)
    for member in members(io.BytesIO(content)):
        read = member.read()
        writer.add(member.name, len(read), [read])
    writer.add(name, 1, [b"x"])
    writer.close()
    assert refuses(out.getvalue()) == DAMAGED


@pytest.mark.parametrize("kind", [b"", b"hello", b"PGDMP" + bytes(2000), bytes(4096), Path(__file__).read_bytes()])
def test_another_kind_of_file_is_none(refuses, kind):
    assert refuses(kind) == FOREIGN


def test_a_database_with_accounts_is_left_alone(full, archive):
    before = full.state()
    assert refusal(full.run("restore", archive)).startswith("There are files in ")
    assert full.state() == before


def test_accounts_without_files_are_enough(prepared, archive):
    prepared.ask("INSERT INTO users (name, handle, email) VALUES ('Ada', 'ada', 'ada@example.com')")
    before = prepared.state()
    assert refusal(prepared.run("restore", archive)).startswith("The database has accounts already.")
    assert prepared.state() == before


def test_tables_of_somebody_else_are_left_alone(empty, archive):
    empty.ask("CREATE TABLE notes (id bigint)")
    before = empty.state()
    assert "has tables that are not Cairn's, as notes" in refusal(empty.run("restore", archive))
    assert empty.state() == before


def test_files_without_accounts_are_enough(empty, archive):
    shard = empty.data / "files" / "ab"
    shard.mkdir(parents=True)
    (shard / "c").write_text("kept")
    before = empty.state()
    assert f"There are files in {shard.parent} already" in refusal(empty.run("restore", archive))
    assert empty.state() == before


def test_a_folder_that_cannot_be_written_leaves_the_database_as_it_was(empty, archive):
    """The last thing before the commit fails: there are files where the archive's folders would be."""
    home = empty.data / "files"
    home.mkdir(parents=True)
    (home / ".cairn").write_text("of another\n")
    for shard in SHARDS[1:]:
        (home / shard).write_text("in the way")
    before = empty.state()
    assert "cannot be used (Not a directory)" in refusal(empty.run("restore", archive))
    assert empty.state() == before


def test_what_can_be_read_only_once_is_told_to_be_put_into_a_file(empty, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)
    assert "can be read only once" in refusal(empty.run("restore", pipe))
    os.close(held)


def test_whoever_makes_an_account_first_keeps_it(empty, archive):
    """A server that is started just then migrates before the restoration may."""
    held = threading.Event()

    def start() -> None:
        with closing(connected(empty.url)) as connection, connection.cursor() as cursor:
            connection.autocommit = False
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.MIGRATION])
            held.set()
            time.sleep(1.5)
            cursor.execute(f"CREATE TABLE alembic_version AS SELECT '{migrations.head()}' AS version_num")
            cursor.execute("CREATE TABLE users AS SELECT 'Ada' AS name")
            connection.commit()

    server = threading.Thread(target=start)
    server.start()
    held.wait()
    result = empty.run("restore", archive)
    server.join()
    waits, said = result.stderr.splitlines()
    assert "waiting for it" in waits
    assert said.startswith("cairn: The database has accounts already.")
    assert empty.ask("SELECT name FROM users") == [("Ada",)]
    assert empty.files() == {}
