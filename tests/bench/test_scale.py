"""A generated tracker: it has what was asked for, and no page of it reads a whole table."""

import os
import re
import subprocess
import sys

import pytest

from webapp.config import ROOT

ISSUES = 5000
# With so few issues, to read all of them is cheaper than to look twenty up.
SMALL = ("home",)
WHOLE = re.compile(r"Seq Scan on (issues|comments|events|issue_documents|issue_labels|issue_assignees|tallies)\b")


def run(module, folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *arguments], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "CAIRN_DATA": str(folder)}, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def tracker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent != parent.parent:
            parent.chmod(parent.stat().st_mode | 0o711)
    assert f"{ISSUES:,} issues" in run("generate", folder, "--issues", f"{ISSUES}")
    return folder


def test_no_page_reads_a_whole_table(tracker):
    pages = run("plans", tracker).split("\n## ")[1:]
    assert len(pages) > 30
    for page in pages:
        name = page.partition(":")[0]
        assert "200 OK" in page, page[:500]
        assert not name.startswith(("search", "list of words")) or "issue_documents_document_idx" in page, page
        assert name in SMALL or not WHOLE.search(page), page


def test_a_page_can_be_timed(tracker):
    table = run("measure", tracker, str(tracker), "--rounds", "1", "--only", "project")
    assert re.search(r"\| project \| [\d.]+ \| 1.00 \| 1.2 \| yes \|", table)
