"""The migrations lead to what the models say, and back."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from webapp import create_app, migrations
from webapp.config import Settings


@pytest.fixture
def empty(settings: Settings) -> Flask:
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


def test_every_foreign_key_that_is_searched_by_has_an_index(migrated):
    from webapp.db import db

    with migrated.app_context():
        inspector = inspect(db.engine)
        bare = []
        for table in db.metadata.tables:
            keys = [index["column_names"] for index in inspector.get_indexes(table)]
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
