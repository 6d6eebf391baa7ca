"""A text that moves says by a key what it named by a number alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.text.markdown import find
from webapp.text.rewording import reworded


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("See #2.", "See WALL-2."),
        ("#2, (#12) and **#3**", "WALL-2, (WALL-12) and **WALL-3**"),
        ("fixes #2 and #2", "fixes WALL-2 and WALL-2"),
        ("- [ ] #2\n\n> #3\n\n| a |\n|---|\n| #4 |", "- [ ] WALL-2\n\n> WALL-3\n\n| a |\n|---|\n| WALL-4 |"),
        ("`#2` but #2", "`#2` but WALL-2"),
        ("```\n#2\n```\n#2\r\n", "```\n#2\n```\nWALL-2\r\n"),
        ("    #2\n\n#2", "    #2\n\nWALL-2"),
        ("[#2](/a) #2", "[#2](/a) WALL-2"),
        ("https://x.example/#2 #2", "https://x.example/#2 WALL-2"),
        ("x#2 ##2 #2x &#2; #2", "x#2 ##2 #2x &#2; WALL-2"),
        ("#99 was never given, #20 was", "#99 was never given, WALL-20 was"),
        ("# 2\n\n#2", "# 2\n\nWALL-2"),
        ("WALL-2 and SCREE-2, @ada", "WALL-2 and SCREE-2, @ada"),
        ("no name at all", "no name at all"),
        ("[#2]: /a\n\n[#2]", "[#2]: /a\n\n[#2]"),
    ],
)
def test_what_names_an_issue_is_reworded_and_nothing_else(text, new):
    assert reworded(text, "WALL", 20) == new


def test_more_names_than_are_linked_are_reworded():
    text = " ".join(f"#{number}" for number in range(1, 400))
    assert reworded(text, "WALL", 1000) == text.replace("#", "WALL-")


PIECES = ["#1", "#2", "`", "```\n", "\n", "\n\n", " ", "*", "(", ")", "<", ">", "x", "~~", "|", "- ", "&", "/"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_all_that_names_an_issue_goes_on_naming_it_and_nothing_is_added(text):
    new = reworded(text, "WALL", 2)
    assert new.replace("WALL-", "#") == text
    assert find(new).names == [one.replace("#", "WALL-") for one in find(text).names]
