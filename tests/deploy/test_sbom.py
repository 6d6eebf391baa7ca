"""The list of parts names all that is shipped, and nothing else."""

import json
import re
import subprocess
import sys

import pytest

from webapp.config import ROOT


@pytest.fixture(scope="module")
def components():
    made = subprocess.run([sys.executable, "deploy/sbom.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {one["purl"]: one for one in json.loads(made.stdout)["components"]}


def test_each_locked_package_is_in_it_with_its_sums(components):
    lists = "".join((ROOT / name).read_text() for name in ("requirements.txt", "requirements-otel.txt"))
    locked = dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==([^ ;\\]+)", lists, re.MULTILINE))
    assert {"flask", "opentelemetry-sdk"} < {name.lower() for name in locked}
    told = {one["name"]: one["version"] for purl, one in components.items() if purl.startswith("pkg:pypi/")}
    assert told == locked
    for name in locked:
        [of_files] = components[f"pkg:pypi/{name}@{locked[name]}"]["externalReferences"]
        assert all(one["alg"] == "SHA-256" for one in of_files["hashes"])


def test_what_was_fetched_for_browsers_is_in_it(components):
    folders = {path.name for path in (ROOT / "static/vendor").iterdir() if path.is_dir()}
    there = {one["bom-ref"] for purl, one in components.items() if purl.startswith("pkg:npm/")}
    assert there == folders
    assert all(one["components"] for one in components.values() if one["bom-ref"] in folders)
