"""From which role on what is private in a project is seen: the project says, and it holds wherever private does."""

import pytest

from webapp.access import Role
from webapp.jobs.worker import drain

URL = "/projects/WALL"
SEES = {
    "reporter": {"reporter", "member", "maintainer"},
    "member": {"member", "maintainer"},
    "maintainer": {"maintainer"},
}
LISTS = ("/issues?q=is:all", "/issues?q=zxcanary", "/board?q=is:all", "/issues.jsonl")


@pytest.fixture
def crowd(make, ada, api):
    wall = make.project(ada, key="WALL", visibility="public")
    people = {role: make.member(wall, role) for role in ("maintainer", "member", "reporter", "viewer")}
    people["stranger"] = make.person("Eve")
    make.issue(wall, ada, title="Gate")
    api(ada).post(f"{URL}/issues", {"title": "zxcanary", "private": True})
    api(ada).post(f"{URL}/issues/1/comments", {"body": "zxcanary said", "private": True})
    return people


@pytest.mark.parametrize("least", SEES)
def test_it_is_seen_from_that_role_on(crowd, ada, api, least):
    """Whoever has no role in a public project reports to it, and sees nothing private by that."""
    api(ada).patch(URL, {"private_role": least})
    for who, person in crowd.items():
        sees, client = who in SEES[least], api(person)
        assert (client.send("GET", f"{URL}/issues/2").status_code == 200) == sees, who
        assert ("zxcanary said" in client.send("GET", f"{URL}/issues/1/comments").text) == sees, who
        for url in LISTS:
            assert ("zxcanary" in client.send("GET", URL + url).text) == sees, (who, url)


@pytest.mark.parametrize("least", SEES)
def test_who_sees_it_is_told_so(crowd, ada, api, least):
    api(ada).patch(URL, {"private_role": least})
    named = {one["id"] for one in api(ada).get(f"{URL}/issues/2/visibility")["items"]}
    assert named == {ada.id, *(crowd[who].id for who in SEES[least])}
    sees = {one["id"] for one in api(ada).get(f"{URL}/visibility?limit=100")["items"] if one["sees_private"]}
    assert sees == named


def test_pages_that_are_kept_follow_at_once(crowd, ada, api, browser):
    """Of two who share what is kept until then."""
    member, maintainer = browser(crowd["member"]), browser(crowd["maintainer"])
    for least, sees in (("member", True), ("maintainer", False), ("member", True)):
        api(ada).patch(URL, {"private_role": least})
        assert ("zxcanary" in member.get(f"{URL}/issues?q=is:all").text) == sees
        assert ("zxcanary said" in member.get(f"{URL}/issues/1").text) == sees
        assert "zxcanary" in maintainer.get(f"{URL}/issues?q=is:all").text


@pytest.mark.parametrize(("least", "status"), [("reporter", 201), ("member", 403), ("maintainer", 403)])
def test_whoever_sees_them_writes_private_comments(crowd, ada, api, least, status):
    api(ada).patch(URL, {"private_role": least})
    sent = api(crowd["reporter"]).send("POST", f"{URL}/issues/1/comments", json={"body": "Mine.", "private": True})
    assert sent.status_code == status


def test_nobody_hides_from_themselves_what_others_wrote(crowd, ada, api):
    """A member who would not see it any more does not make another's issue private, their own they do."""
    api(ada).patch(URL, {"private_role": "maintainer"})
    member = api(crowd["member"])
    refused = member.send("PATCH", f"{URL}/issues/1", json={"private": True})
    assert (refused.status_code, "private" in refused.json["detail"]) == (403, True)
    member.patch(f"{URL}/issues/1", {"private": False, "title": "Gates"})
    own = member.post(f"{URL}/issues", {"title": "Own"})["number"]
    assert member.patch(f"{URL}/issues/{own}", {"private": True})["private"] is True


def test_nobody_hears_who_does_not_see_it(crowd, ada, api, app):
    api(ada).patch(URL, {"private_role": "maintainer"})
    for who in crowd:
        api(crowd[who]).send("PUT", f"{URL}/watch", json={"level": "all"})
    api(ada).post(f"{URL}/issues", {"title": "zxhole", "private": True})
    api(ada).post(f"{URL}/issues/1/comments", {"body": "zxhole", "private": True})
    drain(app)
    heard = {who for who, person in crowd.items() if "zxhole" in api(person).send("GET", "/inbox").text}
    assert heard == {"maintainer"}


def test_it_is_in_the_settings_and_in_the_log(crowd, ada, api, browser):
    page = browser(ada).get(f"{URL}/edit")
    assert page.says("Who sees private issues and comments")
    form = {"name": "Wall", "key": "WALL", "description": "", "visibility": "public", "private_role": "maintainer"}
    browser(ada).post(URL, {**form, "version": "1"})
    assert api(ada).get(URL)["private_role"] == "maintainer"
    noted = api(ada).get(f"{URL}/audit")["items"][0]
    assert (noted["before"]["private_role"], noted["after"]["private_role"]) == ("member", "maintainer")
    assert browser(ada).get(f"{URL}/issues/1").says("Only for maintainers")


@pytest.mark.parametrize("value", ["viewer", "owner", "", None, 3])
def test_another_role_is_refused_by_name(crowd, ada, api, value):
    sent = api(ada).send("PATCH", URL, json={"private_role": value})
    assert (sent.status_code, sent.json["errors"][0]["field"]) == (422, "private_role")


def test_more_who_see_it_are_told_before(crowd, ada, api, browser):
    told = api(ada).get(f"{URL}/visibility?private_role=reporter")["reveals"]
    assert told == [{"audience": "named", "people": 1, "issues": 1, "comments": 1, "attachments": 0}]
    assert api(ada).get(f"{URL}/visibility?private_role=maintainer")["reveals"] == []
    form = {"name": "Wall", "key": "WALL", "description": "", "visibility": "public", "private_role": "reporter"}
    assert browser(ada).post(URL, {**form, "version": "1"}, status=200).says("1 more person will see")
    browser(ada).post(URL, {**form, "version": "1", "reveal": "true"})
    assert api(ada).get(URL)["private_role"] == Role.REPORTER


def test_nobody_hears_that_there_is_something_private(make, ada, api):
    """Whoever does not see it is told what they were before: nothing, though a reporter would see it."""
    wall = make.project(ada, key="WALL", visibility="public")
    reporter = make.member(wall, "reporter")
    make.issue(wall, ada)
    url = f"{URL}/visibility?private_role=reporter"
    people = (None, reporter, make.person("Eve"))
    before = [api(who).get(url) for who in people]
    api(ada).post(f"{URL}/issues/1/comments", {"body": "Between us.", "private": True})
    assert [api(who).get(url) for who in people] == before
    assert [one["reveals"] for one in before] == [[], [], []]
    assert api(ada).get(url)["reveals"][0]["comments"] == 1


def test_another_role_is_refused_by_the_words_of_those_that_there_are(ada, api, make):
    make.project(ada, key="WALL")
    told = api(ada).patch(URL, {"private_role": "king"}, status=422)
    assert told["errors"] == [{"field": "private_role", "message": "must be one of reporter, member or maintainer"}]
