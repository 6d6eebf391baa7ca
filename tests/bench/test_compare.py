"""Two versions are set against each other, as they are delivered: here the code at hand against itself."""

import json
import os
import re
import subprocess
import sys

import pytest

from bench import usage
from bench.answers import differ
from bench.visitors import Answer
from webapp.config import ROOT


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent != parent.parent:
            parent.chmod(parent.stat().st_mode | 0o711)
    return folder


def run(command, kept, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "bench", command, str(ROOT), str(ROOT), "--issues", "300", "--kept", str(kept), *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_what_answers_cost_is_told(kept):
    done = run(
        "compare",
        kept,
        "--rounds",
        "1",
        "--seconds",
        "0.1",
        "--only",
        "create by JSON",
        "--json",
        str(kept / "told.json"),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"\| create by JSON \| [\d.]+ \+ [\d.]+ \| [\d.]+ \+ [\d.]+ \| [\d.]+ \(", done.stdout), (
        done.stdout
    )
    assert re.search(r"again \d+ MiB", done.stdout)
    told = json.loads((kept / "told.json").read_text())["looks"]
    first, again = told["create by JSON"].values()
    assert first["calls"] == pytest.approx(again["calls"], rel=0.02)
    assert first["statements"] == again["statements"] > 0
    assert first["rounds"][0]["application"] > 0
    assert first["rounds"][0]["database"] > 0


def test_the_same_code_answers_the_same(kept):
    done = run("answers", kept, "--only", "/projects/BIG/issues/1")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert re.match(r"\d\d addresses, asked by 4 in two tongues", done.stdout)


def test_what_differs_is_told_by_kind():
    before = Answer(200, [("content-type", "application/json"), ("etag", '"1"')], b'{"name": "old"}')
    after = Answer(200, [("content-type", "application/json"), ("vary", "Accept")], b'{"name": "new"}')
    assert [kind for kind, _ in differ(before, after)] == [
        "missing header etag", "new header vary", "body (application/json)",
    ]  # fmt: skip
    assert [said for _, said in differ(before, Answer(404, [], b""))] == ["200 → 404"]


def test_a_process_and_those_below_it_are_counted():
    spin = (
        "import time, subprocess, sys\n{}\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\nsys.stdin.read()"
    )
    outer = spin.format(
        f"other = subprocess.Popen([sys.executable, '-c', {spin.format('')!r}], stdin=subprocess.PIPE)"
    )
    process = subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline()
        assert process.stdout.readline()
        both, memory = usage.cpu(process.pid), usage.memory(process.pid)
        assert 0.6 <= both < 3
        assert memory > 5
        (child,) = (pid for pid in usage._tree(usage._stats(), process.pid, 0) if pid != process.pid)
        assert 0.3 <= usage.cpu(process.pid, without=child) < both - 0.25
    finally:
        process.kill()
        process.wait()
