import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from webapp.access import Viewer


@pytest.fixture
def bring(app: Flask, ada: Viewer, tmp_path: Path) -> Callable[..., str]:
    """Write an export and import it: `bring(content, name="issues.json")`; returns what the command prints."""

    def run(content: Any, *arguments: str, name: str = "issues.json", ok: bool = True) -> str:
        path = tmp_path / name
        if content is not None:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        result = app.test_cli_runner().invoke(args=["import", "github", str(path), "--project", "wall", *arguments])
        assert (result.exit_code == 0) is ok, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.output

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., str]:
    """Write one file an item; returns the folder's name."""

    def write(**files: Any) -> str:
        target = tmp_path / "all"
        target.mkdir(exist_ok=True)
        for name, content in files.items():
            (target / f"{name.removeprefix('n')}.json").write_text(json.dumps(content))
        return "all"

    return write
