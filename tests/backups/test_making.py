"""A backup is of one moment, though others work meanwhile, and takes no more memory than it must."""

import hashlib
import io
import os
import resource
import stat
import subprocess
import tarfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from tests.attachments.pictures import picture
from tests.backups.installation import installation, refusal
from tests.clients import Api
from tests.make import Make
from webapp.backups import checking, making

MIB = 1024 * 1024
# Counters and what they count, each pair changed within one transaction.
ADDS_UP = """
    SELECT (SELECT count(*) FROM issues WHERE comment_count <> (
            SELECT count(*) FROM comments WHERE issue_id = issues.id AND deleted_at IS NULL)),
        (SELECT count(*) FROM issues WHERE NOT EXISTS (SELECT FROM events WHERE issue_id = issues.id))
"""


@pytest.fixture
def busy(database, settings, tmp_path):
    """An installation where people write, upload and delete, until the block ends."""
    with installation(database, settings, tmp_path / "busy", prepared=True) as made:
        make = Make(made.app)
        ada = make.person("Ada")
        make.project(ada, key="WALL")
        over = threading.Event()
        done = []

        def work(act):
            api = Api(made.app, ada, {})
            while not over.is_set():
                done.append(act(api))

        threads = [threading.Thread(target=work, args=[act]) for act in (write_issues, upload_and_delete)]
        for thread in threads:
            thread.start()
        yield made
        over.set()
        for thread in threads:
            thread.join()
        assert len(done) > 10


def write_issues(api: Api) -> None:
    number = api.post("/projects/WALL/issues", {"title": "A stone"})["number"]
    api.post(f"/projects/WALL/issues/{number}/comments", {"body": "Seen."})


def upload_and_delete(api: Api) -> None:
    """One stays and one goes, each with a small picture beside it."""
    made = [
        api.post("/projects/WALL/attachments", data={"file": (io.BytesIO(picture(size=(400, 300))), "stone.png")})
        for _ in range(2)
    ]
    api.delete(f"/attachments/{made[0]['id']}")


def test_it_is_of_one_moment_though_others_write(busy, empty, tmp_path):
    for number in range(8):
        path = tmp_path / f"{number}.tar.zst"
        with busy.app.app_context():
            assert making.make(path).lost == []
    assert empty.run("restore", path).exit_code == 0
    assert empty.ask(ADDS_UP) == [(0, 0)]
    sums = {hashlib.sha256(content).hexdigest() for content in empty.files().values()}
    named = empty.ask("SELECT sha256 FROM attachments")
    assert named
    assert {one for (one,) in named} <= sums


def test_a_file_that_is_deleted_meanwhile_is_in_it(full, tmp_path):
    """Rows of that moment name it."""
    kept = full.files()

    class Deleting(io.BytesIO):
        def write(self, content):
            for name in kept:
                (full.data / "files" / name).unlink(missing_ok=True)
            return super().write(content)

    try:
        with full.app.app_context():
            told = making.send(out := Deleting())
            assert checking.check(out) == told
        assert (told.files, told.lost) == (5, [])
    finally:
        for name, content in kept.items():
            (full.data / "files" / name).write_bytes(content)
    assert full.files() == kept


def test_a_file_that_was_lost_is_told_and_keeps_nothing_from_being_backed_up(full, empty, tmp_path):
    [(name,)] = full.ask("SELECT stored FROM attachments ORDER BY id LIMIT 1")
    place = full.data / "files" / name[:2] / name[2:]
    content = place.read_bytes()
    place.unlink()
    try:
        result = full.run("backup", tmp_path / "b")
    finally:
        place.write_bytes(content)
    assert (result.exit_code, result.stderr) == (0, f"cairn: 1 files were lost before: {name}\n")
    assert empty.run("restore", tmp_path / "b").stderr == result.stderr
    assert empty.rows() == full.rows()


def test_it_is_for_nobody_else_and_leaves_nothing_beside_it(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def test_one_that_fails_leaves_the_former_one(full, tmp_path):
    path = tmp_path / "cairn.tar.zst"
    path.write_text("the former one")
    (full.data / "files").rename(full.data / "away")
    (full.data / "files").write_text("no folder")
    try:
        said = refusal(full.run("backup", path))
    finally:
        (full.data / "files").unlink()
        (full.data / "away").rename(full.data / "files")
    assert "cannot be used" in said
    assert [one.read_text() for one in tmp_path.iterdir()] == ["the former one"]


def test_tools_that_everybody_has_read_it_too(archive, tmp_path):
    """The sums that they make are those that stand in it."""
    with zstd.open(archive) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
        tar.extractall(tmp_path, filter="data")
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert b"MATRIX" in (tmp_path / "tables" / "projects" / "00000001").read_bytes()


def measured(made, *args: object, into: Any = subprocess.DEVNULL) -> int:
    """How many bytes of memory the command took at most."""
    program = made.begin(*args, into=into)
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    assert program.returncode == 0
    return used.ru_maxrss * 1024


@contextmanager
def large(made):
    """With a table of 90 MiB."""
    rows = "SELECT 'note ' || one || repeat(md5(one::text), 15), now() FROM generate_series(1, 180000) AS one"
    made.ask(f"INSERT INTO job_rounds (task, began_at) {rows}")
    yield
    made.ask("DELETE FROM job_rounds WHERE task LIKE 'note %'")


def test_a_large_table_takes_no_more_memory_than_a_small_one(full, empty, prepared, tmp_path):
    small = measured(full, "backup", tmp_path / "small")
    restored = measured(empty, "restore", tmp_path / "small")
    with large(full):
        with (tmp_path / "large").open("wb") as file:
            assert measured(full, "backup", "-", into=file) < small + 32 * MIB
        assert measured(prepared, "restore", tmp_path / "large") < restored + 64 * MIB
        assert prepared.rows()["job_rounds"] == full.rows()["job_rounds"]


def test_a_full_disk_is_told_in_a_sentence_and_leaves_the_former_one(full, tmp_path):
    path = tmp_path / "cairn.tar.zst"
    path.write_text("the former one")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        said = refusal(full.run("backup", path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert said == f"{path} cannot be used (File too large). Put that right, and try again."
    assert [one.read_text() for one in tmp_path.iterdir()] == ["the former one"]


def test_what_is_sent_to_a_full_disk_is_told_too(full):
    with (
        Path("/dev/full").open("wb", buffering=0) as file,
        full.app.app_context(),
        pytest.raises(OSError, match="No space left on device: 'standard output'"),
    ):
        making.send(file)
