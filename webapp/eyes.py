"""Whose eyes statements look with, and what these see of tables in which private issues leave a trace.

A private issue is seen by its author, by those whose it is, and by the team of its project, which is who has the role
in it from which on it says that such is seen; a private comment by its author and the team. That is asked in one
place: on the way to the database, of every statement, whoever wrote it. In what a statement reads, each such table is
replaced by that part of it which the reader sees, before its own conditions, joins and counts. So no query, no search
and no sum can forget it, and a lock on a row that the reader does not see finds none.

A request begins with nobody's eyes, and has those of a person once it is known who asks. What is done in nobody's
name (jobs, commands) sees everything, and looks `through` the eyes of whom it writes to or acts for. Only reading is
narrowed: what a statement changes, it found by reading before.

A personal access token may be limited to projects. Whoever asks with such a one sees nothing that belongs to another:
the same replacement leaves out of every table what is of other projects, or of none. And as an administrator somebody
sees what is private only where they act as one: not through a token that is limited, or that leaves them less.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import lru_cache
from typing import Any, NamedTuple

from webapp import tables_read
from webapp.rights import SEE_PRIVATE_FROM

NOBODY = 0  # as an id, which no person has
# The name of the value that says who reads, in a statement that is narrowed.
READER = "reader_id"
# And the one that says in which projects, in one that is limited to these.
WITHIN = "reader_projects"

# What a statement calls a table that it reads as it is, whoever asks: to find out whether anything has to be hidden.
WHOLE = "whole"


class Eyes(NamedTuple):
    """Who looks, and the ids of the projects that they are limited to; None are all that they see.

    `administers`: as an administrator, if they are one; never within projects.
    """

    reader_id: int
    within: tuple[int, ...] | None = None
    administers: bool = True


# None sees everything.
_eyes: ContextVar[Eyes | None] = ContextVar("eyes", default=None)
looking = _eyes.get


def reader() -> int | None:
    """Whose eyes statements look with; None sees everything."""
    eyes = looking()
    return None if eyes is None else eyes.reader_id


def look(
    reader_id: int | None, limit: Iterable[int] | None = None, *, administers: bool = True
) -> Token[Eyes | None]:
    """Let statements look with somebody's eyes from here on, or in some projects alone; the token takes that back."""
    if reader_id is None:
        return _eyes.set(None)
    within = None if limit is None else tuple(sorted(limit))
    return _eyes.set(_of(reader_id, within, administers=administers and within is None))


@lru_cache(maxsize=256)
def _of(reader_id: int, within: tuple[int, ...] | None, *, administers: bool) -> Eyes:
    """Made once for who looks often: a request opens eyes three times."""
    return Eyes(reader_id, within, administers)


def back(token: Token[Eyes | None]) -> None:
    """Let statements look with the eyes that they had before."""
    _eyes.reset(token)


@contextmanager
def through(reader_id: int | None, limit: Iterable[int] | None = None, *, administers: bool = True) -> Iterator[None]:
    """The same within the block."""
    token = look(reader_id, limit, administers=administers)
    try:
        yield
    finally:
        back(token)


_ME = f"CAST(%({READER})s AS bigint)"
# That a membership, `team`, lets see what is private in its project, `home`.
_SEES = " OR ".join(
    f"home.private_role = '{least}' AND team.role = ANY ('{{{','.join(roles)}}}')"
    for least, roles in SEE_PRIVATE_FROM.items()
)


def sees(issue: str, person: str) -> str:
    """The one rule of who sees a private issue, as SQL: `issue` is the name of its row, `person` an id."""
    return f"""(
        {issue}.author_id = {person} OR {person} = ANY ({issue}.assignee_ids)
        OR {sees_each(f"{issue}.project_id", person)}
    )"""


def sees_comment(comment: str, person: str) -> str:
    """The same of a private comment, of an issue that the person sees.

    Whose the issue is does not see it: to give an issue to somebody must not open to them what was said before.
    """
    return f"""(
        {comment}.author_id = {person}
        OR EXISTS (
            SELECT FROM issues AS about WHERE about.id = {comment}.issue_id
            AND {is_of_team("about.project_id", person)}
        )
        OR {_is_administrator(person)}
    )"""


def sees_each(project: str, person: str) -> str:
    """Who sees each private issue of a project and each private comment in it, by its id: not only their own."""
    return f"({is_of_team(project, person)} OR {_is_administrator(person)})"


def is_of_team(project: str, person: str) -> str:
    """The same without administrators."""
    return f"""EXISTS (
        SELECT FROM memberships AS team JOIN projects AS home ON home.id = team.project_id
        WHERE team.project_id = {project} AND team.user_id = {person} AND ({_SEES})
    )"""


def _is_administrator(person: str) -> str:
    return f"EXISTS (SELECT FROM users AS looking WHERE looking.id = {person} AND looking.is_admin)"


_HIDDEN = f"hidden.private AND NOT {sees('hidden', _ME)}"


def _of_issue(table: str, *columns: str) -> str:
    """The rows of a table that belong to no issue which is hidden."""
    any_of = " OR ".join(f"hidden.id = {table}.{column}" for column in columns)
    return f"SELECT * FROM {table} WHERE NOT EXISTS (SELECT FROM issues AS hidden WHERE ({any_of}) AND {_HIDDEN})"  # noqa: S608


def _of_comment(table: str, is_its: str, issue: str = "issue_id") -> str:
    """Those of these rows that belong to no comment which is hidden either: `is_its` says that one is `unheard`'s.

    The few private comments are found by their issue, by an index of their own.
    """
    return f"""{_of_issue(table, issue)} AND NOT EXISTS (
        SELECT FROM comments AS unheard WHERE unheard.private AND unheard.issue_id = {table}.{issue}
        AND {is_its} AND NOT {sees_comment("unheard", _ME)}
    )"""


def _less(table: str, columns: str, **counters: str) -> str:
    """The rows of a table whose counters are less by the hidden issues that they count."""
    less = [
        f"{name} - (SELECT count(*) FROM issues AS hidden WHERE {of} AND hidden.deleted_at IS NULL AND {_HIDDEN})"  # noqa: S608
        f" AS {name}"
        for name, of in counters.items()
    ]
    return f"SELECT {columns}, {', '.join(less)} FROM {table}"  # noqa: S608


_OF_ISSUES = (
    "code_mentions", "deliveries", "inbox_items", "incoming_mails", "issue_aliases", "issue_assignees",
    "issue_documents", "issue_labels", "issue_watches", "view_matches",
)  # fmt: skip
_OF_COMMENTS = ("attachments", "held_posts", "post_reports", "reactions", "text_versions", "user_mentions")
# What somebody sees of these tables. tests/safety/test_eyes.py holds it to the models: each table that belongs to
# issues or comments is here, and each column.
SEEN = {
    "issues": f"SELECT * FROM issues WHERE NOT private OR {sees('issues', _ME)}",  # noqa: S608
    "comments": f"{_of_issue('comments', 'issue_id')} AND (NOT private OR {sees_comment('comments', _ME)})",
    **{table: _of_issue(table, "issue_id") for table in _OF_ISSUES},
    **{table: _of_comment(table, f"unheard.id = {table}.comment_id") for table in _OF_COMMENTS},
    # As text, which no event of another version can make fail.
    "events": _of_comment("events", "unheard.id::text = events.data ->> 'comment'"),
    "issue_links": _of_issue("issue_links", "source_id", "target_id"),
    "issue_references": _of_comment(
        "issue_references", "unheard.id = issue_references.source_comment_id", "source_issue_id"
    ),
    "labels": _less(
        "labels",
        "id, project_id, name, sort_key, color, description",
        issue_count="labels.id = ANY (hidden.label_ids) AND hidden.project_id = labels.project_id",
    ),
    "projects": _less(
        "projects",
        "id, key, name, sort_key, description, visibility, owner_id, created_at, updated_at, archived_at,"
        " importing_since, next_number, version, default_view_id,"
        " private_role",
        open_issues="hidden.project_id = projects.id AND hidden.state = 'open'",
        closed_issues="hidden.project_id = projects.id AND hidden.state = 'closed'",
    ),
}
# The same without being an administrator, who sees it as one alone.
PLAIN = {table: seen.replace(_is_administrator(_ME), "false") for table, seen in SEEN.items()}
# In a project that those see who are limited to some.
_HERE = f"= ANY (CAST(%({WITHIN})s AS bigint[]))"


def _here(table: str, condition: str) -> str:
    """What somebody sees of a table who is limited to projects: of what they see, that which is of these."""
    seen = f"({PLAIN[table]}) AS {table}" if table in PLAIN else table
    return f"SELECT * FROM {seen} WHERE {condition}"  # noqa: S608


def _issue_here(issue: str) -> str:
    return f"EXISTS (SELECT FROM issues AS here WHERE here.id = {issue} AND here.project_id {_HERE})"


_OF_PROJECTS = (
    "audit_records", "code_hosts", "events", "invitations", "issue_assignees", "issue_documents", "issue_templates",
    "issues", "labels", "memberships", "milestones", "notification_exceptions", "project_blocks", "project_mailboxes",
    "project_stamps", "project_watches", "statuses", "tallies", "views", "webhooks",
)  # fmt: skip
_OF_THEIR_ISSUES = (
    "code_mentions", "comments", "held_posts", "inbox_items", "issue_labels", "issue_watches", "post_reports",
    "reactions", "text_versions", "user_mentions", "view_matches",
)  # fmt: skip
# What belongs to a project, and perhaps to an issue, which may have gone elsewhere since.
_OF_BOTH = ("attachments", "deliveries", "incoming_mails")
# The same tables, and all others that belong to projects, for somebody who is limited to some. What belongs to no
# project is not seen. tests/safety/test_eyes.py holds it to the models.
LIMITED = {
    "projects": _here("projects", f"projects.id {_HERE}"),
    **{table: _here(table, f"{table}.project_id {_HERE}") for table in _OF_PROJECTS},
    **{table: _here(table, _issue_here(f"{table}.issue_id")) for table in _OF_THEIR_ISSUES},
    **{
        table: _here(
            table, f"({table}.issue_id IS NULL AND {table}.project_id {_HERE}) OR {_issue_here(f'{table}.issue_id')}"
        )
        for table in _OF_BOTH
    },
    "issue_aliases": _here(
        "issue_aliases",
        f"issue_aliases.project_id {_HERE}"
        f" AND (issue_aliases.issue_id IS NULL OR {_issue_here('issue_aliases.issue_id')})",
    ),
    "issue_links": _here(
        "issue_links", f"{_issue_here('issue_links.source_id')} AND {_issue_here('issue_links.target_id')}"
    ),
    "issue_references": _here("issue_references", _issue_here("issue_references.source_issue_id")),
}


@lru_cache(maxsize=4_000)
def seen(statement: str, *, is_limited: bool = False, is_plain: bool = False) -> str:
    """A statement as it reads what one reader sees, whose id is its value `READER`; the same if it reads no such.

    Of somebody who is limited to projects, the ids of these are its value `WITHIN`. For `is_plain` nobody is an
    administrator.
    """
    tables = LIMITED if is_limited else PLAIN if is_plain else SEEN
    parts, done = list[str](), 0
    for at, end, table in tables_read.of(statement, tables):
        name = tables_read.CALLED.match(statement, end)
        if name is None or name[1] != WHOLE:
            parts += [statement[done:at], f"({tables[table]}){'' if name else f' AS {table}'}"]
            done = end
    return "".join([*parts, statement[done:]])


def execute(cursor: Any, statement: str, parameters: Any, _context: Any) -> bool:
    """Read what whoever asks sees, as SQLAlchemy's `do_execute` asks it: whether that was done.

    `webapp/reading` does the same for what goes past SQLAlchemy.
    """
    eyes = looking()
    if eyes is None:
        return False
    narrowed = seen(statement, is_limited=eyes.within is not None, is_plain=not eyes.administers)
    if narrowed == statement:
        return False
    narrowed = narrowed.replace(f"%({READER})s", str(eyes.reader_id))
    if eyes.within is not None:
        narrowed = narrowed.replace(f"%({WITHIN})s", f"'{{{','.join(map(str, eyes.within))}}}'")
    cursor.execute(narrowed, parameters)
    return True
