"""Who makes webhooks at once with others makes no more than there may be, in a project as for all."""

import threading
import time

import pytest
from sqlalchemy import text

from tests.committed import committing
from tests.make import Make
from webapp import clock
from webapp.access import Viewer
from webapp.db import db, transacting
from webapp.errors import Conflict
from webapp.projects import service as projects
from webapp.webhooks import repository
from webapp.webhooks import service as webhooks
from webapp.webhooks.schemas import WebhookIn

DRAFT = WebhookIn.model_validate({"url": "https://93.184.215.14/"})


@pytest.mark.parametrize("of_all", [True, False], ids=["of all projects", "of a project"])
def test_two_who_make_the_last_one_at_once_make_one(database, settings, of_all):
    with committing(database, settings) as app:
        root = Make(app).person("Root", is_admin=True)
        made = Make(app).project(root, key="WALL")
        answers: list[object] = []

        def make():
            with app.app_context():
                by = Viewer(root.id, "Root", root.email, clock.now(), is_admin=True)
                try:
                    answers.append(webhooks.create(None if of_all else projects.get("WALL", by), DRAFT, by))
                except Conflict as error:
                    answers.append(str(error))

        with app.app_context():
            given = DRAFT.model_dump(mode="json") | {"url": "https://93.184.215.14/another"}
            with transacting():
                for _ in range(webhooks.MOST - 1):
                    repository.add(None if of_all else made.id, root.id, given, b"s")
            with transacting():
                repository.lock(None if of_all else made.id)
                repository.add(None if of_all else made.id, root.id, given, b"s")
                other = threading.Thread(target=make)
                other.start()
                time.sleep(1)
                assert not answers
            other.join(30)
            assert answers == [f"There are {webhooks.MOST} webhooks. Delete those that are no longer used."]
            number = db.session.scalar(text("SELECT count(*) FROM webhooks"))
            assert number == webhooks.MOST
