from collections.abc import Callable, Iterable, Iterator

from webapp.config import of_this_app
from webapp.db import release
from webapp.doctor import database, machine, repository, site, unreachable
from webapp.errors import Unavailable
from webapp.faults import SQLAlchemyError
from webapp.mail import service as mail
from webapp.mail.smtp import Deferred
from webapp.ops import service as ops
from webapp.ops.checking import Finding, Level, error


def known() -> list[Finding]:
    """What is wrong as far as the database and this machine tell at once; what is dangerous first."""
    return _sorted([*_of_the_database(), *machine.findings(of_this_app())])


def look() -> list[Finding]:
    """The same, and what others answer: the mail server, the public address; and whether the newest backup is whole.

    Sends nothing, and changes nothing. A database that does not answer is one finding, and all else is looked at.
    """
    settings = of_this_app()
    found = [*_of_the_database(), *machine.findings(settings)]
    release()  # others keep us waiting
    parts: tuple[Callable[[], Iterable[Finding]], ...] = (
        lambda: machine.of_backups(settings),
        _of_the_mail_server,
        lambda: site.findings(settings, ops.proof),
    )
    for part in parts:
        found += part()
    return _sorted(found)


def _sorted(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: one.level != Level.ERROR)


def _of_the_database() -> Iterator[Finding]:
    try:
        if (version := repository.version()) < database.OLDEST:
            yield database.too_old(version)
            return
        ops.require_prepared()
        yield from ops.check(deploy=True)
        yield from database.findings(of_this_app(), repository.state(version))
    except SQLAlchemyError as fault:
        release()
        yield unreachable.finding(fault)
    except Unavailable as fault:
        yield error(
            "schema", f"{fault} Until then every page that needs the database answers 503, and nothing is lost."
        )


def _of_the_mail_server() -> Iterator[Finding]:
    try:
        mail.try_server()
    except Deferred as fault:
        yield error(
            "mail_server",
            f"The mail server does not do what MAIL_URL asks for: {fault} Mails wait and are tried again for some "
            "days; nobody is invited or gets another password by mail meanwhile. Mend MAIL_URL, or the server; "
            "`flask mail-test ADDRESS` then sends one.",
        )
