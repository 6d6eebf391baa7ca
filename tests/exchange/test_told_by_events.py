"""What an import changes of an issue, its events tell."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from tests.events.proving import proves
from tests.exchange.exports import closed, issue, milestone
from webapp.db import db

IMPORTED = [
    closed(), {"title": "Another"}, {"body": "Another"}, {"labels": [{"name": "mossy"}]},
    {"assignees": [{"login": "mona"}]}, {"milestone": milestone(2)}, {"milestone": None},
]  # fmt: skip


@pytest.mark.parametrize("fields", IMPORTED, ids=json.dumps)
def test_an_imported_issue_has_changed_over_there(app, bring, fields):
    before: dict[str, Any] = {
        "milestone": milestone(1),
        "labels": [{"name": "old"}],
        "assignees": [{"login": "octo"}],
    }
    bring([issue(1, **before)])
    later = {**before, "updated_at": "2021-01-01T00:00:00Z", **fields}
    proves(app, lambda: bring([issue(1, **later)]))


def test_an_import_is_not_heard(app, bring):
    """What happened years ago is no news."""
    bring([issue(1, labels=[{"name": "mossy"}])])
    bring([issue(1, title="Another", updated_at="2021-01-01T00:00:00Z")])
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM events")) > 0
        assert db.session.scalar(text("SELECT count(*) FROM jobs")) == 0
