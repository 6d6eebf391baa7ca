"""Edited texts keep what they were, for everybody who can see them."""

import pytest

from webapp.history import service as history

URL = "/projects/WALL/issues/1"


@pytest.fixture
def comment(api, make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    make.issue(project, ada)
    made = api(ada).post(f"{URL}/comments", {"body": "The wall is old."})
    return f"{URL}/comments/{made['id']}"


def test_an_edit_keeps_the_text_that_it_replaces(api, ada, comment):
    api(ada).patch(comment, {"body": "The wall is very old."})
    api(ada).patch(comment, {"body": "No."})
    last, first = api(ada).get(f"{comment}/history")["items"]
    assert (last["version"], last["body"], last["replaced_by"]["name"]) == (2, "The wall is very old.", "Ada")
    assert (first["version"], first["body"]) == (1, "The wall is old.")
    assert [part["kind"] for part in first["diff"][0]["parts"]] == ["same", "new", "same"]


def test_saving_the_same_text_keeps_nothing(api, ada, comment):
    api(ada).patch(comment, {"body": "The wall is old."})
    assert api(ada).get(f"{comment}/history")["items"] == []


def test_everybody_who_sees_the_comment_sees_its_history(api, browser, ada, comment):
    api(ada).patch(comment, {"body": "The wall is <b>very</b> old."})
    assert browser().get(f"{comment}/history").says("<b>very</b>")
    api(ada).delete(comment)
    api(ada).get(f"{comment}/history", status=410)


def test_a_long_history_is_read_in_pages(api, ada, comment):
    for number in range(5):
        api(ada).patch(comment, {"body": f"{number}"})
    page, told = api(ada).get(f"{comment}/history?limit=2"), []
    while True:
        told += [(one["version"], one["diff"][-1]["parts"][0]["text"]) for one in page["items"]]
        if not page["next"]:
            break
        page = api(ada).get(page["next"])
    assert told == [(5, "4"), (4, "3"), (3, "2"), (2, "1"), (1, "0")]


def test_an_edited_comment_links_to_its_history(api, browser, ada, comment):
    assert f"{comment}/history" not in browser(ada).get(URL).links
    api(ada).patch(comment, {"body": "New."})
    assert f"{comment}/history" in browser(ada).get(URL).links


def test_a_history_has_a_page_without_any_change(browser, ada, comment):
    assert browser(ada).get(f"{comment}/history").says("It was never changed.")


def test_texts_that_are_too_long_are_shown_whole(api, browser, ada, comment):
    api(ada).patch(comment, {"body": "line\n" * 2_001 + "end"})
    api(ada).patch(comment, {"body": "short"})
    assert api(ada).get(f"{comment}/history")["items"][0]["diff"] is None
    assert browser(ada).get(f"{comment}/history").says("short")


def test_the_history_of_another_issues_comment_is_not_found_here(api, ada, make, comment):
    api(ada).post("/projects/WALL/issues", {"title": "Other"})
    api(ada).get(comment.replace("issues/1", "issues/2") + "/history", status=404)


def test_the_description_has_a_history_too(api, browser, ada, comment):
    api(ada).patch(URL, {"body": "Stones"})
    api(ada).patch(URL, {"body": "Stones fall", "title": "Falling"})
    api(ada).patch(comment, {"body": "Not of the description"})
    assert [one["body"] for one in api(ada).get(f"{URL}/history")["items"]] == ["Stones", ""]
    told = [one["data"] for one in api(ada).get(f"{URL}/events")["items"] if one["kind"] == "described"]
    assert told[-1] == {"old": 6, "new": 11, "version": 2}
    assert f"{URL}/history" in browser(ada).get(URL).links


def periodic(shift):
    """Lines that each have many of their like: the longest way to compare."""
    return "\n".join(str(line * (shift % 7 + 1) % 100) for line in range(1_990))


def test_a_page_has_so_many_comparisons_as_it_can_afford(api, browser, ada, comment, looked_at):
    for number in range(12):
        api(ada).patch(comment, {"body": periodic(number)})
    api(ada).patch(comment, {"body": f"{periodic(11)}\nlast"})
    page = api().get(f"{comment}/history")["items"]
    assert looked_at() <= history.STEPS
    assert [one["is_left_out"] for one in page] == [False] + [True] * 9
    assert page[0]["diff"][-1]["parts"] == [{"kind": "new", "text": "last"}]
    assert page[1]["diff"] is None
    before = looked_at()
    seen = browser().get(f"{comment}/history")
    assert looked_at() - before <= history.STEPS
    assert f"{comment}/history?version=12" in seen.links


def test_a_version_can_be_asked_for_alone(api, browser, ada, comment):
    for body in ("Second", "Third", "Fourth"):
        api(ada).patch(comment, {"body": body})
    [one] = api().get(f"{comment}/history?version=2")["items"]
    assert (one["version"], one["body"], one["is_left_out"]) == (2, "Second", False)
    assert [line["parts"][0]["text"] for line in one["diff"]] == ["Second", "Third"]
    assert browser().get(f"{comment}/history?version=3").says("Fourth")
    for version in (4, 99, 2**63 - 1):
        api().get(f"{comment}/history?version={version}", status=404)


def test_a_version_that_is_too_much_alone_is_shown_whole(api, browser, ada, comment):
    api(ada).patch(comment, {"body": "old\n" * 1_990})
    api(ada).patch(comment, {"body": "\n".join(f"new {line}" for line in range(1_990)) * 2})
    [one] = api().get(f"{comment}/history?version=2")["items"]
    assert (one["diff"], one["is_left_out"]) == (None, False)
    assert browser().get(f"{comment}/history?version=2").says("new 1989")
