"""`flask check --deploy`: each finding is found where it is, and nowhere else."""

import json
import stat
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import KEY
from webapp.config import Settings
from webapp.ops import checking
from webapp.ops.checking import findings
from webapp.ops.facts import Facts

WELL = Facts(
    is_superuser=False, may_lose=(), connections=97, is_encrypted=True, is_local=False, administrators=1,
    has_demo=False,
)  # fmt: skip
SAFE = {
    "environment": "production",
    "base_url": "https://cairn.example.org",
    "secret_key": KEY,
    "password_pepper": KEY,
    "trusted_proxies": 1,
    "registration": "closed",
    "mail_url": "smtp://mail.example.org",
    "mail_from": "cairn@example.org",
    "database_url": "postgresql://cairn@db.example.org/cairn",
}


@pytest.fixture(autouse=True)
def _plain_account(monkeypatch, tmp_path):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(checking, "ROOT", tmp_path)


@pytest.fixture
def outside():
    """A folder that others may enter; pytest's own they may not."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def found(tmp_path, facts=None, **settings):
    given = Settings(_env_file=None, **{"cairn_data": tmp_path, **SAFE, **settings})
    return {one.code: one.level for one in findings(given, replace(WELL, **(facts or {})))}


def test_an_installation_as_it_should_be_has_none(tmp_path):
    assert found(tmp_path) == {}


@pytest.mark.parametrize(
    ("code", "level", "settings"),
    [
        ("environment", "error", {"environment": "development"}),
        ("proxy", "warning", {"trusted_proxies": 0}),
        ("forwarded", "warning", {"host": "0.0.0.0"}),
        ("fallbacks", "warning", {"secret_key_fallbacks": "former"}),
        ("pepper", "warning", {"password_pepper": None}),
        ("embedded", "warning", {"database_url": None}),
        ("connections", "warning", {"web_concurrency": 8}),
        ("registration", "warning", {"registration": "open"}),
        ("mail", "warning", {"mail_url": None}),
        ("ldap", "error", {"ldap_url": "ldap://ldap.example.org", "ldap_base_dn": "dc=example"}),
    ],
)
def test_a_setting_that_should_be_another_is_found(tmp_path, code, level, settings):
    assert found(tmp_path, **settings) == {code: level}


@pytest.mark.parametrize(
    "settings",
    [
        {"ldap_url": "ldaps://ldap.example.org"},
        {"ldap_url": "ldap://ldap.example.org", "ldap_start_tls": True},
        {"ldap_url": "ldap://127.0.0.1:3890"},
        {"ldap_url": "ldap://[::1]"},
    ],
)
def test_a_directory_that_is_asked_in_secret_or_here_is_none(tmp_path, settings):
    assert found(tmp_path, ldap_base_dn="dc=example", **settings) == {}


@pytest.mark.parametrize(
    ("code", "level", "facts"),
    [
        ("durable", "error", {"may_lose": ("fsync",)}),
        ("superuser", "warning", {"is_superuser": True}),
        ("tls", "warning", {"is_encrypted": False}),
        ("connections", "warning", {"connections": 39}),
        ("demo", "warning", {"has_demo": True}),
        ("administrator", "warning", {"administrators": 0}),
    ],
)
def test_a_fact_that_should_be_another_is_found(tmp_path, code, level, facts):
    assert found(tmp_path, facts) == {code: level}


def test_a_secret_that_others_may_read_is_found(tmp_path, monkeypatch, outside):
    path = outside / "mail"
    path.write_text("smtp://mail.example.org")
    monkeypatch.setenv("MAIL_URL_FILE", str(path))
    path.chmod(0o604)
    assert found(tmp_path) == {"readable": "error"}
    outside.chmod(stat.S_IRWXU)
    assert found(tmp_path) == {}
    outside.chmod(0o755)
    path.chmod(stat.S_IRUSR)
    assert found(tmp_path) == {}


def test_a_database_that_may_lose_is_found_as_it_says_so_itself(app):
    """This one is for tests, and does not wait for its disk."""
    result = app.test_cli_runner().invoke(args=["check", "--deploy", "--json"])
    told = {one["code"]: one for one in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 1
    assert {"environment", "durable", "administrator"} <= set(told)
    assert "fsync" in told["durable"]["said"]
    assert "tls" not in told


def test_what_is_known_may_be_passed_over(app):
    skipped = [part for code in ("environment", "durable") for part in ("--skip", code)]
    result = app.test_cli_runner().invoke(args=["check", "--deploy", *skipped])
    assert "error" not in result.stdout
    assert result.exit_code == 0
    assert "warning (mail): MAIL_URL is not set" in result.stdout


def test_without_deploy_only_what_is_wrong_anywhere_is_told(app):
    result = app.test_cli_runner().invoke(args=["check"])
    assert (result.exit_code, result.stdout) == (0, "All is well.\n")
