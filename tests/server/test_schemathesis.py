"""Generated requests against the running server: nothing is answered but what the API document says."""

import os
import subprocess
import sys

import pytest

from webapp.config import ROOT

# The documented examples, each limit of each field, what follows of what: ten thousand requests. Those of chance take
# minutes more.
PHASES = ["examples,coverage,stateful", pytest.param("fuzzing", marks=pytest.mark.attack)]


@pytest.mark.parametrize("phases", PHASES)
def test_every_answer_is_as_described(server, ada, tmp_path, phases):
    run = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli",
            "--config-file", str(ROOT / "tests/server/schemathesis.toml"),
            "run", f"{server.url}/openapi.json",
            "--header", f"Authorization: Bearer {ada.token}",
            "--phases", phases,
            "--max-examples", "20",
            "--seed", "1",
            # These would end the token that all the others need, or let its account wait.
            "--exclude-path", "/auth/logout",
            "--exclude-path", "/auth/password",
            "--exclude-path", "/auth/sign-ins/{sign_in}",
        ],
        cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.server.schemathesis_hooks", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-20000:]
    assert "No tests were run" not in run.stdout
