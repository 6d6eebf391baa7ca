"""The projects of a token that there is are changed, as far as its owner sees them; and what one that reads sees."""

import pytest
from werkzeug.datastructures import MultiDict

from tests.browser.forms import Forms
from tests.make import PASSWORD


@pytest.fixture
def door(make, ada):
    return make.project(ada, key="DOOR", name="Door")


@pytest.fixture
def token(api, ada, project, door):
    return api(ada).post("/auth/tokens", {"name": "Report", "scope": "write", "projects": ["WALL"]})


@pytest.fixture
def at(token):
    return f"/auth/tokens/{token['id']}"


def keys(client):
    return [one["key"] for one in client.get("/projects")["items"]]


def test_it_reaches_other_projects_from_the_next_request_on(api, bearing, ada, token, at):
    client = bearing(token=token["token"])
    assert keys(client) == ["WALL"]
    for projects, reached in ((["DOOR", "WALL"], ["DOOR", "WALL"]), (["DOOR"], ["DOOR"]), (None, ["DOOR", "WALL"])):
        assert api(ada).patch(at, {"projects": projects})["projects"] == projects
        assert sorted(keys(client)) == reached
    assert api(ada).get("/auth/tokens")["items"][0]["projects"] is None


def test_what_is_changed_is_in_the_audit_log(api, ada, at):
    api(ada).patch(at, {"projects": ["DOOR"]})
    told = api(ada).get("/auth/activity")["items"][0]
    assert (told["kind"], told["before"], told["after"]) == (
        "authn_token_limited", {"projects": ["WALL"]}, {"projects": ["DOOR"]},
    )  # fmt: skip


def test_only_its_owner_changes_it_and_to_what_they_see(api, make, ada, eve, at):
    make.project(eve, key="HERS", visibility="private")
    api(eve).patch(at, {"projects": ["HERS"]}, status=404)
    refused = api(ada).patch(at, {"projects": ["HERS"]}, status=422)
    assert refused["errors"][0]["field"] == "projects"
    assert api(ada).get("/auth/tokens")["items"][0]["projects"] == ["WALL"]


def test_a_token_changes_none(bearing, ada, token, at):
    for one in (bearing(token=token["token"]), bearing(ada, "admin")):
        one.patch(at, {"projects": None}, status=403)


@pytest.mark.parametrize("body", [{}, {"projects": []}, {"everywhere": False}, {"name": "Other"}])
def test_nothing_said_widens_nothing(api, ada, at, body):
    api(ada).patch(at, body, status=422)
    assert api(ada).get("/auth/tokens")["items"][0]["projects"] == ["WALL"]


def test_a_form_with_nothing_ticked_says_so(browser, ada, at):
    page = browser(ada)
    assert page.get(f"{at}/edit").says("Projects of Report")
    assert page.post(at, {"projects_named": ""}, status=422).says(
        "Choose at least one project, or all that you reach."
    )
    page.get(page.post(at, {"projects": "WALL", "projects_named": "door"}).location)
    assert page.get("/auth/tokens").says("Only in DOOR and WALL")


def form_of(page, at):
    """What the form of a token's projects would send, and the names of its boxes."""
    form = next(one for one in Forms(at, page.text).all.values() if one.action == at)
    return form.values, dict(form.values)["boxes"].split()


@pytest.mark.parametrize("limited", [["WALL"], ["DOOR", "WALL"], None])
@pytest.mark.parametrize("room", ["tokens", "feeds"])
def test_saved_as_it_stands_it_reaches_what_it_did(api, browser, ada, project, door, room, limited):
    draft = {"name": "As it is", "projects": limited} | ({"scope": "read"} if room == "tokens" else {})
    at = f"/auth/{room}/{api(ada).post(f'/auth/{room}', draft)['id']}"
    page = browser(ada)
    sent, boxes = form_of(page.get(f"{at}/edit"), at)
    assert boxes == ["everywhere", "projects"]
    page.post(at, MultiDict(sent).to_dict(flat=False))
    assert api(ada).get(f"/auth/{room}")["items"][0]["projects"] == limited


@pytest.mark.parametrize("limited", [["WALL"], None])
def test_what_was_not_ticked_is_not_ticked_after_an_error(api, browser, ada, at, limited):
    """A second try would else reach all, or what was taken away."""
    api(ada).patch(at, {"projects": limited})
    page = browser(ada)
    sent, _boxes = form_of(page.get(f"{at}/edit"), at)
    kept = [(name, value) for name, value in sent if name not in ("everywhere", "projects")]
    assert len(kept) == len(sent) - 1
    again, _boxes = form_of(page.post(at, MultiDict([*kept, ("projects_named", "NOPE")]), status=422), at)
    assert not {"everywhere", "projects"} & dict(again).keys()
    assert dict(again)["projects_named"] == "NOPE"


def test_what_was_not_ticked_when_the_login_was_over_is_not_ticked_after_it(api, browser, ada, at):
    api(ada).patch(at, {"projects": None})
    away = browser()
    place = away.post(at, {"boxes": "everywhere projects", "projects_named": "door"}).location
    entry = {"email": ada.email, "password": PASSWORD, "next": away.get(place).fields["next"]}
    sent, _boxes = form_of(away.get(away.post("/auth/login", entry).location), at)
    assert not {"everywhere", "projects"} & dict(sent).keys()
    assert dict(sent)["projects_named"] == "door"


@pytest.mark.parametrize("room", ["tokens", "feeds"])
def test_what_is_wrong_is_called_as_on_the_page(browser, ada, project, room):
    page = browser(ada)
    again = page.post(f"/auth/{room}", {"name": "", "expires_on": "soon", "scope": "read"}, status=422)
    assert again.says("What it is for is required")
    assert again.says("Its last day must be a date")
    again = page.post(f"/auth/{room}", {"name": "Report", "scope": "read", "projects": "NOPE"}, status=422)
    assert again.says("You see no project with such a key: NOPE.")
    assert again.says("Only in these projects (optional)")


def test_a_token_that_is_changed_is_told_what_counts(browser, ada, at):
    page = browser(ada).get(f"{at}/edit")
    assert page.says("Whatever asks with Report reaches what you choose here")
    assert not page.says("no others")
    assert not page.says("(optional)")


def test_a_token_that_is_revoked_is_gone(api, browser, ada, at):
    api(ada).delete(at)
    api(ada).patch(at, {"projects": None}, status=404)
    browser(ada).get(f"{at}/edit", status=404)


def test_one_that_reads_sees_what_its_owner_sees_and_changes_nothing(api, make, bearing, ada, project):
    """Private issues and comments, by the owner's role; a viewer's token sees none."""
    make.person("Root", is_admin=True)  # whom those see alone who see what is private
    wall, owner = make.project(ada, key="GATE", visibility="public"), api(ada)
    owner.post("/projects/GATE/issues", {"title": "A hinge", "private": True})
    for role, sees in (("member", True), ("viewer", False)):
        client = bearing(make.member(wall, role), "read")
        assert client.send("GET", "/projects/GATE/issues/1").status_code == (200 if sees else 404)
        assert client.get("/projects/GATE/issues")["total"] == sees
        client.patch("/projects/GATE/issues/1", {"title": "Mine"}, status=403)
    mona = make.member(wall, "member")
    told = [one.get("/projects/GATE/issues/1/visibility") for one in (bearing(mona, "read"), api(mona))]
    assert told[0] == told[1]
