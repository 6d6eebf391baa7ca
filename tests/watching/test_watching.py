"""What somebody chooses to hear of a project and of an issue, as JSON and by forms."""

import pytest

from webapp import keeping

PROJECT, ISSUE = "/projects/WALL", "/projects/WALL/issues/1"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    make.issue(project, ada)
    return project


@pytest.fixture
def bob(make, project):
    return make.member(project, "member")


def test_who_chose_nothing_hears_of_what_they_take_part_in(api, ada, bob, project):
    assert api(bob).get(f"{PROJECT}/watch") == {"level": "participating", "chosen": False}
    assert api(bob).get(f"{ISSUE}/watch") == {"level": "participating", "chosen": False, "reason": None}
    assert api(ada).get(f"{ISSUE}/watch")["reason"] == "author"


@pytest.mark.parametrize("level", ["all", "new", "participating", "nothing"])
def test_a_project_is_watched(api, bob, project, level):
    client = api(bob)
    chosen = client.send("PUT", f"{PROJECT}/watch", status=200, json={"level": level}).json
    assert chosen == client.get(f"{PROJECT}/watch") == {"level": level, "chosen": True}
    client.delete(f"{PROJECT}/watch")
    assert client.get(f"{PROJECT}/watch") == {"level": "participating", "chosen": False}


@pytest.mark.parametrize(("level", "reason"), [("all", "watching"), ("participating", None), ("nothing", None)])
def test_an_issue_is_watched(api, bob, project, level, reason):
    client = api(bob)
    chosen = client.send("PUT", f"{ISSUE}/watch", status=200, json={"level": level}).json
    assert chosen == client.get(f"{ISSUE}/watch") == {"level": level, "chosen": True, "reason": reason}
    client.delete(f"{ISSUE}/watch")
    assert not client.get(f"{ISSUE}/watch")["chosen"]


def test_what_is_chosen_for_an_issue_goes_before_what_is_for_its_project(api, bob, project):
    client = api(bob)
    client.send("PUT", f"{PROJECT}/watch", status=200, json={"level": "all"})
    assert client.get(f"{ISSUE}/watch") == {"level": "all", "chosen": False, "reason": "watching"}
    client.send("PUT", f"{ISSUE}/watch", status=200, json={"level": "nothing"})
    assert client.get(f"{ISSUE}/watch")["level"] == "nothing"
    assert client.get(f"{PROJECT}/watch")["level"] == "all"


@pytest.mark.parametrize("reason", ["assigned", "mentioned", "commented"])
def test_whoever_takes_part_hears_and_is_told_why(api, app, ada, bob, project, reason):
    if reason == "commented":
        api(bob).post(f"{ISSUE}/comments", {"body": "I too."})
    else:
        said = {"assigned": {"assignees": [bob.id]}, "mentioned": {"body": f"@{_handle(app, bob)}, look"}}
        api(ada).patch(ISSUE, said[reason])
    assert api(bob).get(f"{ISSUE}/watch")["reason"] == reason


def _handle(app, person):
    from webapp.db import db
    from webapp.models.accounts import User

    with app.app_context():
        return db.session.get(User, person.id).handle


@pytest.mark.parametrize(("url", "body"), [(PROJECT, {"level": "much"}), (PROJECT, {}), (ISSUE, {"level": "new"})])
def test_a_level_that_there_is_not_is_told_by_its_field(api, bob, project, url, body):
    refused = api(bob).send("PUT", f"{url}/watch", status=422, json=body).json
    assert [one["field"] for one in refused["errors"]] == ["level"]


def test_only_whoever_is_signed_in_and_sees_it_watches(api, eve, make, ada):
    make.issue(make.project(ada, key="CAVE"), ada)
    for url in ("/projects/CAVE/watch", "/projects/CAVE/issues/1/watch"):
        api(eve).send("PUT", url, status=404, json={"level": "all"})
        api().send("PUT", url, status=401, json={"level": "all"})


class TestPages:
    @pytest.fixture(autouse=True)
    def kept(self, app, monkeypatch):
        monkeypatch.setattr(keeping, "PARANOID", False)
        app.extensions["keeping"].clear()

    @pytest.mark.parametrize("url", [PROJECT, ISSUE])
    def test_the_bell_shows_what_was_chosen_at_once_and_only_to_its_owner(self, browser, api, ada, bob, project, url):
        look, other = browser(bob), browser(ada)
        other.get(url)
        assert "Participating" in look.get(url).text
        assert look.get(url).text.count("is what you hear of this") == 1
        look.post(f"{url}/watch", {"level": "nothing"})
        assert "You hear nothing of this any more." in look.get("/").text
        assert "You chose to hear nothing of this." in look.get(url).text
        assert "You chose to hear nothing of this." not in other.get(url).text
        look.post(f"{url}/watch/delete")
        look.get("/")
        assert "You chose to hear nothing of this." not in look.get(url).text
        assert "what you hear of this" not in browser().get(url).text

    @pytest.mark.parametrize("url", [PROJECT, ISSUE])
    def test_a_page_says_what_each_choice_means(self, browser, bob, project, url):
        page = browser(bob).get(f"{url}/watch")
        assert page.fields["level"] == "participating"
        refused = browser(bob).post(f"{url}/watch", {"level": "loud"}, status=422)
        assert "What you hear of" in refused.text

    def test_the_bell_tells_why(self, browser, ada, project):
        assert "because you opened it" in browser(ada).get(ISSUE).text
