"""Whether anything is tied to an issue, or names it, is known when it is read: its page asks for nothing else then."""

import pytest

from webapp import keeping
from webapp.issues import service as issues

ISSUES = "/projects/WALL/issues"


@pytest.fixture(autouse=True)
def project(make, ada):
    project = make.project(ada, key="WALL")
    for title in ("One", "Two"):
        make.issue(project, ada, title=title)
    return project


@pytest.fixture
def alone(app, ada, project):
    def alone():
        with app.app_context():
            return [issues.staked(project, number, ada)[0].is_alone for number in (1, 2)]

    return alone


def test_an_issue_that_has_nothing_to_do_with_others_is_alone(alone):
    assert alone() == [True, True]


@pytest.mark.parametrize("kind", ["blocks", "blocked_by", "relates", "duplicates", "parent", "child"])
def test_one_that_is_tied_is_not_and_both_pages_tell_it(api, browser, ada, alone, kind):
    api(ada).post(f"{ISSUES}/1/relations", {"kind": kind, "issue": "#2"}, status=201)
    assert alone() == [False, False]
    for number, other in ((1, 2), (2, 1)):
        relations = (
            browser(ada).get(f"{ISSUES}/{number}").text.partition('class="relations"')[2].partition("</dd>")[0]
        )
        assert f'href="{ISSUES}/{other}"' in relations


def test_one_that_a_text_names_is_not(api, ada, browser, alone):
    api(ada).post(f"{ISSUES}/2/comments", {"body": "See #1."}, status=201)
    assert alone() == [False, True]
    assert "WALL-2" in browser(ada).get(f"{ISSUES}/1").text.partition('class="timeline"')[2]


def test_its_page_asks_nothing_of_those_alone(api, ada, browser, statements, monkeypatch):
    monkeypatch.setattr(keeping, "PARANOID", False)  # it reads once more what is kept
    browser(ada).get(f"{ISSUES}/1")
    api(ada).patch(f"{ISSUES}/1", {"title": "Another"})
    statements.clear()
    browser(ada).get(f"{ISSUES}/1")
    asked = [one for one in statements if "issue_links" in one or "issue_references" in one]
    assert len(asked) == 1  # with the issue itself
