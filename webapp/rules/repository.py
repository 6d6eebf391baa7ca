import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from webapp.access import Viewer
from webapp.events.kinds import News
from webapp.models.projects import Project
from webapp.models.rules import Choice, NotificationException, NotificationSettings, Rhythm, Weekday
from webapp.projects.sight import visible_to
from webapp.reading import Text, read
from webapp.rules.rows import Choices, Exceptional, Rule, Settings

_RULES = Text(
    """
    SELECT known.user_id, users.time_zone, known.ways, known.own_acts, known.quiet_from, known.quiet_to, (
        SELECT jsonb_object_agg(one.project_id, one.ways) FROM notification_exceptions AS one
        WHERE one.user_id = known.user_id AND one.project_id = ANY(:projects)
    )
    FROM notification_settings AS known JOIN users ON users.id = known.user_id
    WHERE known.user_id = ANY(:people)
    """,
    "people bigint[], projects bigint[]",
    "user_id time_zone ways own_acts quiet_from quiet_to exceptions",
)
_KEEPING = Text(
    """
    INSERT INTO notification_settings (user_id, ways, own_acts, quiet_from, quiet_to, digest, digest_hour, digest_day)
    VALUES (:user_id, :ways, :own_acts, :quiet_from, :quiet_to, :digest, :digest_hour, :digest_day)
    ON CONFLICT (user_id) DO UPDATE SET
        ways = excluded.ways, own_acts = excluded.own_acts, quiet_from = excluded.quiet_from,
        quiet_to = excluded.quiet_to, digest = excluded.digest, digest_hour = excluded.digest_hour,
        digest_day = excluded.digest_day
    """,
    "user_id bigint, ways jsonb, own_acts boolean, quiet_from bigint, quiet_to bigint, digest text,"
    " digest_hour bigint, digest_day text",
)
_LOCKING = Text(
    "INSERT INTO notification_settings AS known (user_id) VALUES (:user_id)"
    " ON CONFLICT (user_id) DO UPDATE SET own_acts = known.own_acts",
    "user_id bigint",
)
_EXCEPTING = Text(
    """
    INSERT INTO notification_exceptions (user_id, project_id, ways) VALUES (:user_id, :project_id, :ways)
    ON CONFLICT (user_id, project_id) DO UPDATE SET ways = excluded.ways
    """,
    "user_id bigint, project_id bigint, ways jsonb",
)
_NO_EXCEPTION = Text(
    "DELETE FROM notification_exceptions WHERE user_id = :user_id AND project_id = :project_id",
    "user_id bigint, project_id bigint",
)

_REPLACED = """
    (SELECT coalesce(jsonb_object_agg(key, CASE value WHEN 'digest' THEN 'inbox' ELSE value END), '{}')
    FROM jsonb_each_text(ways))
"""
_NO_DIGEST = Text(
    f"""
    WITH exceptions AS (UPDATE notification_exceptions SET ways = {_REPLACED} WHERE user_id = :user_id)
    UPDATE notification_settings SET ways = {_REPLACED} WHERE user_id = :user_id
    """,  # noqa: S608  it is said above
    "user_id bigint",
)


def rules(people: Collection[int], projects: Collection[int]) -> dict[int, Rule]:
    """What those of these people chose who chose anything, for these projects too. One statement."""
    found = read(_RULES, {"people": list(people), "projects": list(projects)})
    return {
        row.user_id: Rule(
            row.time_zone, choices(row.ways), row.own_acts, row.quiet_from, row.quiet_to, _by_project(row.exceptions)
        )
        for row in found
    }


def settings(user_id: int) -> Settings:
    """What somebody chose, or what holds for who chose nothing."""
    chosen = NotificationSettings
    row = read(
        select(
            chosen.ways, chosen.own_acts, chosen.quiet_from, chosen.quiet_to, chosen.digest, chosen.digest_hour,
            chosen.digest_day,
        ).where(chosen.user_id == user_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        return Settings()
    ways, own_acts, quiet_from, quiet_to, digest, hour, day = row
    return Settings(choices(ways), own_acts, quiet_from, quiet_to, Rhythm(digest), hour, Weekday(day))


def lock(user_id: int) -> None:
    """Let nobody else change what somebody chose until this transaction ends."""
    read(_LOCKING, {"user_id": user_id})


def keep(user_id: int, chosen: Settings) -> None:
    """Write down what somebody chose."""
    values = {
        "user_id": user_id,
        "ways": json.dumps(chosen.ways),
        "own_acts": chosen.own_acts,
        "quiet_from": chosen.quiet_from,
        "quiet_to": chosen.quiet_to,
        "digest": chosen.digest.value,
        "digest_hour": chosen.digest_hour,
        "digest_day": chosen.digest_day.value,
    }
    read(_KEEPING, values)


def exception(user_id: int, project_id: int) -> Choices:
    """What somebody chose for a project; empty if nothing."""
    one = NotificationException
    row = read(select(one.ways).where(one.user_id == user_id, one.project_id == project_id)).one_or_none()
    return choices(row[0]) if row else {}


def exceptions(by: Viewer) -> list[Exceptional]:
    """The projects for which somebody chose something, as far as they see them, by name."""
    one = NotificationException
    rows = read(
        select(Project.key, Project.name, one.ways)
        .join(one, one.project_id == Project.id)
        .where(one.user_id == by.id, visible_to(by))
        .order_by(Project.sort_key, Project.id)
    )
    return [Exceptional(key, name, choices(ways)) for key, name, ways in rows]


def make_exception(user_id: int, project_id: int, ways: Choices) -> None:
    """Write down what somebody chose for a project; nothing for an empty choice."""
    place = {"user_id": user_id, "project_id": project_id}
    if ways:
        read(_EXCEPTING, {**place, "ways": json.dumps(ways)})
    else:
        read(_NO_EXCEPTION, place)


def end_digest(user_id: int) -> None:
    """Let what came with somebody's digest be in the inbox alone."""
    read(_NO_DIGEST, {"user_id": user_id})


def choices(stored: Mapping[str, str]) -> dict[News, Choice]:
    """As they are stored."""
    return {News(news): Choice(choice) for news, choice in stored.items()}


def _by_project(stored: Mapping[str, Any] | None) -> dict[int, Choices]:
    return {int(project): choices(ways) for project, ways in (stored or {}).items()}
