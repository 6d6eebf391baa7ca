"""Who acts is made in one place, with all that decides how they are answered."""

import re

import pytest

from webapp.code_hosts import repository as code_hosts
from webapp.config import ROOT
from webapp.db import db, transacting
from webapp.members import invitations
from webapp.watching import matches


def test_nobody_else_makes_a_viewer():
    sources = (ROOT / "webapp").rglob("*.py")
    assert [path for path in sources if re.search(r"\bViewer\(", path.read_text())] == []


@pytest.fixture
def wall(app, api, make, ada):
    project = make.project(ada, key="WALL")
    view = api(ada).post("/projects/WALL/views", {"name": "Mine", "query": "is:open"})["id"]
    with app.app_context(), transacting():
        db.session.execute(db.text(f"INSERT INTO view_watches VALUES ({view}, {ada.id}, 1)"))
        db.session.execute(db.text("UPDATE users SET language = 'de', time_zone = 'Europe/Berlin'"))
    return project


def test_who_acts_unseen_has_their_language_and_zone(app, ada, wall):
    with app.app_context():
        found = [code_hosts.active(ada.id), invitations.owner_of("WALL"), matches.watches([wall.id])[0].by]
    assert [(one.language, one.time_zone) for one in found] == [("de", "Europe/Berlin")] * 3
