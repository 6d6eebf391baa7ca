"""Whoever has two logins elsewhere, since their accounts became one: what groups take is what groups gave."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from tests.make import Make
from tests.sso.test_who_comes_in import MIA, in_a_command, person, roles, rules, told
from webapp.access import Viewer
from webapp.db import db, transacting
from webapp.people import merging
from webapp.sso import service as sso

__all__ = ["in_a_command"]

GIVEN = rules(groups={"dev": ("WALL:member",), "ops": ("administrator",)})
BOTH = ("dev", "ops")


def write(statement: str, **values: Any) -> None:
    with transacting():
        db.session.execute(text(statement), values)


@pytest.fixture
def root(make: Make) -> Viewer:
    return replace(make.person("Root", is_admin=True), is_admin=True)


@pytest.fixture
def wall(make: Make, eve: Viewer) -> int:
    return make.project(eve, key="WALL").id


@pytest.fixture
def by_hand(wall: int, ada: Viewer) -> Callable[[int], None]:
    """Let somebody be an administrator, and a member of WALL, as people do."""

    def give(user_id: int) -> None:
        write(
            "INSERT INTO memberships (project_id, user_id, role) VALUES (:at, :who, 'member')", at=wall, who=user_id
        )
        write("UPDATE users SET is_admin = true WHERE id = :who", who=user_id)

    return give


def test_groups_of_the_one_do_not_take_what_the_other_has_by_hand(
    root: Viewer, ada: Viewer, by_hand: Callable[[int], None]
) -> None:
    mia = sso.recognised(told(groups=BOTH), GIVEN).id
    by_hand(ada.id)
    merging.merge(mia, str(ada.id), root)
    assert sso.recognised(told(groups=()), GIVEN).id == ada.id
    assert roles(ada.id) == {"WALL": "member"}
    assert person(ada.id).is_admin


def test_nor_do_those_of_the_account_that_stays(root: Viewer, ada: Viewer, by_hand: Callable[[int], None]) -> None:
    mia = sso.recognised(told(groups=BOTH), GIVEN).id
    by_hand(ada.id)
    merging.merge(ada.id, str(mia), root)
    sso.recognised(told(groups=()), GIVEN)
    assert roles(mia) == {"WALL": "member"}
    assert not person(mia).is_admin, "that the other was one has ended with it"


def test_what_both_have_by_groups_goes_with_them(root: Viewer, wall: int) -> None:
    mia = sso.recognised(told(groups=BOTH), GIVEN).id
    other = told(subject="43", email="moor@example.com", groups=BOTH)
    moor = sso.recognised(other, GIVEN).id
    merging.merge(moor, str(mia), root)
    assert roles(mia) == {"WALL": "member"}
    for one in (other, MIA):
        assert sso.recognised(replace(one, groups=()), GIVEN).id == mia
    assert roles(mia) == {}
    assert not person(mia).is_admin
