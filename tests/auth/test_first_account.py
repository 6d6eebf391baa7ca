"""Somebody has to look after an installation: whoever has its first account."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from tests.conftest import KEY
from tests.databases import empty_database
from tests.make import PASSWORD
from webapp import create_app, migrations
from webapp.auth import making
from webapp.auth.schemas import RegisterIn
from webapp.config import Settings
from webapp.db import db


def register(api, name):
    draft = {"name": name, "email": f"{name.lower()}@example.com", "password": PASSWORD}
    return api().post("/auth/register", draft)


@pytest.fixture
def administrators(app):
    def administrators():
        with app.app_context():
            return list(db.session.scalars(text("SELECT name FROM users WHERE is_admin ORDER BY id")))

    return administrators


@pytest.fixture
def nobody(app):
    with app.app_context():
        assert not db.session.scalar(text("SELECT count(*) FROM users"))


def test_the_first_who_registers_is_an_administrator_and_no_other(api, nobody, administrators):
    for name in ("First", "Second", "Third"):
        register(api, name)
    assert administrators() == ["First"]


def test_it_is_so_on_the_command_line_too(app, api, nobody, administrators):
    words = ["create-user", "--name", "First", "--email", "first@example.com", "--password", PASSWORD]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0
    register(api, "Second")
    assert administrators() == ["First"]


def test_who_was_imported_is_not_the_first(api, make, nobody, administrators):
    make.person("Octocat", email=None, password_hash=None, origin="github:octocat")
    register(api, "First")
    assert administrators() == ["First"]


def test_nobody_becomes_one_when_there_are_others(api, make, nobody, administrators):
    make.deactivated(make.person("Former"))
    register(api, "Second")
    assert administrators() == []


def test_the_demo_is_none_and_the_next_neither(app, api, nobody, administrators):
    with app.app_context():
        making.register(RegisterIn(name="Demo", email="demo@example.com", password=PASSWORD), is_demo=True)
    register(api, "Second")
    assert administrators() == []


def test_it_is_noted(app, api, nobody):
    for name in ("First", "Second"):
        register(api, name)
    with app.app_context():
        told = db.session.scalars(text("SELECT after FROM audit_records WHERE kind = 'user_created' ORDER BY id"))
        assert [one.get("is_admin") for one in told] == [True, None]


def test_of_many_at_once_exactly_one_is(database):
    """With real commits: all see an empty installation, and wait for each other."""
    with empty_database(database) as own:
        app = create_app(Settings(_env_file=None, database_url=own, secret_key=KEY))
        migrations.init_app(app)
        with app.app_context():
            migrations.upgrade()
        together = Barrier(5)

        def make(number):
            with app.app_context():
                together.wait()
                return making.create(f"P{number}", f"p{number}@example.com", "x", confirmed=True).is_admin

        with ThreadPoolExecutor(5) as threads:
            assert sorted(threads.map(make, range(5))) == [False] * 4 + [True]
        with app.app_context():
            assert db.session.scalar(text("SELECT count(*) FROM users WHERE is_admin")) == 1
            db.engine.dispose()
