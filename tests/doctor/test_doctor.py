"""`flask doctor`: each fault is made in earnest, and told in words; an installation that is well says so."""

import json
import socketserver
import ssl
import threading
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import psycopg2
import pytest

from tests.conftest import KEY
from tests.databases import beside, connected, empty_database
from tests.doctor.conftest import SKIPPED
from tests.mail import sink
from tests.server.running import free_port, serving
from webapp.doctor import repository

# In the database: what is done, what undoes it, the finding, and words of it.
FAULTS = {
    "a job that was given up": (
        "INSERT INTO jobs (task, state) VALUES ('deliver_mail', 'dead')",
        "DELETE FROM jobs WHERE state = 'dead'",
        "running",
        "1 jobs were given up",
    ),
    "a webhook that is off": (
        "INSERT INTO webhooks (created_by, url, form, events, salt, is_on, ended_by) "
        "SELECT min(id), 'https://a.test', 'standard', '{everything}', '', false, 'It did not answer.' FROM users",
        "DELETE FROM webhooks",
        "webhooks",
        "1 webhook is switched off",
    ),
    "a webhook that fails": (
        "INSERT INTO webhooks (created_by, url, form, events, salt, failing_since) "
        "SELECT min(id), 'https://a.test', 'standard', '{everything}', '', now() - interval '2 h' FROM users",
        "DELETE FROM webhooks",
        "failing",
        "1 webhook is not taking what is sent",
    ),
    "a mail that was refused": (
        "INSERT INTO mails (address, kind, message_id, state) VALUES ('a@example.com', 'test', 'a@test', 'failed')",
        "DELETE FROM mails",
        "refused",
        "seven days 1 was refused for good",
    ),
    "a sequence near its end": (
        "SELECT setval(pg_get_serial_sequence('labels', 'id'), 9100000000000000000)",
        "SELECT setval(pg_get_serial_sequence('labels', 'id'), 1)",
        "sequences",
        "labels_id_seq (99 %)",
    ),
    "a table that is never cleaned up": (
        "ALTER TABLE issues SET (autovacuum_enabled = false)",
        "ALTER TABLE issues RESET (autovacuum_enabled)",
        "uncleaned",
        "Autovacuum is off for issues",
    ),
    "a table full of dead rows": (
        "CREATE TABLE dead AS SELECT generate_series(1, 60000) AS n; "
        "DELETE FROM dead; SELECT pg_stat_force_next_flush()",
        "DROP TABLE dead",
        "bloat",
        "of dead is of no use",
    ),
    "a migration that the code does not know": (
        "UPDATE alembic_version SET version_num = '9' || version_num",
        "UPDATE alembic_version SET version_num = substr(version_num, 2)",
        "schema",
        "which this code does not know",
    ),
    "a migration that is behind": (
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE alembic_version SET version_num = (SELECT head FROM heads)",
        "schema",
        "is at migration 0001, and this code needs",
    ),
}


def test_an_installation_that_is_well_says_so(patient):
    said = patient.asked()
    assert (said.status, said.found, said.fault) == (0, {}, "")
    assert patient.run("doctor", *SKIPPED).stdout == "All is well.\n"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_database_is_told(patient, fault):
    done, undone, code, words = FAULTS[fault]
    patient.change("CREATE TABLE IF NOT EXISTS heads AS SELECT version_num AS head FROM alembic_version")
    patient.change(done)
    try:
        said = patient.asked()
    finally:
        patient.change(undone)
    assert (said.status, list(said.found)) == (1, [code])
    assert words in said.found[code]


def test_an_index_that_was_not_finished_is_told(patient):
    patient.change("CREATE TABLE twice AS SELECT 1 AS n FROM generate_series(1, 2)")
    with suppress(psycopg2.errors.UniqueViolation):
        patient.change("CREATE UNIQUE INDEX CONCURRENTLY twice_n ON twice (n)")
    said = patient.asked()
    patient.change("DROP TABLE twice")
    assert list(said.found) == ["indexes"]
    assert "never finished: twice_n" in said.found["indexes"]


def test_a_transaction_that_nobody_ends_is_told(patient, monkeypatch):
    """What is long is made as short as a test waits for."""
    monkeypatch.setattr(repository, "LONG", 0)
    with closing(connected(patient.server.database)) as connection, connection.cursor() as cursor:
        cursor.execute("SET application_name = 'forgotten'; BEGIN; SELECT pg_sleep(0)")
        said = patient.asked()
    assert "(forgotten, idle in transaction, process " in said.found["transactions"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://cairn@127.0.0.1:1/cairn", "Nobody listens there"),
        ("postgresql://cairn:swordfish@nowhere.invalid/cairn", "The name is not known here"),
    ],
)
def test_a_database_that_is_away_is_one_finding(patient, address, words):
    said = patient.asked(DATABASE_URL=address)
    assert (said.status, list(said.found)) == (1, ["database"])
    assert words in said.found["database"]
    assert "swordfish" not in said.text + said.fault


def test_a_database_that_is_not_there_is_told(patient):
    said = patient.asked(DATABASE_URL=beside(patient.server.database, "cairn_absent"))
    assert "Make it, or mend the name" in said.found["database"]


def test_a_database_that_was_never_prepared_is_told(patient, database):
    with empty_database(database) as address:
        said = patient.asked(DATABASE_URL=address)
    assert "run `flask prepare`" in said.found["schema"]


def test_a_database_that_no_worker_has_come_to_is_told(patient, database):
    with empty_database(database) as address:
        assert patient.run("prepare", DATABASE_URL=address).returncode == 0
        said = patient.asked(DATABASE_URL=address)
    assert "No worker has ever come" in said.found["worker"]
    assert "Nobody is an administrator" in said.found["administrator"]


def test_settings_that_are_wrong_are_named_and_nothing_else_is_looked_at(patient):
    done = patient.run("doctor", SECRET_KEY="swordfish", BASE_URL="cairn")
    assert (done.returncode, done.stdout) == (2, "")
    assert "BASE_URL: must be like" in done.stderr
    assert "swordfish" not in done.stderr


def test_a_mail_server_that_refuses_the_login_is_told(patient):
    with sink.running(login=("cairn", "right")) as mail:
        said = patient.asked(MAIL_URL=f"smtp://cairn:swordfish@localhost:{mail.port}?tls=none")
        assert set(mail.logins) == {"cairn"}
        assert not mail.mails
    assert (said.status, list(said.found)) == (1, ["mail_server"])
    assert "535" in said.found["mail_server"]
    assert "swordfish" not in said.text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtp://127.0.0.1:1", "cannot be reached: Connection refused"),
        ("{plain}?tls=required", "does not offer STARTTLS"),
        ("{mute}?timeout=1", "did not answer in time"),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_told(patient, mute, url, words):
    with sink.running() as plain:
        said = patient.asked(MAIL_URL=url.format(plain=plain.url, mute=mute().url))
    assert words in said.found["mail_server"]


@pytest.mark.parametrize("name", ["files", "kept"])
def test_a_folder_that_cannot_be_written_is_told(patient, tmp_path, name):
    (tmp_path / name).write_text("in its place")
    given = {"files": {"CAIRN_DATA": str(tmp_path)}, "kept": {"BACKUP_FOLDER": str(tmp_path / name)}}
    said = patient.asked(**given[name])
    assert "Not a directory" in said.found[{"files": "folder", "kept": "backups_folder"}[name]]


def test_files_of_another_database_are_told(patient, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / ".cairn").write_text("another")
    assert "Of another database are the files" in patient.asked(CAIRN_DATA=str(tmp_path)).found["files"]


def test_a_backup_that_is_cut_is_told(patient):
    (newest,) = patient.folder.glob("cairn-*.zst")
    whole = newest.read_bytes()
    newest.write_bytes(whole[: len(whole) // 2])
    try:
        said = patient.asked()
    finally:
        newest.write_bytes(whole)
    assert list(said.found) == ["backup"]
    assert "would restore nothing" in said.found["backup"]


def test_backups_that_are_not_made_are_told(patient, tmp_path):
    assert "There is no backup" in patient.asked(BACKUP_FOLDER=str(tmp_path)).found["running"]
    assert "makes no backups itself" in patient.asked(BACKUP_FOLDER=None).found["backups"]


def test_an_address_that_nobody_answers_at_is_told(patient):
    said = patient.asked(BASE_URL=f"http://localhost:{free_port()}")
    assert (said.status, list(said.found)) == (1, ["site"])
    assert "does not answer: Connection refused" in said.found["site"]


def test_an_address_that_answers_something_else_is_told(patient):
    with serving() as site:
        assert "answers 404" in patient.asked(BASE_URL=site.origin).found["site"]
    said = patient.asked(SECRET_KEY=KEY[::-1])
    assert list(said.found) == ["another"]
    assert "is not this installation" in said.found["another"]


@contextmanager
def secured(certificate: Path):
    """Answers as a health check does, over TLS."""

    class Well(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"status": "ok"}).encode())

        def log_message(self, *_):
            pass

    class Server(socketserver.ThreadingTCPServer):
        def handle_error(self, *_):
            """Who does not believe a certificate hangs up."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(("127.0.0.1", 0), Well) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_address[1]}"
        server.shutdown()


def test_a_certificate_that_nobody_believes_is_told(patient, certificate):
    with secured(certificate) as site:
        said = patient.asked(BASE_URL=site)
    assert list(said.found) == ["certificate"]
    assert "is not believed: self-signed certificate" in said.found["certificate"]


def test_a_certificate_that_ends_soon_is_told(patient, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with secured(certificate) as site:
        said = patient.asked(BASE_URL=site)
    assert "ends in 1 days" in said.found["certificate"]


def test_everybody_at_one_private_address_is_told(patient):
    """Last, as nobody can take back what the audit log has."""
    patient.change(
        "INSERT INTO audit_records (kind, actor_id, address) "
        "SELECT 'authn_login_ok', n, '172.18.0.1' FROM generate_series(1, 5) AS n"
    )
    said = patient.asked()
    assert list(said.found) == ["proxies"]
    assert "of 5 people, all came from 172.18.0.1" in said.found["proxies"]
