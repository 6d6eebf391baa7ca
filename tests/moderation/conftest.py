import pytest


@pytest.fixture
def careful(app, monkeypatch):
    """The first two posts of each newcomer wait for approval."""
    settings = app.config["SETTINGS"].model_copy(update={"approve_first_posts": 2})
    monkeypatch.setitem(app.config, "SETTINGS", settings)


@pytest.fixture
def wall(make, ada):
    """A public project with an issue of its owner's."""
    project = make.project(ada, key="WALL", visibility="public")
    make.issue(project, ada)
    return project
