"""If-Match: a DELETE that was meant for another version deletes nothing."""

from itertools import product

import pytest
from flask import Response

from webapp.http.conditions import meet


@pytest.fixture
def there(api, ada):
    """Things at version 2, by what they are."""
    owner = api(ada)
    owner.post("/projects", {"name": "Wall", "key": "WALL"})
    owner.patch("/projects/WALL", {"name": "Dry stone wall"})
    owner.post("/projects/WALL/issues", {"title": "Loose"})
    owner.patch("/projects/WALL/issues/1", {"title": "Very loose"})
    comment = (
        f"/projects/WALL/issues/1/comments/{owner.post('/projects/WALL/issues/1/comments', {'body': 'a'})['id']}"
    )
    owner.patch(comment, {"body": "b"})
    milestone = f"/projects/WALL/milestones/{owner.post('/projects/WALL/milestones', {'title': 'a'})['id']}"
    owner.patch(milestone, {"title": "b"})
    return {
        "project": "/projects/WALL",
        "issue": "/projects/WALL/issues/1",
        "comment": comment,
        "milestone": milestone,
    }


THINGS = ["project", "issue", "comment", "milestone"]


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("tag", ['"1"', '"3-0000"', '"x"', 'W/"2"'])
def test_what_has_changed_is_not_deleted(api, ada, there, thing, tag):
    problem = api(ada).delete(there[thing], status=412, headers={"If-Match": tag})
    assert problem["title"] == "This was changed meanwhile"
    assert "changed meanwhile" in problem["detail"]
    assert api(ada).get(there[thing])["version"] == 2


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("tag", ['"2"', "*", "its own"])
def test_what_is_as_expected_is_deleted(api, ada, there, thing, tag):
    own = api(ada).send("GET", there[thing]).headers["ETag"]
    api(ada).delete(there[thing], headers={"If-Match": own if tag == "its own" else tag})


TAGS = ['"2-ab"', 'W/"2-ab"', '"2-ab:zstd"', "", '"a,b"']
SENT = [*TAGS, 'w/"2-ab"', '"x"', "*", '"', "2-ab", '"x", "2-ab"', '"2-ab","x"', "W/"]
MORE = [{}, {"HTTP_IF_MATCH": '"2-ab"'}, {"HTTP_IF_MODIFIED_SINCE": "x"}]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_conditions_are_met_as_werkzeug_does(method):
    for tag, sent, more in product(TAGS, SENT, MORE):
        environ = {"REQUEST_METHOD": method, "HTTP_IF_NONE_MATCH": sent, **more}
        ours, werkzeugs = [Response("text", headers={"ETag": tag} if tag else {}) for _ in range(2)]
        meet(ours, environ)
        werkzeugs.make_conditional(environ)
        told = [(one.status_code, one.headers.get("ETag")) for one in (ours, werkzeugs)]
        assert told[0] == told[1], (tag, environ)


@pytest.mark.parametrize("listed", ["issues", "issues?q=is:closed", "labels", "members", "milestones", "statuses"])
def test_a_list_is_not_sent_to_who_has_it(api, ada, there, listed):
    client, path = api(ada), f"/projects/WALL/{listed}"
    tag = client.send("GET", path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    known = {"If-None-Match": tag, "Accept-Encoding": "gzip"}
    answer = client.send("GET", path, status=304, headers=known)
    assert (answer.data, answer.headers["ETag"]) == (b"", tag)


def test_a_list_is_sent_again_once_something_in_it_has_changed(api, ada, there):
    client, path = api(ada), "/projects/WALL/issues"
    tag = client.send("GET", path).headers["ETag"]
    client.patch("/projects/WALL/issues/1", {"title": "Fixed"})
    assert client.send("GET", path, headers={"If-None-Match": tag}).json["items"][0]["title"] == "Fixed"


def test_a_list_has_no_version_to_expect(api, ada, there):
    api(ada).send("GET", "/projects/WALL/labels", headers={"If-Match": '"7"'}, status=200)
