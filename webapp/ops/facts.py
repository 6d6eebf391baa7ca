"""What the database, and those in it, are like: what an installation that is meant for others should be asked."""

from dataclasses import dataclass

from sqlalchemy import text

from webapp.db import db


@dataclass(frozen=True, slots=True)
class Facts:
    """How durable the database is, what its role may do, and who is there."""

    is_superuser: bool
    may_lose: tuple[str, ...]
    connections: int
    is_encrypted: bool
    is_local: bool
    administrators: int
    has_demo: bool


# Whatever is off here may lose what was acknowledged: with the power, or with the server.
_FACTS = """
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
        (SELECT coalesce(array_agg(name ORDER BY name), '{}') FROM pg_settings
            WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'),
        (SELECT sum(CASE WHEN name = 'max_connections' THEN 1 ELSE -1 END * setting::int) FROM pg_settings
            WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections'))::int,
        coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
        inet_server_addr() IS NULL OR inet_server_addr() = inet_client_addr(),
        (SELECT count(*) FROM users WHERE is_admin AND is_active AND password_hash IS NOT NULL),
        EXISTS (SELECT FROM users WHERE email = :demo AND is_active)
"""


def facts(demo_email: str) -> Facts:
    """The facts; `demo_email` is the address of the demo's account."""
    superuser, may_lose, *others = db.session.execute(text(_FACTS), {"demo": demo_email}).one()
    return Facts(superuser, tuple(may_lose), *others)
