import pytest

from webapp.db import transacting
from webapp.models.issues import Issue
from webapp.models.statuses import Status


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def public(make, ada):
    return make.project(ada, key="OPEN", visibility="public")


@pytest.fixture
def many(app, ada, project):
    """So many issues as nobody wants to open one by one."""

    def add(number, **fields):
        with app.app_context(), transacting() as session:
            status = session.query(Status.id).filter_by(project_id=project.id).limit(1).scalar()
            session.bulk_insert_mappings(
                Issue,
                [
                    {"project_id": project.id, "number": n, "title": f"Stone {n}", "author_id": ada.id,
                     "status_id": status, **fields}
                    for n in range(1, number + 1)
                ],
            )  # fmt: skip

    return add


@pytest.fixture
def token(api, ada):
    """A feed token of Ada's."""
    return api(ada).post("/auth/feeds", {"name": "Phone"})["token"]
