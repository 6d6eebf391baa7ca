import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.running import Person, Server, ada, front_end, pytest_runtest_makereport, server

__all__ = ["ada", "front_end", "pytest_runtest_makereport", "server"]

sync_api = pytest.importorskip("playwright.sync_api")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP evil.test 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, NAMES)), MAC if MAC.exists() else None)
    if path is None:
        pytest.skip("there is no Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[..., Any]]:
    """A browser window of somebody new: `window(javaScriptEnabled=False)`, with nothing of another's in it."""
    opened = []

    def open_window(**options: Any) -> Any:
        opened.append(chromium.new_context(**options))
        opened[-1].set_default_timeout(10_000)
        return opened[-1].new_page()

    yield open_window
    for context in opened:
        context.close()


def log_in(page: Any, server: Server, person: Person) -> None:
    """Through the login page, as everybody does."""
    page.goto(f"{server.url}/auth/login")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Your work").wait_for()
