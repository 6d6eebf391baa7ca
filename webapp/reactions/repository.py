"""Statements about reactions. Their counts beside issues and comments are the database's to keep."""

from collections.abc import Sequence

from webapp.accounts.rows import Person
from webapp.models.reactions import Feeling
from webapp.reactions.rows import Felt, Reacted
from webapp.reading import Text, read

# So many of those who react are told by name, those who came first.
NAMED = 100

_OF = Text(
    f"""
    SELECT comment_id, feeling, count(*), coalesce(bool_or(user_id = :viewer_id), false),
           array_agg(user_id ORDER BY place) FILTER (WHERE place <= {NAMED}),
           array_agg(name ORDER BY place) FILTER (WHERE place <= {NAMED})
    FROM (
        SELECT r.comment_id, r.feeling, r.user_id, u.name,
               row_number() OVER (PARTITION BY r.comment_id, r.feeling ORDER BY r.id) AS place
        FROM reactions r JOIN users u ON u.id = r.user_id
        WHERE r.issue_id = :issue_id
          AND (r.comment_id = ANY (:comment_ids) OR r.comment_id IS NULL AND :of_issue)
    ) AS felt
    GROUP BY comment_id, feeling
    """,  # noqa: S608
    "issue_id bigint, comment_ids bigint[], of_issue boolean, viewer_id bigint",
    "comment_id feeling many mine user_ids names",
)
_ADD = Text(
    """
    INSERT INTO reactions (issue_id, comment_id, user_id, feeling)
    VALUES (:issue_id, :comment_id, :user_id, :feeling)
    ON CONFLICT DO NOTHING
    """,
    "issue_id bigint, comment_id bigint, user_id bigint, feeling text",
)
_REMOVE = Text(
    """
    DELETE FROM reactions
    WHERE issue_id = :issue_id AND comment_id IS NOT DISTINCT FROM :comment_id AND user_id = :user_id
      AND feeling = :feeling
    """,
    "issue_id bigint, comment_id bigint, user_id bigint, feeling text",
)
_ORDER = {feeling: place for place, feeling in enumerate(Feeling)}


def of(issue_id: int, comment_ids: Sequence[int], viewer_id: int | None, *, of_issue: bool) -> Felt:
    """What is felt about some comments of an issue, and about the issue itself, if that is asked for."""
    values = {"issue_id": issue_id, "comment_ids": list(comment_ids), "of_issue": of_issue, "viewer_id": viewer_id}
    felt: dict[int | None, list[Reacted]] = {}
    for row in read(_OF, values):
        people = tuple(Person(*one) for one in zip(row.user_ids, row.names, strict=True))
        reacted = Reacted(Feeling(row.feeling), row.many, row.mine, people)
        felt.setdefault(row.comment_id, []).append(reacted)
    return {about: tuple(sorted(those, key=lambda one: _ORDER[one.feeling])) for about, those in felt.items()}


def add(issue_id: int, comment_id: int | None, user_id: int, feeling: Feeling) -> None:
    """Note what somebody feels. Twice is once."""
    read(_ADD, _values(issue_id, comment_id, user_id, feeling))


def remove(issue_id: int, comment_id: int | None, user_id: int, feeling: Feeling) -> None:
    """The other way round."""
    read(_REMOVE, _values(issue_id, comment_id, user_id, feeling))


def _values(issue_id: int, comment_id: int | None, user_id: int, feeling: Feeling) -> dict[str, object]:
    return {"issue_id": issue_id, "comment_id": comment_id, "user_id": user_id, "feeling": feeling.value}
