"""What the database knows of what a watcher asks, in one statement."""

from webapp.metrics.rows import Standing
from webapp.reading import Text, read

# Of what waits no more is counted than this: that it is so many is all that anybody needs to know.
MOST = 10_000
_STANDING = Text(
    """
    WITH hooks AS (
        SELECT count(*) FILTER (WHERE is_on AND failing_since IS NOT NULL) AS failing,
            count(*) FILTER (WHERE NOT is_on) AS off
        FROM webhooks
    ), ours AS (
        SELECT coalesce(state, 'unknown') AS state, count(*) AS number FROM pg_stat_activity
        WHERE datname = current_database() GROUP BY 1
    ), beside AS (
        SELECT coalesce(nullif(application_name, ''), 'replica') AS name,
            max(extract(epoch FROM coalesce(replay_lag, interval '0')))::float AS late
        FROM pg_stat_replication GROUP BY 1
    )
    SELECT statement_timestamp(),
        (SELECT count(*) FROM (SELECT FROM mails WHERE state = 'waiting' LIMIT :most) AS waiting),
        (SELECT failing FROM hooks), (SELECT off FROM hooks), pg_database_size(current_database()),
        coalesce((SELECT jsonb_object_agg(state, number) FROM ours), '{}'), current_setting('max_connections')::int,
        coalesce((SELECT jsonb_object_agg(name, late) FROM beside), '{}'), pg_is_in_recovery()
    """,
    "most integer",
    "now waiting failing off size connections most replicas standby",
    custom=True,
)


def standing() -> Standing:
    """What waits, and how the database is, now."""
    return Standing(*read(_STANDING, {"most": MOST}).one())
