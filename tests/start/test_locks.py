"""What the two commands install: whole, for each pip that a supported Python may bring, whatever is released meanwhile."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.config import ROOT

# Python 3.11.0 brings this one; the newest is the one that the registry has today.
OLDEST = "pip==22.3"
LOCKS = ("requirements.txt", "requirements-dev.txt")


def environment(folder: Path, *pip: str) -> Path:
    """A new virtual environment with the pip that comes with Python, or another one; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    if pip:
        run(python, "install", "--quiet", *pip)
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


@pytest.mark.parametrize("pip", [(), (OLDEST,)], ids=["untouched", OLDEST])
def test_the_locks_are_whole(tmp_path, pip):
    """Nothing is looked up beside what is locked, and nothing is built by tools that nobody has locked."""
    python = environment(tmp_path / "venv", *pip)
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
