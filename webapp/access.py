"""Who may do what in a project: one table, asked by services and by templates alike."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from webapp import claims
from webapp.claims import Claim
from webapp.errors import Forbidden, NotFound, SignInNeeded
from webapp.i18n import N_, _


class Role(StrEnum):
    OWNER = "owner"
    MAINTAINER = "maintainer"
    MEMBER = "member"
    REPORTER = "reporter"
    VIEWER = "viewer"


class Visibility(StrEnum):
    PRIVATE = "private"
    INTERNAL = "internal"
    PUBLIC = "public"


class Do(StrEnum):
    ARCHIVE_PROJECT = N_("archive or restore the project")
    ATTACH = N_("attach files")
    CHANGE_KEY = N_("change the project's key")
    CLOSE_ISSUE = N_("close issues")
    COMMENT = N_("comment")
    DELETE_ATTACHMENT = N_("delete files")
    DELETE_COMMENT = N_("delete comments")
    DELETE_ISSUE = N_("delete issues")
    DELETE_PROJECT = N_("delete the project")
    EDIT_COMMENT = N_("edit comments")
    EDIT_ISSUE = N_("edit issues")
    EDIT_PROJECT = N_("change the project")
    FORGET_TEXT = N_("let former texts be forgotten")
    MANAGE_LABELS = N_("change labels")
    MANAGE_MEMBERS = N_("say who is in the project")
    MANAGE_MILESTONES = N_("change milestones")
    MANAGE_STATUSES = N_("change statuses")
    MANAGE_OWNERS = N_("say who owns the project")
    MANAGE_TEMPLATES = N_("change templates")
    MANAGE_VIEWS = N_("change the shared views of others and the default one")
    MANAGE_WEBHOOKS = N_("change webhooks")
    OPEN_ISSUE = N_("open issues")
    RESTORE = N_("restore what was deleted")
    SAVE_VIEW = N_("save views")
    SEE = N_("see the project")
    SHARE_VIEW = N_("share views")


_VIEWER = frozenset({Do.SEE, Do.SAVE_VIEW})
_REPORTER = _VIEWER | {Do.OPEN_ISSUE, Do.COMMENT, Do.ATTACH}
_MEMBER = _REPORTER | {Do.EDIT_ISSUE, Do.CLOSE_ISSUE, Do.MANAGE_LABELS, Do.MANAGE_MILESTONES, Do.SHARE_VIEW}
_MAINTAINER = _MEMBER | {
    Do.EDIT_COMMENT,
    Do.DELETE_ATTACHMENT,
    Do.DELETE_COMMENT,
    Do.DELETE_ISSUE,
    Do.EDIT_PROJECT,
    Do.FORGET_TEXT,
    Do.MANAGE_MEMBERS,
    Do.MANAGE_STATUSES,
    Do.MANAGE_TEMPLATES,
    Do.MANAGE_VIEWS,
    Do.RESTORE,
}
RIGHTS = {
    Role.VIEWER: _VIEWER,
    Role.REPORTER: _REPORTER,
    Role.MEMBER: _MEMBER,
    Role.MAINTAINER: _MAINTAINER,
    Role.OWNER: _MAINTAINER
    | {Do.ARCHIVE_PROJECT, Do.CHANGE_KEY, Do.DELETE_PROJECT, Do.MANAGE_OWNERS, Do.MANAGE_WEBHOOKS},
}
# What the author of an issue, comment or file may do to it, given that they may comment at all.
OWN = frozenset(
    {
        Do.EDIT_ISSUE,
        Do.CLOSE_ISSUE,
        Do.EDIT_COMMENT,
        Do.DELETE_COMMENT,
        Do.DELETE_ATTACHMENT,
        Do.FORGET_TEXT,
    }
)
# What an archived project refuses: all but looking after the project itself.
WRITES = frozenset(Do) - {Do.SEE, Do.ARCHIVE_PROJECT, Do.CHANGE_KEY, Do.DELETE_PROJECT, Do.EDIT_PROJECT}


# So many are looked for of what waits unread for somebody.
MOST_UNREAD = 100


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who asks. Everything that acts takes one as `by`; nothing acts in nobody's name.

    `language` is what they chose, None for what their browser says; `zone_chosen` that UTC is no mere beginning.
    `unread` are the issues that wait unread in their inbox, by project and number; only pages ask for them.
    `sid` is the sign-in that they ask through, if it is one, and `epoch` that of its token: a change asks again
    whether these still stand. They make nobody another person.
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
    sid: int | None = field(default=None, compare=False)
    epoch: int | None = field(default=None, compare=False)

    @classmethod
    def of(cls, row: Any, *, sid: int | None = None, epoch: int | None = None) -> "Viewer":
        """Whom a User, or a row with the columns ACTING of `models/accounts.py`, tells of, through a sign-in if any.

        The one maker: so whatever is done for somebody is told in their language, and by their clock.
        """
        told = row.name, row.email or "", row.created_at, row.is_admin, row.time_zone, row.handle or ""
        return cls(row.id, *told, row.language, row.zone_chosen, sid=sid, epoch=epoch)

    def __hash__(self) -> int:
        return self.id

    @property
    def has_many_unread(self) -> bool:
        """Whether there may be more unread than were looked for."""
        return len(self.unread) >= MOST_UNREAD


class InProject(Protocol):
    """A project as seen by somebody: `role` is theirs in it, if any."""

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


def can(by: Viewer | None, do: Do, project: InProject, author_id: int | None = None) -> bool:
    """Whether `by` may `do` this in the project; `author_id` is whose issue or comment it is.

    Anyone signed in may report to and discuss a public or internal project, as they may read it.
    """
    if project.archived_at is not None and do in WRITES:
        return False
    rights = RIGHTS[role] if (role := _role(by, project)) else frozenset()
    if do in rights:
        return True
    return by is not None and by.id == author_id and do in OWN and Do.COMMENT in rights


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
    raise Forbidden(
        refusal or _("You are not allowed to %(act)s in %(key)s. Ask one of its owners.", act=_(do), key=project.key)
    )


def _role(by: Viewer | None, project: InProject) -> Role | None:
    if by is not None and by.is_admin:
        return Role.OWNER
    if by is not None and project.role is not None:
        return project.role
    if project.visibility is Visibility.PUBLIC:
        return Role.REPORTER if by is not None else Role.VIEWER
    if project.visibility is Visibility.INTERNAL and by is not None:
        return Role.REPORTER
    return None
