"""The columns that say who asks, for every statement that asks it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Text, bindparam, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from webapp.models.accounts import ACTING, User
from webapp.models.auth import SignIn
from webapp.models.personal_tokens import PersonalToken
from webapp.models.projects import Project, Stamp

# The person of a sign-in, and what may end it.
PERSON = (
    *ACTING, User.is_active, User.token_epoch, SignIn.revoked_at, SignIn.ends_at, func.now().label("now"),
    select(Stamp.settings).scalar_subquery().label("settings"),
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


def keys_within(limit: Any) -> ColumnElement[Any]:
    """The same as a list of their keys alone, as its owner is shown it."""
    left = select(func.coalesce(_KEYS, literal([], ARRAY(Text)))).where(_LIMITS.id == func.any(limit))
    return case((limit.is_not(None), left.scalar_subquery())).label("projects")


# The same of a personal access token, which is presented itself.
HOLDER = (
    *PERSON, SignIn.id.label("sid"), PersonalToken.scope, within(PersonalToken.project_ids),
    func.coalesce(PersonalToken.used_on == func.current_date(), False).label("is_known_today"),
)  # fmt: skip
PRESENTED = PersonalToken.token_hash == bindparam("token", type_=LargeBinary)


@dataclass(frozen=True, slots=True)
class Ending:
    """A token of whose end its owner is to be told; `user_id` is theirs."""

    id: int
    user_id: int
