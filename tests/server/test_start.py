"""Starting with settings that are wrong, or spelled in another way."""

import os
import subprocess
import sys

import pytest

from tests.conftest import KEY
from tests.server.running import PATIENCE, start
from webapp.config import ROOT

FAULTS = [
    {"SECRET_KEY": "shrt-7f3a", "ENVIRONMENT": "production"},
    {"PORT": "eighty"},
    {"DATABASE_URL": "mysql://root:hunter2@localhost/cairn"},
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


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: next(iter(fault)))
def test_a_bad_setting_stops_the_start_and_is_named(database, tmp_path, fault):
    name, value = next(iter(fault.items()))
    settings = {"DATABASE_URL": database, "CAIRN_DATA": str(tmp_path), **fault}
    process = start(subprocess.PIPE, **settings)
    said = process.communicate(timeout=PATIENCE)[0].decode()
    assert process.returncode != 0
    assert [line.split(":")[:2] for line in said.splitlines()] == [["cairn", f" {name}"]]
    assert value not in said


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_a_given_database_is_used_and_no_other_is_loaded(database, tmp_path, scheme):
    url = f"{scheme}://{database.partition('://')[2]}"
    settings = {"DATABASE_URL": url, "CAIRN_DATA": str(tmp_path), "SECRET_KEY": KEY}
    program = [sys.executable, "-c", PROGRAM]
    said = subprocess.run(program, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [database.partition("?")[0].rpartition("/")[2], "[]"]
