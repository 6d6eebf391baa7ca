"""What the database says of itself, and of what goes on beside it, in one statement that nobody waits for."""

from sqlalchemy import text

from webapp.db import db
from webapp.doctor.rows import State

# Minutes that a transaction may take; seconds that a statement may wait for a lock, or a replica be late.
LONG, WAITS, LATE = 5, 30, 30
# So many rows are of no use any more before a table counts as one that nobody cleans up.
DEAD = 50_000
LOGINS = 50

_STATE = text(
    """
    WITH logins AS (
        SELECT actor_id, address FROM audit_records
        WHERE kind = 'authn_login_ok' AND address IS NOT NULL ORDER BY at DESC, id DESC LIMIT :logins
    ), sessions AS (
        SELECT * FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    ), tables AS (
        SELECT * FROM pg_stat_user_tables WHERE schemaname = current_schema()
    )
    SELECT clock_timestamp() AS now,
        has_schema_privilege(current_schema(), 'CREATE') AS may_make_tables,
        ARRAY(SELECT relname::text FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'S', 'v', 'm')
            AND NOT pg_has_role(relowner, 'USAGE') ORDER BY 1) AS others_own,
        (SELECT max(began_at) FROM job_rounds) AS worker_at,
        coalesce((SELECT jsonb_agg(jsonb_build_object('pid', pid, 'program', application_name, 'state', state,
                'minutes', floor(extract(epoch FROM clock_timestamp() - xact_start) / 60)) ORDER BY xact_start)
            FROM sessions WHERE backend_type = 'client backend'
            AND xact_start < clock_timestamp() - :long * interval '1 minute'), '[]') AS long_transactions,
        (SELECT count(*) FROM sessions WHERE wait_event_type = 'Lock'
            AND query_start < clock_timestamp() - :waits * interval '1 second') AS waiting_for_locks,
        ARRAY(SELECT gid FROM pg_prepared_xacts WHERE database = current_database()
            AND prepared < clock_timestamp() - :long * interval '1 minute') AS prepared,
        ARRAY(SELECT slot_name::text FROM pg_replication_slots
            WHERE NOT active AND wal_status IN ('extended', 'unreserved', 'lost')) AS idle_slots,
        current_setting('autovacuum')::bool AND current_setting('track_counts')::bool AS cleans_up,
        ARRAY(SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
            AND 'autovacuum_enabled=false' = ANY(reloptions) ORDER BY 1) AS never_cleaned,
        ARRAY(SELECT relname::text FROM tables
            WHERE n_dead_tup > :dead AND n_dead_tup > n_live_tup / 2 ORDER BY n_dead_tup DESC) AS bloated,
        (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()) AS age,
        ARRAY(SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = current_schema()::regnamespace AND NOT indisvalid
            AND indexrelid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index)) AS broken_indexes,
        ARRAY(SELECT sequencename || ' (' || round(100.0 * last_value / max_value) || ' %)' FROM pg_sequences
            WHERE schemaname = current_schema() AND NOT cycle AND last_value > 0.8 * max_value) AS ending_sequences,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
        (SELECT sum(CASE WHEN name = 'max_connections' THEN 1 ELSE -1 END * setting::int)::int FROM pg_settings
            WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')
        ) AS connections_at_most,
        ARRAY(SELECT application_name || ' (' || round(extract(epoch FROM replay_lag)) || ' s)'
            FROM pg_stat_replication WHERE replay_lag > :late * interval '1 second') AS late_replicas,
        coalesce((SELECT datcollversion <> pg_database_collation_actual_version(oid) FROM pg_database
            WHERE datname = current_database()), false) AS other_collation,
        (SELECT count(*) FROM webhooks WHERE ended_by IS NOT NULL) AS hooks_off,
        (SELECT count(*) FROM webhooks WHERE is_on
            AND failing_since < clock_timestamp() - interval '1 hour') AS hooks_failing,
        (SELECT count(*) FROM mails WHERE state = 'failed'
            AND created_at > clock_timestamp() - interval '7 days') AS mails_failed,
        (SELECT count(*) FROM logins) AS logins, (SELECT count(DISTINCT actor_id) FROM logins) AS people,
        ARRAY(SELECT DISTINCT address FROM logins ORDER BY 1) AS addresses
    """
)


def version() -> int:
    """Of PostgreSQL, in a question that each of them understands."""
    number: int = db.session.scalar(text("SELECT current_setting('server_version_num')::int / 10000"))
    return number


def state(version: int) -> State:
    """All of it, as it is now, of a PostgreSQL of this version."""
    given = {"long": LONG, "waits": WAITS, "late": LATE, "dead": DEAD, "logins": LOGINS}
    return State(version=version, **db.session.execute(_STATE, given).one()._mapping)
