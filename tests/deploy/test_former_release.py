"""The former release on today's schema: while servers are upgraded one after the other, both are in use at once.

The tests that it came with are run by its own code, with today's migrations in place of its own. What a migration takes
away too soon, or demands too soon, fails there.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.databases import empty_database
from webapp import migrations
from webapp.config import ROOT

# What people do all day. Not what compares tables with models, or the sources with themselves.
QUICK = ("tests/comments/test_comments.py", "tests/issues/test_opening.py")
PART = ("tests/issues", "tests/comments", "tests/labels", "tests/members", "tests/attachments", "tests/search")
TAKES_AWAY = """
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    op.execute("ALTER TABLE comments RENAME COLUMN body TO words")
"""


def git(*command: str) -> bytes:
    """What git says; a test that asks in vain is skipped."""
    try:
        return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"no history of the sources here: git {command[0]}")


def former_release() -> str:
    """The newest tag before this commit, which may be a release itself; without one the commit before today's last migrations came."""
    if tags := git("tag", "--merged", "HEAD", "--no-contains", "HEAD", "--sort=-creatordate").decode().split():
        return tags[0]
    brought = git("log", "-1", "--format=%H", "--diff-filter=A", "--", "migrations/versions").decode().strip()
    return git("rev-parse", "--verify", "--quiet", f"{brought}^").decode().strip()


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The former release's code and tests, with today's migrations."""
    root = tmp_path_factory.mktemp("former")
    with tarfile.open(fileobj=BytesIO(git("archive", former_release()))) as packed:
        packed.extractall(root, filter="data")
    shutil.rmtree(root / "migrations")
    shutil.copytree(ROOT / "migrations", root / "migrations")
    return root


def run(former: Path, database: str, *paths: str) -> pytest.ExitCode:
    """What becomes of its tests."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    there = [path for path in paths if (former / path).exists()]
    with empty_database(database) as address:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--basetemp={former}.tmp", "--tb=short", *there],
            cwd=former, env=given | {"TEST_DATABASE_URL": address}, capture_output=True, text=True,
        )  # fmt: skip
    print(done.stdout[-5000:], done.stderr[-2000:])
    return pytest.ExitCode(done.returncode)


def test_the_former_release_works_on_todays_schema(former, database):
    assert run(former, database, *QUICK) is pytest.ExitCode.OK


@pytest.mark.faults
def test_the_former_release_does_all_that_it_did(former, database):
    assert run(former, database, *PART) is pytest.ExitCode.OK


@pytest.mark.faults
def test_what_is_taken_away_too_soon_is_seen(former, database):
    later = former / "migrations" / "versions" / "9999_later.py"
    later.write_text(TAKES_AWAY.format(head=migrations.head()))
    try:
        assert run(former, database, *QUICK) is pytest.ExitCode.TESTS_FAILED
    finally:
        later.unlink()
