"""The table of rights: who may do what in a project."""

from enum import StrEnum

from webapp.i18n import N_


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


class Scope(StrEnum):
    """How far a personal access token reaches, of what its owner may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Do(StrEnum):
    ARCHIVE_PROJECT = N_("archive or restore the project")
    ATTACH = N_("attach files")
    BLOCK = N_("block people")
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
    MODERATE = N_("decide on what waits for approval or was reported")
    OPEN_ISSUE = N_("open issues")
    RESTORE = N_("restore what was deleted")
    SAVE_VIEW = N_("save views")
    SEE = N_("see the project")
    SEE_AUDIT = N_("see the audit log")
    SEE_PRIVATE = N_("see private issues")
    SHARE_VIEW = N_("share views")


_VIEWER = frozenset({Do.SEE, Do.SAVE_VIEW})
_REPORTER = _VIEWER | {Do.OPEN_ISSUE, Do.COMMENT, Do.ATTACH}
_MEMBER = _REPORTER | {
    Do.EDIT_ISSUE,
    Do.CLOSE_ISSUE,
    Do.MANAGE_LABELS,
    Do.MANAGE_MILESTONES,
    Do.SHARE_VIEW,
}
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
    Do.MODERATE,
    Do.RESTORE,
}
RIGHTS = {
    Role.VIEWER: _VIEWER,
    Role.REPORTER: _REPORTER,
    Role.MEMBER: _MEMBER,
    Role.MAINTAINER: _MAINTAINER,
    Role.OWNER: _MAINTAINER
    | {
        Do.ARCHIVE_PROJECT,
        Do.BLOCK,
        Do.CHANGE_KEY,
        Do.DELETE_PROJECT,
        Do.MANAGE_OWNERS,
        Do.MANAGE_WEBHOOKS,
        Do.SEE_AUDIT,
    },
}
# What a token leaves of somebody's rights in a project: with "write" they act as a member at most.
WITHIN = {
    Scope.READ: frozenset({Do.SEE, Do.SEE_PRIVATE}),
    Scope.WRITE: _MEMBER | {Do.SEE_PRIVATE},
    Scope.ADMIN: RIGHTS[Role.OWNER] | {Do.SEE_PRIVATE},
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
WRITES = frozenset(Do) - {
    Do.SEE,
    Do.SEE_AUDIT,
    Do.SEE_PRIVATE,
    Do.ARCHIVE_PROJECT,
    Do.CHANGE_KEY,
    Do.DELETE_PROJECT,
    Do.EDIT_PROJECT,
}


# Those who work in a project.
TEAM = tuple(role for role, rights in RIGHTS.items() if Do.EDIT_ISSUE in rights)
# Those who see what is private in a project, by the role from which on it is seen there.
SEE_PRIVATE_FROM = {
    least: tuple(Role)[: list(Role).index(least) + 1] for least in (Role.REPORTER, Role.MEMBER, Role.MAINTAINER)
}
