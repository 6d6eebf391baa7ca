"""What an import tells at its end: everything that the archive holds, by kind, and what became of it."""

import gzip
import json
import re

import pytest

from tests.exchange.exports import comment, issue, milestone, pull
from tests.text.corpora import FOLDER
from webapp.exchange import github
from webapp.exchange.github_fields import LEFT, REPEATED
from webapp.exchange.ledger import KINDS

FULL = [
    issue(
        1,
        milestone=milestone(1),
        assignees=["mona"],
        labels=["a", "b"],
        reactions={"total_count": 3, "+1": 3},
        locked=True,
        sub_issues_summary={"total": 2, "completed": 1},
        comments_content=[comment(1, reactions={"total_count": 1}), comment(2)],
    ),
    issue(2, pull_request={"merged_at": "2020-03-03T00:00:00Z"}, draft=True),
]


def row(told, kind):
    line = next(line for line in told.splitlines() if line.startswith(kind))
    return [int(word.replace(",", "")) for word in line.removeprefix(kind).split()]


def test_every_kind_is_told(bring):
    told = bring(FULL)
    assert row(told, "issues") == row(told, "pull requests") == [1, 1, 0, 0, 0]
    assert row(told, "comments") == row(told, "people") == [2, 2, 0, 0, 0]
    assert row(told, "labels") == [3, 3, 0, 0, 0]
    assert row(told, "milestones") == row(told, "assignees") == [1, 1, 0, 0, 0]
    for line in ("4 reactions", "1 locks", "2 sub-issues", "1 merges", "1 draft marks"):
        assert f"  {line}: " in told


def test_a_second_run_tells_that_all_is_as_before(bring):
    bring(FULL)
    told = bring(FULL)
    for kind in KINDS:
        read, added, changed, as_before, left = row(told, kind)
        assert (added, changed, as_before, left) == (0, 0, read, 0), kind


@pytest.mark.parametrize(
    "content",
    [
        issue(1, novelty="here"),
        issue(1, comments_content=[comment(1, novelty="here")]),
        issue(1, milestone=milestone(1, novelty="here")),
        issue(1, labels=[{"name": "a", "novelty": "here"}]),
    ],
)
def test_a_field_that_nobody_knows_is_told(bring, content):
    assert re.search(
        r"1 fields “novelty” of (issue|comment|milestone|label)s: Cairn does not know them", bring([content])
    )


def test_comments_that_stand_twice_are_told(bring, tmp_path):
    (tmp_path / "comments.json").write_text(json.dumps([comment(1, 1), comment(2, 1), comment(3, 9)]))
    told = bring([issue(1, comments_content=[comment(1)])])
    assert row(told, "comments") == [4, 2, 0, 0, 2]
    assert "1 comments: the archive holds them twice" in told
    assert "1 comments: their issues are not among those imported" in told


def test_a_working_groups_reviews_are_told(bring):
    review = {"author": "a", "body": "Good", "comments": [{"body": "here"}, {"body": "there"}]}
    archive = {"repo": "acme/wall", "labels": [{"name": "unused"}], "issues": [issue(1)],
               "pulls": [{**pull(2)["pull"], "reviews": [review]}]}  # fmt: skip
    told = bring(archive)
    for line in ("1 reviews", "2 review comments", "1 labels: no issue carries them"):
        assert line in told


@pytest.mark.parametrize(
    "thing", [github.ISSUE, github.COMMENT, github.MILESTONE, github.LABEL], ids=lambda one: one.thing
)
def test_no_field_is_both_left_out_and_passed_over(thing):
    assert not LEFT[thing.thing].keys() & REPEATED[thing.thing]


REAL = sorted((FOLDER / "github-f2e-notes/earlier").glob("*.json.gz")) + [
    FOLDER / name for name in ("github-f2e-notes/issues.json", "github-rust-00001-05000/issues.json.gz")
]


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_field_of_a_real_archive_is_imported_or_told(path):
    """What GitHub adds to its answers belongs into one of the lists of `github_fields`."""
    if not path.exists():
        pytest.skip("no real archives beside this checkout")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        items = json.load(file)
    beside = path.parent / path.name.replace("issues", "comments")
    comments = []
    if beside != path and beside.exists():
        with gzip.open(beside) if beside.suffix == ".gz" else beside.open("rb") as file:
            comments = json.load(file)
    known = {
        github.ISSUE: items,
        github.COMMENT: comments,
        github.LABEL: [one for item in items for one in item["labels"]],
        github.MILESTONE: [item["milestone"] for item in items if item["milestone"]],
    }
    assert not [
        (fields.thing, name) for fields, all in known.items() for one in all for name in one.keys() - fields.known
    ]


@pytest.mark.parametrize("path", REAL[-2:], ids=lambda path: path.parent.name)
def test_what_is_read_of_a_real_archive_is_written_or_told(app, ada, path):
    if not path.exists():
        pytest.skip("no real archives beside this checkout")
    result = app.test_cli_runner().invoke(args=["import", "github", str(path), "--project", "REAL"])
    for kind in KINDS:
        read, added, changed, as_before, left = row(result.output, kind)
        assert (read, changed, as_before) == (added + left, 0, 0), kind


@pytest.mark.parametrize("total", ["three", [], {"of": 3}])
def test_a_number_of_what_is_left_out_that_is_none_stops_no_import(bring, total):
    told = bring([issue(1, reactions={"total_count": total}), issue(2, reactions={"total_count": 2})])
    assert "2 reactions" in told
