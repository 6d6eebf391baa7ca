"""What recheck says of patterns. `python -m tests.patterns.judging` judges all, and writes down which were."""

import json
import os
import subprocess
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.patterns.finding import Found, in_script, of_forms, of_python, of_scripts
from webapp.config import ROOT

RECHECK = ROOT / "node_modules/recheck"
# A pattern takes recheck half a second: those that were judged before are known by their sums.
JUDGED = Path(__file__).with_name("judged.txt")
Pattern = tuple[str, str]  # source and flags
# What recheck suspects, by how its place begins, and why it is harmless.
HARMLESS = {
    r"webapp/http/assets.py: '\\s*\\n\\s*'": "reads our own scripts and styles",
    r"webapp/http/assets.py: '/\\*.*?\\*/'": "reads our own styles",
    r"webapp/http/assets.py: '^\\s*//.*$'": "reads our own scripts",
    r'webapp/text/closing.py: "\\b(?:not(?! only': "needs a sign that is a letter and none: so is the multiplication sign to us",
    r"webapp/text/closing.py: '|'.join((f'(?<!\\w)": "looks 300 signs far at most",
    r"webapp/tables_read.py: f'\\s+(?:AS": "is held against our own statements, where the name of a table ends",
    r"webapp/text/references.py: '(?:\\A|\\s)(?:~": "is held against 120 signs at most",
}


@cache
def everything() -> tuple[tuple[str, Pattern], ...]:
    """Each pattern that there is, and where."""
    ours = [(found.place, in_script(found)) for found in of_python() if isinstance(found, Found)]
    return (*ours, *((place, (source, flags)) for place, source, flags in (*of_scripts(), *of_forms())))


def is_known(pattern: Pattern) -> bool:
    """Whether recheck has judged this pattern before, and it was safe or harmless."""
    return _sum(pattern) in JUDGED.read_text().split()


def suspects(patterns: Sequence[tuple[str, Pattern]]) -> dict[str, Any]:
    """What recheck does not call safe, with its reason."""
    asked = json.dumps([{"source": source, "flags": flags} for _, (source, flags) in patterns])
    run = subprocess.run(
        ["node", "tests/patterns/judge.mjs"], cwd=ROOT, input=asked, capture_output=True, text=True, env=os.environ
    )
    assert run.returncode == 0, run.stderr
    told = zip(patterns, json.loads(run.stdout), strict=True)
    return {place: said for (place, _), said in told if said["status"] != "safe"}


def _sum(pattern: Pattern) -> str:
    return sha256("/".join(pattern).encode()).hexdigest()[:16]


def write() -> None:
    """Judge all anew, tell what is suspect and not known as harmless, and write down the sums of the others."""
    patterns = everything()
    bad = {place: said for place, said in suspects(patterns).items() if not place.startswith(tuple(HARMLESS))}
    print("\n".join(f"{place} {said}" for place, said in bad.items()))
    kept = {_sum(pattern) for place, pattern in patterns if place not in bad}
    JUDGED.write_text("".join(f"{one}\n" for one in sorted(kept)))


if __name__ == "__main__":
    write()
