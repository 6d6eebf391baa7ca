"""Posting mails with the change that they follow, and writing down what became of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from webapp.db import transaction
from webapp.i18n import N_, language
from webapp.i18n.retelling import kept
from webapp.jobs import service as jobs
from webapp.mail import repository, smtp
from webapp.mail.composing import composer
from webapp.mail.office import office
from webapp.mail.repository import LONGEST_ANSWER
from webapp.mail.rows import MailRow, Posted, Sent, State

# How long further events may put a mail off.
AT_MOST = timedelta(minutes=3)
KEPT = timedelta(days=90)
GIVEN_UP = kept(N_("Given up. %(why)s"))
# As many are forgotten at a time.
MANY = 1_000


class Somebody(Protocol):
    """A person, in whatever row."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Note:
    """A mail to be posted: to a person, at the address that they have when it is sent unless one is given, or else to
    an address. `data` is JSON, better of ids than of texts. One that waits under the same `key` takes what is new.
    """

    kind: str
    to: Somebody | str
    data: Mapping[str, Any]
    due_at: datetime | None = None
    key: str | None = None
    address: str | None = None


def is_configured() -> bool:
    """Whether mail is sent at all: by a server, or in development into a folder."""
    return office().is_open


def reaches_people() -> bool:
    """Whether a server takes the mail to whom it is for; in a folder of development only the developer reads it."""
    return office().server is not None


def try_server() -> None:
    """Connect to the server that takes mail as to send one, and send none; nothing where there is none.

    Raises Deferred with the server's words, or what went wrong.
    """
    here = office()
    if here.server is not None:
        smtp.try_out(here.server, here.host)


def post(
    kind: str,
    to: Somebody | str,
    data: Mapping[str, Any],
    *,
    due_at: datetime | None = None,
    key: str | None = None,
    address: str | None = None,
) -> int | None:
    """Post a mail, as a `Note` says; its id. None where no mail is sent."""
    posted = post_all([Note(kind, to, data, due_at, key, address)])
    return posted[0].id if posted else None


@transaction
def post_all(notes: Iterable[Note]) -> list[Posted]:
    """Post any number of mails by two statements, in the transaction of what they tell of."""
    if not is_configured():
        return []
    rows = _together(notes)
    posted = repository.add(rows, AT_MOST) if rows else []
    _have_sent(
        [(one.id, one.due_at) for one in posted if one.is_new]
    )  # the job of another waits, and puts itself off
    return posted


@transaction
def take(mail_id: int, due_at: datetime | None = None) -> MailRow | None:
    """A mail to be sent; None if it was sent, or is gone. One that was put off since it was due then `is_early`."""
    return repository.take(mail_id, due_at)


@transaction
def come_back(mail: MailRow) -> None:
    """Have a mail sent later that was put off meanwhile."""
    _have_sent([(mail.id, mail.due_at)])


@transaction
def finish(mail: MailRow, state: State, answer: str) -> None:
    """Note that it was sent, dropped or refused for good, and what was said."""
    known = composer(mail.kind)
    is_secret = known is not None and known.is_secret
    repository.finish(mail.id, state, answer[:LONGEST_ANSWER], mail.reader.address, is_secret=is_secret)
    if known is not None and known.ended is not None:
        known.ended(mail.id, state, answer[:LONGEST_ANSWER])


@transaction
def note(mail: MailRow, answer: str) -> None:
    """Note what was said to an attempt after which it still waits."""
    repository.note(mail.id, answer[:LONGEST_ANSWER])


@transaction
def give_up(mail_id: int) -> bool:
    """Note that it is not tried any more, with what was said last; whether it still waited."""
    return _turn(mail_id, State.WAITING, State.FAILED, GIVEN_UP % {"why": ""})


@transaction
def revive(mail_id: int) -> None:
    """Note that what was given up, or failed, is tried again."""
    _turn(mail_id, State.FAILED, State.WAITING, "")


def last_test(user_id: int) -> Sent | None:
    """What became of the last mail by which somebody asked whether mail arrives."""
    return repository.latest(user_id, "test")


@transaction
def clear() -> int:
    """Forget some of the mails that are older than 90 days; how many."""
    return repository.clear(KEPT, MANY)


def _turn(mail_id: int, old: State, new: State, before: str) -> bool:
    found = repository.turn(mail_id, old, new, before)
    if found is None:
        return False
    kind, answer = found
    known = composer(kind)
    if known is not None and known.ended is not None:
        known.ended(mail_id, new, answer)
    return True


def _have_sent(mails: Iterable[tuple[int, datetime]]) -> None:
    given = (({"id": mail_id, "due": at.isoformat()}, f"mail:{mail_id}", at) for mail_id, at in mails)
    jobs.enqueue_all("send_mail", given)


def _together(notes: Iterable[Note]) -> list[dict[str, Any]]:
    """As rows, in which no key stands twice."""
    rows: dict[str, dict[str, Any]] = {}
    for one in notes:
        row = _row(one)
        known = rows.get(row["key"] or row["message_id"])
        if known is None:
            rows[row["key"] or row["message_id"]] = row
        else:
            known["data"], known["due_at"] = _joined(known["data"], row["data"]), row["due_at"]
    return list(rows.values())


def _row(note: Note) -> dict[str, Any]:
    if composer(note.kind) is None:
        raise LookupError(f"Nobody composes mails of the kind {note.kind}.")
    is_address = isinstance(note.to, str)
    # Whoever has no account has no language of their own: they are written to in that of who caused it.
    spoken = {"language": language()} if is_address else {}
    return {
        "user_id": None if is_address else note.to.id,  # type: ignore[union-attr]
        "address": note.to if is_address else note.address,
        "kind": note.kind,
        "data": {**note.data, **spoken},
        "key": note.key,
        "message_id": f"<{uuid4().hex}@{office().host}>",
        "due_at": note.due_at and note.due_at.isoformat(),
    }


def _joined(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """As the statement that adds to one that waits does it."""
    lists = {name for name in old.keys() & new.keys() if isinstance(old[name], list) and isinstance(new[name], list)}
    return {**old, **new, **{name: [*old[name], *new[name]] for name in lists}}
