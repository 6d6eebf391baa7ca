"""An issue is the one that it was over there, whatever else the archive or the project holds."""

import pytest

from tests.exchange.exports import comment, issue

OTHERS = {"html_url": "https://github.com/acme/plans/issues/5", "title": "Not of this wall"}


def wall(api, ada, path=""):
    return api(ada).get(f"/projects/WALL/issues{path}")


@pytest.mark.parametrize("first", [True, False])
def test_a_transferred_issue_never_takes_the_place_of_another(api, ada, bring, first):
    """GitHub answers for a transferred issue with the one that it has become, under the number that it has there."""
    with_transferred = [issue(5, **OTHERS), issue(6), issue(7)]
    told = bring(with_transferred if first else with_transferred[1:] + with_transferred[:1])
    assert "1 issues: they belong to another repository, acme/plans" in told
    assert [one["number"] for one in wall(api, ada)["items"]] == [7, 6]
    bring([issue(5)])
    assert wall(api, ada, "/5")["title"] == "Issue 5"
    bring(with_transferred)
    assert wall(api, ada, "/5")["title"] == "Issue 5"
    assert "1 unchanged" in bring([issue(5)])


def test_the_comments_of_a_transferred_issue_go_with_it(api, ada, bring, tmp_path):
    import json

    beside = [comment(1, 5, "acme/plans"), comment(2, 6)]
    (tmp_path / "comments.json").write_text(json.dumps(beside))
    told = bring([issue(5, **OTHERS), issue(6), issue(7)])
    assert "1 comments: their issues belong to another repository, acme/plans" in told
    assert wall(api, ada, "/6")["comment_count"] == 1


def test_another_repositorys_archive_is_refused(api, ada, bring):
    bring([issue(1)])
    assert "WALL-1 exists and did not come from acme/plans" in bring([issue(1, "acme/plans")], ok=False)
    assert wall(api, ada, "/1")["title"] == "Issue 1"


def test_a_refused_archive_takes_no_numbers(api, ada, bring):
    bring([issue(1)])
    bring([issue(1, "acme/plans"), issue(900, "acme/plans")], ok=False)
    assert api(ada).post("/projects/WALL/issues", {"title": "Mine"})["number"] == 2
    assert api(ada).get("/projects/WALL")["importing_since"] is None
