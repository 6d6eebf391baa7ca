"""When a text says that an issue is done, and when it only has the words."""

from time import thread_time

import pytest

from webapp.text import references
from webapp.text.markdown import find

SITE = "http://localhost:8000"
ADDRESS = f"{SITE}/projects/WALL/issues/3"


@pytest.fixture(autouse=True)
def site(monkeypatch):
    monkeypatch.setattr(references, "sites", frozenset({SITE}))


@pytest.mark.parametrize(
    "text",
    [
        "fixes #3", "Fixes: #3", "closes #3.", "This FIX #3", "resolved #3", "**Fixes** #3", "fixes **#3**", "(fixes #3)",
        "fixes #3, and more", "fixes issue #3", "fixes：#3", "这个提交fixes #3", "# Fixes #3", "- fixes #3", "- [x] fixes #3",
        "This\nfixes #3", "nothing else\nFixes #3", "docs are not ready\nfixes #3", "fixes ~~#4~~ #3", "fixes ~~not~~ #3",
        "| what |\n|--|\n| fixes #3 |", "Fixed #3. What about #4?", "Fixed #3\nIs there more?",
        "It was not easy, but fixes #3", "It does not look nice but I fixed #3", "Don't worry, this fixes #3",
        "No, wait: it fixes #3", "This not only fixes #3 but is faster too", "merged the patch, which fixes #3", "thanks to Ada, who fixed #3",
        "> Is it done?\n\nYes, fixes #3", "It's the commit that fixes #3, it's small", 'The 5" display: fixes #3 on the 6" one',
        "fixes #3 on Linux", "fixes #3 (on Linux)", "I fixed #3 in May", "In May I closed #3",
    ],
)  # fmt: skip
def test_what_its_writer_states_is_done(text):
    assert find(text).closing == ["#3"]


@pytest.mark.parametrize("text", [f"fixes {ADDRESS}", f"fixes <{ADDRESS}>", f"Closes [the crash]({ADDRESS})."])
def test_an_address_is_a_name(text):
    assert find(text).closing == [ADDRESS]


@pytest.mark.parametrize(
    "text",
    [
        # what others said
        "> fixes #3", "> > fixes #3", "- > fixes #3", "> - fixes #3", "> Fixes:\n> - #3", "\\> fixes #3", 'She wrote "fixes #3".',
        "“fixes #3”", "„fixes #3“", "«fixes #3»", "「fixes #3」", "'fixes #3'", "‘fixes #3’", '"It\nfixes #3" is wrong',
        # what is no text
        "~~fixes #3~~", "fixes ~~#3~~", "~~fixes~~ #3", "<del>fixes #3</del>", "<s>fixes</s> #3", "fixes \\#3", "fixes &#35;3",
        "fixes &num;3", "`fixes #3`", "fixes `#3`", "<code>fixes #3</code>", "    fixes #3", "```\nfixes #3\n```", "~~~\nfixes #3",
        "<pre>\nfixes #3\n</pre>", "<!-- fixes #3 -->", "<!--\nfixes #3\n-->", "![fixes #3](x.png)",
        # addresses
        "[fixes #3](https://elsewhere.example)", "https://elsewhere.example/?q=fixes+#3", f"fixes {ADDRESS}#c12",
        f"fixes [this]({ADDRESS}#c12)", "fixes #3 (comment)", "fixes WALL-3 (comment)",
        # denials
        "does not fix #3", "doesn't fix #3", "doesn’t fix #3", "doesnt fix #3", "won't close #3", "This never fixes #3",
        "not fixes #3", "not fixed #3", "no longer fixes #3", "cannot close #3", "It isn't that this fixes #3",
        "This does not, however, fix #3", "This does not\nfix #3", "It neither fixes #3 nor helps", "Nothing fixes #3",
        "No commit closes #3", "I don't think this fixes #3", "It does **not** fix #3", "Does not fix:\n- #3",
        "reverts the commit that fixed #3", "It failed to fix #3", "closed without having fixed #3",
        # questions
        "does this fix #3?", "Does this fix #3", "fixes #3?", "fixes #3 ?", "fixes #3, right?", "This fixes #3, doesn't it?!",
        "fixes #3？", "Can you close #3", "Who closed #3", "does this fix\n#3?",
        # conditions, plans and parts
        "would fix #3", "might fix #3", "I'd fix #3", "If merged, this fixes #3", "Tell me if this fixes #3",
        "Whether it closes #3 is open", "Unless it fixes #3 it stays", "perhaps it fixes #3", "we need to fix #3",
        "I will fix #3 tomorrow", "I'll close #3", "please close #3", "Let's close #3", "TODO: fix #3", "- [ ] fix #3",
        "- [ ] fixes #3", "Fixes:\n- [ ] #3", "partially fixes #3", "fixes #3 partly", "fixes #3 (partially)",
        "fixes #3, but only in part", "almost fixed #3", "fixes #3 once it is merged", "fixes #3 if it is merged",
        # other words
        "prefixes #3", "hotfix #3", "bug-fix #3", "fixes the #3", "fixes#3", "fixing #3", "fixes #3's typo", "fixes #3 or #4",
        "fixes it: #3", "#3 fixes", "fix/#3", "see #3",
    ],
)  # fmt: skip
def test_what_only_has_the_words_is_not(text):
    assert find(text).closing == []


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("fixes #1, #2 and #3", [1, 2, 3]), ("fixes #1, #2, and #3.", [1, 2, 3]), ("fixes #1 and #2", [1, 2]),
        ("fixes #1 & #2", [1, 2]), ("fixes both #1 and #2", [1, 2]), ("fixes #1 #2", [1, 2]), ("fixes #1、#2", [1, 2]),
        ("fixes: #1, #2", [1, 2]), ("fixes issues #1; #2", [1, 2]), ("closes #1, closes #2", [1, 2]),
        ("Fixes #1\nCloses #2", [1, 2]), ("Fixes:\n#1\n#2", [1, 2]), ("fixes\n#1,\n#2", [1, 2]),
        ("Fixes:\n- #1\n- #2", [1, 2]), ("Fixes:\n\n1. #1 the crash\n2. #2", [1, 2]), ("## Fixes:\n* #1\n* #2", [1, 2]),
        ("Fixes the following issues:\n- #1\n- #2\n\n#3", [1, 2]), ("Fixes:\n- [x] #1\n- [ ] #2", [1]),
        ("Fixes:\n- #1\n  - #2\n- see #3", [1]), ("Fixes:\n\nNow see\n- #1", []), ("Related:\n- #1", []),
        ("fixes #1, #2 is next", [1]), ("fixes #1 and #2 still fails", [1]), ("fixes #1, but not #2", [1]),
        ("fixes #1, see #2", [1]), ("fixes #1 and not #2", [1]), ("fixes #1\n#2 is another matter", [1]),
        ("did not fix #1 but fixed #2", [2]), ("does not fix #1 and #2", []), ("fixes #1. Does it fix #2?", [1]),
        ("> fixes #1\n\nfixes #2", [2]), ("fixes ~~#1,~~ #2", [2]), ("fixes #1, fixes #1 and #2", [1, 2]),
        ("does not fix #1\n\nfixes #1", [1]),
    ],
)  # fmt: skip
def test_a_list_says_it_of_all_that_it_names(text, closed):
    assert find(text).closing == [f"#{number}" for number in closed]


@pytest.mark.parametrize(
    "part", ["fixes #1 ", "fixes #1 and ", "“", '"a ', "isn't fixes #1 ", "a, b - c: fixes #1", "- Fixes:\n", "fixes ~~#1 ~~"]
)  # fmt: skip
def test_a_text_full_of_them_is_read_in_reasonable_time(part):
    begin = thread_time()
    find((part * 65_536)[:65_536])
    assert thread_time() - begin < 5
