import pytest

from webapp.members import service as members

URL = "/projects/WALL/members"


def roles(api, who) -> dict[str, str]:
    return {one["user"]["name"]: one["role"] for one in api(who).get(URL)["items"]}


def test_members_are_listed_by_name(app, make, ada, project):
    make.member(project, "viewer")
    with app.app_context():
        listed = members.of(project)
    assert [(one.user.name, one.role) for one in listed] == [("Ada", "owner"), ("Viewer", "viewer")]


def test_an_owner_adds_somebody_by_address_changes_their_role_and_removes_them(api, ada, eve, project):
    added = api(ada).post(URL, {"email": eve.email.upper(), "role": "reporter"})
    assert (added["id"], added["user"]["name"], added["role"]) == (eve.id, "Eve", "reporter")
    assert api(ada).patch(f"{URL}/{eve.id}", {"role": "maintainer"})["role"] == "maintainer"
    assert api(eve).get("/projects/WALL")["key"] == "WALL"
    api(ada).delete(f"{URL}/{eve.id}")
    api(eve).get("/projects/WALL", status=404)


def test_a_page_does_the_same(browser, ada, eve, project):
    page = browser(ada)
    assert page.post(URL, {"email": eve.email, "role": "member"}).location == URL
    assert page.get(URL).says("Eve is in the project now.")
    form = page.get(f"{URL}/{eve.id}/edit")
    assert form.h1 == "Role of Eve"
    assert '<option value="member" selected>' in form.text
    assert page.post(f"{URL}/{eve.id}", {"role": "viewer"}).location == URL
    assert page.get(URL).says("Eve is viewer now.")
    assert page.get(f"{URL}/{eve.id}/delete").h1 == "Remove Eve?"
    page.post(f"{URL}/{eve.id}/delete")
    assert not page.get(URL).says("Eve")


def test_an_owner_can_give_up_what_they_are(api, ada, make, project):
    other = make.member(project, "owner")
    assert api(ada).patch(f"{URL}/{ada.id}", {"role": "viewer"})["role"] == "viewer"
    api(ada).patch(f"{URL}/{other.id}", {"role": "viewer"}, status=403)


def test_a_member_is_not_added_twice(api, browser, ada, project):
    assert api(ada).post(URL, {"email": ada.email}, status=409)["errors"][0]["field"] == "email"
    assert browser(ada).post(URL, {"email": ada.email}, status=409).fields["email"] == ada.email


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "x@example.com", "role": "king"}, "role"),
        ({"email": "x\x00@example.com"}, "email"),
    ],
)
def test_bad_input_names_the_field(api, ada, project, body, field):
    assert api(ada).post(URL, body, status=422)["errors"][0]["field"] == field


def test_a_maintainer_changes_everybody_but_owners(api, make, ada, eve, project):
    maintainer, member = api(make.member(project, "maintainer")), make.member(project, "member")
    assert maintainer.patch(f"{URL}/{member.id}", {"role": "maintainer"})["role"] == "maintainer"
    maintainer.patch(f"{URL}/{member.id}", {"role": "owner"}, status=403)
    maintainer.patch(f"{URL}/{ada.id}", {"role": "viewer"}, status=403)
    maintainer.delete(f"{URL}/{ada.id}", status=403)
    maintainer.post(URL, {"email": eve.email, "role": "owner"}, status=403)
    maintainer.post(URL, {"email": "new@example.com", "role": "owner"}, status=403)


def test_a_maintainers_page_offers_nothing_that_only_owners_may(browser, make, project):
    page = browser(make.member(project, "maintainer")).get(URL)
    assert 'value="owner"' not in page.text
    assert "/transfer" not in page.text


def test_anybody_may_leave_even_an_archived_project(api, browser, make, ada, project):
    viewer = make.member(project, "viewer")
    api(ada).post("/projects/WALL/archive", status=200)
    assert browser(viewer).get(f"{URL}/{viewer.id}/delete").h1 == "Leave Rockery?"
    assert browser(viewer).post(f"{URL}/{viewer.id}/delete").location == "/projects"
    api(viewer).get("/projects/WALL", status=404)


def test_the_last_owner_stays(api, browser, ada, project):
    for refused in (
        api(ada).delete(f"{URL}/{ada.id}", status=409),
        api(ada).patch(f"{URL}/{ada.id}", {"role": "member"}, status=409),
    ):
        assert refused["detail"] == "Ada is the last owner of WALL. Make somebody else an owner first."
    assert browser(ada).post(f"{URL}/{ada.id}", {"role": "member"}, status=409).says("Ada is the last owner of WALL.")
    assert browser(ada).post(f"{URL}/{ada.id}/delete", status=409).says("Ada is the last owner of WALL.")


def test_a_project_is_always_in_the_name_of_an_owner(api, ada, bob, project):
    api(ada).delete(f"{URL}/{ada.id}")
    assert api(bob).get("/projects/WALL")["owner_id"] == bob.id


def test_somebody_who_is_no_member_cannot_leave(api, make, eve, ada, project):
    make.project(ada, key="OPEN", visibility="public")
    api(eve).delete(f"/projects/OPEN/members/{eve.id}", status=404)


def test_who_is_gone_is_taken_from_open_issues_only(api, make, ada, project):
    member = make.member(project, "member")
    for number, state in ((1, "open"), (2, "closed")):
        make.issue(project, ada, assignees=[member.id])
        api(ada).patch(f"/projects/WALL/issues/{number}", {"state": state})
    api(ada).delete(f"{URL}/{member.id}")
    issues = [api(ada).get(f"/projects/WALL/issues/{number}") for number in (1, 2)]
    assert [len(issue["assignees"]) for issue in issues] == [0, 1]
    told = api(ada).get("/projects/WALL/issues/1/events")["items"][-1]
    told = told["kind"], told["data"]
    assert told == (
        "assigned", {"added": [], "removed": ["Member"], "added_ids": [], "removed_ids": [member.id]}
    )  # fmt: skip


def test_addresses_are_for_those_who_manage_members(api, browser, make, ada, eve):
    make.project(ada, key="OPEN", visibility="public")
    url = "/projects/OPEN/members"
    assert [one["email"] for one in api(ada).get(url)["items"]] == [ada.email]
    assert [one["email"] for one in api(eve).get(url)["items"]] == [None]
    assert api(eve).get(f"{url}/{ada.id}")["email"] is None
    assert api().get(url)["items"][0]["user"]["name"] == "Ada"
    assert ada.email not in browser().get(url).text


def test_rights_are_read_again_after_waiting(app, make, ada, bob, project):
    """Ada lowers Bob while he is about to remove her: he is no owner any more when his turn comes."""
    from webapp.errors import Forbidden
    from webapp.projects import service as projects

    with app.app_context():
        as_bob_saw_it = projects.get("WALL", bob)
        members.edit(project, bob.id, members.MemberEdit(role="viewer"), ada)  # type: ignore[attr-defined]
        with pytest.raises(Forbidden):
            members.remove(as_bob_saw_it, ada.id, bob)
