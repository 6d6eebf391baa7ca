"""What it means that a database does not answer, or not to a question, by what the driver says."""

from webapp.faults import DBAPIError, SQLAlchemyError, state
from webapp.ops.checking import Finding, error

# A connection that was not made has no SQLSTATE, only words: those that they hold, and what to do.
ADVICE = {
    "authentication failed": "The role or its password is another. Put the right one into DATABASE_URL, or set it "
    "with ALTER ROLE … PASSWORD.",
    "no pg_hba.conf entry": "Its pg_hba.conf lets nobody in from here. Add a line for this role and address, and "
    "reload PostgreSQL.",
    "too many clients": "All its connections are used. End some, or raise max_connections.",
    "remaining connection slots": "All its connections are used. End some, or raise max_connections.",
    "does not exist": "Make it, or mend the name in DATABASE_URL.",
    "starting up": "It starts, perhaps after a crash. Wait, and ask again.",
    "shutting down": "It is being stopped. Start it again, if nobody does.",
    "translate host name": "The name is not known here. Mend DATABASE_URL, or this machine's DNS.",
    "Connection refused": "Nobody listens there. Start PostgreSQL, or mend host and port in DATABASE_URL.",
    "timeout expired": "Nothing comes back from there: a firewall, or a machine that is down.",
    "timed out": "Nothing comes back from there: a firewall, or a machine that is down.",
    "did not answer": "It takes connections and says nothing: its disk hangs, or its processes are stopped.",
    "certificate": "Its certificate is not one that this machine believes. Mend sslrootcert in DATABASE_URL, or the "
    "certificate.",
    "SSL": "It has no TLS, and DATABASE_URL asks for it. Switch it on there; without it passwords go in plain.",
}
ELSE = "Make or start it, or mend DATABASE_URL."


def finding(fault: SQLAlchemyError) -> Finding:
    """The driver's first line, what it means, and what to do. It names host and role, and never a password."""
    words = str(fault.orig) if isinstance(fault, DBAPIError) else str(fault)
    said = " ".join(words.strip().partition("\n")[0].split()).rstrip(".")
    if isinstance(fault, DBAPIError) and state(fault) and not fault.connection_invalidated:
        return error(
            "question",
            f"The database answers, and refused what this asked of it: {said}. What that would have told of the "
            "database is not known; all else was looked at. See the database's log, and whether Cairn's role may "
            "read its tables.",
        )
    advice = next((what for part, what in ADVICE.items() if part in words), ELSE)
    return error(
        "database",
        f"The database cannot be used: {said}. Every page answers 503 until it can. {advice} What is asked of the "
        "database was not looked at.",
    )
