import pytest

URL = "/projects/WALL/labels"


@pytest.fixture(autouse=True)
def project(make, ada):
    return make.project(ada, key="WALL")


def test_a_label_is_made_changed_and_deleted(api, ada):
    made = api(ada).post(URL, {"name": "bug", "color": "#D34467"})
    assert made["color"] == "#d34467"
    changed = api(ada).patch(f"{URL}/{made['id']}", {"name": "Bug"})
    assert (changed["name"], changed["color"]) == ("Bug", "#d34467")
    api(ada).delete(f"{URL}/{made['id']}")
    assert api(ada).get(URL)["items"] == []


def test_a_name_is_taken_in_any_case(api, ada):
    api(ada).post(URL, {"name": "bug"})
    assert api(ada).post(URL, {"name": "BUG"}, status=409)["errors"][0]["field"] == "name"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x", "color": "red"}, "color"),
        ({"name": "x", "description": 1}, "description"),
    ],
)
def test_bad_input_names_the_field(api, ada, body, field):
    assert api(ada).post(URL, body, status=422)["errors"][0]["field"] == field


def test_the_count_of_issues_follows(api, ada):
    for name in ("bug", "idea"):
        api(ada).post(URL, {"name": name})
    api(ada).post("/projects/WALL/issues", {"title": "x", "labels": ["bug", "idea"]})
    api(ada).patch("/projects/WALL/issues/1", {"labels": ["idea"]})
    assert {label["name"]: label["issue_count"] for label in api(ada).get(URL)["items"]} == {"bug": 0, "idea": 1}


def test_a_reporter_does_not_change_labels(api, make, project):
    api(make.member(project, "reporter")).post(URL, {"name": "bug"}, status=403)


@pytest.mark.parametrize("name", ["ΟΔΟΣ", "İstanbul", "Straße", "ǅ"])
def test_the_database_says_which_names_are_the_same(api, ada, make, project, name):
    label = make.label(project, ada, name)
    other = make.label(project, ada, "other")
    make.issue(project, ada, labels=[name, "OTHER", "other"])
    assert api(ada).get(f"/projects/WALL/issues?label={name}&label=Other")["total"] == 1
    api(ada).post(URL, {"name": name}, status=409)
    assert api(ada).patch(f"{URL}/{label.id}", {"name": name, "description": "Same"})["description"] == "Same"
    assert api(ada).patch(f"{URL}/{other.id}", {"name": "Other"})["issue_count"] == 1


def test_a_name_that_no_label_has_is_told(api, ada, make, project):
    make.label(project, ada, "bug")
    problem = api(ada).post("/projects/WALL/issues", {"title": "x", "labels": ["Bug", "b", "a"]}, status=422)
    assert problem["errors"] == [{"field": "labels", "message": "has no label named a and b to choose from."}]


@pytest.mark.parametrize(
    ("sent", "color"),
    [
        ({}, "#7d7871"),
        ({"color": "#0e7ec4", "color_other": ""}, "#0e7ec4"),
        ({"color": "#0e7ec4", "color_other": "#123456"}, "#0e7ec4"),
        ({"color": "other", "color_other": " #ABCDEF "}, "#abcdef"),
    ],
)
def test_a_colour_is_chosen_or_typed_without_a_script(browser, api, ada, sent, color):
    browser(ada).post(URL, {"name": "bug", **sent})
    assert api(ada).get(URL)["items"][0]["color"] == color


@pytest.mark.parametrize(("color", "chosen", "typed"), [("#0e7ec4", "#0e7ec4", ""), ("#123456", "other", "#123456")])
def test_the_form_shows_the_colour_as_it_was_chosen(browser, ada, make, project, color, chosen, typed):
    label = make.label(project, ada, color=color)
    page = browser(ada).get(f"{URL}/{label.id}/edit")
    assert (page.fields["color"], page.fields["color_other"]) == (chosen, typed)


@pytest.mark.parametrize("typed", ["", "red"])
def test_a_typed_colour_that_is_none_comes_back(browser, ada, typed):
    page = browser(ada).post(URL, {"name": "x", "color": "other", "color_other": typed}, status=422)
    assert (page.fields["color"], page.fields["color_other"]) == ("other", typed)
    assert page.says("Colour must be # and six of 0-9 and a-f, like #7d7871")


@pytest.mark.parametrize("body", [{"color_other": "#123456"}, {"color": "other", "color_other": "#123456"}])
def test_only_a_form_has_a_field_for_other_colours(api, ada, body):
    problem = api(ada).post(URL, {"name": "x", **body}, status=422)
    assert "color_other" in [error["field"] for error in problem["errors"]]
