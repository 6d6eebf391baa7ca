"""Who has left the directory is out here within the hour; and what the command says of people."""

import pytest

from tests.directory.slapd import LEFT, SECRET, dn
from tests.directory.test_login import asked, log_in, me, records
from webapp.directory import entering, leaving
from webapp.directory.command import ldap_check
from webapp.errors import Deactivated, Unavailable
from webapp.sso import people

pytestmark = pytest.mark.usefixtures("directory")


def ended(app):
    with app.app_context():
        return leaving.end_logins()


def entered(api, login):
    token = log_in(api, login)["access_token"]
    return api(Authorization=f"Bearer {token}")


@pytest.mark.parametrize("how", ["left", "locked"])
def test_whoever_is_there_no_more_is_logged_out_with_their_tokens(app, api, directory, how):
    ann, ben = entered(api, "ann"), entered(api, "ben")
    token = ann.post("/auth/tokens", {"name": "Script", "scope": "read"})["token"]
    assert ended(app) == 0
    if how == "left":
        directory.move("ann", "uid=ann", LEFT)
    else:
        directory.change("ann", pwdAccountLockedTime=["000001010000Z"])
    assert ended(app) == 1
    ann.get("/auth/me", status=401)
    api(Authorization=f"Bearer {token}").get("/auth/me", status=401)
    ben.get("/auth/me")
    assert records(app, "authn_identity_gone") == [("ok", "Ann Onym", {"provider": "ldap"})]
    assert ended(app) == 0, "once"


def test_trouble_ends_nobodys_logins(app, api, told):
    ann = entered(api, "ann")
    told(ldap_url="ldap://127.0.0.1:9")
    with pytest.raises(Unavailable):
        ended(app)
    ann.get("/auth/me")


def test_if_most_are_gone_at_once_it_is_the_settings_that_are_wrong(app, api, told):
    uids = ("ann", "ben", "jörg", "st*r", "p(ar)en")
    people = [entered(api, uid) for uid in uids]
    told(ldap_base_dn=LEFT)
    assert ended(app) == 0
    for one in people:
        one.get("/auth/me")


def test_without_a_directory_nobody_is_asked_about(app, api, told):
    entered(api, "ann")
    told(ldap_url=None, ldap_bind_dn=None, ldap_base_dn=None, ldap_group_base_dn=None)
    assert ended(app) == 0


def check(app, login):
    found = app.test_cli_runner().invoke(ldap_check, [login])
    return found.exit_code, found.output + str(found.exception or "")


def test_the_command_says_what_it_finds(app, api, make, ada, told, directory):
    make.project(ada, key="CORE")
    told(ldap_groups={"developers": ("CORE:member",)})
    directory.join("developers", "ann")
    directory.join("reporters", "ann")
    code, said = check(app, "ann")
    assert code == 0
    for part in (
        "not encrypted", f"Found: {dn('ann')}", "address: ann@cairn.test", "name: Ann Onym", "group developers: gives CORE:member",
        "group reporters: gives nothing", "Here: a new account",
    ):  # fmt: skip
        assert part in said
    me(api, "ann")
    assert "Here: Ann Onym (number" in check(app, "ann")[1]
    make.person("Other Ben", email="ben@cairn.test")
    assert "the account of ben@cairn.test is not linked" in check(app, "ben")[1]
    assert "disabled there" in check(app, "locked")[1]
    assert asked(app, "SELECT count(*) FROM outside_identities") == [(1,)]


@pytest.mark.parametrize(
    ("login", "change", "said"),
    [
        ("nobody", {}, "Nobody below"),
        ("twin@cairn.test", {}, "More than one"),
        ("ann", {"ldap_bind_password": "wrong"}, "invalidCredentials"),
        ("ann", {"ldap_url": "ldap://127.0.0.1:9"}, "refused"),
    ],
)
def test_the_command_says_why_it_finds_nobody(app, told, login, change, said):
    told(**change)
    code, told_ = check(app, login)
    assert code == 1
    assert said in told_


@pytest.fixture
def merged(api, make, directory):
    """Somebody who has two entries: an older one, which is there no more, and the one that they came by last."""
    root = make.person("Root", is_admin=True)
    gone, kept = me(api, "ben")["id"], me(api, "ann")["id"]
    api(root).post(f"/admin/people/{gone}/merge", {"into": str(kept)}, status=200)
    directory.move("ben", "uid=ben", LEFT)
    return kept


def test_whoever_has_two_entries_is_gone_with_the_last_of_them(app, api, directory, merged):
    ann = entered(api, "ann")
    assert ended(app) == 0
    ann.get("/auth/me")
    directory.move("ann", "uid=ann", LEFT)
    assert ended(app) == 1
    ann.get("/auth/me", status=401)


def test_whoever_has_two_entries_confirms_by_the_one_that_is_there(api, directory, merged):
    ann = entered(api, "ann")
    for _ in range(6):
        ann.post("/auth/confirm", {"password": SECRET}, status=200)
    assert "is not right" in str(ann.post("/auth/confirm", {"password": "wrong"}, status=422))
    directory.move("ann", "uid=ann", LEFT)
    ann.post("/auth/confirm", {"password": SECRET}, status=422)


def test_whoever_has_two_entries_comes_in_by_passkey_while_one_is_there(app, directory, merged):
    with app.app_context():
        user = people.person(merged)
        assert user is not None
        entering.require_there(user)
        directory.move("ann", "uid=ann", LEFT)
        with pytest.raises(Deactivated):
            entering.require_there(user)


def test_it_is_said_before_that_a_merge_brings_the_directorys_password(api, browser, make):
    root, local = make.person("Root", is_admin=True), make.person("Local")
    ann, ben = me(api, "ann")["id"], me(api, "ben")["id"]
    told = api(root).get(f"/admin/people/{ann}/merge?into={local.id}")
    assert told["password_of"] == "LDAP"
    page = browser(root).get(f"/admin/people/{ann}/merge?into={local.id}")
    assert page.says("Its password is that of LDAP from then on")
    assert not page.says("Its password and second factors stay as they are")
    for gone, kept in ((local.id, ann), (ann, ben)):
        assert api(root).get(f"/admin/people/{gone}/merge?into={kept}")["password_of"] is None
        assert (
            browser(root).get(f"/admin/people/{gone}/merge?into={kept}").says("Its password and second factors stay")
        )
