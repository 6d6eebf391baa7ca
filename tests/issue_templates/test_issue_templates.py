import pytest

URL = "/projects/WALL/templates"


@pytest.fixture(autouse=True)
def project(make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    make.label(project, ada, "idea")
    return project


@pytest.fixture
def report(api, ada):
    return api(ada).post(URL, {"name": "Bug report", "title": "Bug: ", "body": "Steps:", "labels": ["BUG"]})


def test_a_template_is_made_changed_and_deleted(api, ada, report):
    assert (report["title"], report["labels"], report["position"]) == ("Bug:", ["bug"], 0)
    changed = api(ada).patch(f"{URL}/{report['id']}", {"name": "Bug"})
    assert changed == {**report, "name": "Bug"}
    assert api(ada).get(f"{URL}/{report['id']}") == changed
    api(ada).delete(f"{URL}/{report['id']}")
    assert api(ada).get(URL)["items"] == []


def test_a_name_is_taken_in_any_case(api, ada, report):
    assert api(ada).post(URL, {"name": "BUG REPORT"}, status=409)["errors"][0]["field"] == "name"
    api(ada).patch(f"{URL}/{report['id']}", {"name": "BUG REPORT"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "title": "x" * 201}, "title"),
        ({"name": "x", "body": "a\x00"}, "body"),
        ({"name": "x", "labels": ["none such"]}, "labels"),
    ],
)
def test_bad_input_names_the_field(api, ada, body, field):
    assert api(ada).post(URL, body, status=422)["errors"][0]["field"] == field


def test_a_template_is_moved_among_the_others(api, ada):
    ids = [api(ada).post(URL, {"name": name})["id"] for name in ("a", "b", "c")]
    api(ada).patch(f"{URL}/{ids[2]}", {"position": 0})
    assert [(one["name"], one["position"]) for one in api(ada).get(URL)["items"]] == [("c", 0), ("a", 1), ("b", 2)]
    assert api(ada).patch(f"{URL}/{ids[2]}", {"position": 900})["position"] == 2


def test_there_are_only_as_many_as_can_be_chosen_from(api, ada):
    for number in range(20):
        api(ada).post(URL, {"name": f"{number}"})
    api(ada).post(URL, {"name": "one more"}, status=409)


@pytest.mark.parametrize(("role", "status"), [("maintainer", 201), ("member", 403), ("viewer", 403)])
def test_maintainers_change_templates(api, make, project, role, status):
    api(make.member(project, role)).post(URL, {"name": "x"}, status=status)


def test_a_stranger_does_not_hear_of_them(api, eve, report):
    api(eve).get(URL, status=404)
    api(eve).delete(f"{URL}/{report['id']}", status=404)
    api().get(URL, status=401)


def test_a_template_of_another_project_is_not_found(api, ada, make, report):
    make.project(ada, key="SCREE")
    api(ada).get(f"/projects/SCREE/templates/{report['id']}", status=404)


def test_pages_make_change_and_delete_it(browser, ada):
    here = browser(ada)
    here.post(URL, {"name": "Question", "body": "What?", "labels": ["", "idea"]})
    page = here.get(URL)
    edit = next(link for link in page.links if link.endswith("/edit") and "/templates/" in link)
    assert here.get(edit).fields["body"] == "What?"
    assert here.post(edit.removesuffix("/edit"), {"name": "", "body": "Kept"}, status=422).fields["body"] == "Kept"
    here.post(edit.removesuffix("/edit"), {"name": "Asked", "labels": ""})
    assert here.get(edit.replace("/edit", "/delete")).says("Delete template Asked?")
    here.post(edit.replace("/edit", "/delete"))
    assert here.get(URL).says("no templates yet")


def test_a_new_issue_is_begun_from_a_template(browser, ada, report):
    here = browser(ada)
    assert (
        here.get(f"{URL}/{report['id']}", status=303).location == f"/projects/WALL/issues/new?template={report['id']}"
    )
    fields = here.get(f"/projects/WALL/issues/new?template={report['id']}").fields
    assert (fields["title"], fields["body"], fields["labels"]) == ("Bug:", "Steps:", "bug")


def test_what_the_address_says_counts_more_than_the_template(browser, ada, report):
    fields = browser(ada).get(f"/projects/WALL/issues/new?template={report['id']}&title=Mine&labels=idea").fields
    assert (fields["title"], fields["body"], fields["labels"]) == ("Mine", "Steps:", "idea")


@pytest.mark.parametrize("labels", ["labels=bug&labels=idea", "labels=bug,idea", "labels=BUG,%20idea,none"])
def test_an_address_fills_in_a_new_issue(browser, ada, labels):
    page = browser(ada).get(f"/projects/WALL/issues/new?title=T&body=B&{labels}")
    assert (page.fields["title"], page.fields["body"]) == ("T", "B")
    assert page.text.count('name="labels"') - page.text.count('type="hidden" name="labels"') == 2
    assert page.text.count(" checked") == 3  # and who may see it


@pytest.mark.parametrize("template", ["0", "x", "", "99999999999999999999", "-1"])
def test_an_unknown_template_is_passed_over(browser, ada, report, template):
    assert browser(ada).get(f"/projects/WALL/issues/new?template={template}").fields["title"] == ""


def test_templates_are_offered_where_there_are_some(browser, ada, api):
    assert not browser(ada).get("/projects/WALL/issues/new").says("Start from")
    api(ada).post(URL, {"name": "Bug report"})
    assert browser(ada).get("/projects/WALL/issues/new").says("Bug report")
