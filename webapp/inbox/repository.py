from collections.abc import Sequence

from webapp.inbox.told import Told
from webapp.models.inbox import Reason
from webapp.reading import Text, read

# By issue and person, as all who write several rows take them. What was told already, and is told again, changes
# nothing.
_PUTTING = Text(
    """
    INSERT INTO inbox_items AS known (user_id, issue_id, reason, first_unread_id, last_event_id)
    SELECT * FROM unnest(:user_ids, :issue_ids, :reasons, :first_ids, :last_ids)
        AS told (user_id, issue_id, reason, first_id, last_id)
    ORDER BY issue_id, user_id
    ON CONFLICT (issue_id, user_id) DO UPDATE SET
        reason = CASE WHEN array_position(:strongest, excluded.reason) < array_position(:strongest, known.reason)
            THEN excluded.reason ELSE known.reason END,
        first_unread_id = CASE WHEN known.done_at IS NULL AND known.first_unread_id IS NOT NULL
            THEN known.first_unread_id ELSE excluded.first_unread_id END,
        last_event_id = excluded.last_event_id,
        updated_at = now(),
        done_at = NULL
    WHERE known.last_event_id < excluded.last_event_id
    """,
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
