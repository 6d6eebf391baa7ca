"""How large pages are, before they are compressed, in a project with many people, labels and milestones.

What a page offers to choose from must not grow with them: it would be most of what is sent, read and shown.
"""

import pytest

from tests.pages.crowds import fill

KB = 1024


@pytest.fixture
def crowd(app, make, ada):
    fill(app, make.project(ada, key="WALL"))


PAGES = [
    ("/issues/new", 25),
    ("/issues/7/edit", 25),
    ("/issues/7/assignees", 15),
    ("/issues/7/labels", 15),
    ("/issues/7/milestone", 10),
    ("/issues/bulk?numbers=1", 35),
    ("/templates/new", 15),
    ("/labels/{label}/merge", 10),
    ("/milestones/{milestone}/edit", 11),
    ("/milestones/{milestone}", 30),
    ("/transfer", 10),
    ("/board", 160),
    ("/board?by=assignee", 58),  # the first of 200 by number have more cards than the first by letter had
    ("/board?by=milestone", 115),
    ("/issues", 104),
    ("/issues/query", 15),
    ("/members", 105),
    ("/labels", 90),
    ("/issues/7", 20),
    ("/choices", 10),
]


@pytest.mark.parametrize(("page", "limit"), PAGES)
def test_a_page_stays_within_its_size(crowd, browser, api, ada, page, limit):
    label, milestone = (
        api(ada).get(f"/projects/WALL/choices?of={of}")["items"][0]["id"] for of in ("label", "milestone")
    )
    shown = browser(ada).get(f"/projects/WALL{page}".format(label=label, milestone=milestone))
    assert len(shown.response.data) <= limit * KB
