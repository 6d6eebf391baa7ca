"""What pages and files let a browser do, judged by csp_evaluator, from npm."""

import json
import shutil
import subprocess
from io import BytesIO

import pytest

from tests.clients import HTML
from webapp.config import ROOT

EVALUATOR = ROOT / "node_modules/csp_evaluator"
pytestmark = pytest.mark.skipif(
    not (EVALUATOR.exists() and shutil.which("node")), reason="there is no csp_evaluator or node"
)
# What it says of good ones, and why that is harmless.
ACCEPTED = {
    "MEDIUM_MAYBE SCRIPT_ALLOWLIST_BYPASS script-src 'self'": "no answer of ours is a script but those of static/:"
    " files are sent with a policy that runs none, and with nosniff; there is no JSONP",
}
# The API's readers make pages as they like: nothing of a user's is shown there.
READERS = {"HIGH_MAYBE REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS require-trusted-types-for"}


def judged(*policies: str) -> list[list[str]]:
    run = subprocess.run(
        ["node", "tests/http/judge.cjs"], cwd=ROOT, input=json.dumps(policies), capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    told: list[list[str]] = json.loads(run.stdout)
    return told


def policy_of(client, path: str) -> str:
    return str(client.send("GET", path, headers=HTML).headers["Content-Security-Policy"])


@pytest.fixture
def policies(make, api, ada):
    """Those of pages, of what is not there, and of a file that somebody attached."""
    make.project(ada, key="WALL")
    client = api(ada)
    page = b"<script>alert(1)</script>"
    file = client.post("/projects/WALL/attachments", data={"file": (BytesIO(page), "page.html")})
    paths = ("/", "/auth/tokens", "/nowhere", "/projects/WALL/issues", file["url"])
    return {path: policy_of(client, path) for path in paths}


def test_no_policy_has_a_hole(policies):
    found = dict(zip(policies, judged(*policies.values()), strict=True))
    assert {path: said for path in found if (said := set(found[path]) - ACCEPTED.keys())} == {}
    assert any("trusted-types" in policy for policy in policies.values())


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_readers_of_the_api_may_no_more_than_make_pages(api, path):
    (said,) = judged(policy_of(api(), path))
    assert set(said) - ACCEPTED.keys() <= READERS


BAD = {
    "script-src 'self' 'unsafe-inline'; object-src 'none'": "SCRIPT_UNSAFE_INLINE",
    "script-src 'self' https://ajax.googleapis.com; object-src 'none'": "SCRIPT_ALLOWLIST_BYPASS",
    "script-src *; object-src 'none'": "PLAIN_WILDCARD",
    "script-src 'self'": "MISSING_DIRECTIVES",
    "default-src 'none' script-src 'self'": "MISSING_SEMICOLON",
}


@pytest.mark.parametrize(("policy", "fault"), BAD.items())
def test_a_bad_policy_is_found(policy, fault):
    """Planted faults: each would fail the tests above."""
    (said,) = judged(policy)
    assert any(fault in one for one in set(said) - ACCEPTED.keys())
