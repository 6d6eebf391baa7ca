"""Workers that are killed while they tell webhooks forget none, and what comes twice is known by its `webhook-id`.

`CAIRN_KILLS=100` kills as many; `-s` prints what was counted.
"""

import json
import os
from collections import Counter, defaultdict
from contextlib import closing

from tests.conftest import KEY
from tests.databases import connected
from tests.jobs import mortal
from tests.make import Make
from tests.prepared import migrated_database
from webapp import create_app
from webapp.config import Settings
from webapp.db import db, transacting
from webapp.webhooks import repository

KILLS = int(os.environ.get("CAIRN_KILLS", "5"))


def open_issues(url, folder, receiver, number):
    """As many changes as that, which a webhook hears of; the titles."""
    app = create_app(Settings(_env_file=None, database_url=url, secret_key=KEY, cairn_data=folder))
    make = Make(app)
    ada = make.person("Ada")
    project = make.project(ada, key="HOOK")
    with app.app_context(), transacting():
        repository.add(project.id, ada.id, {"url": receiver.url, "form": "standard", "events": ["everything"]}, b"s")
    titles = [make.issue(project, ada, title=f"Stone {place}").title for place in range(number)]
    with app.app_context():
        db.engine.dispose()
    return titles


def test_whoever_is_killed_forgets_no_webhook(database, tmp_path, receiver):
    with migrated_database(database) as url:
        titles = open_issues(url, tmp_path, receiver, 10 * KILLS)  # more than is done until the last of them
        given = {"DATABASE_URL": url, "SECRET_KEY": KEY, "CAIRN_DATA": str(tmp_path), "ENVIRONMENT": "development",
                 "WEBHOOK_ALLOWED": "127.0.0.0/8"}  # fmt: skip
        killed = mortal.kill(url, given, KILLS)
        with closing(connected(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT message_id, state FROM webhook_deliveries")
            states = dict(cursor.fetchall())
    ids, bodies = Counter(), defaultdict(set)
    for headers, body in receiver.came:
        ids[headers["webhook-id"]] += 1
        bodies[headers["webhook-id"]].add(body)
    told = {json.loads(body)["data"]["issue"]["title"] for said in bodies.values() for body in said}
    again = sum(ids.values()) - len(ids)
    print(f"{killed} killed, {len(titles)} changes, {len(states)} deliveries, {again} came again")
    assert killed == KILLS
    assert told == set(titles)
    assert ids.keys() == states.keys()
    assert set(states.values()) == {"sent"}
    assert len(states) == len(titles)
    assert again >= KILLS // 2
    assert all(len(said) == 1 for said in bodies.values())
