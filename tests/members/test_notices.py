"""What others make of one's part in a project is told by mail."""

import pytest

URL = "/projects/WALL/members"


@pytest.fixture
def told(mailing, sink):
    """What somebody was told since the last time, as subjects and bodies."""

    def told(who):
        mailing.drain()
        mails, sink.mails[:] = list(sink.mails), []
        assert {to for one in mails for to in one.to} <= {who.email}
        return [(str(one.message["Subject"]), " ".join(one.body().split())) for one in mails]

    return told


@pytest.fixture
def friend(make, ada):
    """Shares another project with Ada."""
    return make.member(make.project(ada, key="GATE"), "viewer", name="Fred")


def test_who_is_added_at_once_hears_so(api, ada, project, friend, told):
    api(ada).post(URL, {"email": friend.email, "role": "reporter"})
    ((subject, body),) = told(friend)
    assert subject == "Ada added you to Rockery"
    assert "as reporter" in body
    assert "https://cairn.test/projects/WALL" in body


def test_who_gets_another_role_hears_so(api, make, ada, project, told):
    grace = make.member(project, "member", name="Grace")
    api(ada).patch(f"{URL}/{grace.id}", {"role": "maintainer"})
    ((subject, body),) = told(grace)
    assert subject == "You are maintainer of Rockery now"
    assert "you are maintainer now, and were member" in body


def test_who_is_removed_hears_so_and_no_more(api, make, ada, project, told):
    grace = make.member(project, "member", name="Grace")
    api(ada).delete(f"{URL}/{grace.id}")
    ((subject, body),) = told(grace)
    assert subject == "Ada removed you from Rockery"
    assert "/projects/WALL" not in body


def test_who_owns_a_project_now_hears_so(api, make, ada, bob, project, told):
    api(ada).post("/projects/WALL/transfer", {"user_id": bob.id}, status=200)
    ((subject, _),) = told(bob)
    assert subject == "Rockery is in your name now"


def test_who_owns_it_as_its_owner_left_hears_so(api, ada, bob, project, told):
    api(ada).delete(f"{URL}/{ada.id}")
    ((subject, _),) = told(bob)
    assert subject == "Rockery is in your name now"


def test_nobody_hears_of_what_they_do_themselves(api, make, ada, bob, project, told):
    grace = make.member(project, "maintainer", name="Grace")
    api(grace).patch(f"{URL}/{grace.id}", {"role": "member"})
    api(grace).delete(f"{URL}/{grace.id}")
    assert told(grace) == []


def test_what_was_taken_back_before_it_was_told_is_not_told(api, make, ada, project, told):
    grace = make.member(project, "member", name="Grace")
    for role in ("viewer", "maintainer", "member"):
        api(ada).patch(f"{URL}/{grace.id}", {"role": role})
    assert told(grace) == []
