from collections.abc import Sequence

from webapp.inbox.told import Told
from webapp.models.inbox import Reason
from webapp.reading import Text, read

_STRONGER = "array_position(:strongest, excluded.reason) < array_position(:strongest, known.reason)"
# It waits unread, be it only in part.
_WAITS = "known.done_at IS NULL AND known.first_unread_id IS NOT NULL"
# By issue and person, as all who write several rows take them. What was told already, and is told again, changes
# nothing. What is told late, after what followed it, was on the page if that was read meanwhile.
_PUTTING = Text(
    f"""
    INSERT INTO inbox_items AS known (user_id, issue_id, reason, first_unread_id, last_event_id)
    SELECT * FROM unnest(:user_ids, :issue_ids, :reasons, :first_ids, :last_ids)
        AS told (user_id, issue_id, reason, first_id, last_id)
    ORDER BY issue_id, user_id
    ON CONFLICT (issue_id, user_id) DO UPDATE SET
        reason = CASE WHEN {_STRONGER} THEN excluded.reason ELSE known.reason END,
        first_unread_id = CASE WHEN {_WAITS}
            THEN least(known.first_unread_id, excluded.first_unread_id) ELSE excluded.first_unread_id END,
        last_event_id = greatest(known.last_event_id, excluded.last_event_id),
        updated_at = now(),
        done_at = NULL
    WHERE known.last_event_id < excluded.last_event_id
        OR ({_WAITS} AND known.last_event_id > excluded.last_event_id
            AND ({_STRONGER} OR excluded.first_unread_id < known.first_unread_id))
    """,  # noqa: S608  it is said above
    "user_ids bigint[], issue_ids bigint[], reasons text[], first_ids bigint[], last_ids bigint[], strongest text[]",
)


def put(told: Sequence[Told]) -> None:
    """Write what people are told; one statement for any number."""
    values = {
        "user_ids": [one.user_id for one in told],
        "issue_ids": [one.issue_id for one in told],
        "reasons": [one.reason.value for one in told],
        "first_ids": [one.event_id for one in told],
        "last_ids": [one.last_event_id for one in told],
        "strongest": [one.value for one in Reason],
    }
    read(_PUTTING, values)
