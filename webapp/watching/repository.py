from webapp.models.watching import Level
from webapp.reading import Text, read

# Whatever is chosen is counted, so that what is kept of a project's pages for somebody is made anew.
_OF_PROJECT = Text(
    """
    INSERT INTO project_watches AS known (project_id, user_id, level)
    SELECT id, :user_id, :level FROM projects WHERE id = :project_id
    ON CONFLICT (project_id, user_id) DO UPDATE SET level = excluded.level, choices = known.choices + 1
    """,
    "project_id bigint, user_id bigint, level text",
)
_COUNTING = Text(
    """
    INSERT INTO project_watches AS known (project_id, user_id) VALUES (:project_id, :user_id)
    ON CONFLICT (project_id, user_id) DO UPDATE SET choices = known.choices + 1
    """,
    "project_id bigint, user_id bigint",
)
# Where the issue is by now.
_COUNTED = """
    WITH counted AS (
        INSERT INTO project_watches AS known (project_id, user_id)
        SELECT project_id, :user_id FROM issues WHERE id = :issue_id
        ON CONFLICT (project_id, user_id) DO UPDATE SET choices = known.choices + 1
    )
"""
_OF_ISSUE = Text(
    f"""
    {_COUNTED}
    INSERT INTO issue_watches (issue_id, user_id, level)
    SELECT id, :user_id, :level FROM issues WHERE id = :issue_id
    ON CONFLICT (issue_id, user_id) DO UPDATE SET level = excluded.level
    """,  # noqa: S608
    "issue_id bigint, user_id bigint, level text",
)
_NOT_OF_ISSUE = Text(
    f"{_COUNTED} DELETE FROM issue_watches WHERE issue_id = :issue_id AND user_id = :user_id",  # noqa: S608
    "issue_id bigint, user_id bigint",
)


def choose(project_id: int, user_id: int, level: Level | None) -> None:
    """What somebody hears of a project; None for what everybody has. Of one that is gone nothing is noted."""
    read(_OF_PROJECT, {"project_id": project_id, "user_id": user_id, "level": level})


def choose_of_issue(issue_id: int, user_id: int, level: Level | None) -> None:
    """What somebody hears of an issue; None for what they hear of its project."""
    values = {"issue_id": issue_id, "user_id": user_id}
    if level is None:
        read(_NOT_OF_ISSUE, values)
    else:
        read(_OF_ISSUE, {**values, "level": level})


def count_choice(project_id: int, user_id: int) -> None:
    """Note that somebody chose something else there."""
    read(_COUNTING, {"project_id": project_id, "user_id": user_id})
