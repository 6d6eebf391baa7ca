"""Who may log in at all, and who looks after the whole of Cairn: said on the command line."""

from urllib.parse import urlsplit

import pytest

from tests.make import PASSWORD


@pytest.fixture
def run(app):
    """A command as it is typed, and whether it should work."""

    def run(*words, works=True):
        told = app.test_cli_runner().invoke(args=list(words))
        assert (told.exit_code == 0) is works, told.output
        return told.output

    return run


def log_in(api, person, status=200):
    return api().post("/auth/login", {"email": person.email, "password": PASSWORD}, status=status)


def test_a_deactivated_person_is_out_at_once(api, browser, ada, run):
    here, page, held = api(ada), browser(ada), log_in(api, ada)
    feed = here.post("/auth/feeds", {"name": "Phone"})["token"]
    assert "Ada" in run("deactivate", ada.email.upper())
    here.get("/auth/me", status=403)
    page.get("/auth/me", status=303)
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)
    api().get(f"/issues.ics?token={feed}", status=401)
    assert "deactivated" in log_in(api, ada, status=403)["detail"]


def test_who_is_activated_again_has_to_log_in_again(api, ada, run):
    here, held = api(ada), log_in(api, ada)
    feed = here.post("/auth/feeds", {"name": "Phone"})["token"]
    run("deactivate", ada.email)
    assert "Ada" in run("activate", ada.email)
    here.get("/auth/me", status=401)
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)
    api().get(f"/issues.ics?token={feed}", status=401)
    log_in(api, ada)


def test_a_feed_token_that_was_ended_so_does_not_blame_the_password(api, browser, ada, run):
    api(ada).post("/auth/feeds", {"name": "Phone"})
    run("deactivate", ada.email)
    run("activate", ada.email)
    page = browser(ada).get("/auth/feeds")
    assert page.says("Ended with your logins")
    assert not page.says("password was changed")


def test_an_address_may_be_spelled_as_at_a_login(api, make, run):
    make.person("Zoë", email="zoe@münchen.example")
    assert "Zoë" in run("deactivate", "Zoe <zoe@xn--mnchen-3ya.example>")


def test_nobody_gives_work_to_a_deactivated_person(api, browser, make, ada, run):
    project = make.project(ada, key="WALL")
    gone = make.member(project, "member")
    make.issue(project, ada)
    run("deactivate", gone.email)
    assert gone.name not in browser(ada).get("/projects/WALL/issues/1/assignees").text
    api(ada).patch("/projects/WALL/issues/1", {"assignees": [gone.id]}, status=422)
    api(ada).patch("/projects/WALL/issues?q=is:open", {"add_assignees": [gone.id]}, status=422)


def test_whose_work_it_was_stays_told(api, make, ada, run):
    project = make.project(ada, key="WALL")
    gone = make.member(project, "member")
    make.issue(project, ada, assignees=[gone.id])
    run("deactivate", gone.email)
    api(ada).patch("/projects/WALL/issues/1", {"title": "Looser", "assignees": [gone.id, ada.id]})


def test_projects_that_nobody_owns_any_more_are_told(make, ada, run):
    make.project(ada, key="WALL")
    assert "WALL" in run("deactivate", ada.email)


def test_an_administrator_acts_as_the_owner_who_is_gone(api, make, ada, eve, run):
    make.project(ada, key="WALL")
    run("deactivate", ada.email)
    assert "Eve" in run("admin", eve.email)
    api(eve).post("/projects/WALL/transfer", {"email": eve.email}, status=200)


def test_an_invitation_from_the_command_line_holds_without_its_owner(api, make, ada, eve, run):
    make.project(ada, key="WALL")
    run("deactivate", ada.email)
    assert "owns" in run("invite", "WALL", "new@example.com", works=False)
    run("admin", eve.email)
    link = urlsplit(run("invite", "WALL", "new@example.com").split()[-1]).path
    assert api().get(link)["invited_by"]["name"] == "Eve"


def test_an_administrator_may_be_made_and_unmade(api, make, ada, eve, run):
    make.project(ada, key="WALL")
    someone = api(eve)
    run("admin", ada.email)
    run("admin", eve.email)
    someone.get("/projects/WALL")
    run("admin", eve.email, "--revoke")
    someone.get("/projects/WALL", status=404)


@pytest.mark.parametrize("words", [("deactivate",), ("admin", "--revoke")])
def test_the_last_administrator_stays(make, run, words):
    make.person("Former", is_admin=True, is_active=False)
    make.person("Imported", is_admin=True, password=None, password_hash=None)
    root = make.person("Root", is_admin=True)
    assert "last administrator" in run(*words, root.email, works=False)
    make.person("Second", is_admin=True)
    run(*words, root.email)


def test_who_cannot_log_in_is_made_no_administrator(make, ada, run):
    assert "deactivated" in run("admin", make.deactivated(ada).email, works=False)


@pytest.mark.parametrize("command", ["deactivate", "activate", "admin"])
def test_an_unknown_address_is_told_in_one_line(run, command):
    assert run(command, "nobody@example.com", works=False) == "nobody@example.com is nobody's address here.\n"
    assert "EMAIL" in run(command, "--help")
