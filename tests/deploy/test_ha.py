"""The files of deploy/ha: what is to be filled in is named, and a shell can read it. tests/faults has them break."""

import re
import subprocess

import pytest

from webapp.config import ROOT

FOLDER = ROOT / "deploy" / "ha"
VALUES = FOLDER / "values.env"
NAMES = set(re.findall(r"^(\w+)=", VALUES.read_text(), re.MULTILINE))
FILES = sorted(path for path in FOLDER.iterdir() if path != VALUES)


def asked_for(path):
    return set(re.findall(r"\$\{?(\w+)", path.read_text()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_all_that_is_to_be_filled_in_is_among_the_values(path):
    assert asked_for(path)
    assert asked_for(path) <= NAMES


def test_no_value_is_asked_for_in_vain():
    assert set().union(*map(asked_for, FILES)) == NAMES


def test_a_shell_reads_the_values_as_they_are_written():
    read = subprocess.run(
        ["/bin/sh", "-euc", f'. "{VALUES}"; printf %s "$FILES_URL"'], capture_output=True, text=True, check=True
    )
    assert read.stderr == ""
    assert read.stdout.startswith("s3://")
    assert "region=" in read.stdout
