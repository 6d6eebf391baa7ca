"""Tokens for feeds: who may read without a login, because a calendar cannot log in.

A token of 256 random bits cannot be guessed, so guesses are not counted.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from webapp import eyes, faults, hashing
from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth.expiring import WARNED, end_of
from webapp.auth.limiting import Limits
from webapp.auth.rows import limited_to
from webapp.db import transaction
from webapp.errors import CairnError, Conflict, NotFound
from webapp.feeds import repository
from webapp.feeds.rows import FeedTokenRow
from webapp.feeds.schemas import FeedTokenIn
from webapp.i18n import N_, ngettext
from webapp.mail import service as mail
from webapp.mail.service import Note
from webapp.projects import limiting

MOST = 50
USUAL = 365  # days
# So that a scanner for leaked secrets knows one when it sees it.
PREFIX = "cairn_feed_"


class BadFeedToken(CairnError):
    """The same for one that never was, that was revoked, and whose owner is gone."""

    status, title, detail = 401, N_("This address does not work"), N_("Its token is not valid, or no longer.")


def listing(by: Viewer) -> Sequence[FeedTokenRow]:
    """Somebody's own tokens, the newest first."""
    return repository.of(by.id)


def own(token_id: int, by: Viewer) -> FeedTokenRow:
    """One of one's own tokens. Raises NotFound."""
    row = repository.own(by.id, token_id)
    if row is None:
        raise NotFound()
    return row


def create(draft: FeedTokenIn, by: Viewer) -> tuple[FeedTokenRow, str]:
    """A new token and its secret, which is told only now.

    Raises Invalid for a day that is none and for a project that `by` may not know of, Conflict for somebody who has
    too many.
    """
    return _create(draft.name, end_of(draft, by, USUAL), limiting.ids_of(draft.keys, by), by)


def edit(token_id: int, limits: Limits, by: Viewer) -> FeedTokenRow:
    """Let a token read other projects from now on. Raises NotFound, and Invalid as `limiting.changed` does."""
    return _edit(token_id, limiting.changed(limits.keys, by, is_said=limits.is_said), by)


@transaction
def _create(name: str, expires_at: datetime, within: list[int] | None, by: Viewer) -> tuple[FeedTokenRow, str]:
    epoch = repository.lock_person(by.id)
    if len(repository.of(by.id)) >= MOST:
        raise Conflict(
            ngettext(
                "You have %(num)s token. Revoke those that you no longer use.",
                "You have %(num)s tokens. Revoke those that you no longer use.",
                MOST,
            )
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    stored = {"token_hash": hashing.of_token(secret), "last_four": secret[-4:], "epoch": epoch}
    made = repository.add(by.id, name=name, expires_at=expires_at, project_ids=within, **stored)
    row = own(made, by)
    audit.note(Kind.FEED_TOKEN_MADE, actor=by, target=_target(row), after=limiting.told(row.projects))
    return row, secret


@transaction
def _edit(token_id: int, within: list[int] | None, by: Viewer) -> FeedTokenRow:
    repository.lock_person(by.id)
    before = own(token_id, by)
    repository.limit(token_id, within)
    after = own(token_id, by)
    was, now = ({"projects": row.projects} for row in (before, after))
    audit.note(Kind.FEED_LIMITED, actor=by, target=_target(after), before=was, after=now)
    return after


@transaction
def revoke(token_id: int, by: Viewer) -> None:
    """Take one's own token back: nothing is read with it from now on. Raises NotFound."""
    name = repository.remove(by.id, token_id)
    if name is None:
        raise NotFound()
    audit.note(Kind.FEED_TOKEN_REVOKED, actor=by, target=audit.Target("feed_token", token_id, name))


@transaction
def warn() -> None:
    """Tell those whose tokens end soon, once of each."""
    ending = repository.take_ending(WARNED)
    mail.post_all(Note("feed_token_ends", Person(one.user_id, ""), {"token": one.id}) for one in ending)


def person(secret: str) -> Viewer:
    """In whose name a token reads, and with whose eyes from here on. Raises BadFeedToken."""
    row = repository.presented(hashing.of_token(secret))
    if row is None:
        raise BadFeedToken()
    if not row.is_known_today:
        faults.if_it_can(_note_use, row.token_id)
    limit = limited_to(row.within)
    eyes.look(row.id, limit)
    return Viewer.of(row, within=limit)


def _target(row: FeedTokenRow) -> audit.Target:
    return audit.Target("feed_token", row.id, row.name)


@transaction
def _note_use(token_id: int) -> None:
    repository.note_use(token_id)
