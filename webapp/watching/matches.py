"""Which views are watched, and which issues match them: as it was when they were last heard of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from webapp.access import Viewer
from webapp.models.accounts import ACTING, User
from webapp.models.views import View
from webapp.models.watching import ViewWatch
from webapp.reading import Text, among, read


@dataclass(frozen=True, slots=True)
class Watch:
    """That somebody watches a view; `is_stale` if it is another by now than when its issues were noted."""

    view_id: int
    project_id: int
    by: Viewer
    is_stale: bool


def watches(project_ids: Collection[int]) -> list[Watch]:
    """Who watches which views of these projects, as far as they see the views."""
    is_stale = ViewWatch.version != View.version
    asked = (
        select(View.id.label("view_id"), View.project_id, is_stale.label("is_stale"), *ACTING)
        .join(ViewWatch, ViewWatch.view_id == View.id)
        .join(User, User.id == ViewWatch.user_id)
        .where(among(View.project_id, project_ids), User.is_active, View.shared | (View.owner_id == User.id))
        .order_by(View.id, User.id)
    )
    return [Watch(row.view_id, row.project_id, Viewer.of(row), row.is_stale) for row in read(asked)]


_KNOWN = Text(
    "SELECT view_id, user_id, issue_id FROM view_matches WHERE issue_id = ANY(:issue_ids)",
    "issue_ids bigint[]",
    "view_id user_id issue_id",
)
# What matched before and matches no more goes, what begins to match comes. What is deleted meanwhile is left out.
_NOTING = Text(
    """
    WITH gone AS (
        DELETE FROM view_matches AS known USING unnest(:gone_views, :gone_users, :gone_issues) AS one (v, u, i)
        WHERE (known.view_id, known.user_id, known.issue_id) = (one.v, one.u, one.i)
    )
    INSERT INTO view_matches (view_id, user_id, issue_id)
    SELECT view_id, user_id, issues.id
    FROM unnest(:new_views, :new_users, :new_issues) AS one (v, u, i)
    JOIN view_watches ON (view_id, user_id) = (v, u) JOIN issues ON issues.id = i
    ON CONFLICT DO NOTHING
    """,
    "gone_views bigint[], gone_users bigint[], gone_issues bigint[],"
    "new_views bigint[], new_users bigint[], new_issues bigint[]",
)
_BEGINNING = Text(
    """
    INSERT INTO view_watches AS known (view_id, user_id, version)
    SELECT id, :user_id, version FROM views WHERE id = :view_id
    ON CONFLICT (view_id, user_id) DO UPDATE SET version = excluded.version
    """,
    "view_id bigint, user_id bigint",
)
_EMPTYING = Text(
    "DELETE FROM view_matches WHERE view_id = :view_id AND user_id = :user_id", "view_id bigint, user_id bigint"
)
_ENDING = Text(
    "DELETE FROM view_watches WHERE view_id = :view_id AND user_id = :user_id", "view_id bigint, user_id bigint"
)
_AGING = Text(
    """
    UPDATE view_watches SET version = 0 FROM views
    WHERE views.id = view_watches.view_id AND views.project_id = :project_id
    """,
    "project_id bigint",
)
Match = tuple[int, int, int]


def is_watched(view_id: int, user_id: int) -> bool:
    """Whether somebody watches a view."""
    there = exists().where(ViewWatch.view_id == view_id, ViewWatch.user_id == user_id)
    return bool(read(select(there)).scalar_one())


def known(issue_ids: Sequence[int]) -> set[Match]:
    """(view, person, issue) of what matched of these issues."""
    return {tuple(row) for row in read(_KNOWN, {"issue_ids": list(issue_ids)})}


def note(gone: Collection[Match], new: Collection[Match]) -> None:
    """Let these match no more, and those from now on."""
    values: dict[str, list[int]] = {}
    for name, those in (("gone", gone), ("new", new)):
        for place, what in enumerate(("views", "users", "issues")):
            values[f"{name}_{what}"] = [one[place] for one in sorted(those)]
    read(_NOTING, values)


def begin(view_id: int, user_id: int, issue_ids: Sequence[int]) -> None:
    """Let somebody watch a view, which these issues match now."""
    at = {"view_id": view_id, "user_id": user_id}
    read(_BEGINNING, at)
    read(_EMPTYING, at)
    note((), {(view_id, user_id, id) for id in issue_ids})


def end(view_id: int, user_id: int) -> None:
    """Let somebody watch it no more."""
    read(_ENDING, {"view_id": view_id, "user_id": user_id})


def age(project_id: int) -> None:
    """Let the issues that match be noted anew before anybody hears of them again."""
    read(_AGING, {"project_id": project_id})
