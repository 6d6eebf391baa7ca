import pytest

URL = "/projects/WALL/transfer"


def roles(api, who):
    return {one["user"]["name"]: one["role"] for one in api(who).get("/projects/WALL/members")["items"]}


def test_the_new_owner_owns_it_and_the_old_one_maintains_it(api, make, ada, project):
    member = make.member(project, "member")
    given = api(ada).post(URL, {"user_id": member.id}, status=200)
    assert given["owner_id"] == member.id
    assert roles(api, ada) == {"Ada": "maintainer", "Member": "owner"}


def test_a_stranger_is_made_a_member_by_it(api, ada, eve, project):
    api(ada).post(URL, {"email": eve.email}, status=200)
    assert roles(api, eve) == {"Ada": "maintainer", "Eve": "owner"}


def test_a_page_offers_the_other_members(browser, make, ada, project):
    assert browser(ada).get(URL).says("There is nobody else in this project.")
    member = make.member(project, "member")
    assert browser(ada).get(URL).says("Member")
    assert browser(ada).post(URL, {"user_id": member.id}).location == "/projects/WALL/members"


@pytest.mark.parametrize("body", [{}, {"user_id": 1, "email": "x@example.com"}, {"email": "x@example.com"}])
def test_exactly_one_known_person_is_named(api, ada, project, body):
    api(ada).post(URL, body, status=422)


def test_an_id_must_be_a_members(api, ada, eve, project):
    assert api(ada).post(URL, {"user_id": eve.id}, status=422)["errors"][0]["field"] == "user_id"


def test_nobody_owns_it_twice(api, ada, project):
    api(ada).post(URL, {"user_id": ada.id}, status=409)


def test_only_owners_transfer(api, make, project):
    maintainer = make.member(project, "maintainer")
    api(maintainer).post(URL, {"user_id": maintainer.id}, status=403)


def test_whoever_cannot_log_in_cannot_own_it(api, make, ada, eve, project):
    make.deactivated(eve)
    assert api(ada).post(URL, {"email": eve.email}, status=422)["errors"][0]["field"] == "email"
