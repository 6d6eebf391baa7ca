"""A database that takes no changes, a standby or one whose disk is full, shows its pages all the same."""

from sqlalchemy import text

from tests.clients import Browser
from tests.committed import committing
from tests.inbox.telling import tell
from tests.make import Make
from webapp.db import db


def test_a_page_with_something_unread_is_shown_where_nothing_can_be_noted(database, settings):
    with committing(database, settings) as app:
        make = Make(app)
        ada = make.person("Ada")
        project = make.project(ada, key="WALL")
        issue = make.issue(project, ada, title="A stone")
        tell(app, ada, issue)
        page = Browser(app, ada)
        with app.app_context():
            name = db.session.scalar(text("SELECT current_database()"))
            db.session.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
            db.session.remove()
            db.engine.dispose()
        for _ in range(2):
            assert page.get("/projects/WALL/issues/1").h1.startswith("A stone")
        assert page.get("/inbox").says("A stone (unread)")
