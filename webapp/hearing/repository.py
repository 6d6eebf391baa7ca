"""What is asked about a change, and what is written of who was told: a few statements for a thousand issues."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    ColumnElement,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)  # fmt: skip

from webapp import eyes
from webapp.db import AnySelect
from webapp.events.kinds import of
from webapp.events.telling import comment_of, readable_data
from webapp.hearing.rows import HEARD, OF_COMMENTS, HeardEvent, Mention, Subject, Telling
from webapp.models import events
from webapp.models.accounts import User
from webapp.models.approval import HeldPost as Held
from webapp.models.comments import Comment
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.models.references import Mention as Named
from webapp.models.watching import IssueWatch, Level, ProjectWatch
from webapp.projects.sight import seen_by_each
from webapp.reading import Built, Text, read

_Event = events.Event
_IDS = bindparam("ids", type_=ARRAY(BigInteger))


def _changed() -> AnySelect:
    change = _Event.change_id == bindparam("change", type_=Uuid())
    some = (
        select(_Event.issue_id)
        .where(change, _Event.issue_id > bindparam("after", type_=BigInteger))
        .distinct()
        .order_by(_Event.issue_id)
        .limit(bindparam("most", type_=BigInteger))
        .subquery("some")
    )
    its = Comment.id == comment_of(_Event.data)
    gone = exists().where(its, Comment.deleted_at.is_not(None))
    hidden = exists().where(its, Comment.private)
    held = exists().where(Held.issue_id == _Event.issue_id, _of_held())
    return (
        select(
            _Event.id, _Event.issue_id, _Event.actor_id, _Event.created_at, _Event.kind, readable_data(),
            Issue.project_id, Issue.private, Issue.author_id, Issue.assignee_ids, Issue.deleted_at,
            Project.archived_at,
            (_Event.kind.in_(OF_COMMENTS) & gone).label("gone"), hidden.label("hidden"), held.label("held"),
        )
        .join(some, some.c.issue_id == _Event.issue_id)
        .join(Issue, Issue.id == _Event.issue_id)
        .join(Project, Project.id == Issue.project_id)
        .where(change)
        .order_by(_Event.issue_id, _Event.id)
    )  # fmt: skip


def _of_held() -> ColumnElement[bool]:
    """That an event tells of what is held: of a comment, or what its author did to a held issue."""
    by_author = and_(Held.comment_id.is_(None), _Event.actor_id == Issue.author_id)
    return or_(Held.comment_id == comment_of(_Event.data), by_author)


_CHANGED = Built(_changed())


def changed(change: UUID, after: int, most: int) -> tuple[list[Subject], int, int]:
    """The next so many issues of a change with what can be told of them; the last one's id, and how many they are.

    What is in the trash, or in the archive, is not told, and of a deleted comment nothing; of what waits for approval
    neither, until that is given.
    """
    rows = read(_CHANGED, {"change": change, "after": after, "most": most})
    found: dict[int, Subject] = {}
    for row in rows:
        if row.kind not in HEARD or row.gone or row.held or row.deleted_at or row.archived_at:
            continue
        if row.issue_id not in found:
            assignees = frozenset(row.assignee_ids)
            found[row.issue_id] = Subject(row.issue_id, row.project_id, row.private, row.author_id, assignees)
        what = of(row.kind, row.data), row.hidden
        found[row.issue_id].events.append(HeardEvent(row.id, row.issue_id, row.actor_id, row.created_at, *what))
    return list(found.values()), rows[-1].issue_id if rows else after, len({row.issue_id for row in rows})


_LEVELS = Built(
    select(ProjectWatch.project_id, ProjectWatch.user_id, ProjectWatch.level).where(
        ProjectWatch.project_id == func.any(_IDS), ProjectWatch.level != Level.PARTICIPATING
    )
)


def levels(project_ids: Collection[int]) -> dict[int, dict[int, Level]]:
    """What people chose for these projects."""
    found: dict[int, dict[int, Level]] = {id: {} for id in project_ids}
    for project_id, user_id, level in read(_LEVELS, {"ids": list(project_ids)}):
        found[project_id][user_id] = Level(level)
    return found


def _standing() -> AnySelect:
    """What people chose for issues, who commented on them, and whom their texts name since when.

    Whom a text names that they do not see, it does not name.
    """
    nothing, never = cast(null(), BigInteger), cast(null(), TIMESTAMP(timezone=True))
    chosen = select(
        IssueWatch.issue_id, IssueWatch.user_id, IssueWatch.level, nothing.label("comment"), never.label("at")
    )
    said = select(Comment.issue_id, Comment.author_id, literal("commented"), nothing, never).distinct()
    named = select(Named.issue_id, Named.user_id, literal("named"), Named.comment_id, Named.created_at)
    not_seen = text(f"NOT {eyes.sees_comment('comments', 'user_mentions.user_id')}")
    unseen = exists().where(Comment.id == Named.comment_id, Comment.private, not_seen)
    return union_all(
        chosen.where(IssueWatch.issue_id == func.any(_IDS)),
        said.where(Comment.issue_id == func.any(_IDS), Comment.deleted_at.is_(None)),
        named.where(Named.issue_id == func.any(_IDS), ~unseen),
    )  # type: ignore[return-value]


_STANDING = Built(_standing())


def gather(subjects: Sequence[Subject]) -> None:
    """Find out who has to do with these issues. One statement."""
    known = {one.id: one for one in subjects}
    for issue_id, user_id, what, comment_id, at in read(_STANDING, {"ids": list(known)}):
        if what == "commented":
            known[issue_id].commenters.add(user_id)
        elif what == "named":
            known[issue_id].mentions.append(Mention(user_id, comment_id, at))
        else:
            known[issue_id].levels[user_id] = Level(what)


def _entitled() -> AnySelect:
    pairs = func.unnest(bindparam("projects", type_=ARRAY(BigInteger)), bindparam("people", type_=ARRAY(BigInteger)))
    shape = column("project_id", BigInteger), column("user_id", BigInteger)
    asked = pairs.table_valued(*shape, name="asked").render_derived()
    return (
        select(asked.c.project_id, asked.c.user_id)
        .join(Project, Project.id == asked.c.project_id)
        .join(User, User.id == asked.c.user_id)
        .where(User.is_active, User.password_hash.is_not(None), seen_by_each())
    )


_ENTITLED = Built(_entitled())


def entitled(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these pairs of a project and a person where the person can log in, and sees the project."""
    asked = {"projects": [project for project, _ in pairs], "people": [person for _, person in pairs]}
    return {(row.project_id, row.user_id) for row in read(_ENTITLED, asked)}


_SEEING = Text(
    f"""
    SELECT issues.id, asked.user_id FROM issues
    JOIN unnest(:issue_ids, :people) AS asked (issue_id, user_id) ON asked.issue_id = issues.id
    WHERE NOT issues.private OR {eyes.sees("issues", "asked.user_id")}
    """,  # noqa: S608
    "issue_ids bigint[], people bigint[]",
    "issue_id user_id",
)


def seeing(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these pairs of an issue and a person, who sees its project, where the person sees the issue, too."""
    asked = {"issue_ids": [issue for issue, _ in pairs], "people": [person for _, person in pairs]}
    return {(row.issue_id, row.user_id) for row in read(_SEEING, asked)}


_SEEING_COMMENT = Text(
    f"""
    SELECT comments.id, asked.user_id FROM comments
    JOIN unnest(:comment_ids, :people) AS asked (comment_id, user_id) ON asked.comment_id = comments.id
    WHERE NOT comments.private OR {eyes.sees_comment("comments", "asked.user_id")}
    """,  # noqa: S608
    "comment_ids bigint[], people bigint[]",
    "comment_id user_id",
)


def seeing_comment(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """The same of pairs of a comment and a person, who sees its issue."""
    asked = {"comment_ids": [comment for comment, _ in pairs], "people": [person for _, person in pairs]}
    return {(row.comment_id, row.user_id) for row in read(_SEEING_COMMENT, asked)}


# By issue and person, as all who write several rows take them.
_DELIVERING = Text(
    """
    INSERT INTO deliveries
        (user_id, project_id, issue_id, change_id, event_id, last_event_id, way, reason, news, rule, state, sent_at)
    SELECT user_id, project_id, issue_id, :change, first_id, last_id, way, reason,
        string_to_array(news, ' '), rule,
        CASE way WHEN 'inbox' THEN 'sent' ELSE 'waiting' END, CASE way WHEN 'inbox' THEN now() END
    FROM unnest(:user_ids, :project_ids, :issue_ids, :first_ids, :last_ids, :ways, :reasons, :news, :rules)
        AS told (user_id, project_id, issue_id, first_id, last_id, way, reason, news, rule)
    ORDER BY issue_id, user_id, way
    ON CONFLICT (issue_id, user_id, change_id, way) DO NOTHING
    RETURNING id, user_id, issue_id, way
    """,
    "change uuid, user_ids bigint[], project_ids bigint[], issue_ids bigint[], first_ids bigint[], last_ids bigint[],"
    "ways text[], reasons text[], news text[], rules text[]",
    "id user_id issue_id way",
)


def deliver(change: UUID, tellings: Sequence[Telling]) -> Sequence[Any]:
    """Note who is told what of a change: (id, user_id, issue_id, way) of what was not noted before. One statement."""
    values = {
        "change": str(change),
        "user_ids": [one.user_id for one in tellings],
        "project_ids": [one.project_id for one in tellings],
        "issue_ids": [one.issue_id for one in tellings],
        "first_ids": [one.event_id for one in tellings],
        "last_ids": [one.last_event_id for one in tellings],
        "ways": [one.way.value for one in tellings],
        "reasons": [one.reason.value for one in tellings],
        "news": [" ".join(one.news) for one in tellings],
        "rules": [one.rule for one in tellings],
    }
    return read(_DELIVERING, values)
