"""WEBHOOK_ALLOWED: what it means, and that a wrong one is told in a line."""

import pytest

from webapp import config
from webapp.config import Settings
from webapp.webhooks import standing


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "10.0.0.1/8", "https://intranet.example", "127.1"])
def test_a_wrong_one_stops_the_start(monkeypatch, capsys, entry):
    monkeypatch.setenv("WEBHOOK_ALLOWED", f"192.168.0.0/16, {entry}")
    with pytest.raises(SystemExit):
        config.load()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"cairn: WEBHOOK_ALLOWED: {entry} is neither a network like")


def test_networks_and_names_are_read(monkeypatch):
    monkeypatch.setattr(standing, "_standing", None)
    standing.configure(Settings(_env_file=None, webhook_allowed="10.0.0.0/8, Intranet.example"), "key")
    allowed = standing.standing().allowed
    assert [str(one) for one in allowed.networks] == ["10.0.0.0/8"]
    assert allowed.names == {"intranet.example"}
