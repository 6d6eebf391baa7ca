"""Attack corpora, which are not ours to copy, in the places of a Markdown text where they could hurt."""

import json
import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
FOLDER = _ROOT / os.environ.get("CAIRN_CORPORA", "../shared/data")

needed = pytest.mark.skipif(
    not (FOLDER / "hostile/xss.jsonl").exists(),
    reason="skipped: the attack corpora are not here; set CAIRN_CORPORA to their folder",
)


def payloads() -> list[str]:
    with (FOLDER / "hostile/xss.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["payload"] for line in lines]


def in_context(payload: str) -> list[str]:
    line = " ".join(payload.split())
    return [
        payload,
        f"[x]({payload})",
        f"[x](<{line}>)",
        f'![{line}]({line} "{line}")',
        f"`{line}`\n\n    {line}\n",
        f"```{line}\n{payload}\n```",
        f"[x][y]\n\n[y]: {line} '{line}'",
        f"| a | {line} |\n|---|:-:|\n| {line} | b |",
        f"<{line}> http://x/{line}",
        # Our own tags are a way in that plain Markdown has not.
        f'<a href="{line}">x</a> <a href={line}>y</a> <img src="{line}" alt="{line}"> <kbd {line}>z</kbd>',
        f"<details {line}><summary>{line}</summary>\n\n<pre>{payload}</pre>\n\n</details>",
        f"<!-- {payload} -->\n<p {line}>{payload}",
    ]


def texts() -> list[str]:
    """Every payload in every context, each text once."""
    return list(dict.fromkeys(text for payload in payloads() for text in in_context(payload)))
