"""Counters that tell when what a process keeps of a project is old. The database moves them, whoever writes.

What a transaction touches is noted in a setting of its own, which a savepoint takes back as it does the rows. The
first note lets the counters be moved when the transaction ends: once, by project, after all other rows, so that
nobody who waits there keeps anybody waiting.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

# Moved with the time, so that a server which lost its last seconds never tells another state by the same counter.
NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
# A note is a letter and the id of a project: s for what is said about issues, w for words, g for a project gone.
# People have one note for all, p0, as they have one counter.
NOTE = """
CREATE FUNCTION stamp_noted(kind text, one bigint, other bigint DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  before text := coalesce(current_setting('cairn.touched', true), '');
  noted text := before;
BEGIN
  IF strpos(noted, kind || one || ' ') = 0 THEN noted := noted || kind || one || ' '; END IF;
  IF strpos(noted, kind || other || ' ') = 0 THEN noted := noted || kind || other || ' '; END IF;
  IF noted <> before THEN PERFORM set_config('cairn.touched', noted, true); END IF;
  RETURN before = '' AND noted <> '';
END $$
"""
# The same for whatever belongs to an issue. One that goes with its issue, or comes along with it, finds none or the
# new place; the issue's own row notes the rest.
NOTE_OF_ISSUE = """
CREATE FUNCTION stamp_noted_of(one bigint, other bigint DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  first boolean := stamp_noted('s', (SELECT project_id FROM issues WHERE id = one));
BEGIN
  IF other IS NULL OR other = one THEN RETURN first; END IF;
  RETURN stamp_noted('s', (SELECT project_id FROM issues WHERE id = other)) OR first;
END $$
"""
MOVE = f"""
CREATE FUNCTION move_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  noted text := coalesce(current_setting('cairn.touched', true), '');
BEGIN
  IF noted = '' THEN RETURN NULL; END IF;
  PERFORM set_config('cairn.touched', '', true);
  IF noted LIKE 's%' AND strpos(noted, ' ') = length(noted) THEN  -- one project's issues, as nearly always
    UPDATE project_stamps SET stamp = greatest(stamp + 1, {NOW}) WHERE project_id = substr(noted, 2)::bigint;
    IF FOUND THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO project_stamps AS kept (project_id, stamp, words)
  SELECT substr(note, 2)::bigint AS id, {NOW}, CASE WHEN bool_or(note LIKE 'w%') THEN {NOW} ELSE 0 END
  FROM string_to_table(rtrim(noted), ' ') AS note WHERE note NOT LIKE 'p%' GROUP BY id ORDER BY id
  ON CONFLICT (project_id) DO UPDATE SET
    stamp = greatest(kept.stamp + 1, excluded.stamp),
    words = CASE WHEN excluded.words = 0 THEN kept.words ELSE greatest(kept.words + 1, excluded.words) END;
  IF strpos(noted, 'g') > 0 THEN
    DELETE FROM project_stamps WHERE project_id IN (
      SELECT substr(note, 2)::bigint FROM string_to_table(rtrim(noted), ' ') AS note WHERE note LIKE 'g%'
    );
  END IF;
  IF strpos(noted, 'p') > 0 THEN UPDATE stamps SET people = greatest(people + 1, {NOW}); END IF;
  RETURN NULL;
END $$
"""  # noqa: S608

PROJECT_WORDS = "key, name, description, visibility, owner_id, archived_at, importing_since, default_view_id"
# All but what a page makes of its text when it is first read, and what the database makes of the rest.
ISSUE = """project_id, number, title, body, state, close_reason, priority, status_id, milestone_id, parent_id,
start_on, due_on, estimate, author_id, created_at, updated_at, closed_at, comment_count, version, rank, origin,
deleted_at, deleted_by"""
COMMENT = "issue_id, author_id, body, created_at, edited_at, version, origin, deleted_at, deleted_by"
PERSON = "name, handle, email, is_active, is_admin, avatar, origin"
MADE_ANEW = "OLD.body_html IS NOT NULL AND OLD.body_html IS DISTINCT FROM NEW.body_html AND "


def _same(columns: str) -> str:
    old, new = (", ".join(f"{row}.{name}" for name in columns.split(", ")) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


# For each table: when, and what is noted. In UPDATE OF, whoever names a column is taken to change it.
Notes = tuple[tuple[str, str], ...]


def _of(kind: str, column: str = "project_id", changed: str = "UPDATE") -> Notes:
    return (
        ("INSERT", f"stamp_noted('{kind}', NEW.{column})"),
        (changed, f"stamp_noted('{kind}', OLD.{column}, NEW.{column})"),
        ("DELETE", f"stamp_noted('{kind}', OLD.{column})"),
    )


def _of_issue(column: str = "issue_id", changed: str = "UPDATE") -> Notes:
    return (
        ("INSERT", f"stamp_noted_of(NEW.{column})"),
        (changed, f"stamp_noted_of(OLD.{column}, NEW.{column})"),
        ("DELETE", f"stamp_noted_of(OLD.{column})"),
    )


NOTES: dict[str, tuple[Notes, ...]] = {
    "projects": (
        (
            ("INSERT", "stamp_noted('s', NEW.id)"),
            ("UPDATE", "stamp_noted('s', OLD.id)"),
            ("DELETE", "stamp_noted('g', OLD.id)"),
        ),
        ((f"UPDATE OF {PROJECT_WORDS}", f"{_same(PROJECT_WORDS)} AND stamp_noted('w', OLD.id)"),),
    ),
    "project_aliases": (_of("w"),),
    "memberships": (_of("w"),),
    "invitations": (_of("w"),),
    "issue_templates": (_of("w"),),
    "views": (_of("w"),),
    "statuses": (_of("w"),),
    "milestones": (_of("w"),),
    "labels": (
        _of("w", changed="UPDATE OF project_id, name, color, description"),
        (("UPDATE OF issue_count", "stamp_noted('s', NEW.project_id)"),),
    ),
    "issues": (
        _of("s", changed=f"UPDATE OF {ISSUE}"),
        (("UPDATE OF body_html", f"{MADE_ANEW} stamp_noted('s', NEW.project_id)"),),
    ),
    "issue_aliases": (_of("s"),),
    "issue_documents": (_of("s"),),
    "issue_labels": (_of_issue(changed="UPDATE OF issue_id, label_id"),),
    "issue_assignees": (_of_issue(changed="UPDATE OF issue_id, user_id"),),
    "issue_links": (_of_issue("source_id"), _of_issue("target_id")),
    "issue_references": (_of_issue("source_issue_id"), _of_issue("target_issue_id")),
    "user_mentions": (_of_issue(),),
    "comments": (
        _of_issue(changed=f"UPDATE OF {COMMENT}"),
        (("UPDATE OF body_html", f"{MADE_ANEW} stamp_noted_of(NEW.issue_id)"),),
    ),
    "text_versions": (_of_issue(),),
    "events": (_of("s"),),  # they go with their issue when that goes to another project
    "attachments": (_of("s"), _of_issue()),
    "users": (
        (
            ("INSERT", "stamp_noted('p', 0)"),
            (f"UPDATE OF {PERSON}", f"{_same(PERSON)} AND stamp_noted('p', 0)"),
            ("DELETE", "stamp_noted('p', 0)"),
        ),
    ),
}


def _triggers() -> list[tuple[str, str, str, str]]:
    """Name, table, when and what each notes."""
    return [
        (f"stamp_{place}_{when.split()[0].lower()}", table, when, note)
        for table, sets in NOTES.items()
        for place, notes in enumerate(sets, 1)
        for when, note in notes
    ]


def upgrade() -> None:
    op.create_table(
        "project_stamps",
        sa.Column("project_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("words", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("project_stamps_pkey")),
    )
    op.create_table(
        "stamps",
        sa.Column("single", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("people", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("single", name=op.f("stamps_pkey")),
        sa.CheckConstraint("single", name=op.f("stamps_single_check")),
    )
    # None begins at nothing: a process may keep what it saw before there were counters, or before an older dump was
    # restored.
    op.execute(f"INSERT INTO stamps (people) VALUES ({NOW})")  # noqa: S608
    op.execute(f"INSERT INTO project_stamps SELECT id, {NOW}, {NOW} FROM projects")  # noqa: S608
    for function in (NOTE, NOTE_OF_ISSUE, MOVE):
        op.execute(function)
    for name, table, when, note in _triggers():
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {when} ON {table} DEFERRABLE INITIALLY DEFERRED"
            f" FOR EACH ROW WHEN ({note}) EXECUTE FUNCTION move_stamps()"
        )


def downgrade() -> None:
    for name, table, _, _ in _triggers():
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in ("move_stamps()", "stamp_noted_of(bigint, bigint)", "stamp_noted(text, bigint, bigint)"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("stamps")
    op.drop_table("project_stamps")
