"""Changing many issues with a browser that runs no script."""

import re

import pytest

from tests.bulk.changing import URL, issue


@pytest.fixture
def someone(browser, ada, project):
    return browser(ada)


def chosen(*numbers):
    return f"{URL}/bulk?" + "&".join(f"numbers={number}" for number in numbers)


def test_the_count_is_shown_first(someone):
    page = someone.get(chosen(1, 3))
    assert page.h1 == "Change 2 issues"
    assert (page.fields["expected"], page.text.count('name="numbers"')) == ("2", 4)


def test_what_is_not_said_is_kept(api, ada, someone):
    api(ada).patch(f"{URL}/1", {"due_on": "2026-03-31", "estimate": 3})
    blank = {"state": "", "status": "", "milestone": "", "due_on": "", "estimate": "", "close_reason": ""}
    page = someone.get(
        someone.post(f"{URL}/bulk", {**blank, "numbers": [1, 3], "expected": 2, "priority": "high"}).location
    )
    assert page.says("2 issues changed.")
    after = issue(api(ada), 1)
    assert (after["priority"], after["due_on"], after["estimate"]) == ("high", "2026-03-31", 3)


def test_none_takes_away(api, ada, someone):
    api(ada).patch(f"{URL}/1", {"due_on": "2026-03-31", "priority": "high"})
    someone.post(f"{URL}/bulk", {"numbers": [1], "due_on": "none", "priority": "none"})
    after = issue(api(ada), 1)
    assert (after["priority"], after["due_on"]) == ("none", None)


def test_an_undo_goes_on_where_its_button_stood(api, ada, someone):
    page = someone.get(someone.post(f"{URL}/bulk", {"numbers": [1], "priority": "high"}).location)
    came = {"headers": {"Referer": "http://localhost/projects/WALL/issues?q=priority:high"}}
    back = someone.post(f"{URL}/undo", {"change": page.fields["change"]}, **came)
    assert back.location == "/projects/WALL/issues?q=priority:high"


def test_the_notice_undoes_all(api, ada, someone):
    page = someone.get(someone.post(f"{URL}/bulk", {"numbers": [1, 2], "state": "closed"}).location)
    assert re.search(rf'<form method="post" action="{URL}/undo"', page.text)
    page = someone.get(someone.post(f"{URL}/undo", {"change": page.fields["change"]}).location)
    assert page.says("2 issues as before.")
    assert [issue(api(ada), n)["state"] for n in (1, 2)] == ["open", "open"]


def test_the_notice_names_what_was_left_out(api, ada, someone):
    api(ada).patch(f"{URL}/3", {"parent": 1})
    page = someone.get(someone.post(f"{URL}/bulk", {"numbers": [1, 2], "state": "closed"}).location)
    assert page.says("1 issue changed. 1 left as before. WALL-1: It has a sub-issue")


def test_a_refused_form_keeps_what_was_chosen(someone):
    page = someone.post(f"{URL}/bulk", {"numbers": [1, 2], "due_on": "soon", "priority": "low"}, status=422)
    assert (page.h1, page.fields["due_on"]) == ("Change 2 issues", "soon")
    assert '<option value="low" selected>' in page.text


def test_a_count_that_is_no_longer_true_is_shown_anew(api, ada, someone):
    api(ada).delete(f"{URL}/2")
    page = someone.post(f"{URL}/bulk", {"numbers": [1, 2], "expected": 2, "priority": "low"}, status=409)
    assert (page.h1, page.fields["expected"]) == ("Change 1 issue", "1")


def test_nothing_chosen_is_said(someone):
    assert someone.get(f"{URL}/bulk", status=422).says("Say which issues: by their numbers, or by a query as q.")


def test_deleted_from_the_page_and_brought_back(api, ada, someone):
    page = someone.get(someone.post(f"{URL}/bulk", {"numbers": [1, 2], "delete": "true"}).location)
    someone.post(f"{URL}/undo", {"change": page.fields["change"]})
    assert issue(api(ada), 2)["title"] == "Stone 2"


def test_a_member_is_not_offered_to_delete(browser, make, project):
    page = browser(make.member(project, "member")).get(chosen(1))
    assert "Delete" not in page.text
