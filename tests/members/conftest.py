import pytest


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def bob(make, project):
    """Owns it too."""
    return make.member(project, "owner")
