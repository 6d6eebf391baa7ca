"""The code of a commit in a folder of its own, and a made-up tracker for it: made once, and kept."""

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from webapp.config import ROOT

KEPT = Path(tempfile.gettempdir()) / "cairn-bench"
# What decides about the rows of a made-up tracker.
MAKERS = ("migrations/versions/*.py", "bench/generate.py", "bench/texts.py", "bench/world.py")


def checkout(named: str, kept: Path) -> Path:
    """The folder with the code of a commit or tag; a folder stands for itself. Raises SystemExit for neither."""
    if Path(named).is_dir():
        return Path(named).resolve()
    found = _git("rev-parse", "--verify", "--quiet", f"{named}^{{commit}}").decode().strip()
    if not found:
        raise SystemExit(f"{named} is neither a folder nor a commit of {ROOT}.")
    folder = kept / found[:12]
    if not folder.exists():
        draft = Path(tempfile.mkdtemp(dir=kept))
        with tarfile.open(fileobj=io.BytesIO(_git("archive", found))) as archive:
            archive.extractall(draft, filter="data")
        draft.chmod(0o755)
        with contextlib.suppress(OSError):  # another run was here first
            draft.rename(folder)
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, check=False).stdout  # noqa: S603, S607


def tracker(code: Path, issues: int, kept: Path) -> Path:
    """A data folder with a made-up tracker of so many issues, made by that code. Only to be copied."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in MAKERS for path in code.glob(pattern)):
        digest.update(path.read_bytes())
    folder = kept / f"tracker-{issues}-{digest.hexdigest()[:12]}"
    if not folder.exists():
        with _draft(kept) as draft:
            command = [sys.executable, "-m", "bench.generate", "--issues", str(issues)]
            subprocess.run(command, cwd=code, env=environment(draft), check=True, stdout=sys.stderr)  # noqa: S603
            draft.rename(folder)
    return folder


def copied(tracker: Path, name: str, kept: Path) -> Path:
    """A tracker of one's own, in the state in which it was made."""
    folder = kept / name
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", tracker, folder], check=True)  # noqa: S603, S607  owners and times as they are
    return folder


def environment(data: Path, **own: str) -> dict[str, str]:
    """The environment with which code of a checkout works on a data folder, whatever else is set here.

    Nothing is done beside requests: a worker would make answers, and figures, of what it has come to.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PYTHONPATH")}
    return {**inherited, "CAIRN_DATA": str(data), "WORKER": "off", **own}


@contextlib.contextmanager
def _draft(kept: Path) -> Iterator[Path]:
    draft = Path(tempfile.mkdtemp(dir=kept))
    draft.chmod(0o755)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
