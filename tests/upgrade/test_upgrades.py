"""A tracker that any former version has made is all there in today's, and nobody did anything but start it."""

import pytest

from tests.upgrade.changed import Judge
from tests.upgrade.loading import is_whole
from tests.upgrade.visiting import seen

pytestmark = pytest.mark.upgrade

FEW = 20  # a plain run looks at each twentieth address


@pytest.fixture
def judge(upgraded):
    return Judge(upgraded.release.told["migration"])


def test_every_row_is_as_it_was(upgraded, judge):
    assert upgraded.before["issues"]
    assert list(judge.lost(upgraded.before, upgraded.after)) == []


def test_whatever_was_answered_is_answered_alike(upgraded, judge):
    """Logged in with the passwords of then, over addresses of then, those of feeds with their tokens among them."""
    people = {name: upgraded.visitor(name) for name in ("", *upgraded.release.told["people"])}
    visits = upgraded.release.told["visits"][:: 1 if is_whole() else FEW]
    wrong = []
    for visit in visits:
        answer = people[visit["by"]].ask("GET", visit["path"], accept=visit["accept"])
        faults = judge.faults(visit, seen(answer, visit.get("says", ())))
        wrong += [f"{visit['by']} {visit['path']} {visit['accept']} {fault}" for fault in faults]
    assert wrong == []


def test_files_are_there_byte_by_byte(upgraded):
    ada = upgraded.visitor("Ada")
    files = [visit for visit in upgraded.release.told["visits"] if "sum" in visit and visit["by"] == "Ada"]
    assert len(files) >= 3
    for visit in files:
        assert seen(ada.ask("GET", visit["path"], accept=visit["accept"]), ())["sum"] == visit["sum"], visit["path"]


def test_a_token_of_then_lets_in_for_as_long_as_it_would_have(upgraded):
    """Signed with the key that the old version had made for itself, for a login that it had noted."""
    assert upgraded.old_token().ask("GET", "/auth/me").json["email"] == upgraded.release.told["people"]["Ada"]


def test_work_goes_on_where_it_was(upgraded):
    ada = upgraded.visitor("Ada")
    made = ada.ask("POST", "/projects/WALL/issues", {"title": "One more stone", "labels": ["bug"]})
    numbers = [row["number"] for row in upgraded.before["issues"].values()]
    assert (made.status, made.json["number"]) == (201, max(numbers) + 1)
    assert ada.ask("GET", "/search?q=one+more+stone").json["items"][0]["issue"]["key"] == made.json["key"]
