"""Which Cairn this is: the version of the package, and of a checkout the commit."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from webapp.config import ROOT

_COMMIT = re.compile(r"[0-9a-f]{40,64}")


@lru_cache
def version() -> str:
    """Like 0.1.0 (1a2b3c4d5e6f); as it was when a process was first asked, since that is what it runs."""
    number = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    commit = commit_of(ROOT / ".git")
    return f"{number} ({commit[:12]})" if commit else str(number)


def commit_of(git: Path) -> str | None:
    """The commit that a checkout is at, without git, which a server need not have; None if it cannot be told."""
    try:
        if git.is_file():  # of a worktree: it names the folder
            git = git.parent / git.read_text().partition("gitdir:")[2].strip()
        head = (git / "HEAD").read_text().strip()
        found = _of_branch(git, head.removeprefix("ref: ")) if head.startswith("ref: ") else head
    except (OSError, UnicodeDecodeError):
        return None
    return found if _COMMIT.fullmatch(found) else None


def _of_branch(git: Path, name: str) -> str:
    common = git / "commondir"
    shared = git / common.read_text().strip() if common.is_file() else git
    if (shared / name).is_file():
        return (shared / name).read_text().strip()
    packed = (line.split(" ") for line in (shared / "packed-refs").read_text().splitlines())
    return next((words[0] for words in packed if words[-1] == name), "")
