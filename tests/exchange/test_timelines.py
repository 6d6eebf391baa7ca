"""Archives of one file an item, with its timeline."""

import pytest

from tests.exchange.exports import closed, comment, issue, pull


def test_a_pull_request_is_read(api, ada, bring, folder):
    said = [{**comment(5), "event": "commented"}]
    bring(None, name=folder(n1={"type": "issue", "issue": issue(1), "events": []}, n3=pull(3, events=said)))
    found = api(ada).get("/projects/WALL/issues/3")
    assert (found["title"], found["comment_count"]) == ("Issue 3", 1)
    assert [label["name"] for label in found["labels"]] == ["pull request"]


def test_what_is_skipped_is_not_even_checked(api, ada, bring, folder):
    broken = {"type": "pull", "pull": {"title": None}, "events": []}
    told = bring(None, "--pull-requests", "skip", name=folder(n1={"type": "issue", "issue": issue(1)}, n3=broken))
    assert "1 pull requests: left out as asked" in told
    assert api(ada).get("/projects/WALL/issues")["total"] == 1


@pytest.mark.parametrize(
    "mark", [{"pull_request": {"url": "x"}}, {"merged_at": None}, {"html_url": "https://github.com/acme/wall/pull/2"}]
)
def test_a_pull_request_is_known_in_every_dress(api, ada, bring, mark):
    told = bring([issue(1), issue(2, **mark)], "--pull-requests", "skip")
    assert "1 pull requests: left out as asked" in told
    assert [one["number"] for one in api(ada).get("/projects/WALL/issues")["items"]] == [1]


def test_the_rest_of_a_timeline_is_told(bring, folder):
    events = [{"event": "labeled"}, {"event": "labeled"}, {"event": "reviewed", "body": "No"}, {"event": "renamed"}]
    name = folder(n3={**pull(3, events=events), "comments": [{"body": "Here"}, {"body": "And here"}]})
    told = bring(None, name=name)
    for line in ("2 timeline events “labeled”", "1 timeline events “renamed”", "1 reviews", "2 review comments"):
        assert line in told


def test_the_last_closing_tells_who_closed(api, ada, bring, folder):
    events = [
        {"event": "closed", "actor": {"login": "first"}},
        {"event": "reopened"},
        {"event": "closed", "actor": {"login": "last"}},
    ]
    bring(None, name=folder(n1={"type": "issue", "issue": issue(1, **closed()), "events": events}))
    told = api(ada).get("/projects/WALL/issues/1/events")["items"]
    assert [event["actor"]["name"] for event in told if event["kind"] == "closed"] == ["last"]
