"""What somebody's groups at a provider are worth here: roles in projects, and being an administrator.

What was given so is taken back with the group. What somebody here has given is neither raised, lowered nor taken.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from webapp.access import Role
from webapp.auth import standing
from webapp.config.sso_rules import ADMINISTRATOR, Rules
from webapp.db import transaction
from webapp.errors import Conflict, SignInNeeded
from webapp.i18n import _
from webapp.members import granting as members
from webapp.models.accounts import User
from webapp.models.sso import OutsideIdentity
from webapp.sso import repository
from webapp.sso.rows import Identity, IdentityRow

log = logging.getLogger("cairn.auth")
# From the one that may do most.
RANK = tuple(Role)
Login = Identity | IdentityRow | OutsideIdentity


class Unlinked(SignInNeeded):
    """A login is theirs no more whose it was: it was unlinked meanwhile, or went to another account by a merge."""


@dataclass
class Grants:
    """Roles by the keys of projects, and whether somebody is an administrator."""

    roles: dict[str, Role] = field(default_factory=dict)
    is_admin: bool = False

    @classmethod
    def of(cls, rules: Rules, groups: Sequence[str]) -> "Grants":
        """What these groups give together: of several roles in a project, the one that may do most."""
        grants = cls()
        for one in (given for group in groups for given in rules.groups.get(group, ())):
            key, _colon, role = one.partition(":")
            if one == ADMINISTRATOR:
                grants.is_admin = True
            else:
                grants.roles[key.upper()] = min(Role(role), grants.roles.get(key.upper(), Role(role)), key=RANK.index)
        return grants

    @classmethod
    def kept(cls, told: dict[str, Any]) -> "Grants":
        """As they are stored."""
        return cls({key: Role(role) for key, role in told.get("roles", {}).items()}, bool(told.get("admin")))

    @property
    def told(self) -> dict[str, Any]:
        return {"roles": dict(self.roles), "admin": self.is_admin}


def apply(identity: Login, user_id: int, groups: Sequence[str], rules: Rules) -> None:
    """Give what the groups give, and take back what they gave before."""
    _change(identity, user_id, Grants.of(rules, groups))


def take_back(identity: Login, user_id: int) -> None:
    """Take all that was given so. Where a login is theirs no more, whoever unlinked it has done that."""
    try:
        _change(identity, user_id, Grants())
    except Unlinked:
        return


def refuse_while_it_gives(row: OutsideIdentity, user: User) -> None:
    """Go on only if a login gives its person nothing, so that it can go; both rows are locked. Raises Conflict.

    The last administrator stays one without it, as `take_back` leaves them.
    """
    granted = Grants.kept(row.granted)
    administers = granted.is_admin and user.is_admin and not standing.is_last_administrator(user)
    if granted.roles or administers:
        raise Conflict(_("Somebody is just logging in by it. Try again."))


def join(gone: User, kept: User) -> None:
    """Before two accounts become one: what either has by hand is not its groups' to take from the other.

    That `gone` is an administrator ends with it; whether `kept` is one is not said by the groups of `gone`.
    """
    rows = repository.locked_of(gone.id, kept.id)
    by_hand = {*_by_hand(gone, rows), *_by_hand(kept, rows)}
    for row in rows:
        had = Grants.kept(row.granted)
        row.granted = Grants(_without(had.roles, *by_hand), had.is_admin and row.user_id == kept.id).told


def _by_hand(user: User, rows: Sequence[OutsideIdentity]) -> Iterator[str]:
    """The projects, of those in which groups gave somebody a role, where this person has one otherwise."""
    for key in {key for row in rows for key in Grants.kept(row.granted).roles}:
        own = [Grants.kept(row.granted).roles.get(key) for row in rows if row.user_id == user.id]
        present = members.held(key, user.id)
        if present is not None and present not in own:
            yield key


def _change(identity: Login, user_id: int, wanted: Grants) -> None:
    """One right after the other, each in a transaction of its own: each begins with the locks that come first."""
    had = _granted(identity, user_id)
    if had.is_admin or wanted.is_admin:
        _settle_administrator(identity, user_id, wanted.is_admin)
    for key in sorted({*had.roles, *wanted.roles}):
        role = wanted.roles.get(key)
        if role is None or had.roles.get(key) is not role or members.held(key, user_id) is not role:
            _settle_role(identity, user_id, key, role)


@transaction
def _settle_administrator(identity: Login, user_id: int, wanted: bool) -> None:
    standing.take_turns()
    had, user = _granted(identity, user_id), repository.person(user_id)
    if user is not None:
        is_admin = _administer(user, had.is_admin, wanted, identity.provider)
        _note(identity, user_id, lambda now: replace(now, is_admin=is_admin))


@transaction
def _settle_role(identity: Login, user_id: int, key: str, wanted: Role | None) -> None:
    members.take_turns(key)
    had, user = _granted(identity, user_id), repository.person(user_id)
    if user is None:
        return
    role = members.settle(key, user, had.roles.get(key), wanted, identity.provider)
    told = {} if role is None else {key: role}
    _note(identity, user_id, lambda now: replace(now, roles={**_without(now.roles, key), **told}))


def _granted(identity: Login, user_id: int) -> Grants:
    """What somebody has by this login at present. Raises Unlinked if it is theirs no more."""
    return Grants.kept(_theirs(repository.kept(identity.provider, identity.subject), user_id).granted)


def _note(identity: Login, user_id: int, change: Callable[[Grants], Grants]) -> None:
    """Note what they have by it from now on: the login's row is the last that is locked."""
    row = _theirs(repository.locked(identity.provider, identity.subject), user_id)
    told = change(Grants.kept(row.granted)).told
    if row.granted != told:
        row.granted = told


def _theirs(row: OutsideIdentity | None, user_id: int) -> OutsideIdentity:
    if row is None or row.user_id != user_id:
        raise Unlinked()
    return row


def _without(roles: dict[str, Role], *keys: str) -> dict[str, Role]:
    return {one: role for one, role in roles.items() if one not in keys}


def _administer(user: User, had: bool, wanted: bool, provider: str) -> bool:
    """Whether it is by groups that they are an administrator from now on."""
    if wanted and not user.is_admin:
        standing.make_administrator(user.id, provider=provider)
        return True
    if had and not wanted and user.is_admin:
        if standing.is_last_administrator(user):
            log.warning("last_administrator_kept user=%s provider=%s", user.id, provider)
            return True
        standing.unmake_administrator(user.id, provider=provider)
    return had and wanted
