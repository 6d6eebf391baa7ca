"""Whether the time of an answer tells who has an account: `python -m bench.alike [SAMPLES]`.

Asks of an address that somebody has and of one that nobody has, in turn, as often as is said (200), and compares the
two by the test of Mann and Whitney. A p above 0.01 tells nothing; one below says that the times differ, on a quiet
machine.
"""

import shutil
import sys
import tempfile
import time
from math import erfc, sqrt
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from webapp import create_app, embedded, migrations
from webapp.auth import making, passwords
from webapp.auth.schemas import RegisterIn
from webapp.config import Settings
from webapp.db import transacting

PASSWORD = "eleven purple otters"  # noqa: S105
KEY = "not-a-real-key-only-to-compare-times-0123456789"
ASKED = {
    "forgotten": ("/auth/forgotten", {}),
    "login": ("/auth/login", {"password": "not the right one"}),
    "register": ("/auth/register", {"name": "Grace", "password": PASSWORD}),
}


def main(samples: int) -> None:
    """Print medians and p for each way to ask."""
    passwords.COST = 4  # a dear hash, the same for both, would only drown what differs beside it
    home = Path(tempfile.mkdtemp(prefix="cairn-alike-"))
    home.chmod(0o755)
    server = embedded.acquire(home / "postgres", durable=False)
    try:
        app = _application(server.url("cairn_alike"), home)
        for name in ASKED:
            known, unknown = _times(app, name, samples)
            p = mann_whitney(known, unknown)
            told = f"known {median(known) * 1000:.2f} ms, unknown {median(unknown) * 1000:.2f} ms, p = {p:.3f}"
            print(f"{name}: {told}, {samples} each", flush=True)
    finally:
        server.release()
        shutil.rmtree(home, ignore_errors=True)


def mann_whitney(some: list[float], others: list[float]) -> float:
    """How likely it is that two samples of one thing differ as much as these, from both sides."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    ranks = sum(rank for rank, (_, is_some) in enumerate(ranked, 1) if is_some)
    sizes = len(some), len(others)
    wins = ranks - sizes[0] * (sizes[0] + 1) / 2
    spread = sqrt(sizes[0] * sizes[1] * (sum(sizes) + 1) / 12)
    return erfc(abs(wins - sizes[0] * sizes[1] / 2) / spread / sqrt(2))


def _application(url: str, home: Path) -> Flask:
    given: dict[str, Any] = {
        "database_url": url,
        "secret_key": KEY,
        "cairn_data": home,
        "mail_url": "smtp://127.0.0.1:9",
    }
    given |= {"base_url": "https://cairn.test", "mail_from": "Cairn <cairn@cairn.test>"}
    app = create_app(Settings(_env_file=None, **given))
    migrations.init_app(app)
    with app.app_context():
        upgrade()
        making.register(RegisterIn(name="Ada", email="ada@example.com", password=PASSWORD))
    return app


def _times(app: Flask, name: str, samples: int) -> tuple[list[float], list[float]]:
    known: list[float] = []
    unknown: list[float] = []
    for turn in range(-5, samples):  # the first ones warm up
        pair = [("ada@example.com", known), ("eve@example.com", unknown)]
        for email, times in pair if turn % 2 else reversed(pair):
            took = _took(app, name, email)
            if turn >= 0:
                times.append(took)
    return known, unknown


def _took(app: Flask, name: str, email: str) -> float:
    with app.app_context(), transacting() as session:
        session.execute(text("DELETE FROM login_failures"))
    address, typed = ASKED[name]
    client = app.test_client(use_cookies=False)
    began = time.perf_counter()
    client.post(address, json={**typed, "email": email}, headers={"Accept": "application/json"})
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
