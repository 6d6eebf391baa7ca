"""What the two commands install: whole, for each pip that a supported Python may bring, whatever is released meanwhile."""

import shutil
import subprocess
import sys
from pathlib import Path

from webapp.config import ROOT

# Python 3.11.0 brings this one. What a newer one brings has installed what the tests run in.
OLDEST = "pip==22.3"
LOCKS = ("requirements.txt", "requirements-dev.txt")


def environment(folder: Path, pip: str) -> Path:
    """A new virtual environment with this pip; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    run(python, "install", "--quiet", pip)
    return python


def run(python: Path, *arguments: str | Path) -> str:
    done = subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def how_it_is_installed() -> list[str]:
    """The options that bin/_env gives to pip."""
    line = next(line for line in (ROOT / "bin" / "_env").read_text().splitlines() if "-m pip install" in line)
    return [word for word in line.split() if word.startswith("--")]


def test_what_this_runs_in_is_whole():
    """The pip that came with Python has installed it, by the same lines: bin/test begins with that."""
    assert "No broken requirements" in run(Path(sys.executable), "check")


def test_the_locks_are_whole(tmp_path):
    """Nothing is looked up beside what is locked, and nothing is built by tools that nobody has locked."""
    python = environment(tmp_path / "venv", OLDEST)
    for lock in LOCKS:
        shutil.copy(ROOT / lock, tmp_path)
        run(
            python, "install", *how_it_is_installed(), "--only-binary", ":all:", "--no-compile", "-r", tmp_path / lock
        )
    assert "No broken requirements" in run(python, "check")


def test_nothing_is_resolved_anew_when_it_is_installed():
    """In no place that installs, be it for people, containers or servers."""
    shipped = [path for path in (ROOT / "deploy").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    places = [ROOT / "bin" / "_env", ROOT / "Dockerfile", *(ROOT / "docs").glob("*.md"), *shipped]
    lines = [line for path in places for line in path.read_text().splitlines() if "pip install" in line]
    assert len(lines) >= 3
    assert [line for line in lines if "--no-deps" not in line or "--require-hashes" not in line] == []
