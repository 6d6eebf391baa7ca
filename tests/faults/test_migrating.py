"""A migration runs beside the version that serves, while somebody reads at length."""

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from tests.conftest import KEY
from tests.databases import connected
from tests.faults.ledger import Ledger, settle
from tests.server.running import PATIENCE
from webapp import migrations
from webapp.config import ROOT

pytestmark = pytest.mark.faults

# Sorts behind all that there will be.
REVISION = "9999"
MIGRATION = """
from alembic import op

revision = "{revision}"
down_revision = "{head}"


def upgrade():
    op.execute("ALTER TABLE issues ADD COLUMN faults_note text")


def downgrade():
    op.execute("ALTER TABLE issues DROP COLUMN faults_note")
"""
READS = 3.0  # seconds, of somebody who has looked at an issue and holds on to it


@pytest.fixture
def newer(tmp_path):
    """The next version's code: as ours, and a migration more."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("webapp", "migrations"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "templates", "static", "translations", "deploy"):
        (root / name).symlink_to(ROOT / name)
    text = MIGRATION.format(revision=REVISION, head=migrations.head())
    (root / "migrations" / "versions" / f"{REVISION}_next.py").write_text(text)
    return root


def migrate(root, server, *command):
    given = {"DATABASE_URL": server.database, "CAIRN_DATA": server.settings["CAIRN_DATA"], "SECRET_KEY": KEY}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", *command], cwd=root,
        env=os.environ | {"ENVIRONMENT": "development", **given}, capture_output=True, text=True, timeout=4 * PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_r22_people_go_on_working_while_the_next_version_migrates(server, ada, project, newer, tell):
    longest = 0.0
    done, over = threading.Event(), threading.Event()

    def look():
        nonlocal longest
        while not over.wait(0.05):
            began = time.monotonic()
            assert server.ask("GET", f"{project}/issues", by=ada).status in (200, 503)
            longest = max(longest, time.monotonic() - began)

    reader = threading.Thread(target=look)
    with Ledger(server, ada, project) as ledger, closing(connected(server.database)) as other:
        ledger.wait_for(20)
        reader.start()
        holding = threading.Thread(target=hold, args=(other, done))
        holding.start()
        migrate(newer, server, "upgrade")
        done.set()
        holding.join()
        ledger.wait_for(20)
        migrate(newer, server, "downgrade", migrations.head())
        ledger.wait_for(20)
        over.set()
        reader.join()
    balance = settle(ledger, server.database, may=(503,))
    tell("R22 a migration up and down", f"{balance}; longest list {longest:.1f} s")


def hold(connection, done):
    """Read an issue again and again, each time in a transaction that stays open for a while."""
    while not done.wait(0.2):
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT FROM issues LIMIT 1")
            time.sleep(READS)
            cursor.execute("COMMIT")
