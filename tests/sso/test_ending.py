"""A login elsewhere lets somebody in: its owner hears of it, and taking the account back ends it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.links.conftest import arrived, link
from tests.make import PASSWORD, Make
from tests.sso.conftest import Offer
from webapp.access import Viewer
from webapp.auth import ways_in
from webapp.config.ldap import PROVIDER
from webapp.config.sso_rules import Rules
from webapp.db import db, transacting
from webapp.errors import Conflict
from webapp.sso import granting
from webapp.sso import service as sso
from webapp.sso.rows import Identity

__all__ = ["arrived", "link"]

MIA = Identity("acme", "42", "mia@example.com", True, "Mia Moor", ())
RULES = Rules(id="acme", label="Acme", provision=True, groups={"dev": ("CORE:member",), "ops": ("administrator",)})
THERE = Rules(id=PROVIDER, label="LDAP")
NEW = "seven quiet lorries under pines"
Arrived = Callable[[], list[tuple[str, str, str]]]
pytestmark = pytest.mark.usefixtures("offer")


def subjects(app: Flask, person: Viewer) -> list[str]:
    with app.app_context():
        return [one.subject for one in sso.own(person.id)]


def links(app: Flask, person: Viewer, **more: Any) -> None:
    """Whoever has the account for a moment lets themselves in, by Acme as somebody of a group and by the directory."""
    with app.app_context():
        sso.link(replace(MIA, groups=("dev",), **more), RULES, person)
        sso.link(replace(MIA, provider=PROVIDER), THERE, person)


def administers(app: Flask, person: Viewer) -> bool:
    with app.app_context():
        return db.session.scalar(text("SELECT is_admin FROM users WHERE id = :id"), {"id": person.id}) is True


@pytest.fixture
def comes_between(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Whoever linked their own logs in by it once more, with a group, when all that it gave has just been taken."""

    def comes_between(group: str) -> None:
        def come(_user_id: int) -> None:
            monkeypatch.setattr(ways_in, "settlers", usual)
            sso.recognised(replace(MIA, groups=(group,)), RULES)

        usual = ways_in.settlers
        monkeypatch.setattr(ways_in, "settlers", [*usual, come])

    return comes_between


def forget(api: Any, person: Viewer, link: Callable[[str], str], arrived: Arrived) -> str:
    arrived()
    api().post("/auth/forgotten", {"email": person.email}, status=204)
    return link(person.email)


def moved(api: Any, person: Viewer, link: Callable[[str], str], arrived: Arrived) -> str:
    """The path by which an account that was moved to another address is taken back."""
    arrived()
    api(person).post("/auth/email", {"email": "evil@example.net"}, status=204)
    api(person).post(link("evil@example.net"), status=200)
    return next(path for *_, path in arrived() if path.startswith("/auth/undo/"))


def test_its_owner_hears_of_each_that_is_linked_and_unlinked(app: Flask, ada: Viewer, arrived: Arrived) -> None:
    with app.app_context():
        row = sso.link(MIA, RULES, ada)
        sso.link(MIA, RULES, ada)  # is there already
    assert arrived() == [(ada.email, "A login at Acme was linked", "/auth/identities")]
    with app.app_context():
        sso.unlink(row.id, ada)
    assert arrived() == [(ada.email, "A login at Acme is not linked any more", "/auth/identities")]


def test_another_password_by_mail_ends_them_and_what_their_groups_gave(
    app: Flask, make: Make, api: Any, ada: Viewer, link: Callable[[str], str], arrived: Arrived
) -> None:
    """Not the directory's: who left there is out here, and no former password of theirs counts again."""
    make.project(make.person("Bob"), key="CORE")
    links(app, ada)
    api().post(forget(api, ada, link, arrived), {"new_password": NEW}, status=204)
    with app.app_context():
        assert [one.provider for one in sso.own(ada.id)] == [PROVIDER]
        told = db.session.execute(text("SELECT * FROM audit_records WHERE kind = 'authn_identity_unlink'")).all()
        assert [one.before["provider"] for one in told] == ["acme"]
        assert not db.session.scalar(text("SELECT count(*) FROM memberships WHERE user_id = :id"), {"id": ada.id})


def test_taking_the_address_back_ends_them(
    app: Flask, api: Any, ada: Viewer, link: Callable[[str], str], arrived: Arrived
) -> None:
    with app.app_context():
        sso.link(MIA, RULES, ada)
    back = moved(api, ada, link, arrived)
    api().post(back, status=200)
    assert subjects(app, ada) == []
    api().post("/auth/login", {"email": ada.email, "password": PASSWORD}, status=200)


@pytest.mark.parametrize("group", ["dev", "ops"])
@pytest.mark.parametrize("way", ["reset", "undo"])
def test_what_is_given_while_it_is_taken_back_does_not_stay(
    app: Flask, make: Make, api: Any, ada: Viewer, link: Callable[[str], str], arrived: Arrived,
    comes_between: Callable[[str], None], way: str, group: str,
) -> None:  # fmt: skip
    make.person("Root", is_admin=True)
    make.project(make.person("Bob"), key="CORE")
    links(app, ada)
    taken = forget(api, ada, link, arrived) if way == "reset" else moved(api, ada, link, arrived)
    sent = {"new_password": NEW} if way == "reset" else None
    comes_between(group)
    assert "Try again" in api().post(taken, sent, status=409)["detail"]
    assert administers(app, ada) is (group == "ops")
    assert len(subjects(app, ada)) == 2
    api().post(taken, sent, status=204 if way == "reset" else 200)  # nobody came between
    assert not administers(app, ada)
    assert len(subjects(app, ada)) == 1


def test_none_is_removed_while_it_makes_an_administrator(app: Flask, make: Make, ada: Viewer) -> None:
    make.person("Root", is_admin=True)
    with app.app_context():
        row = sso.link(replace(MIA, groups=("ops",)), RULES, ada)
        with pytest.raises(Conflict, match="Try again"):
            sso.remove(ada.id, row.id)
        sso.take_back(ada.id, row.id)
        sso.remove(ada.id, row.id)
    assert not administers(app, ada)


def test_the_last_administrator_takes_an_account_back_and_stays_one(
    app: Flask, api: Any, ada: Viewer, link: Callable[[str], str], arrived: Arrived
) -> None:
    with app.app_context():
        sso.link(replace(MIA, groups=("ops",)), RULES, ada)
    api().post(forget(api, ada, link, arrived), {"new_password": NEW}, status=204)
    assert subjects(app, ada) == []
    assert administers(app, ada)


def test_one_that_was_unlinked_meanwhile_is_settled(app: Flask, ada: Viewer) -> None:
    """Whoever read of it before takes nothing more, and is not asked to log in."""
    with app.app_context():
        row = sso.link(MIA, RULES, ada)
        sso.unlink(row.id, ada)
        granting.take_back(row, ada.id)


@pytest.mark.parametrize("password_login", ["on", "off"])
def test_who_has_no_other_way_in_keeps_the_one_that_the_account_came_with(
    app: Flask, api: Any, offer: Offer, link: Callable[[str], str], arrived: Arrived, password_login: str
) -> None:
    offer(settings={"password_login": password_login})
    with app.app_context():
        mia = Viewer.of(sso.recognised(MIA, RULES))
        with transacting() as session:  # a test is one transaction: what comes later has a later time
            session.execute(text("UPDATE users SET created_at = created_at - interval '1 day'"))
            session.execute(text("UPDATE outside_identities SET created_at = created_at - interval '1 day'"))
        sso.link(replace(MIA, subject="66"), RULES, mia)
    back = moved(api, mia, link, arrived)
    assert api().post(back, status=200) == {"email": mia.email, "reset": None}
    assert subjects(app, mia) == ["42"]
