"""An overview counts up to a bound, which is told in one place."""

import pytest

from webapp.charts.repository import Pressing


@pytest.fixture
def bounded(monkeypatch):
    for bound in ("counted", "looked"):
        monkeypatch.setattr(Pressing, bound, 2)


def test_the_page_tells_the_bounds_that_are_counted_by(browser, make, ada, bounded):
    project = make.project(ada, key="WALL")
    for number in range(3):
        make.issue(project, ada, title=f"Stone {number}")
    page = browser(ada).get("/projects/WALL")
    assert page.says("2+ unassigned of the newest 2")
