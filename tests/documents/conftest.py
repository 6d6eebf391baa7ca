from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from webapp.documents import finding as documents
from webapp.models.issues import Issue


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def found(app: Flask, project) -> Callable[..., list[int]]:
    """The numbers of the issues that have all of these words: `found("crash", "login*")`."""

    def numbers(*words: str, projects: list[int] | None = None) -> list[int]:
        from webapp.db import db

        with app.app_context():
            fits = documents.fitting(words, [project.id] if projects is None else projects)
            return list(db.session.scalars(select(Issue.number).where(fits).order_by(Issue.number)))

    return numbers
