"""Who may do what in a project: one table, asked by services and by templates alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from webapp import claims
from webapp.claims import Claim
from webapp.errors import Forbidden, NotFound, SignInNeeded
from webapp.i18n import _
from webapp.rights import OWN, RIGHTS, SEE_PRIVATE_FROM, TEAM, WITHIN, WRITES, Do, Role, Scope, Visibility

__all__ = ["RIGHTS", "SEE_PRIVATE_FROM", "TEAM", "Do", "Role", "Scope", "Visibility"]


# By a name of its own: to ask an enum for one of its members is a call, each time that a right is asked for.
_SEE_PRIVATE = Do.SEE_PRIVATE
_NONE = frozenset[Do]()
_RIGHTS_OF = dict[Role | None, frozenset[Do]]((*RIGHTS.items(), (None, _NONE)))
# As an administrator acts who is logged in, or has a token that says so and is not limited to projects.
MAY_ADMINISTER = (None, Scope.ADMIN)
# So many are looked for of what waits unread for somebody.
MOST_UNREAD = 100


def sees_private(role: Role | None, least: Role) -> bool:
    """Whether somebody with this role sees a project's private issues and comments: from `least` on they are seen.

    Only a role that was given counts: that all may report to a public project lets nobody see what is private.
    """
    return role in SEE_PRIVATE_FROM[least]


def is_let_in_by_nobody(by: "Viewer", project: "InProject") -> bool:
    """Whether somebody takes part in a project only as everybody may: it is public, and gave them no role."""
    return project.visibility is Visibility.PUBLIC and project.role is None and not by.is_admin


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who asks. Everything that acts takes one as `by`; nothing acts in nobody's name.

    `language` is what they chose, None for what their browser says; `zone_chosen` that UTC is no mere beginning.
    `has_factor`: their password alone lets nobody in.
    `unread` are the issues that wait unread in their inbox, by project and number; only pages ask for them.
    `sid` is the sign-in that they ask through, if it is one, and `epoch` that of its token: a change asks again
    whether these still stand. They make nobody another person. `scope` is what the personal access token leaves to
    them that they ask with, if it is one; without that of administrators, nobody acts as such. `within` are the
    projects that it is limited to, by id, with their keys; None are all. Nobody administrates through such a one.
    """

    id: int
    name: str
    email: str
    created_at: datetime
    is_admin: bool = False
    time_zone: str = "UTC"
    handle: str = ""
    language: str | None = None
    zone_chosen: bool = False
    unread: frozenset[tuple[int, int]] = frozenset()
    has_factor: bool = False
    sid: int | None = field(default=None, compare=False)
    epoch: int | None = field(default=None, compare=False)
    scope: Scope | None = None
    within: Mapping[int, str] | None = None

    @classmethod
    def of(
        cls,
        row: Any,
        *,
        sid: int | None = None,
        epoch: int | None = None,
        scope: Scope | None = None,
        within: Mapping[int, str] | None = None,
    ) -> "Viewer":
        """Whom a User, or a row with the columns ACTING of `models/accounts.py`, tells of, through a sign-in if any.

        The one maker: so whatever is done for somebody is told in their language, and by their clock.
        """
        is_admin = row.is_admin and scope in MAY_ADMINISTER and within is None
        told = row.name, row.email or "", row.created_at, is_admin, row.time_zone, row.handle or ""
        chosen = row.language, row.zone_chosen
        has_factor = row.has_factor
        return cls(row.id, *told, *chosen, has_factor=has_factor, sid=sid, epoch=epoch, scope=scope, within=within)

    def __hash__(self) -> int:
        return self.id

    def standing(self, *, is_admin: bool) -> "Viewer":
        """The same person with or without an administrator's right, as it is now; mostly as it was."""
        is_admin = is_admin and self.may_administer
        return self if self.is_admin == is_admin else replace(self, is_admin=is_admin)

    @property
    def may_administer(self) -> bool:
        """Whether an administrator who asks like this acts as one."""
        return self.scope in MAY_ADMINISTER and self.within is None

    @property
    def has_many_unread(self) -> bool:
        """Whether there may be more unread than were looked for."""
        return len(self.unread) >= MOST_UNREAD


class InProject(Protocol):
    """A project as seen by somebody: `role` is theirs in it, if any; `blocked` if its owners let them only read."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def visibility(self) -> Visibility: ...
    @property
    def role(self) -> Role | None: ...
    @property
    def archived_at(self) -> datetime | None: ...
    @property
    def blocked(self) -> bool: ...
    @property
    def private_role(self) -> Role: ...


def can(by: Viewer | None, do: Do, project: InProject, author_id: int | None = None) -> bool:
    """Whether `by` may `do` this in the project; `author_id` is whose issue or comment it is.

    Anyone signed in may report to and discuss a public or internal project, as they may read it, unless its owners
    have blocked them.
    """
    if project.archived_at is not None and do in WRITES:
        return False
    if do is _SEE_PRIVATE:
        return _sees_private(by, project)
    rights = _RIGHTS_OF[_role(by, project)]
    if by is not None and by.scope is not None:
        rights = rights & _left(by.scope, by, project)
    if do in rights:
        return True
    return by is not None and by.id == author_id and do in OWN and Do.COMMENT in rights


def _sees_private(by: Viewer | None, project: InProject) -> bool:
    if by is None or (by.scope is not None and _SEE_PRIVATE not in _left(by.scope, by, project)):
        return False
    return by.is_admin or sees_private(project.role, project.private_role)


def require(
    by: Viewer | None, do: Do, project: InProject, author_id: int | None = None, *, refusal: str = ""
) -> None:
    """Go on only if `by` may. In a transaction this is asked again before it commits.

    Raises SignInNeeded where signing in may help, NotFound where even seeing is not allowed, Forbidden
    otherwise, in the words of `refusal` if there are such. Somebody who is not signed in hears the same of what
    is hidden and of what is not there.
    """
    check(by, do, project, author_id, refusal=refusal)
    if by is not None:
        claims.note(Claim(by, do, project.id, author_id, refusal))


def require_administrator(by: Viewer, refusal: str) -> None:
    """Go on only if `by` is an administrator. In a transaction this is asked again before it commits.

    Raises Forbidden in the words of `refusal`.
    """
    check_administrator(by, refusal)
    claims.note(Claim(by, refusal=refusal, as_admin=True))


def check_administrator(by: Viewer, refusal: str) -> None:
    """The same for this moment only."""
    if not by.is_admin:
        raise Forbidden(refusal)


def check(by: Viewer | None, do: Do, project: InProject, author_id: int | None = None, *, refusal: str = "") -> None:
    """The same for this moment only."""
    if can(by, do, project, author_id):
        return
    if by is None:
        raise SignInNeeded()
    if not can(by, Do.SEE, project):
        raise NotFound()
    if project.archived_at is not None:
        raise Forbidden(_("%(key)s is archived. Nothing can be changed in it.", key=project.key))
    raise Forbidden(refusal or _refusal(by, _(do), project.key))


def _refusal(by: Viewer, act: str, key: str) -> str:
    if by.scope in MAY_ADMINISTER:
        return _("You are not allowed to %(act)s in %(key)s. Ask one of its owners.", act=act, key=key)
    return _("With this token you are not allowed to %(act)s in %(key)s. See its scope.", act=act, key=key)


def _left(scope: Scope, by: Viewer, project: InProject) -> frozenset[Do]:
    """What a token leaves of somebody's rights there."""
    return WITHIN[scope] if _is_within(by, project) else _NONE


def _is_within(by: Viewer, project: InProject) -> bool:
    """Whether the token by which they ask, if it is one, leaves them this project."""
    return by.within is None or project.id in by.within


def _role(by: Viewer | None, project: InProject) -> Role | None:
    if by is not None and by.is_admin:
        return Role.OWNER
    if by is not None and project.role is not None:
        return project.role
    if project.visibility is Visibility.PUBLIC and by is None:
        return Role.VIEWER
    if project.visibility is not Visibility.PRIVATE and by is not None:
        return Role.VIEWER if project.blocked else Role.REPORTER
    return None
