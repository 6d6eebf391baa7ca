"""What is wrong with a database that answers, and with what it knows of the rest."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from ipaddress import ip_address

from webapp.config import Settings
from webapp.doctor.rows import State
from webapp.ops.checking import Finding, error, warning

# The oldest PostgreSQL that Cairn is tested with, and until when PostgreSQL's makers mend each.
OLDEST = 15
MENDED_UNTIL = {15: date(2027, 11, 11), 16: date(2028, 11, 9), 17: date(2029, 11, 8), 18: date(2030, 11, 14)}
# Rounds begin every five minutes, whatever else there is to do.
NO_WORKER = timedelta(minutes=15)
# Of the two thousand million transactions after which PostgreSQL refuses all changes. It cleans up at 200 million.
OLD, TOO_OLD = 500_000_000, 1_500_000_000
FULL = 0.8
NAMED = 5
# So many people do not all sit behind one private address.
SEVERAL = 3


def findings(settings: Settings, state: State) -> Iterator[Finding]:
    """All of it, what stops Cairn first."""
    yield from _of_its_age(state)
    yield from _of_the_role(state)
    yield from _of_the_worker(settings, state)
    yield from _of_who_waits(state)
    yield from _of_cleaning(state)
    yield from _of_what_is_broken(state)
    yield from _of_replicas(state)
    yield from _of_what_is_sent(state)
    yield from _of_addresses(settings, state)


def too_old(version: int) -> Finding:
    """Instead of all else: what is asked further an older one may not understand."""
    return error(
        "postgres",
        f"The database is PostgreSQL {version}, and Cairn needs {OLDEST} or later. What is tested is not this one: "
        "migrations may fail halfway. Move to a newer one; docs/deployment.md tells how. What else is asked of the "
        "database was not looked at.",
    )


def _of_its_age(state: State) -> Iterator[Finding]:
    if (until := MENDED_UNTIL.get(state.version)) and until < state.now.date():
        yield warning(
            "postgres",
            f"PostgreSQL {state.version} is mended no more since {until}. Holes that are found in it stay open. Move "
            "to a newer one; docs/deployment.md tells how.",
        )


def _of_the_role(state: State) -> Iterator[Finding]:
    if not state.may_make_tables or state.others_own:
        what = f"does not own {_some(state.others_own)}" if state.others_own else "may make no tables"
        yield error(
            "role",
            f"Cairn's role {what}. Pages work until the next upgrade, whose migrations will be refused. As a "
            "superuser: ALTER DATABASE … OWNER TO the role in DATABASE_URL, and REASSIGN OWNED for its tables.",
        )


def _of_the_worker(settings: Settings, state: State) -> Iterator[Finding]:
    if state.worker_at is not None and state.now - state.worker_at < NO_WORKER:
        return
    came = "ever come" if state.worker_at is None else f"come for {_minutes(state.now - state.worker_at)} minutes"
    what = (
        "Start `flask worker`, which WORKER=off asks for"
        if settings.worker == "off"
        else "WORKER is on: the server does jobs itself, so look whether it runs, and into its log"
    )
    yield error(
        "worker",
        f"No worker has {came}. Mail, webhooks, backups and all that is done later stand still; nothing of it "
        f"is lost. {what}.",
    )


def _of_who_waits(state: State) -> Iterator[Finding]:
    if state.long_transactions:
        first = state.long_transactions[0]
        yield warning(
            "transactions",
            f"{_number(len(state.long_transactions), 'transaction')} open for more than five minutes, the first "
            f"since {first['minutes']:.0f} ({first['program'] or 'unnamed'}, {first['state']}, process "
            f"{first['pid']}). Nothing that was deleted since is cleaned up, and whoever needs its rows waits. "
            f"If nobody knows it: SELECT pg_terminate_backend({first['pid']}).",
        )
    if state.waiting_for_locks:
        yield warning(
            "locks",
            f"{_number(state.waiting_for_locks, 'statement')} waiting for a lock for more than half a minute. "  # noqa: S608
            "Somebody changes the schema, or left a transaction open. To see who: SELECT pid, "
            "pg_blocking_pids(pid), query FROM pg_stat_activity WHERE wait_event_type = 'Lock'.",
        )
    if state.prepared:
        yield warning(
            "prepared",
            f"Prepared transactions that nobody ended: {_some(state.prepared)}. They keep their locks over restarts, "
            "and Cairn makes none. End each: ROLLBACK PREPARED 'name'.",
        )
    if state.connections > FULL * state.connections_at_most:
        yield warning(
            "full",
            f"{state.connections} of the {state.connections_at_most} connections that the database takes are used. "
            "With the last one requests get 503. Raise max_connections, lower WEB_CONCURRENCY or DB_MAX_OVERFLOW, or "
            "put a pooler in between.",
        )


def _of_cleaning(state: State) -> Iterator[Finding]:
    if not state.cleans_up:
        yield error(
            "autovacuum",
            "PostgreSQL's autovacuum, or track_counts, is off. Tables grow with each change, lists get slower, and "
            "in the end the database refuses all changes. Switch both on, and run VACUUM (ANALYZE) once.",
        )
    if state.never_cleaned:
        yield warning(
            "uncleaned",
            f"Autovacuum is off for {_some(state.never_cleaned)}: they only grow. For each: "
            "ALTER TABLE … RESET (autovacuum_enabled).",
        )
    if state.bloated:
        yield warning(
            "bloat",
            f"A third and more of {_some(state.bloated)} is of no use any more and was not cleaned up. Either "
            "something holds it (a long transaction, a replication slot), or autovacuum does not keep up. Run "
            "VACUUM (ANALYZE) of them, and look at the log for autovacuum.",
        )
    if state.age > OLD:
        tell = error if state.age > TOO_OLD else warning
        yield tell(
            "wraparound",
            f"The oldest row is {state.age // 1_000_000} million transactions old, and at 2,000 million PostgreSQL "
            "refuses all changes. Something keeps autovacuum from its work: a long transaction, a prepared one, a "
            "replication slot. End that, and run VACUUM.",
        )


def _of_what_is_broken(state: State) -> Iterator[Finding]:
    if state.broken_indexes:
        yield warning(
            "indexes",
            f"Indexes that were never finished: {_some(state.broken_indexes)}. They are written and not read, and a "
            "rule that one should keep may not be kept. For each: REINDEX INDEX CONCURRENTLY.",
        )
    if state.ending_sequences:
        yield error(
            "sequences",
            f"Numbers are running out: {_some(state.ending_sequences)}. After the last one nothing can be added "
            "there. Something has set them that high, as Cairn's have room for ever: set them back behind the "
            "greatest number in use, by setval().",
        )
    if state.other_collation:
        yield error(
            "collation",
            "The system sorts text otherwise than when the database was made: its C library or ICU was replaced. "
            "Indexes of text may miss rows that are there. REINDEX DATABASE, and then ALTER DATABASE … REFRESH "
            "COLLATION VERSION.",
        )


def _of_replicas(state: State) -> Iterator[Finding]:
    if state.late_replicas:
        yield warning(
            "replica",
            f"Late replicas: {_some(state.late_replicas)}. If one took over now, so much would be lost. Look at its "
            "disk and at the network between.",
        )
    if state.idle_slots:
        yield warning(
            "slots",
            f"Replication slots that nobody reads: {_some(state.idle_slots)}. What they hold fills the database's "
            "disk. Start the replica, or drop it: SELECT pg_drop_replication_slot('name').",
        )


def _of_what_is_sent(state: State) -> Iterator[Finding]:
    if state.hooks_off:
        yield warning(
            "webhooks",
            f"{_number(state.hooks_off, 'webhook')} switched off, because what was sent was not taken for days. "
            "Whoever listens there hears nothing. See /admin/webhooks: each says why, and can be switched on.",
        )
    if state.hooks_failing:
        yield warning(
            "failing",
            f"{_number(state.hooks_failing, 'webhook')} not taking what is sent for an hour and more. It is "
            "tried again, and in the end switched off. See /admin/webhooks.",
        )
    if state.mails_failed:
        yield warning(
            "refused",
            f"Of the mails of the last seven days {state.mails_failed} {'was' if state.mails_failed == 1 else 'were'}"
            " refused for good. Their readers know nothing of it. The mail server's words are in the table mails "
            "(answer); an address that is wrong can be changed, a refused sender is MAIL_FROM's.",
        )


def _of_addresses(settings: Settings, state: State) -> Iterator[Finding]:
    """Everybody seems to come from the proxy, if that is not believed, or another stands before it."""
    if len(state.addresses) == 1 and state.people >= SEVERAL and _is_private(state.addresses[0]):
        yield warning(
            "proxies",
            f"The last {state.logins} logins, of {state.people} people, all came from {state.addresses[0]}. That is "
            f"a proxy's address, and TRUSTED_PROXIES is {settings.trusted_proxies}: limits count everybody as one, "
            "and the audit log names nobody. Set it to the number of proxies that a request comes through.",
        )


def _is_private(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return False


def _some(names: Iterable[str]) -> str:
    first = list(names)
    more = f" and {len(first) - NAMED} more" if len(first) > NAMED else ""
    return ", ".join(first[:NAMED]) + more


def _number(number: int, what: str) -> str:
    return f"{number} {what} is" if number == 1 else f"{number} {what}s are"


def _minutes(time: timedelta) -> int:
    return int(time.total_seconds() // 60)
