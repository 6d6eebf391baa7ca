"""A comment that only says +1: whoever types it on a page is asked whether a reaction would do, once, and no client."""

import pytest

from webapp.comments.agreeing import says_no_more
from webapp.comments.schemas import CommentIn

URL = "/projects/WALL/issues/1"
NO_MORE = [
    "+1",
    "+1!",
    " Me too. ",
    "same here",
    "👍",
    "👍🏽👍",
    "+1, same for me",
    ":+1:",
    "+1000",
    "I agree!",
    "+1 from me",
]
MORE = [
    "+1 on the second way",
    "Same here, on Windows",
    "me",
    "1",
    "1 + 1",
    "-1",
    "I agree, but it breaks the gate",
    "Seen.",
]


@pytest.mark.parametrize("body", NO_MORE)
def test_it_says_no_more(body):
    assert says_no_more(CommentIn(body=body))
    assert not says_no_more(CommentIn(body=body, state="closed"))


@pytest.mark.parametrize("body", MORE)
def test_it_says_more(body):
    assert not says_no_more(CommentIn(body=body))


def test_a_page_asks_once_and_keeps_what_was_typed(api, browser, ada, make):
    make.issue(make.project(ada, key="WALL"), ada)
    here = browser(ada)
    asked = here.post(f"{URL}/comments", {"body": "+1"}, status=200)
    assert asked.fields["body"].strip() == "+1"
    assert asked.says("Thumbs up instead")
    assert api(ada).get(f"{URL}/comments")["items"] == []
    here.post(f"{URL}/reactions/+1")
    assert api(ada).get(URL)["reactions"] == {"total": 1, "+1": 1}
    here.post(f"{URL}/comments", {"body": "+1", "anyway": "true"})
    api(ada).post(f"{URL}/comments", {"body": "me too"})
    assert [one["body"] for one in api(ada).get(f"{URL}/comments")["items"]] == ["+1", "me too"]


def test_who_may_not_comment_is_refused_as_ever(browser, ada, make):
    project = make.project(ada, key="WALL")
    make.issue(project, ada)
    browser(make.member(project, "viewer")).post(f"{URL}/comments", {"body": "+1"}, status=403)
