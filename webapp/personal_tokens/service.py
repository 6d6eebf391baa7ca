from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp import hashing, token_form
from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import service as auth
from webapp.auth.expiring import WARNED, end_of
from webapp.auth.limiting import Limits
from webapp.db import transaction
from webapp.errors import Conflict, Deactivated, NotFound
from webapp.i18n import ngettext
from webapp.mail import service as mail
from webapp.mail.service import Note
from webapp.personal_tokens import repository
from webapp.personal_tokens.rows import PersonalTokenRow
from webapp.personal_tokens.schemas import PersonalTokenIn
from webapp.projects import limiting
from webapp.projects.standing import confirm

MOST = 50
USUAL = 90  # days
# So long it is still shown that it ended.
KEPT = timedelta(days=30)
# As many are forgotten at a time.
MANY = 1_000


def listing(by: Viewer) -> Sequence[PersonalTokenRow]:
    """One's own tokens, the newest first; also those that ended a short while ago."""
    return repository.of(by.id)


def create(draft: PersonalTokenIn, *, agent: str, by: Viewer) -> tuple[PersonalTokenRow, str]:
    """A new token, and the secret itself, which is told only now.

    Raises Invalid for a day that is none and for a project that `by` may not know of, Conflict for somebody who has
    too many.
    """
    within = limiting.ids_of(draft.keys, by)
    return _create(draft, end_of(draft, by, USUAL), agent, within, by=by)


def own(token_id: int, by: Viewer) -> PersonalTokenRow:
    """One of one's own tokens. Raises NotFound."""
    row = repository.own(by.id, token_id)
    if row is None:
        raise NotFound()
    return row


def edit(token_id: int, limits: Limits, by: Viewer) -> PersonalTokenRow:
    """Let a token reach other projects from now on, fewer or more, in every process.

    Raises NotFound, Invalid for a project that `by` may not know of and where neither projects are said nor all.
    """
    return _edit(token_id, limiting.changed(limits.keys, by, is_said=limits.is_said), by)


@transaction
def _create(
    draft: PersonalTokenIn, ends_at: datetime, agent: str, within: list[int] | None, *, by: Viewer
) -> tuple[PersonalTokenRow, str]:
    if not repository.lock_person(by.id):
        raise Deactivated()
    if len(repository.of(by.id)) >= MOST:
        raise Conflict(
            ngettext(
                "You have %(num)s token. Revoke those that you no longer use.",
                "You have %(num)s tokens. Revoke those that you no longer use.",
                MOST,
            )
        )
    token = token_form.made()
    stored = {"token_hash": hashing.of_token(token), "last_four": token[-4:], "project_ids": within}
    made = repository.add(by.id, agent[:200], ends_at, name=draft.name, scope=draft.scope, **stored)
    row = repository.one(made)
    assert row is not None
    ends = row.expires_at.date().isoformat()
    told = {"scope": draft.scope, "ends": ends, **limiting.told(row.projects)}
    audit.note(Kind.TOKEN_MADE, actor=by, target=_target(row), after=told)
    return row, token


@transaction
def _edit(token_id: int, within: list[int] | None, by: Viewer) -> PersonalTokenRow:
    confirm()  # first, as whoever ends all of somebody's sign-ins holds the person and then these
    before = own(token_id, by)
    repository.limit(token_id, within)
    after = own(token_id, by)
    was, now = ({"projects": row.projects} for row in (before, after))
    audit.note(Kind.TOKEN_LIMITED, actor=by, target=_target(after), before=was, after=now)
    return after


@transaction
def revoke(token_id: int, *, by: Viewer) -> None:
    """Take one's own token back: it is refused from now on, in every process. Raises NotFound."""
    confirm()  # first, as whoever ends all of somebody's sign-ins holds the person and then these
    row = repository.one(token_id)
    if row is None or not repository.revoke(by.id, token_id):
        raise NotFound()
    audit.note(Kind.TOKEN_REVOKED, actor=by, target=_target(row))


@transaction
def revoke_all(by: Viewer) -> None:
    """Take all of one's own tokens back."""
    confirm()
    if number := auth.end_tokens(by):
        audit.note(Kind.TOKEN_REVOKED, actor=by, target=audit.person(by), after={"tokens": number})


@transaction
def warn() -> None:
    """Tell those whose tokens end soon, once of each."""
    ending = repository.take_ending(WARNED)
    mail.post_all(Note("token_ends", Person(one.user_id, ""), {"token": one.id}) for one in ending)


@transaction
def clear() -> None:
    """Forget what was revoked, or ended long ago."""
    while repository.forget(KEPT, MANY):
        pass


def _target(row: PersonalTokenRow) -> audit.Target:
    return audit.Target("personal_token", row.id, row.name)
