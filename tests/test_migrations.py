"""The migrations lead to what the models say, and back."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from webapp import create_app, migrations
from webapp.config import ROOT, Settings


@pytest.fixture
def empty(settings: Settings) -> Iterator[Flask]:
    """An application on a database of its own, so that nobody else's tables go."""
    url = f"{settings.database_url}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS cairn_migrations"))
        connection.execute(text("CREATE DATABASE cairn_migrations"))
    own = admin.url.set(database="cairn_migrations").render_as_string(hide_password=False)
    app = create_app(settings.model_copy(update={"database_url": own}))
    migrations.init_app(app)
    yield app
    from webapp.db import db

    with app.app_context():
        db.engine.dispose()
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE cairn_migrations WITH (FORCE)"))
    admin.dispose()


def test_they_go_up_down_and_up_again_and_match_the_models(empty):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from webapp.db import db

    with empty.app_context():
        upgrade()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []


def test_their_files_tell_what_alembic_would():
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(ROOT / "migrations"))
    assert migrations.head() == script.get_current_head()
    assert all(migrations.knows(one.revision) for one in script.walk_revisions())
    assert not migrations.knows("9999")


def test_every_foreign_key_that_is_searched_by_has_an_index(migrated):
    from webapp.db import db

    with migrated.app_context():
        inspector = inspect(db.engine)
        bare = []
        for table in db.metadata.tables:
            keys: list[Any] = [index["column_names"] for index in inspector.get_indexes(table)]
            keys += [one["column_names"] for one in inspector.get_unique_constraints(table)]
            keys.append(inspector.get_pk_constraint(table)["constrained_columns"])
            for foreign in inspector.get_foreign_keys(table):
                column = foreign["constrained_columns"][0]
                if not any(key and key[0] == column for key in keys):
                    bare.append(f"{table}.{column}")
    # Nobody looks these up by who did them.
    assert set(bare) == {
        "issues.deleted_by",
        "comments.deleted_by",
        "text_versions.edited_by",
    }


def test_cards_stay_where_they_were_put_when_the_others_turn_to_the_order_of_making(empty):
    from webapp.board.ranks import rank
    from webapp.db import db

    def order():
        return list(db.session.scalars(text("SELECT number FROM issues ORDER BY position")))

    def after(revision, turn=upgrade):
        db.session.remove()
        turn(revision=revision)
        placed = "SELECT bool_and(place = position) FROM issues JOIN issue_labels ON issue_id = issues.id"
        assert db.session.scalar(text(placed))
        return order()

    with empty.app_context():
        upgrade(revision="0028")
        for statement in CARDS:
            db.session.execute(text(statement))
        at = dict(db.session.execute(text("SELECT number, position FROM issues")).all())
        moved = {7: ("", at[6]), 8: (at[1], None), 9: (at[5], at[4]), 10: (at[2], at[1]), 11: ("m1V", "m2V")}
        for number, gap in moved.items():
            values = {"number": number, "rank": rank(*gap, number)}
            db.session.execute(text("UPDATE issues SET rank = :rank WHERE number = :number"), values)
        db.session.commit()
        assert order() == [7, 11, 6, 5, 9, 4, 3, 2, 10, 1, 8]
        # The second was made before the first. What was put below it goes along.
        turned = [7, 11, 6, 5, 9, 4, 3, 1, 2, 10, 8]
        assert after("head") == turned
        assert after("0028", downgrade) == [7, 11, 6, 5, 9, 4, 3, 2, 10, 1, 8]
        assert after("head") == turned


def test_what_changed_while_there_were_no_counters_is_another_edition(empty):
    """Of an older dump that is restored, too, processes that were there before keep something else."""
    from webapp.db import db

    def edition():
        db.session.remove()
        upgrade()
        asked = "SELECT stamp, words, people FROM stamps, project_stamps JOIN projects ON projects.id = project_id"
        return db.session.execute(text(asked)).one()

    with empty.app_context():
        upgrade(revision="0028")
        for statement in CARDS:
            db.session.execute(text(statement))
        db.session.commit()
        before = edition()
        db.session.remove()
        downgrade(revision="0028")
        after = edition()
        assert all(new > old > 0 for new, old in zip(after, before, strict=True))


def test_what_was_saved_with_names_keeps_what_they_stood_for(empty):
    from webapp.db import db

    def one(statement):
        return db.session.execute(text(statement)).scalar_one()

    with empty.app_context():
        upgrade(revision="0034")
        for statement in [*CARDS, *SAVED]:
            db.session.execute(text(statement))
        db.session.commit()
        db.session.remove()
        upgrade()
        label, person, project = (one(f"SELECT min(id) FROM {table}") for table in ("labels", "users", "projects"))
        assert one("SELECT named FROM views WHERE name = 'Mine'") == [
            {"kind": "label", "name": "BUG", "id": label},
            {"kind": "person", "name": "ada", "id": person},
            {"kind": "project", "name": "wall", "id": project},
        ]
        assert one("SELECT named FROM views WHERE name = 'Broken'") == []
        assert one("SELECT label_ids FROM issue_templates") == [label]
        assert one("SELECT sort_key FROM labels") == "bug\x01bug"
        db.session.remove()
        downgrade(revision="0034")
        assert one("SELECT labels FROM issue_templates") == ["bug"]


SAVED = (
    "INSERT INTO views (project_id, owner_id, name, query) SELECT id, owner_id, 'Mine',"
    " 'label:BUG,nothing assignee:@ada project:wall' FROM projects",
    "INSERT INTO views (project_id, owner_id, name, query) SELECT id, owner_id, 'Broken', 'lable:(' FROM projects",
    "INSERT INTO issue_templates (project_id, name, labels) SELECT id, 'Fault', '{Bug,gone}' FROM projects",
)


def test_documents_of_before_are_written_anew_some_at_a_time(empty, monkeypatch):
    """A run that is stopped goes on where it was; once all are done it is not begun again."""
    from webapp.db import db
    from webapp.documents import repository, service

    having = "SELECT array(SELECT issue_id FROM issue_documents WHERE document @@ $$'c++'$$ ORDER BY issue_id)"
    monkeypatch.setattr(service, "AT_ONCE", 4)
    with empty.app_context():
        upgrade(revision="0033")
        for statement in CARDS:
            db.session.execute(text(statement))
        db.session.execute(text("UPDATE issues SET body = 'In C++'"))
        ids = list(db.session.scalars(text("SELECT id FROM issues ORDER BY id")))
        db.session.commit()
        db.session.remove()
        upgrade()
        assert db.session.scalar(text(having)) == []
        assert service._catch_up_some() == 4
        assert (db.session.scalar(text(having)), repository.behind()) == (ids[:4], ids[3])
        assert service.catch_up() == 7
        assert (db.session.scalar(text(having)), repository.behind()) == (ids, None)
        assert service.catch_up() == 0


def test_labels_of_before_come_to_know_when_their_issues_were_made_some_at_a_time(empty, monkeypatch):
    from webapp.db import db
    from webapp.issues import catching_up, repository

    told = "SELECT array_agg(issue_created_at = created_at ORDER BY i.id) FROM issues i JOIN issue_labels ON issue_id = i.id"
    monkeypatch.setattr(catching_up, "AT_ONCE", 4)
    with empty.app_context():
        upgrade(revision="0070")
        for statement in CARDS:
            db.session.execute(text(statement))
        db.session.commit()
        db.session.remove()
        upgrade()
        (label_id,) = repository.labels_behind()
        assert db.session.scalar(text(told)) == [None] * 11
        assert catching_up._some(label_id) == 4
        assert db.session.scalar(text(told)) == [True] * 4 + [None] * 7
        db.session.execute(text("UPDATE issues SET created_at = created_at - interval '1 day' WHERE number = 11"))
        db.session.commit()
        assert db.session.scalar(text(told)) == [True] * 4 + [None] * 6 + [True]
        assert catching_up.catch_up() == 6
        assert db.session.scalar(text(told)) == [True] * 11
        assert (catching_up.catch_up(), repository.labels_behind()) == (0, [])


CARDS = (
    "INSERT INTO users (name) VALUES ('Ada')",
    "INSERT INTO projects (key, name, owner_id) SELECT 'WALL', 'Wall', id FROM users",
    "INSERT INTO statuses (project_id, name, category, position) SELECT id, 'Todo', 'unstarted', 1 FROM projects",
    "INSERT INTO labels (project_id, name, color) SELECT id, 'bug', '#d34467' FROM projects",
    """
    INSERT INTO issues (project_id, number, title, status_id, author_id, created_at)
    SELECT project_id, number, 'A stone', statuses.id, users.id,
           CASE number WHEN 2 THEN '1969-07-20' ELSE '2020-01-01'::timestamptz + number * interval '1 day' END
    FROM statuses, users, generate_series(1, 11) number
    """,
    "INSERT INTO issue_labels (issue_id, label_id) SELECT issues.id, labels.id FROM issues, labels",
)


def test_old_events_say_the_ids_of_what_they_name_where_that_is_clear(empty):
    from webapp.db import db

    def told(number):
        asked = "SELECT events.data FROM events JOIN issues ON issues.id = issue_id WHERE number = :number ORDER BY events.id"
        return list(db.session.scalars(text(asked), {"number": number}))

    with empty.app_context():
        upgrade(revision="0033")
        for statement in (*CARDS, *OLD_EVENTS):
            db.session.execute(text(statement))
        ids = {
            kind: db.session.scalar(text(f"SELECT min(id) FROM {kind}"))
            for kind in ("statuses", "milestones", "labels", "users")
        }
        db.session.commit()
        db.session.remove()
        upgrade()
        assert [(one["old_id"], one["new_id"]) for one in told(1)] == [
            (None, ids["statuses"]),
            (ids["milestones"], None),
        ]
        labels, people = told(2)
        assert (labels["added_ids"], labels["removed_ids"]) == ([None, ids["labels"]], [])
        assert (people["added_ids"], people["removed_ids"]) == ([], [ids["users"], None])
        # What was before a move is not of this project; what says ids says them already.
        assert [set(one) for one in told(3)] == [{"old", "new"}, {"from", "to"}]
        assert told(4) == [{"old": None, "new": "Spring", "old_id": None, "new_id": 7}]
        before = told(1) + told(2)
        db.session.remove()
        downgrade(revision="0033")
        upgrade()
        assert told(1) + told(2) == before


OLD_EVENTS = (
    "INSERT INTO users (name) VALUES ('Eve'), ('Eve')",
    "INSERT INTO milestones (project_id, title) SELECT id, 'Spring' FROM projects",
    """
    INSERT INTO events (project_id, issue_id, actor_id, change_id, kind, data)
    SELECT project_id, issues.id, author_id, gen_random_uuid(), kind, data
    FROM issues JOIN (VALUES
        (1, 'moved_status', '{"old": "Gone", "new": "todo"}'::jsonb),
        (1, 'milestoned', '{"old": "Spring", "new": null}'),
        (2, 'labelled', '{"added": ["gone", "Bug"], "removed": []}'),
        (2, 'assigned', '{"added": [], "removed": ["Ada", "Eve"]}'),
        (3, 'moved_status', '{"old": "Todo", "new": "Todo"}'),
        (3, 'moved', '{"from": null, "to": "WALL-3"}'),
        (4, 'milestoned', '{"old": null, "new": "Spring", "old_id": null, "new_id": 7}')
    ) AS happened (at, kind, data) ON number = at ORDER BY kind DESC
    """,
)
