"""Queries about mails."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, literal, select, update

from webapp.db import db
from webapp.mail.rows import MailRow, Posted, Reader, Sent
from webapp.models.mails import Mail, State
from webapp.reading import Text, read

LONGEST_ANSWER = 500
# A mail that waits under the same key takes what is new: lists grow, all else is replaced. It is put off by that,
# but not beyond `at_most` after it was first posted.
_POST = Text(
    """
    INSERT INTO mails (user_id, address, kind, data, key, message_id, due_at)
    SELECT user_id, address, kind, data, key, message_id, coalesce(due_at, now())
    FROM jsonb_to_recordset(:mails) AS new (user_id bigint, address text, kind text, data jsonb, key text,
                                            message_id text, due_at timestamptz)
    ON CONFLICT (key) WHERE key IS NOT NULL DO UPDATE SET
      data = mails.data || excluded.data || coalesce((
        SELECT jsonb_object_agg(one.key, mails.data -> one.key || one.value) FROM jsonb_each(excluded.data) AS one
        WHERE jsonb_typeof(one.value) = 'array' AND jsonb_typeof(mails.data -> one.key) = 'array'), '{}'),
      due_at = least(greatest(mails.due_at, excluded.due_at), greatest(mails.due_at, mails.created_at + :at_most))
    RETURNING id, due_at, xmax = 0
    """,
    "mails jsonb, at_most interval",
    "id due_at is_new",
)
# From here on nothing is added to it, unless it was put off: what happens next is told by another.
_TAKE = Text(
    """
    UPDATE mails SET key = CASE WHEN mails.due_at > :due_at THEN mails.key END
    FROM mails AS same LEFT JOIN users ON users.id = same.user_id
    WHERE mails.id = :id AND same.id = mails.id AND mails.state = 'waiting'
    RETURNING mails.id, mails.kind, mails.data, mails.message_id, mails.created_at, mails.due_at,
      coalesce(mails.due_at > :due_at, false),
      users.id, coalesce(users.name, ''), coalesce(mails.address, users.email, ''),
      coalesce(users.time_zone, 'UTC'), coalesce(users.is_active, true),
      users.id IS NULL OR users.email_confirmed_at IS NOT NULL OR mails.address IS NOT NULL,
      CASE WHEN users.id IS NULL THEN mails.data ->> 'language' ELSE users.language END
    """,
    "id bigint, due_at timestamptz",
    "id kind data message_id created_at due_at is_early user_id name address time_zone is_active is_confirmed"
    " language",
)


def add(mails: Sequence[Mapping[str, Any]], at_most: timedelta) -> list[Posted]:
    """Write mails, or add them to those that wait under their keys; each key stands once among them."""
    rows = read(_POST, {"mails": json.dumps(mails, default=str), "at_most": at_most})
    return [Posted(*row) for row in rows]


def take(mail_id: int, due_at: datetime | None) -> MailRow | None:
    """A mail that waits, with its reader; unless it was put off since it was due then, it takes nothing more."""
    mail = read(_TAKE, {"id": mail_id, "due_at": due_at}).one_or_none()
    if mail is None:
        return None
    known = mail.name, mail.address, mail.time_zone, mail.is_active, mail.is_confirmed, mail.language
    reader = Reader(mail.user_id, *known)
    return MailRow(
        mail.id, mail.kind, mail.data, mail.message_id, mail.created_at, mail.due_at, mail.is_early, reader
    )


def finish(mail_id: int, state: State, answer: str, address: str, *, is_secret: bool) -> None:
    """Write down what became of it; what it was made of goes, if that is nobody's business any more."""
    values: dict[str, Any] = {"state": state, "answer": answer, "address": address}
    if state is State.SENT:
        values["sent_at"] = func.now()
    if is_secret:
        values["data"] = {}
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(values))


def turn(mail_id: int, old: State, new: State, before: str) -> tuple[str, str] | None:
    """Make of one that is `old` a `new` one, with words before what was said last: its kind, and what it says."""
    said = func.left(literal(before) + Mail.answer, LONGEST_ANSWER)
    those = update(Mail).where(Mail.id == mail_id, Mail.state == old).values(state=new, answer=said)
    row = db.session.execute(those.returning(Mail.kind, Mail.answer)).one_or_none()
    return (row.kind, row.answer) if row else None


def note(mail_id: int, answer: str) -> None:
    """Write down what was said to the last attempt."""
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(answer=answer))


def clear(older_than: timedelta, most: int) -> int:
    """Forget so many of those that are older, the oldest first; how many there were."""
    old = Mail.created_at < func.now() - literal(older_than)
    ids = select(Mail.id).where(old).order_by(Mail.id).limit(most).with_for_update(skip_locked=True)
    return len(db.session.execute(delete(Mail).where(Mail.id.in_(ids)).returning(Mail.id)).all())


def latest(user_id: int, kind: str) -> Sent | None:
    """What became of the last mail of a kind to somebody."""
    sent_or_posted = func.coalesce(Mail.sent_at, Mail.created_at)
    mine = select(Mail.state, Mail.answer, sent_or_posted).where(Mail.user_id == user_id, Mail.kind == kind)
    row = read(mine.order_by(Mail.id.desc()).limit(1)).one_or_none()
    return Sent(State(row[0]), row[1], row[2]) if row else None
