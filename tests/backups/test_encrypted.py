"""Backups that only who has the passphrase reads: by Cairn, and by age without Cairn."""

import io
import os
import pty
import random
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.backups.installation import refusal
from tests.backups.test_daily import Daily, name
from tests.server.running import PATIENCE
from webapp.backups.age import HEAVY, PIECE, WRONG, Decrypting, Encrypting
from webapp.backups.errors import DAMAGED, FOREIGN, BrokenBackup
from webapp.backups.locking import NEEDED
from webapp.config import ROOT

PHRASE = "q7Zk3vXw9LmT2rYb8NsHd5GfJc4PaE6u"
OTHER = "Hd5GfJc4PaE6uq7Zk3vXw9LmT2rYb8Ns"
PLACES = random.Random(11)
# Around the bounds of pieces, and none at all.
SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7)
HEAD = 184  # bytes before the first piece, and a few more


def knowing(installation, monkeypatch, phrase):
    """Let an installation know a passphrase, or none."""
    config = installation.app.config
    told = {"backup_passphrase": phrase and SecretStr(phrase)}
    monkeypatch.setitem(config, "SETTINGS", config["SETTINGS"].model_copy(update=told))
    return installation


@pytest.fixture
def encrypted(full, tmp_path, monkeypatch) -> Path:
    path = tmp_path / "cairn.tar.zst.age"
    with monkeypatch.context() as patched:
        result = knowing(full, patched, PHRASE).run("backup", path)
    assert result.exit_code == 0, result.output
    return path


def test_who_has_the_passphrase_restores_all_of_it(full, encrypted, empty, monkeypatch):
    result = knowing(empty, monkeypatch, PHRASE).run("restore", encrypted)
    assert result.exit_code == 0, result.output
    assert (empty.rows(), empty.files()) == (full.rows(), full.files())


def test_what_was_never_encrypted_is_restored_all_the_same(full, archive, empty, monkeypatch):
    assert knowing(empty, monkeypatch, PHRASE).run("restore", archive).exit_code == 0
    assert empty.rows() == full.rows()


@pytest.mark.parametrize(("phrase", "said"), [(OTHER, WRONG), (None, NEEDED)])
def test_without_the_passphrase_it_is_refused(encrypted, empty, monkeypatch, phrase, said):
    before = empty.state()
    assert refusal(knowing(empty, monkeypatch, phrase).run("restore", encrypted)) == said
    assert empty.state() == before


def changed(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ PLACES.choice([1, 16, 128])]) + content[place + 1 :]


def test_what_was_changed_or_cut_is_refused(encrypted, empty, monkeypatch, tmp_path):
    content, path, before = encrypted.read_bytes(), tmp_path / "handed", empty.state()
    knowing(empty, monkeypatch, PHRASE)
    places = [0, 30, 60, 120, HEAD, len(content) - 1, *(PLACES.randrange(len(content)) for _ in range(8))]
    handed = [changed(content, place) for place in places]
    handed += [content[:cut] for cut in (0, 10, 100, HEAD, len(content) - PIECE, len(content) - 1)]
    for one in [*handed, content + b"\n", content + content]:
        path.write_bytes(one)
        assert refusal(empty.run("restore", path)) in (DAMAGED, FOREIGN, WRONG), len(one)
    assert empty.state() == before


def test_nothing_can_be_read_in_it(archive, encrypted):
    """Not even by how it is compressed: no piece of it is one of the plain archive's."""
    assert b"SHA256SUMS" not in encrypted.read_bytes()
    content, plain = encrypted.read_bytes()[HEAD:], archive.read_bytes()
    assert not any(plain[at : at + 16] in content for at in range(0, len(plain) - 16, len(plain) // 50))


def test_the_daily_one_is_encrypted_and_looked_through(full, tmp_path, monkeypatch):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / name(days=20)).write_bytes(b"from before it was encrypted")
    assert Daily(full, folder, monkeypatch)(backup_passphrase=SecretStr(PHRASE)) == [f"{name()}.age"]
    assert (folder / f"{name()}.age").read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")


@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_is_read(size):
    content, out = PLACES.randbytes(size), io.BytesIO()
    encrypting = Encrypting(out, PHRASE)
    for at in range(0, size, 50_000):
        encrypting.write(content[at : at + 50_000])
    encrypting.close()
    decrypting = Decrypting(out, PHRASE)
    assert b"".join(iter(lambda: decrypting.read(9_999), b"")) == content


def test_pieces_in_another_order_are_refused():
    out = io.BytesIO()
    encrypting = Encrypting(out, PHRASE)
    encrypting.write(PLACES.randbytes(3 * PIECE))
    encrypting.close()
    content = out.getvalue()
    head, size = len(content) - 3 * (PIECE + 16), PIECE + 16
    swapped = (
        content[:head]
        + content[head + size : head + 2 * size]
        + content[head : head + size]
        + content[head + 2 * size :]
    )
    with pytest.raises(BrokenBackup, match=DAMAGED):
        Decrypting(io.BytesIO(swapped), PHRASE).read(1)


def asking_for(work: int) -> bytes:
    """An encrypted file whose head says that to try a passphrase takes so much; the rest is as it was."""
    out = io.BytesIO()
    Encrypting(out, PHRASE).close()
    return out.getvalue().replace(b" 15\n", b" %d\n" % work, 1)


def test_what_asks_for_more_memory_than_ages_own_is_refused_before_it_gets_any():
    with pytest.raises(BrokenBackup, match=WRONG):
        Decrypting(io.BytesIO(asking_for(18)), PHRASE).read(1)
    with pytest.raises(BrokenBackup, match=HEAVY):
        Decrypting(io.BytesIO(asking_for(19)), PHRASE).read(1)


def test_a_machine_without_that_memory_says_so(tmp_path):
    """In a process that may have 100 MiB more than it has, where 256 are asked for."""
    (tmp_path / "heavy.age").write_bytes(asking_for(18))
    code = (
        "import resource, sys; from webapp.backups.age import BrokenBackup, Decrypting\n"
        "has = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize() + 100 * 1024 * 1024\n"
        "resource.setrlimit(resource.RLIMIT_AS, (has, has))\n"
        "try: Decrypting(open(sys.argv[1], 'rb'), 'any').read(1)\n"
        "except BrokenBackup as fault: print(fault)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "heavy.age")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.stdout, done.stderr) == (f"{HEAVY}\n", "")


def age(*arguments: object, answers: int) -> None:
    """Run the program of that name, which asks for the passphrase at a terminal and nowhere else."""
    if shutil.which("age") is None:
        pytest.skip("age is not installed.")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("age", ["age", *map(str, arguments)])
    for _ in range(answers):
        said = b""
        while b"passphrase" not in said:
            assert select.select([terminal], [], [], PATIENCE)[0], said
            said += os.read(terminal, 4096)
        os.write(terminal, PHRASE.encode() + b"\n")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:  # the terminal is gone with the program
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_age_opens_it_without_cairn(encrypted, archive, tmp_path):
    age("--decrypt", "--output", tmp_path / "opened", encrypted, answers=1)
    assert (tmp_path / "opened").read_bytes()[:4] == archive.read_bytes()[:4] == b"\x28\xb5\x2f\xfd"


def test_what_age_has_encrypted_is_restored(full, archive, empty, monkeypatch, tmp_path):
    age("--encrypt", "--passphrase", "--output", tmp_path / "made.age", archive, answers=2)
    result = knowing(empty, monkeypatch, PHRASE).run("restore", tmp_path / "made.age")
    assert result.exit_code == 0, result.output
    assert empty.rows() == full.rows()
