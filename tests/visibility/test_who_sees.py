"""The page that says who sees something, and why: held to who really does."""

import pytest

URL = "/projects/WALL"


@pytest.fixture
def crowd(make, ada, api):
    """Everybody who may stand to a project and its issues: WALL-1 is public, WALL-2 is private and has its people."""
    wall = make.project(ada, key="WALL", visibility="public")
    people = {role: make.member(wall, role) for role in ("maintainer", "member", "reporter", "viewer")}
    people |= {"owner": ada, "stranger": make.person("Eve"), "administrator": make.person("Root", is_admin=True)}
    people |= {"assignee": make.member(wall, "viewer"), "author": make.person("Zoe")}
    make.deactivated(make.member(wall, "member"))
    make.issue(wall, ada, title="Gate")
    api(people["author"]).post(f"{URL}/issues", {"title": "Hole", "private": True})
    api(ada).patch(f"{URL}/issues/2", {"assignees": [people["assignee"].id]})
    return people


def told(client, url):
    return {one["id"]: one["reasons"] for one in client.get(url)["items"]}


@pytest.mark.parametrize("visibility", ["private", "internal", "public"])
@pytest.mark.parametrize("thing", ["", "/issues/1", "/issues/2"])
def test_those_are_named_who_see_it(crowd, api, visibility, thing):
    """Who is named does see it; who is not sees it only where a wider circle does."""
    api(crowd["owner"]).patch(URL, {"visibility": visibility})
    seen = api(crowd["owner"]).get(f"{URL}{thing}/visibility?limit=100")
    named = {one["id"] for one in seen["items"]}
    is_wide = seen["audience"] != "named"
    assert is_wide == (visibility != "private" and thing != "/issues/2")
    for who, person in crowd.items():
        status = api(person).send("GET", f"{URL}{thing}").status_code
        assert (status == 200) == (person.id in named or is_wide), who


def test_each_is_told_with_the_reasons(crowd, api):
    """A role of those who do not see what is private is no reason to see it."""
    ids = {who: person.id for who, person in crowd.items()}
    assert told(api(crowd["owner"]), f"{URL}/visibility") == {
        ids["owner"]: ["owner"], ids["maintainer"]: ["maintainer"], ids["member"]: ["member"],
        ids["reporter"]: ["reporter"], ids["viewer"]: ["viewer"], ids["assignee"]: ["viewer"],
        ids["administrator"]: ["administrator"],
    }  # fmt: skip
    assert told(api(crowd["owner"]), f"{URL}/issues/2/visibility") == {
        ids["owner"]: ["owner"], ids["maintainer"]: ["maintainer"], ids["member"]: ["member"],
        ids["author"]: ["author"], ids["assignee"]: ["assignee"], ids["administrator"]: ["administrator"],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["owner", "maintainer", "member", "reporter", "viewer", "assignee", "administrator"])
def test_who_sees_private_comments_is_told_beside_each(crowd, api, who):
    comment = api(crowd["owner"]).post(f"{URL}/issues/1/comments", {"body": "Between us.", "private": True})["id"]
    items = api(crowd["owner"]).get(f"{URL}/issues/1/visibility?limit=100")["items"]
    sees = {one["id"]: one["sees_private"] for one in items}
    status = api(crowd[who]).send("GET", f"{URL}/issues/1/comments/{comment}").status_code
    assert sees[crowd[who].id] == (status == 200)


@pytest.mark.parametrize("who", ["reporter", "stranger", None])
def test_others_are_not_told_who_administrates(crowd, api, who):
    items = api(crowd.get(who)).get(f"{URL}/visibility?limit=100")
    assert crowd["administrator"].id not in {one["id"] for one in items["items"]}
    assert items["total"] == len(items["items"]) == 6


def test_the_author_is_told_who_sees_theirs(crowd, api):
    seen = told(api(crowd["author"]), f"{URL}/issues/2/visibility")
    assert seen.keys() == {crowd[who].id for who in ("owner", "maintainer", "member", "author", "assignee")}


def test_an_administrator_who_only_reads_is_named_for_that(crowd, make, api):
    wall = api(crowd["owner"]).get(URL)
    api(crowd["owner"]).post(f"{URL}/members", {"email": crowd["administrator"].email, "role": "viewer"})
    assert told(api(crowd["owner"]), f"{URL}/issues/2/visibility")[crowd["administrator"].id] == ["administrator"]
    assert crowd["administrator"].id not in told(api(crowd["author"]), f"{URL}/issues/2/visibility"), wall


def test_many_are_told_in_parts(crowd, api):
    client, found, url = api(crowd["owner"]), [], f"{URL}/visibility?limit=2"
    while url:
        page = client.get(url)
        found += [one["user"]["name"] for one in page["items"]]
        url = page["next"]
    assert len(found) == page["total"] == 7
    assert found == sorted(found)


def test_the_page_says_the_same_in_words(crowd, browser):
    page = browser(crowd["owner"]).get(f"{URL}/issues/2/visibility")
    for words in ("These people see it, and nobody else", "Author", "Assignee", "Administrator", "Only their own"):
        assert page.says(words)
    assert browser(crowd["owner"]).get(f"{URL}/visibility").says("Anybody sees it, without an account")
    assert browser(crowd["viewer"]).get(f"{URL}/visibility").says("Administrators of this Cairn see everything, too.")


@pytest.mark.parametrize("at", ["/issues/1", "/members"])
def test_a_link_leads_there(crowd, browser, at):
    assert browser(crowd["viewer"]).get(f"{URL}{at}").says("Who can see this?")


def test_the_settings_lead_there(crowd, browser):
    assert f'href="{URL}/visibility"' in browser(crowd["owner"]).get(f"{URL}/edit").text


def test_whoever_does_not_see_it_hears_nothing(crowd, api):
    api(crowd["stranger"]).get(f"{URL}/issues/2/visibility", status=404)
    api(crowd["owner"]).patch(URL, {"visibility": "private"})
    api(crowd["stranger"]).get(f"{URL}/visibility", status=404)


def test_a_wrong_cursor_is_refused_by_name(crowd, api):
    sent = api(crowd["owner"]).get(f"{URL}/visibility?cursor=x", status=422)
    assert [one["field"] for one in sent["errors"]] == ["cursor"]
