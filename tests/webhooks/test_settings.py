"""WEBHOOK_ALLOWED: what it means, and that a wrong one is told in a line."""

import os
import subprocess
import sys

import pytest

from webapp import config
from webapp.config import ROOT, Settings
from webapp.config.keys import Ring
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
    standing.configure(Settings(_env_file=None, webhook_allowed="10.0.0.0/8, Intranet.example"), Ring("key"))
    allowed = standing.standing().allowed
    assert [str(one) for one in allowed.networks] == ["10.0.0.0/8"]
    assert allowed.names == {"intranet.example"}


def test_settings_are_read_without_the_application():
    """Gunicorn's first process would keep what it loaded, and hand it to each worker that code was changed for."""
    asked = "import runpy, sys; runpy.run_path('gunicorn.conf.py'); print([n for n in sys.modules if 'webapp' in n])"
    given = {
        "WEBHOOK_ALLOWED": "127.0.0.0/8,intranet.example", "MAIL_URL": "smtp://127.0.0.1", "MAIL_IN": "lmtp://[::1]:8024",
        "MAIL_FROM": "cairn@in.test", "MAIL_IN_ADDRESS": "cairn+{token}@in.test", "BASE_URL": "https://cairn.test",
        "BACKEND_CORS_ORIGINS": "https://app.test", "MAIL_IN_AUTHORITY": "mx.in.test", "DATABASE_URL": "postgresql://x/y",
    }  # fmt: skip
    process = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, **given},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.strip() == "[]"
