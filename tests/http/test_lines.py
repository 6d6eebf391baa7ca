"""The line of a request, which is written past logging, is the one that logging would have written."""

import io
import json
import logging
import re

import pytest

from webapp.config import ROOT
from webapp.http import log

FIELDS = {
    "method": "GET", "path": "/projects/Ä\n\x1b", "endpoint": "projects.show", "status": 200, "ms": 1.5,
    "user": None, "ip": "127.0.0.1",
}  # fmt: skip


@pytest.fixture
def written(monkeypatch):
    """Let the application log as it does in production; what it writes."""
    stream = io.StringIO()
    monkeypatch.setattr(log.log, "handlers", [log.Output(stream, log.JsonLines())])
    return stream


@pytest.mark.parametrize("lines", [log.JsonLines(), log.Readable()])
def test_it_is_the_one_that_a_record_gives(app, monkeypatch, lines):
    past, through = io.StringIO(), io.StringIO()
    monkeypatch.setattr(log.time, "time", lambda: 1700000000.125)  # type: ignore[attr-defined]
    with app.test_request_context("/"):
        log.noted()["request_id"] = "a" * 32  # type: ignore[attr-defined]
        log.Output(past, lines).write("GET /projects 200", "a" * 32, FIELDS)
        log.Output(through, lines).emit(
            logging.makeLogRecord({
                "msg": "%s %s %s", "args": ("GET", "/projects", 200), "levelname": "INFO", "created": 1700000000.125,
                "fields": FIELDS,
            })
        )  # fmt: skip
    assert past.getvalue() == through.getvalue()
    assert past.getvalue().count("\n") == 1


def test_it_tells_all_about_a_request(written, api, ada):
    response = api(ada).send("GET", "/auth/me", status=200)
    (line,) = written.getvalue().splitlines()
    told = json.loads(line)
    assert list(told) == [
        "time",
        "level",
        "message",
        "request_id",
        "method",
        "path",
        "endpoint",
        "status",
        "ms",
        "user",
        "ip",
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["time"])
    assert re.fullmatch(r"[0-9a-f]{32}", told["request_id"])
    assert told["request_id"] == response.headers["X-Request-ID"]
    assert told["message"] == "GET /auth/me 200"
    assert (told["level"], told["endpoint"], told["user"], told["ip"]) == ("info", "auth.me", ada.id, "127.0.0.1")


def test_it_tells_no_secret(written, api):
    secret = "s" * 43
    api().get(f"/invitations/{secret}", status=404)
    api().get(f"/x/cairn_feed_{secret}", status=404)
    assert secret not in written.getvalue()
    assert "…" in written.getvalue()


def test_who_listens_to_the_log_hears_it(written, api, caplog, monkeypatch):
    monkeypatch.setattr(log.log, "propagate", True)
    api().get("/healthz")
    assert "GET /healthz 200" in caplog.text
    assert "GET /healthz 200" in written.getvalue()


def test_a_log_that_wants_only_warnings_has_no_lines(written, api, monkeypatch):
    log.log.setLevel(logging.WARNING)
    try:
        api().get("/healthz")
    finally:
        log.log.setLevel(logging.INFO)
    assert written.getvalue() == ""


def test_a_full_disk_under_the_log_harms_no_answer(app, api, monkeypatch, capsys):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(log.log, "handlers", [log.Output(Full(), log.JsonLines())])
    assert api().send("GET", "/healthz").status_code == 200
    assert "No space left" in capsys.readouterr().err


SECRET = "Sx" * 21 + "S"


def with_secrets(app):
    """The addresses in which a secret stands, each with one in it, by their rules."""
    for rule in app.url_map.iter_rules():
        kinds = {name: type(kind).__name__ for name, kind in rule._converters.items()}
        if hidden := {name for name, kind in kinds.items() if kind in ("TokenConverter", "SignedConverter")}:
            values = {name: SECRET if name in hidden else 1 for name in kinds}
            yield (
                rule.rule,
                app.url_map.bind("localhost").build(rule.endpoint, values, method=min(rule.methods or ())),
            )


def test_no_line_tells_a_secret_of_an_address(app, written):
    """Neither that of Cairn nor that of the proxy; a new kind of link is among them by its converter."""
    addresses = dict(with_secrets(app))
    assert len(addresses) > 5
    proxy = re.search(r'"~\*(.*)" \$cairn_before-;', (ROOT / "deploy" / "nginx.conf").read_text())
    assert proxy is not None
    cut = re.compile(proxy[1].replace("(?<", "(?P<"), re.IGNORECASE)
    told = []
    for rule, address in addresses.items():
        app.test_client().get(address)
        told += [f"Cairn: {rule}"] if SECRET in written.getvalue() else []
        told += [f"nginx: {rule}"] if SECRET in cut.sub(r"\g<cairn_before>-", address) else []
        written.truncate(0)
    assert told == []
