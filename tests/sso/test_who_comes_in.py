"""Whom a provider lets in, by what it tells of them: whatever kind of provider it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.make import Make
from webapp.access import Viewer
from webapp.config.sso_rules import Rules
from webapp.db import db, transacting
from webapp.errors import Conflict, Deactivated, Forbidden
from webapp.models.accounts import User
from webapp.sso import service as sso
from webapp.sso.rows import Identity

MIA = Identity("acme", "42", "mia@example.com", True, "Mia Moor", ())
OPEN = Rules(id="acme", label="Acme", provision=True)


@pytest.fixture(autouse=True)
def in_a_command(app: Flask) -> Any:
    with app.app_context():
        yield


def rules(**more: Any) -> Rules:
    return Rules(id="acme", label="Acme", provision=True, **more)


def told(**more: Any) -> Identity:
    return replace(MIA, **more)


def person(user_id: int) -> User:
    found = db.session.get(User, user_id, populate_existing=True)
    assert found is not None
    return found


def roles(user_id: int) -> dict[str, str]:
    asked = "SELECT p.key, m.role FROM memberships m JOIN projects p ON p.id = m.project_id WHERE m.user_id = :who"
    return {row[0]: row[1] for row in db.session.execute(text(asked), {"who": user_id})}


def records(kind: str) -> list[Any]:
    return list(db.session.execute(text("SELECT * FROM audit_records WHERE kind = :kind"), {"kind": kind}))


def test_somebody_new_gets_an_account_that_no_password_opens(api: Callable[..., Any]) -> None:
    user = sso.recognised(MIA, OPEN)
    assert (user.name, user.email, user.email_confirmed_at is None) == ("Mia Moor", "mia@example.com", False)
    for typed in ("elsewhere", "", " "):
        api().post("/auth/login", {"email": "mia@example.com", "password": typed}, status=401)


def test_the_subject_is_who_somebody_is_whatever_they_are_called() -> None:
    user_id = sso.recognised(MIA, OPEN).id
    again = sso.recognised(told(email="other@example.com", name="Mia Other"), OPEN)
    assert (again.id, again.email, again.name) == (user_id, "mia@example.com", "Mia Moor")
    assert sso.own(user_id)[0].email == "other@example.com"


def test_an_address_that_changed_hands_there_opens_nothing_here(ada: Viewer) -> None:
    sso.recognised(MIA, OPEN)
    with pytest.raises(sso.LinkNeeded):
        sso.recognised(told(subject="43"), OPEN)
    sso.recognised(told(email=ada.email), OPEN)  # whoever is known stays who they are
    assert not sso.own(ada.id)


@pytest.mark.parametrize("spelt", [str.lower, str.upper])
def test_an_address_of_somebody_here_is_not_taken_over(ada: Viewer, spelt: Callable[[str], str]) -> None:
    email = spelt(ada.email)
    with pytest.raises(sso.LinkNeeded):
        sso.recognised(told(email=email), OPEN)
    with pytest.raises(Forbidden, match="does not vouch"):
        sso.recognised(told(email=email, is_email_verified=False), OPEN)
    assert not sso.own(ada.id)


@pytest.mark.parametrize(
    "email", [None, "", "mia", "a@b@c", "mia@example.com\nBcc: x@example.com", "m\0@example.com"]
)
def test_what_is_no_address_makes_no_account(email: str | None) -> None:
    with pytest.raises(Forbidden):
        sso.recognised(told(email=email), OPEN)


@pytest.mark.parametrize("name", ["", "\0", "x" * 5000, "\u202eMia"])
def test_what_is_no_name_still_is_somebody(name: str) -> None:
    assert 0 < len(sso.recognised(told(name=name), OPEN).name) <= 100


def test_only_addresses_of_the_domains_named_make_accounts() -> None:
    for email in ("mia@example.com.evil.org", "mia@evil.org", "mia@sub.example.com"):
        with pytest.raises(Forbidden, match="no account here"):
            sso.recognised(told(email=email), rules(domains=("example.com",)))
    with pytest.raises(Forbidden, match="no account here"):
        sso.recognised(MIA, Rules(id="acme", label="Acme"))
    assert records("authn_login_fail")
    assert sso.recognised(MIA, rules(domains=("@Example.com",)))


def test_whoever_is_deactivated_stays_out(make: Make) -> None:
    user_id = sso.recognised(MIA, OPEN).id
    with transacting():
        person(user_id).is_active = False
    with pytest.raises(Deactivated):
        sso.recognised(MIA, OPEN)


def test_groups_give_roles_and_take_back_what_they_gave(make: Make, ada: Viewer) -> None:
    make.project(ada, key="CORE", name="Core")
    make.project(ada, key="WEB", name="Web")
    given = rules(groups={"dev": ("CORE:member", "GONE:member"), "lead": ("CORE:maintainer", "WEB:viewer")})
    user_id = sso.recognised(told(groups=("dev", "unknown")), given).id
    assert roles(user_id) == {"CORE": "member"}
    sso.recognised(told(groups=("dev", "lead")), given)
    assert roles(user_id) == {"CORE": "maintainer", "WEB": "viewer"}
    sso.recognised(told(groups=()), given)
    assert roles(user_id) == {}
    assert [row.after["groups_of"] for row in records("member_added")] == ["acme", "acme"]
    assert len(records("member_removed")) == 2


def test_a_role_given_by_hand_is_nobody_elses(make: Make, ada: Viewer) -> None:
    make.project(ada, key="CORE", name="Core")
    given = rules(groups={"dev": ("CORE:viewer",)})
    with pytest.raises(sso.LinkNeeded):
        sso.recognised(told(email=ada.email), given)
    sso.link(told(email=ada.email, groups=("dev",)), given, ada)
    assert roles(ada.id) == {"CORE": "owner"}
    sso.recognised(told(groups=()), given)
    assert roles(ada.id) == {"CORE": "owner"}


def test_groups_make_administrators_but_never_leave_none(make: Make) -> None:
    make.person("Root", is_admin=True)
    given = rules(groups={"ops": ("administrator",)})
    user_id = sso.recognised(told(groups=("ops",)), given).id
    assert person(user_id).is_admin
    sso.recognised(told(groups=()), given)
    assert not person(user_id).is_admin
    sso.recognised(told(groups=("ops",)), given)
    with transacting():
        db.session.execute(text("UPDATE users SET is_admin = false WHERE id <> :who"), {"who": user_id})
    sso.recognised(told(groups=()), given)
    assert person(user_id).is_admin
    assert len(records("user_administrator")) == 2


def test_a_login_that_is_anothers_is_not_linked_again(ada: Viewer, eve: Viewer) -> None:
    sso.link(MIA, OPEN, ada)
    with pytest.raises(Conflict):
        sso.link(MIA, OPEN, eve)
    assert sso.recognised(MIA, OPEN).id == ada.id
