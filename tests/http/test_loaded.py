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
print(json.dumps([client.get("/readyz").status_code, sorted(sys.modules.keys() - at_start)]))
"""


def test_to_answer_a_process_loads_nothing_more(database, settings):
    """What it loads is its own, and what it writes to meanwhile too: Alembic was 17 MiB of whoever had told /readyz."""
    with committing(database, settings) as app:
        url = app.config["SETTINGS"].database_url
        env = {**os.environ, "DATABASE_URL": url, "CAIRN_DATA": str(settings.cairn_data)}
        told = subprocess.check_output([sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, text=True)
    status, loaded = json.loads(told.splitlines()[-1])
    assert status == 200
    # Python's own, which it loads with the first text of that kind.
    assert [name for name in loaded if not name.startswith("encodings.") and name != "_strptime"] == []
