"""Where not everybody may know the former project, nothing that happened before a move names issues of it."""

import re

import pytest

from tests.events.samples import SAMPLES
from webapp.events.kinds import KINDS

SECRET = re.compile(r"SECRET|#?\b7[789]\b")


@pytest.fixture
def mover(api, browser, make, ada):
    """Ada, who has moved SECRET-77 to OPEN-1 after all that may name others happened to it."""
    secret = make.project(ada, key="SECRET")
    for _ in range(79):
        make.issue(secret, ada)
    make.project(ada, key="OPEN", visibility="public")
    mover, at = api(ada), "/projects/SECRET/issues"
    mover.patch(f"{at}/77", {"parent": 78})
    mover.patch(f"{at}/77", {"parent": None})
    tie = mover.post(f"{at}/77/relations", {"kind": "blocks", "issue": "SECRET-79"})
    mover.delete(f"{at}/77/relations/{tie['id']}")
    browser(ada).post(f"{at}/77/closure", {"close_reason": "completed", "duplicate_of": "SECRET-79"})
    return mover


def told(client, project, number):
    return [(one["kind"], one["data"]) for one in client.get(f"/projects/{project}/issues/{number}/events")["items"]]


def test_nobody_reads_them_there_and_they_come_again_with_the_issue(mover, api, browser, ada):
    before = told(mover, "SECRET", 77)
    assert SECRET.search(str(before))
    mover.post("/projects/SECRET/issues/77/move", {"project": "OPEN"}, status=200)
    for reader in (None, ada):
        there = told(api(reader), "OPEN", 1)
        assert [kind for kind, _ in there][: len(before)] == [kind for kind, _ in before]
        assert not SECRET.search(str(there))
    assert "SECRET" not in browser().get("/projects/OPEN/issues/1").text
    mover.post("/projects/OPEN/issues/1/move", {"project": "SECRET"}, status=200)
    assert told(mover, "SECRET", 80)[: len(before)] == before


def test_a_way_out_of_the_secret_is_known_on_the_way_back(mover, api, make, ada):
    """Two moves: the second puts away what the first one says, and the way back finds it all the same."""
    make.project(ada, key="LEDGE")
    mover.post("/projects/SECRET/issues/77/move", {"project": "LEDGE"}, status=200)
    mover.post("/projects/LEDGE/issues/1/move", {"project": "OPEN"}, status=200)
    assert not re.search("SECRET|LEDGE", str(told(api(None), "OPEN", 1)))
    mover.post("/projects/OPEN/issues/1/move", {"project": "SECRET"}, status=200)
    assert "SECRET-78" in str(told(mover, "SECRET", 80))


def test_every_kind_that_names_an_issue_says_where():
    """A new one that does not would tell of it after a move."""
    for sample, *_ in SAMPLES:
        if sample.kind not in KINDS:
            continue
        data = sample.data()
        for *above, last in sample.elsewhere:
            place = data
            for key in above:
                place = place.get(key) or {}
            place.pop(last, None)
        assert not re.search(r"\b(WALL|SCREE)-\d", str(data)), sample.kind
