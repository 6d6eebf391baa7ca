"""Two people who edit the same thing: nobody's work is lost, and nobody is asked without need."""

import pytest

URL = "/projects/WALL/issues/1"


@pytest.fixture
def project(ada, make):
    return make.project(ada, key="WALL", name="Dry stone")


@pytest.fixture
def bob(make, project):
    return make.member(project, "maintainer")


@pytest.fixture
def hers(browser, ada):
    """Ada's browser."""
    return browser(ada)


@pytest.fixture
def form(hers, ada, make, project):
    """Ada has opened the form; whatever happens now, happens meanwhile."""
    make.label(project, ada, "bug")
    make.label(project, ada, "docs")
    make.issue(project, ada, title="A stone is loose", body="The third\nfrom the left.", labels=["bug"])
    return hers.get(f"{URL}/edit").fields


def test_different_fields_both_stand(hers, api, ada, bob, form):
    api(bob).patch(URL, {"title": "Bob's title", "priority": "high"})
    hers.post(URL, form | {"body": "Ada's text", "priority": "none"})
    issue = api(ada).get(URL)
    assert (issue["title"], issue["body"], issue["priority"]) == ("Bob's title", "Ada's text", "high")


def test_labels_that_each_has_added_both_stand(hers, api, ada, bob, form):
    api(bob).patch(URL, {"labels": []})
    hers.post(URL, form | {"labels": ["", "bug", "docs"]})
    assert [label["name"] for label in api(ada).get(URL)["labels"]] == ["docs"]


def test_the_same_change_twice_is_no_conflict(hers, api, ada, bob, form):
    api(bob).patch(URL, {"title": "The same"})
    hers.post(URL, form | {"title": "The same"})
    assert api(ada).get(URL)["version"] == 2


@pytest.fixture
def clash(hers, api, ada, bob, form):
    """Both wrote another text; only Bob set a priority, only Ada another title."""
    api(bob).patch(URL, {"body": "Bob's text", "priority": "high"})
    return hers.post(URL, form | {"body": "Ada's text", "title": "Ada's title"}, status=409)


def test_a_conflict_shows_both_texts_and_who_wrote_the_other(clash, api, ada):
    assert clash.says("Description, theirs Maintainer")
    assert clash.says("Bob's text")
    assert clash.says("Also changed meanwhile, and kept: Priority by Maintainer")
    assert clash.fields["body"] == "Ada's text"
    assert api(ada).get(URL)["body"] == "Bob's text"


def test_a_conflict_asks_only_for_what_both_have_changed(clash):
    assert clash.fields["clash"] == "body"
    assert (clash.fields["title"], clash.fields["version"]) == ("Ada's title", "2")
    assert not clash.says("Title, theirs")
    assert 'value="high" selected' in clash.text


def test_a_conflict_tells_the_texts_apart_by_lines(hers, api, bob, form):
    api(bob).patch(URL, {"body": "The third\nfrom the right."})
    clash = hers.post(URL, form | {"body": "The third\r\nfrom the top."}, status=409)
    assert "<del>right</del>" in clash.text
    assert "<ins>top</ins>" in clash.text


def test_a_milestone_is_told_by_its_title(hers, api, ada, bob, form):
    first, second = [api(ada).post("/projects/WALL/milestones", {"title": title})["id"] for title in ("1.0", "2.0")]
    api(bob).patch(URL, {"milestone": first})
    clash = hers.post(URL, form | {"milestone": str(second)}, status=409)
    assert clash.says("Milestone, theirs Maintainer, just now 1.0")
    assert clash.says("Milestone, yours 2.0")


def test_mine_can_be_saved_over_theirs(clash, hers, api, ada):
    assert clash.fields["resolve"] == "mine"
    hers.post(URL, clash.fields | {"priority": "high"})
    issue = api(ada).get(URL)
    assert (issue["title"], issue["body"], issue["priority"]) == ("Ada's title", "Ada's text", "high")


def test_mine_can_become_a_comment(clash, hers, api, ada):
    hers.post(URL, clash.fields | {"priority": "high", "resolve": "comment"})
    issue = api(ada).get(URL)
    assert (issue["title"], issue["body"]) == ("Ada's title", "Bob's text")
    assert [comment["body"] for comment in api(ada).get(f"{URL}/comments")["items"]] == ["Ada's text"]


def test_mine_can_be_discarded(clash, hers, api, ada):
    place = hers.post(URL, clash.fields | {"resolve": "theirs"})
    assert place.location == URL
    issue = api(ada).get(URL)
    assert (issue["title"], issue["body"]) == ("A stone is loose", "Bob's text")


def test_a_second_conflict_meanwhile_is_shown_again(clash, hers, api, ada, bob):
    api(bob).patch(URL, {"body": "Bob's second text"})
    again = hers.post(URL, clash.fields, status=409)
    assert again.says("Bob's second text")
    assert again.fields["body"] == "Ada's text"
    hers.post(URL, again.fields)
    assert api(ada).get(URL)["body"] == "Ada's text"


def test_a_comment_is_asked_about_too(hers, api, ada, bob, make, project):
    comment = make.comment(project, make.issue(project, ada), ada)
    place = f"{URL}/comments/{comment.id}"
    form = hers.get(f"{place}/edit").fields
    api(bob).patch(place, {"body": "Bob's text"})
    clash = hers.post(place, form | {"body": "Ada's text"}, status=409)
    assert clash.says("Bob's text")
    hers.post(place, clash.fields | {"resolve": "comment"})
    assert [one["body"] for one in api(ada).get(f"{URL}/comments")["items"]] == ["Bob's text", "Ada's text"]


def test_a_project_is_asked_about_too(hers, api, ada, bob, project):
    form = hers.get("/projects/WALL/edit").fields
    api(bob).patch("/projects/WALL", {"name": "Bob's wall"})
    hers.post("/projects/WALL", form | {"description": "Ada's words"})
    clash = hers.post("/projects/WALL", form | {"name": "Ada's wall"}, status=409)
    assert clash.says("Bob's wall")
    assert clash.fields["description"] == "Ada's words"
    hers.post("/projects/WALL", clash.fields)
    assert api(ada).get("/projects/WALL")["name"] == "Ada's wall"


def test_a_milestone_is_asked_about_too(hers, api, ada, bob, project):
    place = f"/projects/WALL/milestones/{api(ada).post('/projects/WALL/milestones', {'title': '1.0'})['id']}"
    form = hers.get(f"{place}/edit").fields
    api(bob).patch(place, {"title": "Bob's"})
    hers.post(place, form | {"description": "Ada's words"})
    clash = hers.post(place, form | {"title": "Ada's"}, status=409)
    assert clash.says("Title, theirs Bob's")
    hers.post(place, clash.fields)
    assert (api(ada).get(place)["title"], api(ada).get(place)["description"]) == ("Ada's", "Ada's words")


@pytest.mark.parametrize("place", [URL, "/projects/WALL"])
def test_a_refused_form_still_knows_what_it_was_made_from(hers, api, ada, bob, form, place):
    name = "title" if place == URL else "name"
    form = hers.get(f"{place}/edit").fields
    api(bob).patch(place, {name: "Bob's"})
    again = hers.post(place, form | {name: ""}, status=422)
    assert (again.fields["version"], again.fields["base"]) == (form["version"], form["base"])
    hers.post(place, again.fields | {name: "Ada's"}, status=409)


def test_a_refused_form_of_few_fields_does_not_empty_the_others(hers, ada, form):
    page = hers.post(URL, {"state": "closed", "csrf_token": "old"}, status=403)
    assert page.fields["title"] == "A stone is loose"


@pytest.mark.parametrize("base", ["", "{", "[]", "null", '{"title": 1}', "[" * 5000])
def test_a_form_that_says_nonsense_of_its_origin_is_asked(hers, api, ada, bob, form, base):
    api(bob).patch(URL, {"title": "Bob's"})
    hers.post(URL, form | {"title": "Ada's", "base": base}, status=409)


def test_a_client_that_names_no_version_changes_only_what_it_sends(api, ada, bob, form):
    api(bob).patch(URL, {"title": "Bob's"})
    assert api(ada).patch(URL, {"body": "Ada's"})["title"] == "Bob's"
    api(ada).patch(URL, {"body": "Ada's"}, headers={"If-Match": '"1"'}, status=412)
