"""The columns that say who asks, for every statement that asks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Text, bindparam, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from webapp.access import Scope, Viewer
from webapp.db import AnyRow
from webapp.models.accounts import ACTING, User
from webapp.models.auth import SignIn
from webapp.models.personal_tokens import PersonalToken
from webapp.models.projects import Project, Stamp

# The person of a sign-in, and what may end it. That its time is over is told, and not the time: so the same is told
# as long as nothing happens.
PERSON = (
    *ACTING, User.is_active, User.token_epoch, SignIn.id.label("sid"), SignIn.revoked_at,
    (SignIn.ends_at <= func.now()).label("is_over"), select(Stamp.settings).scalar_subquery().label("settings"),
)  # fmt: skip
OWN = SignIn.user_id == User.id
ASKING = (User.id == bindparam("user_id"), SignIn.id == bindparam("sid"))
_LIMITS = aliased(Project, name="limits")
_NAMED = func.jsonb_object_agg(cast(_LIMITS.id, Text), _LIMITS.key)
_KEYS = func.array_agg(aggregate_order_by(_LIMITS.key, _LIMITS.key))


def within(limit: Any) -> ColumnElement[Any]:
    """The projects that a token is limited to by this column, by id, with their keys: those that there still are.

    None are all; a token whose projects are gone is limited to none.
    """
    left = select(func.coalesce(_NAMED, literal({}, JSONB))).where(_LIMITS.id == func.any(limit))
    return case((limit.is_not(None), left.scalar_subquery())).label("within")


def limited_to(named: Mapping[str, str] | None) -> Mapping[int, str] | None:
    """The projects of that column, by id."""
    return None if named is None else {int(id): key for id, key in named.items()}


def keys_within(limit: Any) -> ColumnElement[Any]:
    """The same as a list of their keys alone, as its owner is shown it."""
    left = select(func.coalesce(_KEYS, literal([], ARRAY(Text)))).where(_LIMITS.id == func.any(limit))
    return case((limit.is_not(None), left.scalar_subquery())).label("projects")


# The same of a personal access token, which is presented itself.
HOLDER = (
    *PERSON, PersonalToken.scope, within(PersonalToken.project_ids),
    func.coalesce(PersonalToken.used_on == func.current_date(), False).label("is_known_today"),
)  # fmt: skip
PRESENTED = PersonalToken.token_hash == bindparam("token", type_=LargeBinary)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who asks through a sign-in, and what may end it: one is the same for all that ask until it changes.

    `epoch` is that of their tokens as it is now; `settings` counts the changes of those of the whole.
    """

    viewer: Viewer
    epoch: int
    is_active: bool
    is_revoked: bool
    is_over: bool
    settings: int
    is_known_today: bool = True


def signed_in(row: AnyRow) -> SignedIn:
    """Whom a row of PERSON tells of."""
    return _signed_in(row, Viewer.of(row, sid=row.sid, epoch=row.token_epoch))


def holding(row: AnyRow) -> SignedIn:
    """The same of a row of HOLDER: what they may do is limited as their token is."""
    scope, within = Scope(row.scope), limited_to(row.within)
    viewer = Viewer.of(row, sid=row.sid, epoch=row.token_epoch, scope=scope, within=within)
    return _signed_in(row, viewer, is_known_today=row.is_known_today)


def _signed_in(row: AnyRow, viewer: Viewer, **more: bool) -> SignedIn:
    standing = row.is_active, row.revoked_at is not None, row.is_over
    return SignedIn(viewer, row.token_epoch, *standing, row.settings, **more)


@dataclass(frozen=True, slots=True)
class Ending:
    """A token of whose end its owner is to be told; `user_id` is theirs."""

    id: int
    user_id: int
