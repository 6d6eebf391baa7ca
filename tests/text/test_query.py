"""The query language: what is read, what is refused, and that nothing else happens."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.lists.vocabulary import FIELDS
from webapp.text.query import (
    All,
    Either,
    Not,
    Term,
    Unreadable,
    Value,
    Words,
    called,
    choice,
    chosen,
    name,
    parse,
    together,
    write,
)  # fmt: skip

PIECES = [
    *'ab :,"()\\-<>=.\n#@é*',
    *(f"{name}:" for name in FIELDS),
    " OR ",
    " AND ",
    "..",
    ">=",
    "7d",
    "@me",
    '"b c"',
]


def term(name, *values):
    return Term(name, tuple(Value(value) for value in values))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All(())),
        ("crash", Words("crash")),
        ('"out of memory"', Words("out of memory")),
        ("is:open", term("is", "open")),
        ("label:a,b", term("label", "a", "b")),
        ('label:"a b",c', term("label", "a b", "c")),
        ('label:"say \\"so\\""', term("label", 'say "so"')),
        ("label:kind::bug", term("label", "kind::bug")),
        ("label:none", term("label", "none")),
        ('label:"none"', Term("label", (Value("none", is_name=True),))),
        ('label:"#12","@me","*","plain"', Term("label", (*map(called, ("#12", "@me", "*")), Value("plain")))),
        ("LABEL:a", term("label", "a")),
        ("-label:a", Not(term("label", "a"))),
        ("label:a label:b", All((term("label", "a"), term("label", "b")))),
        ("label:a AND label:b", All((term("label", "a"), term("label", "b")))),
        ("a OR b c", Either((Words("a"), All((Words("b"), Words("c")))))),
        ("(a OR b) c", All((Either((Words("a"), Words("b"))), Words("c")))),
        ("-(a b)", Not(All((Words("a"), Words("b"))))),
        ("priority:>=high", Term("priority", (Value("high", ">="),))),
        ("created:2026-01..2026-03", Term("created", (Value("2026-01", upto="2026-03"),))),
        ("created:2026-01..", Term("created", (Value("2026-01", upto=""),))),
        ("main()", Words("main()")),
        ("std::vec", Words("std::vec")),
        ("https://example.com/a?b=c", Words("https://example.com/a?b=c")),
        ("out-of-memory", Words("out-of-memory")),
        ("Error: gone", All((Words("Error:"), Words("gone")))),
        ("#12", Words("#12")),
    ],
)  # fmt: skip
def test_a_text_is_read_as_a_tree(text, tree):
    assert parse(text, FIELDS) == tree


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("lable:bug", 0, "Did you mean label:?"),
        ("crash asignee:ada", 6, "assignee:"),
        ("label:", 6, "needs a value"),
        ("label:a,", 8, "behind this comma"),
        ("(crash", 0, "never closed"),
        ("crash)", 5, "closes nothing"),
        ('say "so', 4, "never closed"),
        ("a OR", 4, "missing"),
        ("OR a", 0, "missing"),
        ("()", 1, "missing"),
        ("(" * 20 + "a" + ")" * 20, 13, "brackets deep"),
        ("a " * 101, 200, "100 parts"),
        ("a" * 1001, 1000, "1,000 characters"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text, at, said):
    with pytest.raises(Unreadable) as refused:
        parse(text, FIELDS)
    assert refused.value.at == at
    assert said in str(refused.value)


def read(text):
    """The tree, or where the text stops making sense."""
    try:
        return parse(text, FIELDS), None
    except Unreadable as error:
        return None, error.at


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=100))
def test_whatever_is_read_is_written_and_read_again_as_the_same(text):
    tree, at = read(text)
    if tree is None:
        assert 0 <= at <= len(text)
    else:
        assert parse(write(tree), FIELDS) == tree


# What a value may be made of, so that it means more than a name, a range, or two values.
MEANING = ["none", "*", "@me", "#12", "#", "(x)", "(", ")", "..", ">=", "<", "=", ",", "a", ":", "/", "\\"]


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(MEANING), min_size=1, max_size=5).map("".join))
@example(">=#..")
@example("@me(x)")
def test_a_value_that_is_no_name_does_not_become_one(said):
    tree, _ = read(f"label:{said}")
    assert tree is None or parse(write(tree), FIELDS) == tree


texts = st.sampled_from(
    ["none", "*", "@me", "#12", '"a"', "OR", "AND", "a,b", "x:y", "..", ">3", "back\\slash", "(x)"]
)
texts |= st.text(min_size=1, max_size=20)
asked = st.builds(lambda text, sign: called(text, sign), texts, st.sampled_from(["", ">", "<="]))
leaves = st.builds(Words, texts) | st.builds(
    lambda field, values: Term(field, tuple(values)),
    st.sampled_from(["label", "assignee", "was:status", "milestone"]),
    st.lists(asked, min_size=1, max_size=3),
)
trees = st.recursive(
    leaves,
    lambda node: (
        st.builds(Not, node)
        | st.builds(lambda nodes: together(nodes), st.lists(node, min_size=2, max_size=3))
        | st.builds(lambda nodes: Either(tuple(nodes)), st.lists(node, min_size=2, max_size=3))
    ),
    max_leaves=6,
)


@settings(max_examples=2000, deadline=None)
@given(trees)
def test_whatever_is_written_is_read_as_the_same(tree):
    assert parse(write(tree), FIELDS) == tree


@settings(max_examples=500, deadline=None)
@given(texts)
def test_a_name_is_the_same_in_a_query_and_in_the_field_of_a_form(text):
    assert parse(f"label:{name(text)}", FIELDS) == Term("label", (called(text),))
    assert chosen(choice(called(text))) == called(text)
