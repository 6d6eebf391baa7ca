"""How everything of one account becomes another's: what comes of each column that names somebody."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, delete, func, insert, select, text, update

from webapp.access import Role
from webapp.db import allow, db
from webapp.events.people import replace_person
from webapp.models.accounts import FormerUser, User
from webapp.models.projects import Membership
from webapp.people.rows import Belongings
from webapp.reading import Text, read

# Whoever has written for years has written much; nobody else waits for these statements but who changes the same.
PATIENCE = 120

# tests/people/test_merging.py finds a column that refers to people and is in none of these.
MOVED = (
    "attachments.user_id", "code_deliveries.by_id", "code_hosts.connected_by", "code_hosts.former_by",
    "comments.author_id", "comments.deleted_by", "events.actor_id", "former_users.user_id", "incoming_mails.user_id",
    "invitations.invited_by", "issue_links.created_by", "issue_references.actor_id", "issues.author_id",
    "issues.deleted_by", "mails.user_id", "outside_identities.user_id", "project_blocks.blocked_by",
    "projects.owner_id", "text_versions.edited_by", "user_mentions.actor_id", "user_mentions.user_id",
    "views.owner_id", "webhooks.created_by",
)  # fmt: skip
# Of two rows with the same of these, the one of whoever stays goes on, and the other ends.
JOINED = {
    "deliveries.user_id": ("issue_id", "change_id", "way"),
    "inbox_items.user_id": ("issue_id",),
    "issue_watches.user_id": ("issue_id",),
    "memberships.user_id": ("project_id",),
    "project_blocks.user_id": ("project_id",),
    "project_watches.user_id": ("project_id",),
    "post_reports.reporter_id": ("issue_id", "comment_id"),
    "reactions.user_id": ("issue_id", "comment_id", "feeling"),
}
# The same, where others refer to the row by who it is of: it is made again for whoever stays. In this order.
COPIED = ("issue_assignees", "notification_settings", "notification_exceptions", "view_watches", "view_matches")
# Keys to an account that is no more: they end with it.
ENDED = (
    "account_tokens.user_id", "authenticators.user_id", "feed_tokens.user_id", "idempotency_keys.user_id",
    "passkeys.user_id", "recovery_codes.user_id", "sign_ins.user_id",
)  # fmt: skip

_ROLES = ", ".join(f"'{role}'" for role in Role)
# What somebody was made, and chose, for a project counts by the stronger role, and anew for what is kept for them.
_STRONGER = text(f"""
    UPDATE memberships AS own SET role = other.role FROM memberships AS other
    WHERE own.user_id = :kept AND other.user_id = :gone AND own.project_id = other.project_id
    AND array_position(ARRAY[{_ROLES}], other.role::text) < array_position(ARRAY[{_ROLES}], own.role::text)
""")  # noqa: S608  the roles are words of the program
_CHOSEN_ANEW = text("""
    UPDATE project_watches SET choices = choices + (
        SELECT coalesce(max(choices), 0) FROM project_watches AS other
        WHERE other.user_id = :gone AND other.project_id = project_watches.project_id
    ) + 1 WHERE user_id = :kept
""")
# An issue that is done for one of both waits for the other.
_STILL_WAITING = text("""
    DELETE FROM inbox_items AS own USING inbox_items AS other
    WHERE own.user_id = :kept AND other.user_id = :gone AND own.issue_id = other.issue_id
    AND own.done_at IS NOT NULL AND other.done_at IS NULL
""")
# Two views of one person in one place have two names.
_NAMED_APART = text("""
    UPDATE views SET name = left(views.name, 60) || ' (' || views.id || ')'
    FROM views AS own
    WHERE views.owner_id = :gone AND own.owner_id = :kept AND lower(own.name) = lower(views.name)
    AND own.project_id IS NOT DISTINCT FROM views.project_id AND NOT own.shared AND NOT views.shared
""")
# A link in a mail that waits led into the account that goes.
_DEAD_LINKS = text("DELETE FROM mails WHERE user_id = :gone AND state = 'waiting' AND data ? 'token'")
# What stands ready of a text leads to whom it names: it is made anew when it is next read.
_TEXTS = tuple(
    text(f"""
        UPDATE {table} SET body_html = NULL, html_version = NULL
        WHERE id IN (SELECT {column} FROM user_mentions WHERE user_id = :gone AND {which})
    """)  # noqa: S608  names of models
    for table, column, which in (("issues", "issue_id", "comment_id IS NULL"), ("comments", "comment_id", "true"))
)
_ISSUES = text("""
    SELECT id FROM issues WHERE author_id = :gone OR deleted_by = :gone OR id IN (
        SELECT issue_id FROM issue_assignees WHERE user_id = :gone
        UNION ALL SELECT issue_id FROM comments WHERE author_id = :gone OR deleted_by = :gone
        UNION ALL SELECT issue_id FROM reactions WHERE user_id = :gone
        UNION ALL SELECT issue_id FROM user_mentions WHERE user_id = :gone
    ) ORDER BY id FOR NO KEY UPDATE
""")
_PROJECTS = text("SELECT id FROM projects WHERE owner_id = :gone ORDER BY id FOR NO KEY UPDATE")
_BELONGINGS = Text(
    """
    SELECT
        (SELECT count(*) FROM issues WHERE author_id = :user_id AND deleted_at IS NULL),
        (SELECT count(*) FROM comments WHERE author_id = :user_id AND deleted_at IS NULL),
        (SELECT count(*) FROM issue_assignees WHERE user_id = :user_id),
        (SELECT count(*) FROM memberships WHERE user_id = :user_id),
        (SELECT count(*) FROM projects WHERE owner_id = :user_id),
        (SELECT count(*) FROM issue_watches WHERE user_id = :user_id)
            + (SELECT count(*) FROM project_watches WHERE user_id = :user_id AND level IS NOT NULL)
            + (SELECT count(*) FROM view_watches WHERE user_id = :user_id),
        (SELECT count(*) FROM inbox_items WHERE user_id = :user_id),
        (SELECT count(*) FROM views WHERE owner_id = :user_id),
        (SELECT count(*) FROM reactions WHERE user_id = :user_id),
        (SELECT count(*) FROM user_mentions WHERE user_id = :user_id),
        (SELECT count(*) FROM attachments WHERE user_id = :user_id),
        (SELECT count(*) FROM outside_identities WHERE user_id = :user_id),
        (SELECT count(*) FROM sign_ins WHERE user_id = :user_id AND revoked_at IS NULL AND ends_at > now()),
        (SELECT count(*) FROM feed_tokens WHERE user_id = :user_id AND expires_at > now()),
        (SELECT count(*) FROM passkeys WHERE user_id = :user_id)
            + (SELECT count(*) FROM authenticators WHERE user_id = :user_id)
    """,
    "user_id bigint",
    "issues comments assigned memberships owned watches inbox views reactions mentions files identities"
    " sign_ins feed_tokens factors",
)


def belongings(user_id: int) -> Belongings:
    """What somebody has, each counted."""
    return Belongings(*read(_BELONGINGS, {"user_id": user_id}).one())


def projects(*user_ids: int) -> Sequence[int]:
    """The projects that these people are in."""
    found = select(Membership.project_id).where(Membership.user_id.in_(user_ids)).distinct()
    return list(db.session.scalars(found.order_by(Membership.project_id)))


def called(word: str) -> int | None:
    """Whose number, handle or address this is."""
    known = [User.handle == word.lower().removeprefix("@"), func.lower(User.email) == word.lower()]
    if word.isascii() and word.isdecimal() and len(word) < 19:
        known = [User.id == int(word)]
    return read(select(User.id).where(known[0] if len(known) == 1 else known[0] | known[1])).scalar()


def locked(*user_ids: int) -> dict[int, User]:
    """These people, with issues and projects of the first; nobody refers to them anew until the transaction ends."""
    allow(PATIENCE)
    for rows in (_ISSUES, _PROJECTS):
        db.session.execute(rows, {"gone": user_ids[0]})
    both = select(User).where(User.id.in_(user_ids)).order_by(User.id).with_for_update()
    return {one.id: one for one in db.session.scalars(both.execution_options(populate_existing=True))}


def join(gone: User, kept: User) -> None:
    """Let everything of one account be the other's. What is left of the first is where it leads."""
    values = {"gone": gone.id, "kept": kept.id}
    for statement in (_STRONGER, _CHOSEN_ANEW, _STILL_WAITING, _NAMED_APART, _DEAD_LINKS, *_TEXTS):
        db.session.execute(statement, values)
    for statement in (*_copying(), *_joining(), *_moving(), *_ending()):
        db.session.execute(statement, values)
    replace_person(gone.id, kept.id)
    _leave(gone, kept)


def _copying() -> list[TextClause]:
    """Rows that others refer to: those that refer go first."""
    made = [text(_copied(table)) for table in COPIED]
    ended = [text(f"DELETE FROM {table} WHERE user_id = :gone") for table in reversed(COPIED)]  # noqa: S608
    return [*made, *ended]


def _copied(table: str) -> str:
    names = [column.name for column in db.metadata.tables[table].columns]
    others = ", ".join(name for name in names if name != "user_id")
    rows = f"SELECT :kept, {others} FROM {table} WHERE user_id = :gone"  # noqa: S608  names of models
    return f"INSERT INTO {table} (user_id, {others}) {rows} ON CONFLICT DO NOTHING"


def _joining() -> list[TextClause]:
    return [one for place, key in JOINED.items() for one in (text(_doubled(place, key)), text(_moved(place)))]


def _doubled(place: str, key: Sequence[str]) -> str:
    table, column = place.split(".")
    same = " AND ".join(f"other.{name} IS NOT DISTINCT FROM own.{name}" for name in key)
    both = f"other.{column} = :gone AND own.{column} = :kept AND {same}"
    return f"DELETE FROM {table} AS other USING {table} AS own WHERE {both}"  # noqa: S608  names of models


def _moving() -> list[TextClause]:
    return [text(_moved(place)) for place in MOVED]


def _ending() -> list[TextClause]:
    places = (place.split(".") for place in ENDED)
    return [text(f"DELETE FROM {table} WHERE {column} = :gone") for table, column in places]  # noqa: S608


def _moved(place: str) -> str:
    table, column = place.split(".")
    return f"UPDATE {table} SET {column} = :kept WHERE {column} = :gone"  # noqa: S608  names of models


def _leave(gone: User, kept: User) -> None:
    """The account ends with its keys; its handle and origin are the other's, or lead there."""
    handle, origin, avatar = gone.handle, gone.origin, gone.avatar
    db.session.execute(delete(User).where(User.id == gone.id))
    taken: dict[str, Any] = {}
    if kept.origin is None and origin is not None:
        taken["origin"], origin = origin, None
    if kept.avatar is None and avatar is not None:
        taken["avatar"] = avatar
    if taken:
        db.session.execute(update(User).where(User.id == kept.id).values(**taken))
    db.session.execute(insert(FormerUser).values(id=gone.id, user_id=kept.id, handle=handle, origin=origin))
