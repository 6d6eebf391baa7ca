"""Two accounts of one person become one, and whatever refers to people goes along."""

import pytest
from sqlalchemy import text

from tests.factors.conftest import arrived, holder
from tests.make import PASSWORD
from webapp.db import db, transacting
from webapp.models.accounts import NAMELESS
from webapp.people import joining

__all__ = ["arrived", "holder"]

# A row of each table that refers to people, told of {gone}; others are there beside it.
ROWS = {
    "attachments": "(issue_id, user_id, name, stored, size, media_type, sha256, has_thumbnail)"
    " VALUES ({issue}, {gone}, 'a', 'stored', 1, 'text/plain', '', false)",
    "code_hosts": "(project_id, connected_by, former_by, kind, address, salt)"
    " VALUES ({project}, {gone}, {gone}, 'plain', 'here', '')",
    "code_deliveries": "(code_host_id, by_id, message_id, event)"
    " SELECT max(id), {gone}, 'one', 'push' FROM code_hosts",
    "comments": "(issue_id, author_id, deleted_by, body, deleted_at) VALUES ({issue}, {gone}, {gone}, 'Seen.', now())",
    "events": "(project_id, issue_id, actor_id, change_id, kind, data)"
    " VALUES ({project}, {issue}, {gone}, gen_random_uuid(), 'assigned',"
    ' \'{{"added": ["Eve"], "added_ids": [{gone}], "removed": [], "removed_ids": []}}\')',
    "former_users": "(id, user_id, handle) VALUES (900000, {gone}, 'longago')",
    "incoming_mails": "(digest, recipient, user_id) VALUES ('', 'a', {gone})",
    "project_blocks": "(project_id, user_id, blocked_by) VALUES ({project}, {gone}, {gone})",
    "invitations": "(project_id, email, role, token_hash, invited_by, expires_at)"
    " VALUES ({project}, 'a@example.com', 'member', '', {gone}, now())",
    "issue_links": "(kind, source_id, target_id, created_by) VALUES ('blocks', {issue}, {other}, {gone})",
    "issue_references": "(source_issue_id, said, target_issue_id, actor_id) VALUES ({issue}, '#2', {other}, {gone})",
    "issues": "(project_id, number, title, status_id, author_id, deleted_by, deleted_at)"
    " SELECT {project}, 99, 'New', min(id), {gone}, {gone}, now() FROM statuses WHERE project_id = {project}",
    "mails": "(user_id, kind, message_id) VALUES ({gone}, 'issue', 'one')",
    "outside_identities": "(provider, subject, user_id) VALUES ('acme', 'eve', {gone})",
    "post_reports": "(issue_id, reporter_id, reason) VALUES ({issue}, {gone}, 'spam')",
    "projects": "(key, name, owner_id) VALUES ('NEW', 'New', {gone})",
    "text_versions": "(issue_id, version, body, edited_by) VALUES ({issue}, 1, 'Before', {gone})",
    "user_mentions": "(issue_id, said, user_id, actor_id) VALUES ({issue}, '@eve', {gone}, {gone})",
    "views": "(project_id, owner_id, name, query) VALUES ({project}, {gone}, 'Mine', '')",
    "webhooks": "(project_id, created_by, url, events, salt) VALUES ({project}, {gone}, 'https://a.example', '{{everything}}', '')",
    "deliveries": "(user_id, project_id, issue_id, change_id, event_id, last_event_id, way, reason)"
    " VALUES ({gone}, {project}, {issue}, gen_random_uuid(), 1, 1, 'inbox', 'assigned')",
    "inbox_items": "(user_id, issue_id, reason, last_event_id) VALUES ({gone}, {issue}, 'assigned', 1)",
    "issue_watches": "(issue_id, user_id, level) VALUES ({issue}, {gone}, 'all')",
    "memberships": "(project_id, user_id, role) VALUES ({project}, {gone}, 'member')",
    "project_watches": "(project_id, user_id, level) VALUES ({project}, {gone}, 'all')",
    "reactions": "(issue_id, user_id, feeling) VALUES ({issue}, {gone}, '+1')",
    "issue_assignees": "(issue_id, user_id) VALUES ({issue}, {gone})",
    "notification_settings": "(user_id) VALUES ({gone})",
    "notification_exceptions": "(user_id, project_id) VALUES ({gone}, {project})",
    "view_watches": "(view_id, user_id) SELECT max(id), {gone} FROM views",
    "view_matches": "(view_id, user_id, issue_id) SELECT max(id), {gone}, {issue} FROM views",
    "account_tokens": "(user_id, purpose, token_hash, email, expires_at) VALUES ({gone}, 'reset', 'x', 'a', now())",
    "authenticators": "(user_id, seed, last_step) VALUES ({gone}, '', 0)",
    "feed_tokens": "(user_id, name, token_hash, last_four, epoch) VALUES ({gone}, 'a', 'x', 'abcd', 1)",
    "idempotency_keys": "(user_id, key, fingerprint) VALUES ({gone}, 'one', '')",
    "passkeys": "(user_id, name, credential_id, public_key, sign_count) VALUES ({gone}, 'a', 'x', '', 0)",
    "recovery_codes": "(user_id, code_hash) VALUES ({gone}, 'x')",
    "sign_ins": "(user_id, ends_at) VALUES ({gone}, now() + interval '1 day')",
}

# Names of columns that hold the id of a person without being held to it.
UNTIED = "SELECT count(*) FROM {table} WHERE {column} = {gone}"
REFERRING = """
    SELECT child.relname || '.' || kept.attname, parent.relname
    FROM pg_constraint c
    JOIN pg_class child ON child.oid = c.conrelid
    JOIN pg_class parent ON parent.oid = c.confrelid
    JOIN LATERAL unnest(c.conkey, c.confkey) AS pair (own, other) ON true
    JOIN pg_attribute kept ON kept.attrelid = child.oid AND kept.attnum = pair.own
    JOIN pg_attribute named ON named.attrelid = parent.oid AND named.attnum = pair.other
    WHERE c.contype = 'f' AND (parent.relname = 'users' OR (child.relname, kept.attname) IN (
        SELECT table_name, column_name FROM information_schema.columns WHERE column_name = 'user_id'
    ) AND named.attname = 'user_id')
"""


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture
def wall(make, ada):
    return make.project(ada, key="WALL")


def rows(app, statement):
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text(statement))]


def write(app, *statements):
    with app.app_context(), transacting() as session:
        for statement in statements:
            session.execute(text(statement.replace(":", "\\:") if "::" in statement else statement))


def merge(api, root, gone, kept, status=200):
    return api(root).post(f"/admin/people/{gone.id}/merge", {"into": str(kept.id)}, status=status)


def fates():
    copied = {f"{table}.user_id" for table in joining.COPIED}
    return {*joining.MOVED, *joining.JOINED, *joining.ENDED, *copied}


def test_every_column_that_refers_to_people_has_a_fate(app):
    assert {name for name, _parent in rows(app, REFERRING)} == fates()


def test_whatever_there_is_of_somebody_goes_along(app, api, make, root, ada, eve, wall):
    issue, other = (make.issue(wall, ada).id for _ in range(2))
    values = {"gone": eve.id, "project": wall.id, "issue": issue, "other": other}
    missing = {place.split(".")[0] for place in fates()} - set(ROWS)
    assert not missing, "Give ROWS a row of each."
    with app.app_context(), transacting() as session:
        for table, row in ROWS.items():
            statement = f"INSERT INTO {table} {row.format(**values)}"
            session.connection().exec_driver_sql(statement)
    for place in fates():
        table, column = place.split(".")
        assert rows(app, UNTIED.format(table=table, column=column, gone=eve.id)) != [(0,)], place
    merge(api, root, eve, ada)
    for place in fates() - set(joining.ENDED):
        table, column = place.split(".")
        assert rows(app, UNTIED.format(table=table, column=column, gone=eve.id)) == [(0,)], place
        assert rows(app, UNTIED.format(table=table, column=column, gone=ada.id)) != [(0,)], place
    for place in joining.ENDED:
        table, column = place.split(".")
        assert rows(app, UNTIED.format(table=table, column=column, gone=eve.id)) == [(0,)], place
    assert rows(app, f"SELECT id FROM users WHERE id = {eve.id}") == []
    assert rows(app, f"SELECT assignee_ids FROM issues WHERE id = {issue}") == [([ada.id],)]
    assert rows(app, "SELECT data -> 'added_ids' FROM events WHERE kind = 'assigned'") == [([ada.id],)]


def test_where_both_have_the_same_one_of_it_stays(app, api, make, root, ada, eve, wall):
    issue = make.issue(wall, ada).id
    double = (
        "issue_assignees", "memberships", "reactions", "issue_watches", "project_watches", "inbox_items", "deliveries",
        "notification_settings", "notification_exceptions", "views", "view_watches", "view_matches",
    )  # fmt: skip
    same = ROWS | {
        "deliveries": ROWS["deliveries"].replace("gen_random_uuid()", "'0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90'")
    }
    with app.app_context(), transacting() as session:
        session.execute(text(f"DELETE FROM memberships WHERE user_id = {ada.id}"))
        for one in (ada, eve):
            for table in double:
                values = {"gone": one.id, "project": wall.id, "issue": issue}
                session.connection().exec_driver_sql(f"INSERT INTO {table} {same[table].format(**values)}")
    merge(api, root, eve, ada)
    for table in double:
        owner = "owner_id" if table == "views" else "user_id"
        many = 2 if table in ("views", "view_watches", "view_matches") else 1
        assert rows(app, f"SELECT count(*) FROM {table} WHERE {owner} IN ({ada.id}, {eve.id})") == [(many,)], table
    assert len({name for (name,) in rows(app, "SELECT lower(name) FROM views")}) == 2


def test_the_higher_role_stays(app, api, make, root, ada, eve, wall):
    gate = make.project(eve, key="GATE")
    for project, person, role in ((wall, eve, "viewer"), (gate, ada, "viewer")):
        write(
            app, f"INSERT INTO memberships (project_id, user_id, role) VALUES ({project.id}, {person.id}, '{role}')"
        )
    merge(api, root, eve, ada)
    assert rows(app, f"SELECT project_id, role FROM memberships WHERE user_id = {ada.id} ORDER BY 1") == [
        (wall.id, "owner"), (gate.id, "owner"),
    ]  # fmt: skip
    api(ada).patch("/projects/GATE", {"name": "Now hers"})


def test_what_is_unread_for_one_is_not_done_for_the_other(app, api, make, root, ada, eve, wall):
    issue = make.issue(wall, ada).id
    for person, done in ((ada, "now()"), (eve, "NULL")):
        write(
            app,
            "INSERT INTO inbox_items (user_id, issue_id, reason, last_event_id, first_unread_id, done_at)"
            f" VALUES ({person.id}, {issue}, 'assigned', 1, 1, {done})",
        )
    merge(api, root, eve, ada)
    assert rows(app, f"SELECT user_id, done_at FROM inbox_items WHERE issue_id = {issue}") == [(ada.id, None)]


def test_a_handle_goes_on_leading_there(app, api, browser, make, root, ada, eve, wall):
    handle = rows(app, f"SELECT handle FROM users WHERE id = {eve.id}")[0][0]
    write(app, f"INSERT INTO memberships (project_id, user_id, role) VALUES ({wall.id}, {eve.id}, 'member')")
    before = api(ada).post("/projects/WALL/issues", {"title": "Old", "body": f"As @{handle} said"})
    kept = browser(ada)
    assert f"/users/{eve.id}" in kept.get("/projects/WALL/issues/1").text
    merge(api, root, eve, ada)
    assert f"/users/{ada.id}" in kept.get("/projects/WALL/issues/1").text
    assert f"/users/{eve.id}" not in kept.get("/projects/WALL/issues/1").text
    api(ada).post("/projects/WALL/issues", {"title": "New", "body": f"And @{handle} says"})
    assert f"/users/{ada.id}" in kept.get("/projects/WALL/issues/2").text
    assert before["number"] == 1
    found = api(ada).get(f"/projects/WALL/issues?q=mentions:{handle}")["items"]
    assert [one["number"] for one in found] == [2, 1]
    refused = api(ada).patch("/auth/me", {"handle": handle}, status=409)
    assert [one["field"] for one in refused["errors"]] == ["handle"]
    assert api(ada).get(f"/users/{eve.id}")["id"] == ada.id


def test_their_logins_end_and_those_of_the_other_do_not(api, root, ada, eve):
    theirs, other = api(eve), api(ada)
    theirs.get("/auth/me")
    other.get("/auth/me")
    merge(api, root, eve, ada)
    theirs.get("/auth/me", status=401)
    other.get("/auth/me")
    api().post("/auth/login", {"email": eve.email, "password": PASSWORD}, status=401)


def test_it_says_before_what_will_happen(api, browser, make, root, ada, eve, wall):
    issue = make.issue(wall, ada)
    make.comment(wall, issue, ada)
    told = api(root).get(f"/admin/people/{ada.id}/merge?into={eve.email}")
    assert (told["account"]["name"], told["into"]["name"]) == ("Ada", "Eve")
    has = told["belongings"]
    assert (has["issues"], has["comments"], has["memberships"], has["owned"]) == (1, 1, 1, 1)
    page = browser(root).get(f"/admin/people/{ada.id}/merge?into={eve.email}")
    assert page.says("This cannot be taken back")
    here = browser(root)
    here.post(f"/admin/people/{ada.id}/merge", {"into": str(eve.id)})
    assert here.get(f"/admin/people/{eve.id}").says("Merged into Eve.")
    api(eve).patch("/projects/WALL", {"name": "Now hers"})


@pytest.mark.parametrize(
    ("gone", "kept", "status", "said"),
    [
        ("eve", "eve", 409, "itself"),
        ("root", "eve", 409, "your own account"),
        ("eve", "octocat", 409, "is imported"),
        ("eve", "former", 409, "deactivated"),
        ("eve", "nobody", 422, "Nobody here"),
        ("nobody", "eve", 404, ""),
    ],
)
def test_what_cannot_be_merged_is_refused(app, api, make, root, eve, gone, kept, status, said):
    people = {
        "eve": eve.id,
        "root": root.id,
        "octocat": make.person("Octocat", email=None, password_hash=None, origin="github:octocat").id,
        "former": make.person("Former", is_active=False).id,
        "nobody": 99999999,
    }
    told = api(root).post(f"/admin/people/{people[gone]}/merge", {"into": str(people[kept])}, status=status)
    assert said in str(told)
    if status != 404:
        assert said in str(api(root).get(f"/admin/people/{people[gone]}/merge?into={people[kept]}", status=status))
    assert rows(app, f"SELECT count(*) FROM users WHERE id IN ({eve.id}, {root.id})") == [(2,)]


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("nobody@example.com", 422, "Nobody here has this address, handle or number."),
        ("9" * 30, 422, "Nobody here has this address, handle or number."),
        ("x" * 400, 422, "Into the account must have at most 320 characters"),
        ("{self}", 409, "This is the account itself."),
        ("{octocat}", 409, "Octocat is imported"),
        ("{former}", 409, "Former is deactivated."),
    ],
)
def test_a_refused_name_stays_typed(browser, make, root, eve, typed, status, said):
    octocat = make.person("Octocat", email=None, password_hash=None, origin="github:octocat")
    typed = typed.format(self=eve.id, octocat=octocat.id, former=make.person("Former", is_active=False).id)
    at = f"/admin/people/{eve.id}/merge"
    for page in (
        browser(root).get(f"{at}?into={typed}", status=status),
        browser(root).post(at, {"into": typed}, status=status),
    ):
        assert page.says(said)
        assert page.says("Look at what will happen")
        assert page.fields["into"] == typed


@pytest.mark.parametrize("origin", NAMELESS)
def test_whoever_an_import_does_not_name_is_nobody_to_be(app, api, browser, make, root, ada, eve, origin):
    nameless, one = (
        make.person("Somebody", email=None, password_hash=None, origin=of, handle=None)
        for of in (origin, "github:somebody")
    )
    for gone, kept in ((nameless, eve), (one, nameless)):
        for method in ("GET", "POST"):
            at = f"/admin/people/{gone.id}/merge"
            sent = {"query_string": {"into": kept.id}} if method == "GET" else {"json": {"into": str(kept.id)}}
            assert "more than one person" in str(api(root).send(method, at, status=409, **sent).json)
    api(root).get(f"/admin/people/{nameless.id}/merge", status=409)
    at = f"/admin/people/{nameless.id}/invitation"
    assert "more than one person" in api(root).post(at, {"email": "a@example.org"}, status=409)["detail"]
    page = browser(root).get(f"/admin/people/{nameless.id}")
    assert page.says("more than one person")
    assert "email" not in page.fields
    assert not page.says("Give to an account")
    assert api(root).get(f"/admin/people/{nameless.id}")["is_nameless"]
    # Somebody else is called so.
    assert browser(root).get(f"/admin/people/{one.id}").says("Give to an account")
    merge(api, root, one, eve)


def test_whose_account_took_nameless_posts_before_is_a_person(app, api, root, ada, eve):
    write(app, f"UPDATE users SET origin = 'unsaid' WHERE id = {eve.id}")
    assert not api(root).get(f"/admin/people/{eve.id}")["is_nameless"]
    merge(api, root, eve, ada)


def test_the_last_administrator_stays(app, make, root, eve):
    from webapp.access import Viewer
    from webapp.errors import Conflict
    from webapp.people import merging

    other = make.person("Other", is_admin=True)
    write(app, f"UPDATE users SET is_active = false WHERE id = {root.id}")
    with app.app_context(), pytest.raises(Conflict, match="last administrator"), transacting():
        merging.merge(other.id, str(eve.id), Viewer(root.id, "Root", "", root.created_at, True))


def test_only_administrators_do_it(api, ada, eve):
    merge(api, ada, eve, ada, status=403)
    api(ada).get(f"/admin/people/{eve.id}/merge", status=403)


def test_an_import_finds_whoever_was_given_to_an_account(app, api, make, root, ada):
    from webapp.exchange import repository as exchange

    first, second = (
        make.person(name, email=None, password_hash=None, origin=f"github:{name.lower()}") for name in ("One", "Two")
    )
    for one in (first, second):
        merge(api, root, one, ada)
    with app.app_context(), transacting():
        ids, new = exchange.people([{"origin": f"github:{name}", "name": name} for name in ("one", "two")])
    assert (ids, new) == ({"github:one": ada.id, "github:two": ada.id}, set())
    assert api(root).get(f"/admin/people/{ada.id}")["is_imported"] is False
    assert api(root).get("/admin/audit?kind=user_merged")["items"][0]["target"]["name"] == "Ada"
