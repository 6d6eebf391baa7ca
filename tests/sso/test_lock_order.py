"""Whoever loses a role with a group, or a whole account, takes rows in the order of all: nobody waits in a circle."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from tests.databases import END
from tests.make import Make
from tests.sso.conftest import Offer
from tests.sso.test_who_comes_in import in_a_command, person, roles, rules, told
from webapp.access import Viewer
from webapp.db import db, transacting
from webapp.links import holding, moving, resetting
from webapp.links import repository as links
from webapp.links.schemas import NewPasswordIn
from webapp.models.account_tokens import Purpose
from webapp.people import merging
from webapp.sso import service as sso

__all__ = ["in_a_command"]

GIVEN = rules(groups={"dev": ("WALL:member",), "lead": ("SCREE:member",), "ops": ("administrator",)})
# What docs/development.md says that comes first.
ORDER = ("turns", "issues", "projects", "users", "outside_identities")
LOCKING = re.compile(r"\A\s*SELECT .*?\sFROM (\w+)\s.*FOR (?:NO KEY )?UPDATE|\AUPDATE (\w+) SET", re.DOTALL)


@pytest.fixture
def taken(app: Flask) -> Iterator[Callable[[], list[list[str]]]]:
    """What is locked from here on, by each transaction."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    def found() -> list[list[str]]:
        apart: list[list[str]] = [[]]
        for one in sent:
            if one == END:
                apart.append([])
            elif "pg_advisory_xact_lock" in one:
                apart[-1].append("turns")
            elif lock := LOCKING.match(one):
                apart[-1].append(lock[1] or lock[2])
        return [[one for one in part if one in ORDER] for part in apart]

    engine = db.engine.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def firsts(locks: list[str]) -> list[str]:
    return list(dict.fromkeys(locks))


def in_order(parts: list[list[str]]) -> bool:
    return all(firsts(part) == sorted(firsts(part), key=ORDER.index) for part in parts)


@pytest.fixture
def mia(make: Make, ada: Viewer) -> int:
    """Somebody with roles by groups, who is assigned an issue in both projects."""
    make.person("Root", is_admin=True)
    projects = [make.project(ada, key=key) for key in ("WALL", "SCREE")]
    user_id = sso.recognised(told(groups=("dev", "lead", "ops")), GIVEN).id
    for project in projects:
        make.issue(project, ada, assignees=[user_id])
    return user_id


def test_a_login_that_takes_roles(mia: int, taken: Callable[[], list[list[str]]]) -> None:
    sso.recognised(told(groups=()), GIVEN)
    assert roles(mia) == {}
    assert [part.count("issues") > 0 for part in taken()].count(True) == 2, "each in a transaction of its own"
    assert in_order(taken()), taken()
    assert db.session.scalar(text("SELECT granted FROM outside_identities")) == {"roles": {}, "admin": False}


def test_one_that_gives_them(mia: int, taken: Callable[[], list[list[str]]]) -> None:
    other = told(subject="43", email="moor@example.com", groups=("dev", "lead", "ops"))
    assert roles(sso.recognised(other, GIVEN).id) == {"WALL": "member", "SCREE": "member"}
    assert in_order(taken()), taken()


def test_who_links_and_unlinks(mia: int, offer: Offer, taken: Callable[[], list[list[str]]]) -> None:
    by = Viewer.of(person(mia))
    sso.link(told(subject="43"), GIVEN, by)
    sso.unlink(sso.own(mia)[0].id, by)
    assert roles(mia) == {}
    assert any("issues" in part for part in taken())
    assert in_order(taken()), taken()


@pytest.mark.parametrize("way", ["reset", "undo"])
def test_an_account_that_is_taken_back(
    mia: int, offer: Offer, taken: Callable[[], list[list[str]]], way: str
) -> None:
    """The logins elsewhere end, and what their groups gave is taken before the person is locked."""
    token, purpose = holding.made(), Purpose(way)
    with transacting() as session:
        session.execute(text("UPDATE users SET password_hash = 'c1:x' WHERE id = :id"), {"id": mia})
        epoch = session.scalar(text("SELECT token_epoch FROM users WHERE id = :id"), {"id": mia})
        links.add(purpose, "mia@example.com", token, of=(mia, epoch))
    before = len(taken())
    if way == "reset":
        resetting.reset(token, NewPasswordIn(new_password="seven quiet lorries under pines"))
    else:
        moving.undo(token)
    assert (roles(mia), sso.own(mia)) == ({}, [])
    assert not person(mia).is_admin
    assert in_order(taken()[before - 1 :]), taken()


def test_a_merge(make: Make, ada: Viewer, eve: Viewer, taken: Callable[[], list[list[str]]]) -> None:
    make.project(ada, key="WALL")
    root = make.person("Root", is_admin=True)
    before = len(taken())
    merging.merge(ada.id, str(eve.id), root)
    (merge,) = (part for part in taken()[before - 1 :] if "users" in part)
    assert firsts(merge)[:4] == ["turns", "issues", "projects", "users"]
