"""Write what Cairn is made of, as CycloneDX: the packages that its image installs, and what lies in static/vendor.

`bin/test` writes it to build/sbom.json. It is the same for the same sources: it has neither a time nor a number.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parent.parent
VERSION = SchemaVersion.V1_6
LOCKED = ("requirements.txt", "requirements-otel.txt")


def document() -> dict[str, Any]:
    """The document. Raises ValueError if it is none that others can read."""
    whole, *others = map(packages, LOCKED)
    whole["metadata"]["component"] = {"type": "application", "name": "Cairn", "bom-ref": "cairn"}
    named = {one["purl"]: one for listed in (whole, *others) for one in listed["components"]}
    parts = [{**one, "bom-ref": purl} for purl, one in sorted(named.items())]
    whole["components"] = [*parts, *vendored()]
    whole["dependencies"] = [{"ref": one["bom-ref"]} for one in (whole["metadata"]["component"], *parts)]
    fault = JsonStrictValidator(VERSION).validate_str(json.dumps(whole))
    if fault is not None:
        raise ValueError(f"The list of parts is not CycloneDX: {fault}")
    return whole


def packages(name: str) -> dict[str, Any]:
    """The document of one list of packages."""
    made = subprocess.run(  # noqa: S603 - our own words
        [
            sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "--of", "JSON",
            "--spec-version", VERSION.to_version(), str(ROOT / name),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(made.stdout)
    return told


def vendored() -> Iterator[dict[str, Any]]:
    """What was fetched into static/vendor, with the sum of each of its files."""
    sums = dict(reversed(line.split()) for line in (ROOT / "static/vendor/SHA256SUMS").read_text().splitlines())
    for folder in sorted(path for path in (ROOT / "static/vendor").iterdir() if path.is_dir()):
        name, _, version = folder.name.rpartition("-")
        files = [(path.removeprefix("./"), one) for path, one in sums.items() if path.startswith(f"./{folder.name}/")]
        yield {
            "type": "library",
            "bom-ref": folder.name,
            "name": name,
            "version": version,
            "purl": f"pkg:npm/{name}@{version}",
            "components": [
                {"type": "file", "bom-ref": path, "name": path, "hashes": [{"alg": "SHA-256", "content": one}]}
                for path, one in files
            ],
        }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=2)
    print()
