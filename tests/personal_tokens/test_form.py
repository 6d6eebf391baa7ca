"""What a token looks like: scanners find one, and anybody can tell whether it is whole."""

import re
import subprocess
from zlib import crc32

from webapp import token_form
from webapp.config import ROOT

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOLD = re.search(r"`(cairn_pat_\[.+?)`", (ROOT / "docs" / "api.md").read_text())


def test_the_pattern_of_the_documents_finds_each_in_a_file(tmp_path):
    assert TOLD is not None
    tokens = [token_form.made() for _ in range(50)]
    for number, token in enumerate(tokens):
        (tmp_path / f"{number}.env").write_text(f'CAIRN_TOKEN="{token}"\n')
    (tmp_path / "none.env").write_text("CAIRN_TOKEN=cairn_pat_…\ncairn_patient_records = 1\n")
    found = subprocess.run(["grep", "-rhoE", TOLD[1], tmp_path], capture_output=True, text=True, check=True).stdout
    assert sorted(found.split()) == sorted(tokens)


def test_its_sum_is_what_the_documents_say():
    for _ in range(200):
        token = token_form.made()
        random, told = token[10:40], token[40:]
        assert sum(SIGNS.index(sign) * 62**place for place, sign in enumerate(reversed(told))) == crc32(
            random.encode()
        )


def test_no_two_are_alike_and_a_change_of_one_sign_is_noticed():
    token = token_form.made()
    assert len({token_form.made() for _ in range(1000)}) == 1000
    for place in range(len(token)):
        for other in ("0", "z", "é", "_", ""):
            changed = token[:place] + other + token[place + 1 :]
            assert token_form.is_whole(changed) is (changed == token), changed
