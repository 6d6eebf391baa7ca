"""A form offers a few; who and what else there is, is found by name, also without a script."""

import re

import pytest
from sqlalchemy import text

from tests.pages.crowds import fill
from webapp.db import transacting

AT = "/projects/WALL"


@pytest.fixture
def crowd(app, make, ada):
    project = make.project(ada, key="WALL")
    fill(app, project, people=20, labels=20, milestones=20, issues=3)
    return project


@pytest.fixture
def people(api, ada, crowd):
    return {one["name"]: one["id"] for one in api(ada).get(f"{AT}/choices?q=crowd1")["items"]}


def offered(page, name):
    """The values of the boxes and options of a field."""
    boxes = re.findall(rf'<input type="checkbox" id="{name}-\d+" name="{name}" value="([^"]*)"', page.text)
    chosen = re.search(rf'<select id="{name}".*?</select>', page.text, re.S)
    return boxes or (re.findall(r'<option[^>]* value="([^"]*)"', chosen[0]) if chosen else [])


def issue(client, number=4):
    found = client.get(f"{AT}/issues/{number}")
    return (
        [one["name"] for one in found["assignees"]],
        [one["name"] for one in found["labels"]],
        found["milestone"] and found["milestone"]["title"],
    )


def test_a_few_people_are_all_offered(browser, make, ada):
    project = make.project(ada, key="WALL")
    member = make.member(project, "member")
    page = browser(ada).get(f"{AT}/issues/new")
    assert offered(page, "assignees") == [f"{ada.id}", f"{member.id}"]
    assert "look_up" not in page.text


def test_of_many_those_are_offered_who_got_an_issue_lately(browser, api, ada, crowd):
    page = browser(ada).get(f"{AT}/issues/new")
    lately = [one["id"] for at in (1, 2, 3) for one in api(ada).get(f"{AT}/issues/{at}")["assignees"]]
    assert sorted(map(int, offered(page, "assignees"))) == sorted([ada.id, *lately])
    assert [len(offered(page, name)) for name in ("labels", "milestone")] == [12, 13]


def test_the_rest_is_named(browser, api, ada, crowd):
    typed = {
        "title": "A stone",
        "assignees_named": "@crowd17, person 9 OF the crowd",
        "labels_named": "label 19",
        "milestone_named": "release 1.20",
    }
    browser(ada).post(f"{AT}/issues", typed)
    people = ["Person 9 of the crowd", "Person 17 of the crowd"]
    assert issue(api(ada)) == (people, ["label 19"], "Release 1.20")


@pytest.mark.parametrize("comma", [",", "\u060c", "\u3001", "\uff0c"])
def test_names_stand_between_the_commas_of_any_script(browser, api, ada, crowd, comma):
    browser(ada).post(f"{AT}/issues", {"title": "A stone", "assignees_named": f"@crowd9{comma} @crowd17"})
    assert issue(api(ada))[0] == ["Person 9 of the crowd", "Person 17 of the crowd"]


def test_the_rest_is_looked_up_and_nothing_typed_is_lost(browser, api, ada, crowd, people):
    typed = {"title": "A stone", "body": "Loose.", "labels": "label 1", "assignees_named": "person 1, @crowd2"}
    page = browser(ada).post(f"{AT}/issues", {**typed, "look_up": "assignees"}, status=200)
    assert (page.fields["title"], page.fields["body"], page.fields["assignees_named"]) == ("A stone", "Loose.", "")
    assert {str(id) for id in people.values()} <= set(offered(page, "assignees"))
    assert len(re.findall(r'name="assignees" value="\d+" checked', page.text)) == 1
    assert 'value="label 1" checked' in page.text
    assert api(ada).get(f"{AT}/issues?state=all")["total"] == 3


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("assignees", "nobody at all", "Assignees has nobody called nobody at all to choose from."),
        ("assignees", "person", "Assignees could be several for person: choose from what was found."),
        ("labels", "no such", "Labels has no label named no such to choose from."),
        ("milestone", "never", "Milestone has no milestone named never to choose from."),
    ],
)
def test_a_name_that_says_nothing_is_told_at_its_field(browser, ada, crowd, field, text, words):
    page = browser(ada).post(f"{AT}/issues", {"title": "A stone", f"{field}_named": text}, status=422)
    assert page.says(words)
    assert f'id="{field}-error"' in page.text
    assert f'aria-invalid="true" aria-describedby="{field}-error {field}_named-hint"' in page.text
    assert f'aria-invalid="true" aria-describedby="{field}-error {field}_named-hint"' in page.text
    assert page.fields["title"] == "A stone"
    assert page.fields[f"{field}_named"] == (text if "has n" in words else "")


def test_what_an_issue_has_stays_on_offer(browser, api, ada, crowd, people):
    far = people["Person 19 of the crowd"]
    last = api(ada).get(f"{AT}/choices?of=milestone&q=release+1.9")["items"][0]["id"]
    ours = api(ada)
    ours.patch(f"{AT}/issues/1", {"assignees": [far], "labels": ["area::label 20"], "milestone": last})
    for _ in range(60):
        ours.post(f"{AT}/issues", {"title": "Newer"})
    page = browser(ada).get(f"{AT}/issues/1/edit")
    chosen = re.findall(r'value="([^"]*)" (?:checked|selected)', page.text)
    assert {f"{far}", "area::label 20", f"{last}"} <= set(chosen)


def test_a_name_may_have_a_comma(browser, api, ada, crowd, make):
    make.label(crowd, ada, "slow, or stuck")
    browser(ada).post(f"{AT}/issues", {"title": "A stone", "labels_named": "slow, or stuck"})
    assert issue(api(ada))[1] == ["slow, or stuck"]


def test_whoever_does_not_see_the_project_is_told_no_names(api, browser, eve, crowd):
    api(eve).get(f"{AT}/choices", status=404)
    browser(eve).post(f"{AT}/issues", {"title": "A stone", "assignees_named": "crowd1", "look_up": "1"}, status=404)


def test_somebody_from_elsewhere_is_not_named(browser, eve, ada, crowd):
    page = browser(ada).get(f"{AT}/issues/new?assignees={eve.id}")
    assert f"{eve.id}" not in offered(page, "assignees")


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("/issues/bulk?numbers=1", "add_assignees"),
        ("/issues/bulk?numbers=1", "remove_labels"),
        ("/issues/1/assignees", "assignees"),
        ("/issues/1/labels", "labels"),
        ("/issues/1/milestone", "milestone"),
        ("/templates/new", "labels"),
        ("/transfer", "user_id"),
        ("/labels/{label}/merge", "into"),
        ("/milestones/{milestone}/edit", "move_to"),
    ],
)
def test_every_form_finds_the_rest(browser, api, ada, crowd, page, field):
    label, milestone = (api(ada).get(f"{AT}/choices?of={of}")["items"][0]["id"] for of in ("label", "milestone"))
    api(ada).patch(f"{AT}/issues/1", {"milestone": milestone})
    shown = browser(ada).get(f"{AT}{page}".format(label=label, milestone=milestone))
    assert f'name="{field}_named"' in shown.text
    assert len(offered(shown, field)) <= 14


def test_many_issues_are_given_who_and_what_is_named(browser, api, ada, crowd):
    form = {
        "numbers": ["1", "2"],
        "add_assignees_named": "crowd19",
        "add_labels_named": "label 19",
        "milestone_named": "Release 1.20",
    }
    browser(ada).post(f"{AT}/issues/bulk", form)
    people, labels, milestone = issue(api(ada), 2)
    assert ("Person 19 of the crowd" in people, "label 19" in labels, milestone) == (True, True, "Release 1.20")


@pytest.mark.parametrize("field", ["assignees_named", "labels_named", "labels"])
def test_what_no_name_can_hold_is_refused_at_the_form(browser, ada, crowd, field):
    page = browser(ada).post(f"{AT}/issues", {"title": "A stone", field: "crowd\x00"}, status=422)
    assert page.fields["title"] == "A stone"


def test_an_address_may_say_what_no_name_can_hold(browser, ada, crowd):
    browser(ada).get(f"{AT}/issues/new?labels=crowd%00&assignees=%00&milestone=%00")


def test_no_more_names_are_looked_up_than_an_issue_can_have(browser, ada, crowd, statements):
    text = ", ".join(f"nobody {n}" for n in range(51))
    page = browser(ada).post(f"{AT}/issues", {"title": "A stone", "assignees_named": text}, status=422)
    assert page.says("Assignees must be at most 50 names at a time")
    assert page.fields["assignees_named"] == text
    assert len(statements) < 30


@pytest.mark.parametrize(("form", "field"), [("/issues", "assignees"), ("/transfer", "user_id")])
def test_people_of_one_name_are_told_apart(app, browser, ada, crowd, form, field):
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET name = 'Jo Mason' WHERE handle IN ('crowd1', 'crowd2')"))
    page = browser(ada).post(f"{AT}{form}", {"title": "A stone", f"{field}_named": "jo mason"}, status=422)
    assert page.says("could be several for jo mason: choose from what was found.")
    assert page.says("Jo Mason @crowd1")
    assert page.says("Jo Mason @crowd2")
    assert page.text.count("@crowd") == 2
