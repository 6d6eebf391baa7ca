"""Texts from before it was looked up what they name."""

from importlib import import_module

import pytest

from webapp.db import db, transacting

URL = "/projects/WALL/issues"


@pytest.fixture
def upgraded(app):
    """Let nothing be looked up yet, then upgrade."""

    def upgrade():
        with app.app_context(), transacting() as session:
            session.execute(db.text("DELETE FROM issue_references"))
            for table in ("issues", "comments"):
                session.execute(db.text(f"UPDATE {table} SET html_version = NULL"))
            connection = session.connection()
            for _ in range(2):
                connection.exec_driver_sql(import_module("migrations.versions.0013_former_references").REFERENCES)

    return upgrade


def test_they_lead_to_the_issues_of_their_project(api, browser, ada, make, upgraded):
    project = make.project(ada, key="WALL")
    first = make.issue(project, ada, title="The first")
    make.issue(project, ada, body="(#1), WALL-1 and OTHER-1, #9, x#1, `#2`\n```\n#2\n```\n")
    make.comment(project, first, ada, "See #2.")
    upgraded()
    assert api(ada).get(f"{URL}/2")["body_html"].count('class="reference"') == 2
    assert browser(ada).get(f"{URL}/1").text.count("mentioned this in") == 1
    assert browser(ada).get(f"{URL}/2").text.count("mentioned this in") == 1
