"""The settings of a directory: each wrong one stops the start, in a line that names it."""

import pytest

from webapp import config
from webapp.config import Settings

RIGHT = {
    "LDAP_URL": "ldaps://ldap.example.org",
    "LDAP_BASE_DN": "ou=people,dc=example,dc=org",
    "LDAP_BIND_DN": "cn=cairn,dc=example,dc=org",
    "LDAP_BIND_PASSWORD": "reads all",
}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        *[
            ("LDAP_URL", {"LDAP_URL": url})
            for url in (
                "ldap.example.org", "https://ldap.example.org", "ldap://", "ldap://:389", "ldap://ldap.example.org/dc=example",
                "ldap://cairn@ldap.example.org", "ldap://ldap.example.org:99999", "ldap://ldap.example.org?x", "ldapi:///run/slapd",
            )
        ],
        ("LDAP_URL", {"LDAP_URL": ""}),
        ("LDAP_BASE_DN", {"LDAP_BASE_DN": ""}),
        ("LDAP_BIND_DN", {"LDAP_BIND_DN": ""}),
        ("LDAP_BIND_PASSWORD", {"LDAP_BIND_PASSWORD": ""}),
        ("LDAP_START_TLS", {"LDAP_START_TLS": "1"}),
        ("LDAP_START_TLS", {"LDAP_START_TLS": "perhaps", "LDAP_URL": "ldap://ldap.example.org"}),
        ("LDAP_CA_FILE", {"LDAP_CA_FILE": "/nowhere/ca.pem"}),
        ("LDAP_CA_FILE", {"LDAP_CA_FILE": __file__}),
        *[
            ("LDAP_USER_FILTER", {"LDAP_USER_FILTER": one})
            for one in ("uid={login}", "(uid=x)", "((uid={login})", "(uid={login}))", ")(uid={login})(")
        ],
        ("LDAP_GROUP_FILTER", {"LDAP_GROUP_FILTER": "(member={login})"}),
        ("LDAP_GROUP_BASE_DN", {"LDAP_GROUPS": '{"developers": ["CORE:member"]}'}),
        ("LDAP_GROUPS", {"LDAP_GROUPS": '{"developers": ["CORE:king"]}', "LDAP_GROUP_BASE_DN": "ou=groups"}),
        ("LDAP_SECOND_FACTOR", {"LDAP_SECOND_FACTOR": "never"}),
        ("LDAP_LABEL", {"LDAP_LABEL": "x" * 61}),
        ("LDAP_TIMEOUT", {"LDAP_TIMEOUT": "0"}),
        ("LDAP_TIMEOUT", {"LDAP_TIMEOUT": "600"}),
        ("SSO_PROVIDERS", {"SSO_PROVIDERS": '[{"id": "ldap", "label": "L", "issuer": "https://id.example.org", "client_id": "c"}]'}),
    ],
)  # fmt: skip
def test_a_wrong_one_stops_the_start_and_is_named(monkeypatch, capsys, name, change):
    for key, value in (RIGHT | change).items():
        monkeypatch.setenv(key, value)
    with pytest.raises(SystemExit):
        config.load()
    told = capsys.readouterr().err
    assert told.startswith(f"cairn: {name}"), told
    assert "reads all" not in told


def test_groups_that_are_no_json_are_told(monkeypatch, capsys):
    for key, value in (RIGHT | {"LDAP_GROUPS": "developers=CORE:member"}).items():
        monkeypatch.setenv(key, value)
    with pytest.raises(SystemExit):
        config.load()
    assert "ldap_groups" in capsys.readouterr().err.lower()


def test_right_ones_are_read(monkeypatch, tmp_path):
    for key, value in RIGHT.items():
        monkeypatch.setenv(key, value)
    monkeypatch.delenv("LDAP_BIND_PASSWORD")
    (tmp_path / "secret").write_text("in a file\n")
    monkeypatch.setenv("LDAP_BIND_PASSWORD_FILE", str(tmp_path / "secret"))
    settings = Settings(_env_file=None)
    assert settings.ldap_bind_password.get_secret_value() == "in a file"
    assert (settings.ldap_server.port, settings.ldap_server.is_tls) == (636, True)
    assert [one.id for one in settings.rules] == ["ldap"]
