"""Cairn behind the shipped nginx, graded by MDN's HTTP Observatory, from npm: `bin/test --attack` installs it.

Its scanner is as it is on the web, but asks this machine. The list of sites that browsers know to be https alone is on
the web, too, and is left empty: Cairn's grade is without what it would give.
"""

import json
import os
import shutil
import subprocess

import pytest

from tests.attack.careless import careless
from tests.deploy.test_nginx import needs_nginx
from tests.server.running import free_port
from webapp.config import ROOT

OBSERVATORY = ROOT / "build/attackers/observatory"
PACKAGE = OBSERVATORY / "node_modules/@mdn/mdn-http-observatory"

pytestmark = [
    pytest.mark.attack,
    needs_nginx,
    pytest.mark.skipif(not (PACKAGE.exists() and shutil.which("node")), reason="bin/test --attack installs it"),
]


def graded(address, *, http, https, trusted=None):
    """What the Observatory says of a site whose ports are these of this machine."""
    (PACKAGE / "conf/hsts-preload.json").write_text("{}")
    trusting = {"NODE_EXTRA_CA_CERTS": str(trusted)} if trusted else {}
    command = ["node", str(ROOT / "tests/deploy/observatory.mjs"), str(PACKAGE), address, str(http), str(https)]
    run = subprocess.run(command, env={**os.environ, **trusting}, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(run.stdout)


@pytest.mark.parametrize("path", ["", "/auth/login"])
def test_it_is_graded_best(front, path):
    told = graded(f"cairn.test{path}", http=front.http, https=front.https, trusted=front.folder / "cert.pem")
    print(told)
    assert told["grade"] == "A+", told
    assert [test for test in told["tests"] if not test["pass"] or test["points"] < 0] == []


def test_a_careless_site_is_graded_worst(database):
    with careless(database) as address:
        assert graded("cairn.test", http=address.rpartition(":")[2], https=free_port())["grade"] == "F"
