import io
from collections.abc import Callable
from typing import Any

import pytest

URL = "/projects/WALL/attachments"


@pytest.fixture
def folder(app, monkeypatch, tmp_path):
    """A data folder of the test's own; its files, with nothing in it yet."""
    monkeypatch.setitem(app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update={"cairn_data": tmp_path}))
    return tmp_path / "files"


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def upload(api, project) -> Callable[..., Any]:
    """`upload(ada, data, "name")` sends a file to the project."""

    def send(who: Any, data: bytes, name: str = "notes.txt", status: int = 201) -> Any:
        return api(who).post(URL, status=status, data={"file": (io.BytesIO(data), name)})

    return send
