"""Secrets that stand in files, as containers and systemd hand them out."""

import json

import pytest
from pydantic import ValidationError

from tests.conftest import KEY
from webapp import config
from webapp.config import Settings
from webapp.config.secret_settings import SECRETS

VALUES = {
    "database_url": "postgresql+psycopg2://cairn:hunter2@127.0.0.1/cairn",
    "backup_passphrase": KEY,
    "files_access_key_id": "hunter2",
    "files_secret_access_key": "hunter2",
    "ldap_bind_password": "hunter2",
    "mail_url": "smtp://mail.example.org",
    "metrics_token": KEY,
    "secret_key": KEY,
    "password_pepper": KEY,
    "secret_key_fallbacks": "one, two",
    "password_pepper_fallbacks": "one",
    "sso_providers": json.dumps([{"id": "acme", "label": "Acme", "issuer": "https://a.test", "client_id": "cairn"}]),
}


def told(value):
    if isinstance(value, tuple) and hasattr(value[0], "issuer"):
        return json.dumps(
            [one.model_dump(mode="json", include={"id", "label", "issuer", "client_id"}) for one in value]
        )
    if isinstance(value, tuple):
        return ", ".join(map(told, value))
    return value if isinstance(value, str) else value.get_secret_value()


@pytest.fixture(autouse=True)
def _nothing_else(monkeypatch):
    monkeypatch.setenv("MAIL_FROM", "cairn@example.org")
    for name in SECRETS:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_may_stand_in_a_file(tmp_path, monkeypatch, name):
    file = tmp_path / "secret"
    file.write_text(f"{VALUES[name]}\n")
    monkeypatch.setenv(f"{name.upper()}_FILE", str(file))
    assert told(getattr(Settings(_env_file=None), name)) == VALUES[name]


def test_a_file_named_in_dot_env_is_read_as_well(tmp_path):
    (tmp_path / "key").write_text(KEY)
    (tmp_path / ".env").write_text(f"SECRET_KEY_FILE={tmp_path / 'key'}\n")
    assert told(Settings(_env_file=tmp_path / ".env").secret_key) == KEY


def test_a_secret_in_a_file_is_judged_like_any(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("changeme" * 4)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ValidationError, match="SECRET_KEY: is a placeholder"):
        Settings(_env_file=None)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda path: None, "cannot be read (No such file or directory)"),
        (lambda path: path.mkdir(), "cannot be read (Is a directory)"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "is not text in UTF-8"),
        (lambda path: path.write_text("\n"), "is empty"),
    ],
)
def test_a_file_that_holds_no_secret_stops_the_start(tmp_path, monkeypatch, capsys, made, said):
    made(tmp_path / "key")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(SystemExit):
        config.load()
    assert capsys.readouterr().err == f"cairn: SECRET_KEY_FILE: {tmp_path / 'key'} {said}\n"


def test_a_secret_is_given_once(tmp_path, monkeypatch, capsys):
    (tmp_path / "key").write_text(KEY)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("SECRET_KEY", KEY[::-1])
    with pytest.raises(SystemExit):
        config.load()
    said = capsys.readouterr().err
    assert said == "cairn: SECRET_KEY_FILE: must not be set beside SECRET_KEY\n"
    assert KEY[::-1] not in said
