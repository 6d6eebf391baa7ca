"""Starting with settings that are wrong, or spelled in another way."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex, token_urlsafe
from uuid import uuid4

import pytest
from pydantic import ValidationError

from tests.conftest import KEY
from tests.databases import empty_database
from tests.server.running import PATIENCE, Server, free_port, start
from webapp.config import ROOT, Settings

FAULTS = [
    {"SECRET_KEY": "shrt-7f3a", "ENVIRONMENT": "production"},
    {"SECRET_KEY": "abcdefgh" * 4, "ENVIRONMENT": "production"},
    {"SECRET_KEY": "password1" * 4, "ENVIRONMENT": "production"},
    {"BASE_URL": "http://cairn.example.org", "ENVIRONMENT": "production", "SECRET_KEY": KEY},
    {"FLASK_DEBUG": "1", "ENVIRONMENT": "production", "SECRET_KEY": KEY, "BASE_URL": "https://cairn.example.org"},
    {"PORT": "eighty"},
    {"DATABASE_URL": "mysql://root:hunter2@localhost/cairn"},
    {"DATABASE_URL": "postgresql://cairn:hunter2@localhost:postgres/cairn"},
    {"BACKEND_CORS_ORIGINS": "*"},
]
# Says which database was reached, and what was loaded to get there.
PROGRAM = """
import sys
from sqlalchemy import text
from webapp import create_app
from webapp.db import db
with create_app().app_context():
    print(db.session.scalar(text("SELECT current_database()")))
print([name for name in sys.modules if "embedded" in name or "pgserver" in name])
"""


def refused(**settings):
    """What is said by a start that must fail."""
    process = start(subprocess.PIPE, **{"PORT": str(free_port()), **settings})
    try:
        said = process.communicate(timeout=PATIENCE)[0].decode()
    finally:
        process.kill()
    assert process.returncode != 0
    return said


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: next(iter(fault)))
def test_a_bad_setting_stops_the_start_and_is_named(database, tmp_path, fault):
    name, value = next(iter(fault.items()))
    settings = {"DATABASE_URL": database, "CAIRN_DATA": str(tmp_path), **fault}
    said = refused(**settings)
    assert [line.split(":")[:2] for line in said.splitlines()] == [["cairn", f" {name}"]]
    assert value not in said


def only_line(process: subprocess.Popen[bytes]) -> str:
    """The sentence with which the start was refused."""
    [line] = process.communicate(timeout=PATIENCE)[0].decode().splitlines()
    assert process.returncode in (1, 2)
    assert line.startswith("cairn: ")
    return line


@pytest.mark.parametrize("place", ["file", "file/folder", "nowhere"])
def test_a_data_folder_that_is_none_is_named(database, tmp_path, place):
    (tmp_path / "file").touch()
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    process = start(subprocess.PIPE, DATABASE_URL=database, CAIRN_DATA=str(tmp_path / place))
    assert f"CAIRN_DATA: {tmp_path / place.partition('/')[0]} is no folder" in only_line(process)


def test_a_key_that_cannot_be_kept_is_told(database):
    process = start(subprocess.PIPE, DATABASE_URL=database, CAIRN_DATA="/proc/cairn", SECRET_KEY="")
    assert "/proc/cairn/secret.key can be neither read nor made" in only_line(process)


def unreadable(file: Path) -> None:
    """Of another owner; for root, to whom all files are open, one that gives an error when it is read."""
    if os.geteuid():
        file.touch(mode=0)
    else:
        file.symlink_to("/proc/self/mem")


@pytest.mark.parametrize(
    ("make", "words"),
    [(unreadable, "cannot be read"), (lambda file: file.write_bytes(b"BASE_URL=\xff"), "is not text in UTF-8")],
    ids=["unreadable", "garbled"],
)
def test_a_dotenv_that_cannot_be_read_is_named(tmp_path, make: Callable[[Path], None], words):
    (tmp_path / "webapp").mkdir()
    shutil.copy(ROOT / "gunicorn.conf.py", tmp_path)
    shutil.copytree(ROOT / "webapp" / "config", tmp_path / "webapp" / "config")
    make(tmp_path / ".env")
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert f"{tmp_path / '.env'} {words}" in only_line(process)


@pytest.fixture
def taken():
    """A port on which somebody listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_a_taken_port_is_told_before_anything_is_done(tmp_path, taken):
    port = str(taken.getsockname()[1])
    process = start(subprocess.PIPE, CAIRN_DATA=str(tmp_path), PORT=port)
    assert f"port {port} of 127.0.0.1 is not to be had" in only_line(process)
    assert not list(tmp_path.iterdir())


def test_an_address_of_another_machine_is_told(tmp_path):
    process = start(subprocess.PIPE, CAIRN_DATA=str(tmp_path), HOST="192.0.2.7")
    assert "of 192.0.2.7 is not to be had" in only_line(process)


def test_a_socket_that_systemd_holds_is_no_taken_port(database, tmp_path, taken):
    gunicorn = f'"{sys.executable}" -m gunicorn --config gunicorn.conf.py wsgi:app'
    script = f"exec 3<&0; export LISTEN_FDS=1 LISTEN_PID=$$; exec {gunicorn}"
    with empty_database(database) as address:  # in which a start makes a demo
        settings = {"DATABASE_URL": address, "CAIRN_DATA": str(tmp_path), "SECRET_KEY": KEY}
        settings |= {"PORT": str(taken.getsockname()[1]), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            ["/bin/sh", "-c", script], cwd=ROOT, env=os.environ | settings, stdin=taken, stdout=subprocess.PIPE
        )
        said = iter(process.stdout.readline, b"")
        assert any(line.startswith(b"Cairn is ready") for line in said)
        process.terminate()
        process.communicate(timeout=PATIENCE)


def test_production_without_its_public_address_does_not_start(database, tmp_path):
    """Else it would believe every Host, and send links to invitations there."""
    said = refused(DATABASE_URL=database, CAIRN_DATA=str(tmp_path), ENVIRONMENT="production")
    assert [line.split(":")[:2] for line in said.splitlines()] == [["cairn", " BASE_URL"]]


WEAK = [
    "x7f" * 20,
    "1234567890" * 4,
    "qwertyuiopasdfghjklzxcvbnm123456",
    "abcdefghijklmnopqrstuvwxyz012345",
    "0f3a9c4e7b1d2856" * 2,
    "Password" + "".join(chr(number) for number in range(40, 70)),
]


@pytest.mark.parametrize("key", WEAK)
def test_a_key_that_repeats_or_follows_the_keyboard_is_none(key):
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Settings(_env_file=None, secret_key=key)


@pytest.mark.parametrize("made", [token_hex, token_urlsafe, lambda: token_hex(16), lambda: str(uuid4())])
def test_a_key_of_chance_is_taken(made):
    for _ in range(50):
        Settings(_env_file=None, secret_key=made())


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_a_given_database_is_used_and_no_other_is_loaded(database, tmp_path, scheme):
    url = f"{scheme}://{database.partition('://')[2]}"
    settings = {"DATABASE_URL": url, "CAIRN_DATA": str(tmp_path), "SECRET_KEY": KEY}
    program = [sys.executable, "-c", PROGRAM]
    said = subprocess.run(program, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [database.partition("?")[0].rpartition("/")[2], "[]"]


def test_files_of_another_database_are_told_at_each_start_and_pages_go_on(database, tmp_path):
    """Also at the second start, which finds the database prepared."""
    mark = tmp_path / "files" / ".cairn"
    with empty_database(database) as address:
        for start_number in range(3):
            running = Server(address, tmp_path, "http://localhost")
            try:
                running.wait_until_ready()
                told = running.ask("GET", "/readyz").json
                assert running.ask("GET", "/auth/login", page=True).status == 200
            finally:
                running.stop()
            said = [line for line in running.log.read_text().splitlines() if "another database" in line]
            assert (len(said), "files" in told) == ((0, False) if start_number == 0 else (1, True))
            mark.write_text("of another\n")
