"""How large pages are, before they are compressed, in a project with many people, labels and milestones.

What a page offers to choose from must not grow with them: it would be most of what is sent, read and shown.
"""

import pytest

from tests.pages.crowds import fill

KB = 1024


@pytest.fixture
def crowd(app, make, ada):
    fill(app, make.project(ada, key="WALL"))


@pytest.mark.parametrize(
    ("page", "limit"),
    [
        ("/board", 165),
        ("/board?by=assignee", 60),
        ("/board?by=milestone", 120),
    ],
)
def test_a_page_stays_within_its_size(crowd, browser, ada, page, limit):
    assert len(browser(ada).get(f"/projects/WALL{page}").response.data) <= limit * KB
