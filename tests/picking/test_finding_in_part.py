"""Where a field has more than twelve choices, its own page is narrowed to those that are called so."""

import re

import pytest

AT = "/projects/WALL/issues/1/labels"
TICKED = re.compile(r'name="labels" value="([^"]+)"( checked)?')


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    for name in ("bug", *(f"stone {number}" for number in range(14))):
        make.label(project, ada, name)
    make.issue(project, ada, labels=["bug"])
    return project


def test_what_is_called_so_is_offered_beside_what_is_chosen(browser, ada, project, api):
    here = browser(ada)
    assert "stone 13" not in {name for name, _ in TICKED.findall(here.get(AT).text)}
    page = here.get(f"{AT}?find=stone+1&q=is:open")
    offered = dict(TICKED.findall(page.text))
    assert offered == {"bug": " checked", **{f"stone {one}": "" for one in (1, 10, 11, 12, 13)}}
    assert page.fields["q"] == "is:open"
    version = api(ada).get("/projects/WALL/issues/1")["version"]
    here.post("/projects/WALL/issues/1", {"version": version, "labels": ["bug", "stone 13"]})
    assert [one["name"] for one in api(ada).get("/projects/WALL/issues/1")["labels"]] == ["bug", "stone 13"]


def test_nothing_is_sought_among_few(browser, make, ada, project):
    make.issue(make.project(ada, key="GATE"), ada)
    assert "find" not in browser(ada).get("/projects/GATE/issues/1/labels").fields
    assert "find" in browser(ada).get(AT).fields


def test_what_is_called_like_nothing_leaves_what_is_chosen(browser, ada, project):
    page = browser(ada).get(f"{AT}?find=qqq")
    assert TICKED.findall(page.text) == [("bug", " checked")]
    assert AT in page.links


@pytest.mark.parametrize(
    ("led", "back"),
    [
        ("q=is:open+label:bug", "/projects/WALL/issues?q=is:open+label:bug#WALL-1"),
        ("board=status&q=is:open", "/projects/WALL/board?q=is:open#card-1"),
        ("board=label:stone", "/projects/WALL/board?by=label:stone#card-1"),
    ],
)
def test_what_led_to_the_issue_stays_while_something_is_found(browser, ada, project, api, led, back):
    for number in range(2):
        api(ada).post("/projects/WALL/labels", {"name": f"stone::{number}", "color": "#d34467"})
    here = browser(ada)
    page = here.get(f"{AT}?{led}")
    asked = {name: page.fields[name] for name in ("board", "q") if name in page.fields}
    found = here.get(AT, query_string={**asked, "find": "stone 1"})
    assert f"{AT}?{led}" in found.links  # all of them again
    assert back in here.get(next(link for link in found.links if link.startswith("/projects/WALL/issues/1?"))).links
