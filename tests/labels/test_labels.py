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
    assert api(ada).get(URL) == []


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
    assert {label["name"]: label["issue_count"] for label in api(ada).get(URL)} == {"bug": 0, "idea": 1}


def test_a_reporter_does_not_change_labels(api, make, project):
    api(make.member(project, "reporter")).post(URL, {"name": "bug"}, status=403)
