"""The counters under which a process keeps what it showed: the database moves them, whoever writes what is shown."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.committed import Kept, committed
from tests.make import Make
from webapp.access import Viewer
from webapp.config import Settings
from webapp.db import db
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# Nothing that a page of a project keeps is made of these.
NOT_SHOWN = {
    "authenticators": "shown to their owner, on a page of their own",
    "passkeys": "shown to their owner, on a page of their own",
    "recovery_codes": "counted for their owner, on a page of their own",
    "used_challenges": "asked at a login",
    "audit_records": "shown to administrators, owners and whom they are about, on pages of their own",
    "outside_identities": "shown to their owner, on a page of their own",
    "account_tokens": "links in mails to one person, asked when they are followed",
    "label_aliases": "written with the end of a label, which moves the counters",
    "deliveries": "shown to whom they went, on a page of their own",
    "drafts": "what somebody typed, for them alone",
    "inbox_items": "shown to their owner, in their inbox",
    "former_users": "written with the end of an account, which moves the counter of people",
    "installation": "never changes",
    "code_hosts": "shown to owners, on pages of their own",
    "code_deliveries": "shown to owners, on pages of their own",
    "code_changes": "written once, with an event of each issue that it names",
    "code_mentions": "an event tells each change of one, in the same transaction",
    "issue_watches": "counted by project_watches.choices, which the statement reads that reads the counters",
    "login_failures": "asked at a login",
    "feed_tokens": "shown to their owner, on a page of their own",
    "idempotency_keys": "answers that were given already",
    "jobs": "shown to administrators, on a page of its own",
    "personal_tokens": "shown to their owner, on a page of their own",
    "job_rounds": "asked by workers",
    "incoming_mails": "shown on no page that is kept",
    "project_mailboxes": "asked when mail comes in, and by a page that is not kept",
    "mails": "sent to one person, and shown nowhere",
    "notification_exceptions": "shown to their owner, on a page of their own",
    "notification_settings": "shown to their owner, on a page of their own",
    "project_blocks": "asked with each request, by the statement that reads the counters",
    "project_watches": "asked with each request, by the statement that reads the counters",
    "stored_settings": "counted by stamps.settings, and what is kept is forgotten when that has moved",
    "sign_ins": "asked with each request, by the statement that reads the counters",
    "tallies": "sums of what the same transaction changes in issues; put together without changing a sum",
    "project_stamps": "the counters themselves",
    "stamps": "the counters themselves",
    "view_matches": "shown nowhere",
    "webhooks": "shown to owners, on pages of their own",
    "webhook_deliveries": "shown to owners, on pages of their own",
    "view_watches": "counted by project_watches.choices",
}
MADE = {"html_version": "goes with body_html", "body_html": "has a test of its own"}
# Columns whose change alone changes nothing that is shown, beside ids.
OF_NO_EFFECT = {
    "projects": {"sort_key": "made of the name"},
    "labels": {"sort_key": "made of the name"},
    "milestones": {"sort_key": "made of the title"},
    "issues": {
        "position": "made of number and rank",
        "label_ids": "made of issue_labels",
        "assignee_ids": "made of issue_assignees",
        **MADE,
    },
    "comments": {"reactions": "made of reactions", **MADE},
    "issue_labels": {
        "place": "its issue's, which moves the counter",
        "issue_created_at": "its issue's, which moves the counter",
    },
    "issue_assignees": {"place": "its issue's", "project_id": "its issue's"},
    "users": {
        "sort_key": "made of the name",
        "password_hash": "shown to nobody",
        "email_confirmed_at": "shown to its owner, on a page of its own",
        "token_epoch": "shown to nobody",
        "has_factor": "shown to its owner, on a page of its own",
        "language": "what a reader sees is kept for their language",
        "time_zone": "what its owner sees is kept for them alone, by what they are",
        "zone_chosen": "the same",
        "created_at": "shown to its owner",
    },
}
A_PERSON = "(SELECT min(id) FROM users)"
# How a row comes into each table: of the first issue of the project, in whose place others stand below.
NEW = {
    "projects": f"(key, name, owner_id) VALUES ('NEW', 'New', {A_PERSON})",
    "project_aliases": "(key, project_id) VALUES ('OLD', {project})",
    "memberships": "(project_id, user_id, role) VALUES ({project}, (SELECT max(id) FROM users), 'member')",
    "invitations": "(project_id, email, role, token_hash, invited_by, expires_at)"
    f" VALUES ({{project}}, 'a@example.com', 'member', '', {A_PERSON}, now())",
    "issue_templates": "(project_id, name) VALUES ({project}, 'Fault')",
    "views": f"(project_id, owner_id, name, query) VALUES ({{project}}, {A_PERSON}, 'Mine', '')",
    "statuses": "(project_id, name, category, position) VALUES ({project}, 'Asked', 'started', 9)",
    "milestones": "(project_id, title) VALUES ({project}, 'One')",
    "labels": "(project_id, name, color) VALUES ({project}, 'new', '#d34467')",
    "issues": "(project_id, number, title, status_id, author_id)"
    f" SELECT {{project}}, 99, 'New', min(id), {A_PERSON} FROM statuses WHERE project_id = {{project}}",
    "issue_aliases": "(project_id, number, issue_id) VALUES ({project}, 77, {other})",
    "issue_labels": "(issue_id, label_id) SELECT {issue}, max(id) FROM labels",
    "issue_assignees": f"(issue_id, user_id) VALUES ({{issue}}, {A_PERSON})",
    "issue_links": f"(kind, source_id, target_id, created_by) VALUES ('blocks', {{issue}}, {{other}}, {A_PERSON})",
    "issue_references": "(source_issue_id, said, target_issue_id, actor_id)"
    f" VALUES ({{issue}}, '#1', {{other}}, {A_PERSON})",
    "user_mentions": f"(issue_id, said, user_id, actor_id) VALUES ({{issue}}, '@ada', {A_PERSON}, {A_PERSON})",
    "comments": f"(issue_id, author_id, body) VALUES ({{issue}}, {A_PERSON}, 'Seen.')",
    "reactions": f"(issue_id, user_id, feeling) VALUES ({{issue}}, {A_PERSON}, '+1')",
    "text_versions": f"(issue_id, version, body, edited_by) VALUES ({{issue}}, 1, 'Before', {A_PERSON})",
    "events": "(project_id, issue_id, actor_id, change_id, kind, data)"
    f" VALUES ({{project}}, {{issue}}, {A_PERSON}, gen_random_uuid(), 'closed', '{{{{}}}}')",
    "held_posts": "(issue_id) VALUES ({issue})",
    "post_reports": f"(issue_id, reporter_id, reason) VALUES ({{issue}}, {A_PERSON}, 'spam')",
    "attachments": "(issue_id, user_id, name, stored, size, media_type, sha256, has_thumbnail)"
    f" VALUES ({{issue}}, {A_PERSON}, 'a', 'stored', 1, 'text/plain', '', false)",
}
# What stands beside issues, or says how they are shown.
WORDS = {
    "memberships", "project_aliases", "invitations", "issue_templates", "views", "statuses", "milestones", "labels",
}  # fmt: skip
# Tables whose counters move only when a value changes, and what moves then.
PROJECT = (
    "key", "name", "description", "visibility", "owner_id", "archived_at", "importing_since", "default_view_id",
    "private_role",
)  # fmt: skip
PERSON = ("name", "handle", "email", "is_active", "is_admin", "avatar", "origin")
CHANGED = {
    "projects": {column: {"stamp", "words"} for column in PROJECT},
    "users": {column: {"people"} for column in PERSON},
}
ANOTHER = {
    "key": "'WALLS'", "visibility": "'internal'", "owner_id": "(SELECT max(id) FROM users)", "archived_at": "now()",
    "private_role": "'maintainer'",
    "importing_since": "now()", "default_view_id": "(SELECT max(id) FROM views)", "is_active": "NOT is_active",
    "is_admin": "NOT is_admin",
}  # fmt: skip


@pytest.fixture(scope="module")
def kept(database: str, settings: Settings) -> Iterator[Kept]:
    with committed(database, settings) as there:
        yield there


def columns(table: str) -> list[str]:
    """Those of a table that can change, and have an effect."""
    named = [column.name for column in db.metadata.tables[table].columns if column.name != "id"]
    return [name for name in named if name not in OF_NO_EFFECT.get(table, {})]


def newest(table: str) -> str:
    if "id" in db.metadata.tables[table].columns:
        return f"WHERE id = (SELECT max(id) FROM {table})"
    return "WHERE role <> 'owner'" if table == "memberships" else ""


def test_every_table_moves_a_counter_or_says_why_not(migrated):
    by_triggers = {"issue_documents", "users"}
    assert {*NEW, *NOT_SHOWN, *by_triggers} == set(db.metadata.tables)
    assert not {*NEW} & {*NOT_SHOWN}


@pytest.mark.parametrize("table", sorted(set(NEW) - {"projects"}))
def test_whatever_becomes_of_a_row_moves_it(kept, table):
    wanted = {"words", "stamp"} if table in WORDS else {"stamp"}
    assert kept.moved(f"INSERT INTO {table} {NEW[table].format(**kept.values)}") == wanted
    for column in columns(table):
        moves = {"stamp"} if column == "issue_count" else wanted
        assert (column, kept.moved(f"UPDATE {table} SET {column} = {column}")) == (column, moves)
    assert kept.moved(f"DELETE FROM {table} {newest(table)}") == wanted


@pytest.mark.parametrize("table", ["projects", "users"])
def test_a_value_that_changes_moves_it(kept, table):
    if table == "projects":
        kept.run(f"INSERT INTO views {NEW['views'].format(**kept.values)}")
    for column in columns(table):
        new = ANOTHER.get(column, f"coalesce({column}, '') || 'x'")
        if column not in CHANGED[table]:
            new = column
        moves = CHANGED[table].get(column, {"stamp"})
        where = f"WHERE id = {kept.values['project'] if table == 'projects' else A_PERSON}"
        assert (column, kept.moved(f"UPDATE {table} SET {column} = {new} {where}")) == (column, moves)
        assert "words" not in kept.moved(f"UPDATE {table} SET {column} = {column} {where}")
        assert "people" not in kept.moved(f"UPDATE {table} SET {column} = {column} {where}")


def test_somebody_who_comes_or_goes_moves_the_one_of_people(kept):
    assert kept.moved("INSERT INTO users (name) VALUES ('Zoe')") == {"people"}
    assert kept.moved("DELETE FROM users WHERE name = 'Zoe'") == {"people"}


def test_many_people_are_noted_once(kept):
    """Each note is looked for among all: 20,000 of them took eleven seconds."""
    many = "INSERT INTO users (name) SELECT 'One of ' || n FROM generate_series(1, 100) n"
    assert len(kept.run(many, "SELECT current_setting('cairn.touched')").split()) == 1
    assert kept.moved("DELETE FROM users WHERE name LIKE 'One of %'") == {"people"}


def test_the_words_of_an_issue_move_it(kept):
    assert kept.moved("UPDATE issue_documents SET document = ''") == {"stamp"}


def test_what_a_page_makes_of_a_text_moves_nothing_until_it_is_made_anew(kept):
    for table in ("issues", "comments"):
        kept.run(f"UPDATE {table} SET body_html = NULL")
        assert kept.moved(f"UPDATE {table} SET body_html = '<p>So</p>', html_version = 1") == set()
        assert kept.moved(f"UPDATE {table} SET body_html = '<p>So.</p>', html_version = 2") == {"stamp"}
        assert kept.moved(f"UPDATE {table} SET body_html = NULL") == {"stamp"}


def test_an_issue_that_moves_and_what_ties_two_move_both(kept):
    home, other = (project.id for project in kept.projects)
    move = "UPDATE issues SET project_id = {}, number = 50 WHERE id = {}"
    for there in (other, home):
        before = kept.counters(0)[0], kept.counters(1)[0]
        kept.run(move.format(there, kept.values["issue"]))
        assert kept.counters(0)[0] > before[0]
        assert kept.counters(1)[0] > before[1]
    for table in ("issue_links", "issue_references"):
        assert kept.moved(f"INSERT INTO {table} {NEW[table].format(**kept.values)}", place=1) == {"stamp"}
        assert kept.moved(f"DELETE FROM {table}", place=1) == {"stamp"}


def test_what_is_undone_moves_nothing_and_what_follows_it_does(kept):
    change = "UPDATE issues SET title = 'Anew' WHERE id = {issue}".format(**kept.values)
    undone = ("SAVEPOINT here", change, "ROLLBACK TO SAVEPOINT here")
    assert kept.moved(change, "ROLLBACK") == set()
    assert kept.moved(*undone) == set()
    assert kept.moved(*undone, change) == {"stamp"}
    assert kept.moved(change, *undone) == {"stamp"}
    assert kept.moved("SAVEPOINT here", change, "RELEASE SAVEPOINT here") == {"stamp"}
    assert kept.moved(change, "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED", change) == {"stamp"}


def test_nobody_waits_for_it_before_the_end(kept):
    with kept.connect() as one, one.cursor() as cursor:
        one.autocommit = False
        cursor.execute("UPDATE issues SET title = 'Slowly' WHERE id = %s", [kept.values["issue"]])
        before = kept.counters()
        assert kept.moved(f"INSERT INTO labels {NEW['labels'].format(**kept.values)}") == {"stamp", "words"}
        between = kept.counters()
        one.commit()
    assert before[0] < between[0] < kept.counters()[0]


def test_many_changes_move_it_once(kept):
    many = [
        "INSERT INTO issues (project_id, number, title, status_id, author_id)"
        " SELECT {project}, 1000 + n, 'New', status_id, author_id FROM issues, generate_series(1, 500) n"
        " WHERE id = {issue}".format(**kept.values),
        "UPDATE issues SET title = 'Newer' WHERE number > 1000",
        "DELETE FROM issues WHERE number > 1000",
        "SET CONSTRAINTS ALL IMMEDIATE",
    ]
    moved = "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'project_stamps'"
    assert kept.run(*many, moved) == 1


def test_those_who_change_two_projects_do_not_wait_for_each_other_for_good(kept):
    """Each holds a project's row when it comes to the counters of both, the other way round."""
    change = "UPDATE projects SET updated_at = now() WHERE id = {}"
    issues = "UPDATE issues SET title = 'Both' || random() WHERE id = {}"
    ids, failures = [project.id for project in kept.projects], []

    def work(first: int, own: Any, other: Any) -> None:
        try:
            for _ in range(50):
                kept.run(change.format(ids[first]), issues.format(own), "SELECT pg_sleep(0.002)")
                link = NEW["issue_links"].format(issue=own, other=other).replace("'blocks'", "'relates'")
                kept.run(change.format(ids[first]), f"INSERT INTO issue_links {link}", "DELETE FROM issue_links")
        except Exception as error:
            failures.append(error)

    issue, other = kept.values["issue"], kept.values["other"]
    workers = [Thread(target=work, args=(0, issue, other)), Thread(target=work, args=(1, other, issue))]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert failures == []


def test_a_project_that_is_gone_leaves_no_counter(kept):
    gone = "DELETE FROM projects WHERE key = 'NEW'"
    kept.run(f"INSERT INTO projects {NEW['projects']}")
    assert kept.run("SELECT count(*) FROM project_stamps WHERE stamp > 0") == 3
    kept.run(gone)
    assert kept.run("SELECT count(*) FROM project_stamps") == 2


def test_a_server_that_lost_its_last_changes_never_tells_the_same_of_others(kept):
    """After a fail-over the next change is another one: it has another counter, too."""
    change = "UPDATE issues SET title = 'Lost' WHERE id = {issue}".format(**kept.values)
    before = kept.counters()[0]
    kept.run(change)
    lost = kept.counters()[0]
    kept.run(f"UPDATE project_stamps SET stamp = {before} WHERE project_id = {kept.values['project']}")
    kept.run(change)
    assert kept.counters()[0] > lost


def test_whoever_reads_a_project_reads_its_edition(api, make, ada):
    project = make.project(ada, key="WALL")
    before = again(make, ada)
    assert before == again(make, ada)
    api(ada).post("/projects/WALL/issues", {"title": "A stone"})
    after = again(make, ada)
    assert (after.edition != before.edition, after.words) == (True, before.words)
    api(ada).post("/projects/WALL/labels", {"name": "new", "color": "#d34467"})
    assert again(make, ada).words > after.words
    assert project.id == after.edition[0]


def again(make: Make, by: Viewer) -> ProjectRow:
    with make.app.app_context():
        return projects.get("WALL", by)
