"""What somebody hears no longer, as they say from their inbox: many issues at once."""

from collections.abc import Collection
from uuid import UUID

from webapp.access import Viewer
from webapp.reading import Text, read


def mute(viewer: Viewer, issue_ids: Collection[int]) -> None:
    """Let somebody hear no more of these issues."""
    _choose(_MUTE, viewer, issue_ids)


def unmute(viewer: Viewer, issue_ids: Collection[int]) -> None:
    """Let somebody hear of these issues as of others of their projects."""
    _choose(_UNMUTE, viewer, issue_ids)


def restore(viewer: Viewer, act: UUID) -> None:
    """Let somebody hear as before a change that muted issues, or took that back."""
    _choose(_RESTORE, viewer, [row.issue_id for row in read(_MUTED, {"user_id": viewer.id, "change_id": str(act)})])


def _choose(statement: Text, viewer: Viewer, issue_ids: Collection[int]) -> None:
    if issue_ids:
        values = {"issue_ids": sorted(issue_ids), "user_id": viewer.id}
        read(_CHOSE, values)
        read(statement, values)


_VALUES = "issue_ids bigint[], user_id bigint"
# What is kept of the pages of these projects for somebody is made under the number of their choices.
_CHOSE = Text(
    """
    INSERT INTO project_watches AS known (project_id, user_id)
    SELECT DISTINCT project_id, :user_id FROM issues WHERE id = ANY (:issue_ids) ORDER BY project_id
    ON CONFLICT (project_id, user_id) DO UPDATE SET choices = known.choices + 1
    """,
    _VALUES,
)
_MUTE = Text(
    """
    INSERT INTO issue_watches (issue_id, user_id, level) SELECT id, :user_id, 'nothing' FROM unnest(:issue_ids) AS id
    ON CONFLICT (issue_id, user_id) DO UPDATE SET level = 'nothing'
    """,
    _VALUES,
)
_UNMUTE = Text(
    "DELETE FROM issue_watches WHERE issue_id = ANY (:issue_ids) AND user_id = :user_id AND level = 'nothing'",
    _VALUES,
)
_MUTED = Text(
    "SELECT issue_id FROM inbox_items WHERE user_id = :user_id AND change_id = :change_id AND before ? 'level'",
    "user_id bigint, change_id uuid",
    "issue_id",
)
_RESTORE = Text(
    """
    WITH before AS (
        SELECT issue_id, before->>'level' AS level FROM inbox_items
        WHERE user_id = :user_id AND issue_id = ANY (:issue_ids)
    ), unsaid AS (
        DELETE FROM issue_watches known USING before
        WHERE known.issue_id = before.issue_id AND known.user_id = :user_id AND before.level IS NULL
    )
    INSERT INTO issue_watches (issue_id, user_id, level)
    SELECT issue_id, :user_id, level FROM before WHERE level IS NOT NULL
    ON CONFLICT (issue_id, user_id) DO UPDATE SET level = excluded.level
    """,
    _VALUES,
)
