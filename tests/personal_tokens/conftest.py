import pytest

from webapp.access import Scope
from webapp.personal_tokens import service as tokens
from webapp.personal_tokens.schemas import PersonalTokenIn


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def made(app):
    """A new personal access token of somebody: its row and the secret."""

    def create(who, scope="read", **fields):
        with app.app_context():
            draft = PersonalTokenIn(name="Nightly report", scope=Scope(scope), **fields)
            return tokens.create(draft, agent="curl/8.4", by=who)

    return create


@pytest.fixture
def bearing(api, made):
    """A client that asks with a personal access token of somebody, or with this one."""

    def client(who=None, scope="read", *, token=None):
        return api(Authorization=f"Bearer {token or made(who, scope)[1]}")

    return client
