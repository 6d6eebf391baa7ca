"""The palette: anywhere by a few letters, and nowhere that one may not see."""

import pytest


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL", name="Dry stone wall")
    make.issue(project, ada, title="Frost heaves the coping")
    return project


def names(answer, kind):
    return [one["name"] for one in answer if one["kind"] == kind]


@pytest.mark.parametrize("q", ["WALL-1", "coping", "fro", "frots"])
def test_an_issue_is_found_by_its_key_or_words(api, ada, project, q):
    (issue,) = [one for one in api(ada).get(f"/palette?q={q}")["items"] if one["kind"] == "issue"]
    assert (issue["key"], issue["at"]) == ("WALL-1", "/projects/WALL/issues/1")


@pytest.mark.parametrize("q", ["", "wa", "STONE"])
def test_a_project_is_found_by_its_key_or_name(api, ada, project, q):
    assert names(api(ada).get(f"/palette?q={q}")["items"], "project") == ["Dry stone wall"]


@pytest.mark.parametrize("q", ["%", "_", "\\"])
def test_no_letter_stands_for_others(api, ada, project, q):
    assert api(ada).get("/palette", query_string={"q": q})["items"] == []


def test_pages_are_found_by_their_names(api, ada):
    assert names(api(ada).get("/palette?q=appear")["items"], "page") == ["Appearance"]


def test_what_is_hidden_leads_nowhere(api, eve, project):
    for q in ("", "WALL", "WALL-1", "coping", "copign", "stone"):
        for client in (api(eve), api()):
            assert {one["kind"] for one in client.get(f"/palette?q={q}")["items"]} <= {"page"}


def test_twenty_are_enough(api, make, ada):
    project = make.project(ada, key="EEL", name="Eels")
    for number in range(8):
        make.issue(project, ada, title=f"Eel {number}")
        make.project(ada, key=f"EE{number}", name="Eels")
    assert len(api(ada).get("/palette?q=e")["items"]) == 20


def test_it_is_a_page_as_well(browser, ada, project):
    assert "/projects/WALL" in browser(ada).get("/palette?q=wall").links
