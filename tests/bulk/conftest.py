import pytest


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    for name in ("bug", "old"):
        make.label(project, ada, name)
    for number in (1, 2, 3):
        make.issue(project, ada, title=f"Stone {number}", labels=["old"])
    return project
