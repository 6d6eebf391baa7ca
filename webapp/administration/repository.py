from webapp.administration.rows import Running, Storage
from webapp.reading import Text, read

_STORAGE = Text(
    """
    SELECT current_setting('server_version'), (SELECT version_num FROM alembic_version),
        pg_database_size(current_database()), (SELECT count(*) FROM attachments),
        (SELECT coalesce(sum(size), 0)::bigint FROM attachments)
    """,
    "",
    "postgres migration database files bytes",
)

_RUNNING = Text(
    """
    SELECT (SELECT max(began_at) FROM job_rounds),
        (SELECT count(*) FROM webhooks WHERE is_on AND failing_since IS NOT NULL),
        (SELECT count(*) FROM webhooks WHERE ended_by IS NOT NULL)
    """,
    "",
    "worker_at failing_webhooks ended_webhooks",
)


def running() -> Running:
    """When a worker last began something, and which webhooks do not arrive."""
    return Running(*read(_RUNNING).one())


def storage() -> Storage:
    """Which database this is, and how much there is in it and beside it."""
    return Storage(*read(_STORAGE).one())
