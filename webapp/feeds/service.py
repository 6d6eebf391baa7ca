"""Tokens for feeds: who may read without a login, because a calendar cannot log in.

A token of 256 random bits cannot be guessed, so guesses are not counted.
"""

import secrets
from collections.abc import Sequence

from webapp import hashing
from webapp.access import Viewer
from webapp.db import transaction
from webapp.errors import CairnError, Conflict, NotFound
from webapp.feeds import repository
from webapp.feeds.repository import FeedTokenRow
from webapp.i18n import N_, ngettext

MOST = 50
# So that a scanner for leaked secrets knows one when it sees it.
PREFIX = "cairn_feed_"


class BadFeedToken(CairnError):
    """The same for one that never was, that was revoked, and whose owner is gone."""

    status, title, detail = 401, N_("This address does not work"), N_("Its token is not valid, or no longer.")


def listing(by: Viewer) -> Sequence[FeedTokenRow]:
    """Somebody's own tokens, the newest first."""
    return repository.of(by.id)


@transaction
def create(name: str, by: Viewer) -> tuple[FeedTokenRow, str]:
    """A new token and its secret, which is told only now. Raises Conflict for somebody who has too many."""
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
    made = repository.add(by.id, name, hashing.of_token(secret), secret[-4:], epoch)
    return repository.one(made), secret


@transaction
def revoke(token_id: int, by: Viewer) -> None:
    """Take one's own token back: nothing is read with it from now on. Raises NotFound."""
    if not repository.remove(by.id, token_id):
        raise NotFound()


def person(secret: str) -> Viewer:
    """In whose name a token reads. Raises BadFeedToken."""
    row = repository.presented(hashing.of_token(secret))
    if row is None:
        raise BadFeedToken()
    if not row.is_known_today:
        _note_use(row.token_id)
    return Viewer.of(row)


@transaction
def _note_use(token_id: int) -> None:
    repository.note_use(token_id)
