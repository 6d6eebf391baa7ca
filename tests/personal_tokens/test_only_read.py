"""A database that takes no changes, a standby or one whose disk is full, answers a program all the same."""

from sqlalchemy import text

from tests.clients import Api
from tests.committed import committing
from tests.make import Make
from webapp.access import Scope
from webapp.db import db
from webapp.personal_tokens import service as tokens
from webapp.personal_tokens.schemas import PersonalTokenIn


def test_what_can_be_read_is_read_where_its_use_cannot_be_noted(database, settings):
    with committing(database, settings) as app:
        make = Make(app)
        ada = make.person("Ada")
        make.project(ada, key="WALL")
        feed = Api(app, ada, {}).post("/auth/feeds", {"name": "Phone"})["token"]
        with app.app_context():
            _, token = tokens.create(PersonalTokenIn(name="Report", scope=Scope.WRITE), agent="curl/8.4", by=ada)
            name = db.session.scalar(text("SELECT current_database()"))
            db.session.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
            db.session.remove()
            db.engine.dispose()
        client = Api(app, None, {"Authorization": f"Bearer {token}"})
        for _ in range(2):
            assert client.get("/projects/WALL")["key"] == "WALL"
            client.send("GET", f"/issues.atom?token={feed}", status=200)
        client.post("/projects/WALL/issues", {"title": "A stone"}, status=503)
