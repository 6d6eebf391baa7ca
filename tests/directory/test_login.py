"""People who log in by a directory, through pages and as clients."""

import json
import time

import bcrypt
import pytest
from sqlalchemy import text

from tests.directory.slapd import CROWD, LEFT, SECRET, dn
from tests.make import PASSWORD
from webapp.db import db, transacting
from webapp.directory import asking
from webapp.directory.line import Line
from webapp.outside.breaker import Breaker

WRONG = "no such kettle"
pytestmark = pytest.mark.usefixtures("directory")


def log_in(api, login, password=SECRET, status=200):
    return api().post("/auth/login", {"email": login, "password": password}, status=status)


def me(api, login, password=SECRET):
    token = log_in(api, login, password)["access_token"]
    return api(Authorization=f"Bearer {token}").get("/auth/me")


def asked(app, statement, **values):
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text(statement), values)]


def changed(app, what, user_id):
    with app.app_context():
        db.session.execute(text(f"UPDATE users SET {what} WHERE id = :id"), {"id": user_id})
        db.session.commit()


def written(app, statement, **values):
    with app.app_context(), transacting() as session:
        found = session.execute(text(statement), values)
        return found.scalar() if "RETURNING" in statement else None


def records(app, kind):
    return asked(
        app, "SELECT outcome, target_name, after FROM audit_records WHERE kind = :kind ORDER BY id", kind=kind
    )


def roles(app, project):
    rows = asked(
        app, "SELECT u.name, m.role FROM memberships m JOIN users u ON u.id = m.user_id WHERE project_id = :id",
        id=project.id,
    )  # fmt: skip
    return dict(rows)


@pytest.mark.parametrize("login", ["ann", "ANN", " ann ", "ann@cairn.test", "Ann@Cairn.test"])
def test_who_is_new_gets_an_account(app, api, login):
    assert {"name": "Ann Onym", "email": "ann@cairn.test"}.items() <= me(api, login).items()
    assert records(app, "authn_login_ok") == [("ok", "Ann Onym", {"provider": "ldap"})]
    assert len(records(app, "user_created")) == 1


def test_who_was_here_before_is_the_same(api):
    assert me(api, "ann")["id"] == me(api, "ann@cairn.test")["id"]


@pytest.mark.parametrize("uid", ["jörg", "st*r", "p(ar)en", "back\\slash"])
def test_names_may_be_odd(api, uid):
    assert me(api, uid)["name"] == CROWD[uid][1]


def test_a_browser_is_let_in_and_led_on(browser):
    page = browser()
    page.post("/auth/login", {"email": "jörg", "password": SECRET, "next": "/inbox"}, status=303)
    assert page.get("/auth/me").fields["name"] == "Jörg Müller"


def test_the_form_takes_names_that_are_no_addresses(browser):
    page = browser().get("/auth/login")
    assert 'type="email"' not in page.response.text
    assert page.says("E-mail or user name")
    page = browser().post("/auth/login", {"email": "jörg", "password": WRONG}, status=401)
    assert page.fields["email"] == "jörg"


def test_without_a_directory_the_form_asks_for_an_address(told, browser):
    told(ldap_url=None, ldap_bind_dn=None, ldap_base_dn=None, ldap_group_base_dn=None)
    assert 'type="email"' in browser().get("/auth/login").response.text


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ann", WRONG), ("ann", ""), ("nobody", SECRET), ("nobody", ""), ("twin@cairn.test", SECRET), ("locked", SECRET),
        ("locked", WRONG), ("local@cairn.test", WRONG), ("local@cairn.test", ""), ("*)(uid=*))(|(uid=*", SECRET),
        ("ann)(|(uid=*", SECRET), ("*", SECRET), (dn("ann"), SECRET), ("ann", SECRET + "\x00"),
        ("ann", "\x00"), ("ann", "\x00" + SECRET), ("ann", "\u00ad"), ("ann", "\u200b\u2060"), ("ann", "\x07"), ("ann", "\u0627a"),
    ],
)  # fmt: skip
def test_whoever_is_refused_is_told_the_same_and_it_is_noted_once(app, api, make, login, password):
    make.person("Local", email="local@cairn.test")
    answer = api().send("POST", "/auth/login", json={"email": login, "password": password}, status=401)
    assert answer.json["detail"] == "Invalid credentials"
    ((outcome, _, _),) = records(app, "authn_login_fail")
    assert outcome == "refused"
    assert not records(app, "authn_login_ok")
    assert asked(app, "SELECT count(*) FROM outside_identities") == [(0,)]


def test_a_password_of_the_directory_that_fails_is_noted_with_its_name(app, api):
    me(api, "ann")
    log_in(api, "ann@cairn.test", WRONG, status=401)
    assert records(app, "authn_login_fail") == [("refused", "Ann Onym", {"provider": "ldap"})]


@pytest.fixture
def work(monkeypatch):
    """What is done for a login: hashes that are compared, and what the directory is asked."""
    done = []

    def counting(owner, name):
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *args, **more: done.append(name) or real(*args, **more))

    counting(bcrypt, "checkpw")
    counting(Line, "search")
    real = Line.proves

    def proves(self, dn_, password):
        done.append("bind" if password else "none")
        return real(self, dn_, password)

    monkeypatch.setattr(Line, "proves", proves)
    return done


def test_whoever_is_meant_a_refusal_costs_the_same(api, make, work, told):
    told(ldap_group_base_dn=None)
    make.person("Local", email="local@cairn.test")
    me(api, "ann")
    for login in ("ann", "ann@cairn.test", "ben", "nobody", "local@cairn.test", "nobody@cairn.test"):
        for password in (WRONG, ""):
            work.clear()
            log_in(api, login, password, status=401)
            assert sorted(work) == ["bind", "checkpw", "search"], (login, password)


def test_the_directory_never_hears_a_password_of_cairn(api, make, monkeypatch):
    heard = []
    real = Line.proves
    monkeypatch.setattr(Line, "proves", lambda self, *args: heard.append(args) or real(self, *args))
    make.person("Local", email="local@cairn.test")
    log_in(api, "local@cairn.test", PASSWORD)
    assert heard == []
    log_in(api, "local@cairn.test", WRONG, status=401)
    assert WRONG not in str(heard)


def test_an_account_that_is_not_linked_is_not_taken_over(app, api, make):
    ann = make.person("Other Ann", email="ann@cairn.test")
    log_in(api, "ann@cairn.test", SECRET, status=401)
    problem = log_in(api, "ann", SECRET, status=409)
    assert problem["type"] == "urn:cairn:link_required"
    assert me(api, "ann@cairn.test", PASSWORD)["id"] == ann.id


def test_a_client_links_its_account_with_the_token_it_is_told(api, make):
    ann = make.person("Other Ann", email="ann@cairn.test")
    problem = log_in(api, "ann", SECRET, status=409)
    api(ann).post("/auth/identities", {"link_token": problem["link_token"]})
    assert me(api, "ann")["id"] == me(api, "ann@cairn.test")["id"] == ann.id
    log_in(api, "ann@cairn.test", PASSWORD, status=401)


def test_a_browser_logs_in_as_before_and_agrees(api, browser, make):
    ann = make.person("Other Ann", email="ann@cairn.test")
    page = browser()
    sent = page.post("/auth/login", {"email": "ann", "password": SECRET}, status=303)
    assert sent.response.headers["Location"].endswith("/auth/identities/link")
    page.post("/auth/login", {"email": "ann@cairn.test", "password": PASSWORD}, status=303)
    assert page.get("/auth/identities/link").says("LDAP")
    page.post("/auth/identities", {}, status=303)
    assert page.get("/auth/identities").says("LDAP")
    assert me(api, "ann")["id"] == ann.id


def test_where_no_password_is_taken_here_all_are_asked_of_the_directory(api, browser, make, told):
    told(password_login="off")
    make.person("Local", email="local@cairn.test")
    log_in(api, "local@cairn.test", PASSWORD, status=401)
    me(api, "ann")
    page = browser()
    assert page.get("/auth/login").says("E-mail or user name")
    page.post("/auth/login", {"email": "ann", "password": SECRET}, status=303)
    page.post("/auth/confirm", {"password": SECRET, "next": "/auth/me"}, status=303)
    assert page.get("/auth/password").says("Change it there")


def test_guessing_has_to_wait_under_whichever_name(api):
    for login in ("ann", "ann@cairn.test", "ANN", "ann", "ann@cairn.test"):
        log_in(api, login, WRONG, status=401)
    log_in(api, "ann", SECRET, status=429)
    log_in(api, "Ann@cairn.test", SECRET, status=429)
    log_in(api, "ben", SECRET)


def test_whoever_is_deactivated_here_is_refused(app, api, make):
    person = me(api, "ann")
    changed(app, "is_active = false", person["id"])
    log_in(api, "ann", SECRET, status=403)
    assert records(app, "authn_login_fail") == [("refused", "Ann Onym", {"why": "deactivated", "provider": "ldap"})]


def test_whoever_is_disabled_there_is_refused(api, directory):
    me(api, "ann")
    directory.change("ann", pwdAccountLockedTime=["000001010000Z"])
    log_in(api, "ann", SECRET, status=401)


def test_whoever_left_the_base_is_refused(api, directory):
    me(api, "ann")
    directory.move("ann", "uid=ann", LEFT)
    log_in(api, "ann", SECRET, status=401)
    log_in(api, "ann@cairn.test", SECRET, status=401)


def test_whoever_is_renamed_and_moved_stays_who_they_are(api, directory):
    before = me(api, "ann")["id"]
    directory.change("ann", mail=["anna@cairn.test"])
    directory.move("ann", "uid=anna")
    assert me(api, "anna")["id"] == before
    assert me(api, "anna@cairn.test")["id"] == before


def test_an_address_that_went_to_somebody_else_takes_no_account_along(api, directory):
    before = me(api, "ann")["id"]
    directory.change("ann", mail=["anna@cairn.test"])
    directory.change("ben", mail=["ann@cairn.test"])
    log_in(api, "ann@cairn.test", SECRET, status=409)
    assert me(api, "ann")["id"] == before


@pytest.mark.parametrize("uid", ["nomail", "badmail"])
def test_whoever_has_no_address_there_gets_no_account(app, api, uid):
    log_in(api, uid, SECRET, status=403)
    assert asked(app, "SELECT count(*) FROM outside_identities") == [(0,)]


def test_where_nobody_new_is_let_in_only_who_is_known_is(api, told):
    me(api, "ann")
    told(ldap_provision=False)
    me(api, "ann")
    log_in(api, "ben", SECRET, status=403)


def test_groups_are_roles_at_each_login(app, api, make, ada, told, directory):
    core = make.project(ada, key="CORE")
    told(ldap_groups={"developers": ("CORE:member",), "Chefs, alle": ("CORE:maintainer", "administrator")})
    directory.join("developers", "ann")
    me(api, "ann")
    assert roles(app, core) == {"Ada": "owner", "Ann Onym": "member"}
    directory.join("Chefs\\, alle", "ann")
    me(api, "ann")
    assert roles(app, core)["Ann Onym"] == "maintainer"
    assert asked(app, "SELECT is_admin FROM users WHERE name = 'Ann Onym'") == [(True,)]
    directory.join("developers")
    directory.join("Chefs\\, alle")
    changed(app, "is_admin = true", ada.id)  # an administrator must stay
    me(api, "ann")
    assert "Ann Onym" not in roles(app, core)
    assert asked(app, "SELECT is_admin FROM users WHERE name = 'Ann Onym'") == [(False,)]


@pytest.mark.parametrize("unset", [{}, {"ldap_group_base_dn": None}])
def test_what_groups_gave_is_taken_once_none_is_worth_anything(app, api, make, told, directory, unset):
    make.person("Root", is_admin=True)
    told(ldap_groups={"developers": ("administrator",)})
    directory.join("developers", "ann")
    me(api, "ann")
    assert asked(app, "SELECT is_admin FROM users WHERE name = 'Ann Onym'") == [(True,)]
    told(**unset)
    me(api, "ann")
    assert asked(app, "SELECT is_admin FROM users WHERE name = 'Ann Onym'") == [(False,)]


def test_it_is_confirmed_by_the_directorys_password(app, api, browser, directory):
    page = browser()
    page.post("/auth/login", {"email": "ann", "password": SECRET}, status=303)
    refused = page.post("/auth/confirm", {"password": WRONG, "next": "/auth/me"}, status=422)
    assert refused.says("is not right")
    page.post("/auth/confirm", {"password": "", "next": "/auth/me"}, status=422)
    page.post("/auth/confirm", {"password": SECRET, "next": "/auth/me"}, status=303)
    directory.move("ann", "uid=ann", LEFT)
    page.post("/auth/confirm", {"password": SECRET, "next": "/auth/me"}, status=422)
    assert [row[0] for row in records(app, "authn_confirm_ok")] == ["ok"]
    assert {json.dumps(row[2]) for row in records(app, "authn_confirm_fail")} == {'{"provider": "ldap"}'}


def test_local_people_confirm_by_their_own(api, make):
    person = make.person("Local", email="local@cairn.test")
    api(person).post("/auth/confirm", {"password": PASSWORD}, status=200)


def test_people_are_told_where_their_password_is(api, browser):
    page = browser()
    page.post("/auth/login", {"email": "ann", "password": SECRET}, status=303)
    told = page.get("/auth/password")
    assert told.says("Your password is that of LDAP. Change it there.")
    assert "new_password" not in told.fields
    token = log_in(api, "ann")["access_token"]
    entry = {"current_password": SECRET, "new_password": PASSWORD}
    problem = api(Authorization=f"Bearer {token}").post("/auth/password", entry, status=409)
    assert browser().get("/auth/forgotten").says("Whoever logs in by LDAP changes their password there.")
    assert problem["detail"] == "Your password is that of LDAP. Change it there."


def test_a_second_factor_here_is_asked_for_unless_the_directory_suffices(app, api, told):
    person = me(api, "ann")
    changed(app, "has_factor = true", person["id"])
    assert log_in(api, "ann", SECRET, status=401)["type"] == "urn:cairn:factor_required"
    told(ldap_second_factor="there")
    log_in(api, "ann", SECRET)


@pytest.mark.parametrize("how", ["ldaps", "starttls"])
def test_it_is_asked_in_secret(api, told, directory, how):
    port = directory.tls_port if how == "ldaps" else directory.port
    where = {
        "ldap_url": f"{'ldaps' if how == 'ldaps' else 'ldap'}://localhost:{port}",
        "ldap_start_tls": how == "starttls",
    }
    told(**where, ldap_ca_file=str(directory.folder / "ca.pem"))
    me(api, "ann")
    told(**where, ldap_ca_file=str(directory.folder / "other.pem"))
    log_in(api, "ann", SECRET, status=503)


@pytest.mark.parametrize("kind", ["dead", "hanging", "dripping", "elsewhere"])
def test_without_the_directory_local_people_come_in_and_all_others_hear_of_it(app, api, make, told, mute, kind):
    me(api, "ann")
    make.person("Local", email="local@cairn.test")
    words = {
        "hanging": b"",
        "dripping": b"0\x84\x7f\xff\xff\xff" + b"x" * 99,
        "elsewhere": b"HTTP/1.1 400 Bad\r\n" * 9,
    }
    url = "ldap://127.0.0.1:9" if kind == "dead" else mute(words[kind], 0.01).url.replace("smtp", "ldap")
    told(ldap_url=url, ldap_timeout=1)
    began = time.monotonic()
    for login in ("ann", "ann@cairn.test", "nobody", "local@cairn.test"):
        answer = api().send("POST", "/auth/login", json={"email": login, "password": WRONG}, status=503)
        assert "cannot be checked at the moment" in answer.json["detail"]
        assert answer.headers["Retry-After"]
    assert time.monotonic() - began < 5, "after three failures it is not waited for"
    log_in(api, "local@cairn.test", PASSWORD)
    assert len(records(app, "authn_login_fail")) == 4


def test_the_page_says_so_and_keeps_what_was_typed(browser, told):
    told(ldap_url="ldap://127.0.0.1:9")
    page = browser().post("/auth/login", {"email": "jörg", "password": SECRET}, status=503)
    assert page.fields["email"] == "jörg"
    assert page.says("Your password cannot be checked at the moment")


def test_it_is_asked_again_after_a_pause(api, told, directory, monkeypatch, mute):
    monkeypatch.setattr(asking, "breaker", Breaker(failures=3, pause=3))
    hanging = mute()
    told(ldap_url=hanging.url.replace("smtp", "ldap"), ldap_timeout=1)
    for login in ("ann", "ben", "jörg", "nomail", "nobody"):
        log_in(api, login, SECRET, status=503)
    assert hanging.connections == 3
    time.sleep(3.1)
    log_in(api, "nobody", SECRET, status=503)
    assert hanging.connections == 4


def test_trouble_with_one_person_is_nobody_elses(api, told):
    told(ldap_id_attribute="employeeNumber")
    for login in ("ann", "ben", "jörg", "nomail"):
        log_in(api, login, SECRET, status=503)
    told()
    log_in(api, "ann", SECRET)


def test_no_connection_of_the_database_waits_for_the_directory(app, api, told, monkeypatch):
    held = []
    real = Line.search

    def search(self, *args, **more):
        held.append(db.session.registry.has() and db.session().in_transaction())
        return real(self, *args, **more)

    monkeypatch.setattr(Line, "search", search)
    log_in(api, "ann", WRONG, status=401)
    me(api, "ann")
    assert held
    assert not any(held)


def test_whoever_has_a_new_entry_comes_in_again_once_the_old_one_is_removed(app, api, browser, make, ada):
    core, root = make.project(ada, key="CORE"), make.person("Root", is_admin=True)
    mia = make.person("Other Ann", email="ann@cairn.test")
    at = f"/admin/people/{mia.id}"
    link = (
        "INSERT INTO outside_identities (provider, subject, user_id, granted) VALUES ('ldap', 'old', :who, :granted)"
    )
    granted = json.dumps({"admin": False, "roles": {"CORE": "member"}})
    written(app, link, who=mia.id, granted=granted)
    written(
        app,
        "INSERT INTO memberships (project_id, user_id, role) VALUES (:at, :who, 'member')",
        at=core.id,
        who=mia.id,
    )
    log_in(api, "ann", SECRET, status=409)
    log_in(api, "ann@cairn.test", PASSWORD, status=401)
    assert [one["provider"] for one in api(root).get(at)["identities"]] == ["ldap"]
    page = browser(root)
    assert page.get(at).says("Logins elsewhere")
    (number,) = (one["id"] for one in api(root).get(at)["identities"])
    page.get(page.post(f"{at}/identities/{number}/delete").location)
    assert api(root).get(at)["identities"] == []
    assert "Other Ann" not in roles(app, core)
    assert [row[1] for row in records(app, "authn_identity_unlink")] == ["Other Ann"]
    api(root).delete(f"{at}/identities/{number}", status=404)
    mine = log_in(api, "ann@cairn.test", PASSWORD)["access_token"]
    token = log_in(api, "ann", SECRET, status=409)["link_token"]
    api(Authorization=f"Bearer {mine}").post("/auth/identities", {"link_token": token})
    assert me(api, "ann")["id"] == mia.id


def test_nobody_but_another_administrator_removes_logins_of_people(app, api, make, ada, eve):
    root = make.person("Root", is_admin=True)
    link = "INSERT INTO outside_identities (provider, subject, user_id) VALUES ('ldap', :subject, :who) RETURNING id"
    theirs, own = (written(app, link, who=one.id, subject=one.name) for one in (ada, root))
    api(eve).delete(f"/admin/people/{ada.id}/identities/{theirs}", status=403)
    api(root).delete(f"/admin/people/{root.id}/identities/{own}", status=409)
    api(root).delete(f"/admin/people/{ada.id}/identities/{own}", status=404)
    assert asked(app, "SELECT count(*) FROM outside_identities") == [(2,)]
