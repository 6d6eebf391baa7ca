"""A person's page: who they are, and what of them the viewer may see."""

import pytest
from sqlalchemy import update

from webapp.db import transacting
from webapp.models.issues import Issue


@pytest.fixture
def imported(make):
    """Somebody whom an import brought."""
    return make.person("Octo", email=None, origin="github:octo", is_active=False, password_hash=None)


def url(person):
    return f"/users/{person.id}"


def test_everybody_who_has_an_account_knows_the_others(api, ada, eve):
    told = api(eve).get(url(ada))
    assert (told["id"], told["name"], told["time_zone"], told["email"]) == (ada.id, "Ada", "UTC", None)


def test_the_address_is_for_oneself_and_administrators(api, browser, ada, eve, make):
    root = make.person("Root", is_admin=True)
    assert api(ada).get(url(ada))["email"] == ada.email
    assert api(root).get(url(ada))["email"] == ada.email
    assert not browser(eve).get(url(ada)).says(ada.email)


def test_without_an_account_a_person_is_known_by_what_is_public(api, ada, make):
    api().get(url(ada), status=401)
    make.project(ada, visibility="internal")
    api().get(url(ada), status=401)
    make.project(ada, visibility="public", key="OPEN")
    assert api().get(url(ada))["name"] == "Ada"


def test_who_wrote_in_a_public_project_is_known(api, ada, eve, make):
    project = make.project(ada, visibility="public")
    issue = make.issue(project, eve)
    assert api().get(url(eve))["name"] == "Eve"
    joe = make.person("Joe")
    api().get(url(joe), status=401)
    make.comment(project, issue, joe)
    assert api().get(url(joe))["name"] == "Joe"


def test_nobody_is_not_found(api, browser, ada):
    for id in ("99999999", "9223372036854775808"):
        api(ada).get(f"/users/{id}", status=404)
        api().get(f"/users/{id}", status=401)
    browser(ada).get("/users/99999999", status=404)


def test_a_deactivated_person_is_known_to_those_who_share_a_project(api, ada, eve, make):
    project = make.project(ada)
    member = make.deactivated(make.member(project, "member"))
    assert api(ada).get(url(member))["name"] == "Member"
    api(eve).get(url(member), status=404)


def test_an_imported_person_has_a_page_where_they_wrote(app, browser, ada, eve, make, imported):
    issue = make.issue(make.project(ada, key="WALL"), ada)
    with app.app_context(), transacting() as session:
        session.execute(update(Issue).where(Issue.id == issue.id).values(author_id=imported.id))
    assert browser(ada).get(url(imported)).says("Imported, without an account here")
    browser(eve).get(url(imported), status=404)


def test_projects_are_told_to_those_who_see_them(browser, ada, eve, make):
    make.project(ada, name="Hidden")
    make.project(ada, name="Shared", visibility="internal")
    page = browser(eve).get(url(ada))
    assert page.says("Shared SHARED owner")
    assert not page.says("Hidden")
    assert browser(ada).get(url(ada)).says("Hidden")


def test_activity_is_told_to_those_who_see_it(browser, ada, eve, make):
    hidden, shared = make.project(ada, key="HIDE"), make.project(ada, key="SHOW", visibility="internal")
    make.issue(hidden, ada, title="A secret")
    issue = make.issue(shared, ada, title="A loose stone")
    make.comment(shared, issue, ada)
    page = browser(eve).get(url(ada))
    assert page.says("Commented on SHOW-1 A loose stone")
    assert page.says("Opened SHOW-1 A loose stone")
    assert not page.says("A secret")


def test_what_is_in_the_trash_is_no_activity(api, browser, ada, make):
    project = make.project(ada, key="SHOW")
    make.issue(project, ada, title="A loose stone")
    api(ada).delete("/projects/SHOW/issues/1")
    assert not browser(ada).get(url(ada)).says("A loose stone")


def test_several_changes_in_a_row_are_told_once(api, browser, ada, make):
    make.issue(make.project(ada, key="SHOW"), ada)
    for title in ("One", "Two", "Three"):
        api(ada).patch("/projects/SHOW/issues/1", {"title": title})
    assert browser(ada).get(url(ada)).text.count("Changed ") == 1


def test_names_lead_to_profiles(browser, ada, make):
    project = make.project(ada, key="SHOW")
    make.comment(project, make.issue(project, ada), ada)
    page = browser(ada).get("/projects/SHOW/issues/1")
    assert page.links.count(url(ada)) >= 3
    assert url(ada) not in browser(ada).get("/projects/SHOW/issues").links


def test_a_profile_loads_one_picture_and_a_list_none(browser, ada, make):
    make.issue(make.project(ada, key="SHOW"), ada)
    assert browser(ada).get(url(ada)).text.count("<img") == 1
    assert "<img" not in browser(ada).get("/projects/SHOW/issues").text
