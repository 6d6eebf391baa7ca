"""What a personal access token may ask for: for every address its scope, in one place.

A scope takes away and gives nothing: whoever has the token may no more than they may themselves, and of that, in a
project, only what webapp/access.py leaves to the scope. Here stands what is no project's, and what no token may do at
all: what changes the locks, as whoever finds a token must not make it last.

A token that is limited to projects may ask for these, and of what is no project's for what tells of these alone:
there webapp/eyes.py leaves out all others. Everything else is refused.
"""

from collections.abc import Mapping

from webapp.access import Scope, Viewer
from webapp.errors import Forbidden
from webapp.http.freshness import SENSITIVE
from webapp.i18n import N_, _
from webapp.i18n.formats import listed

SAFE = ("GET", "HEAD", "OPTIONS")
READ, WRITE, ADMIN = Scope.READ, Scope.WRITE, Scope.ADMIN
# What it takes to change something in a room; to look needs READ. A room that is not here opens to no token.
ROOMS = {
    **dict.fromkeys(
        (
            "all_issues", "all_views", "attachments", "board", "bulk", "comments", "drafts", "feeds", "history",
            "home", "inbox", "issues", "keys", "labels", "mail", "milestones", "moves", "picking", "reactions",
            "relations", "rules", "search", "styleguide", "tasks", "undo", "views", "watching",
        ),
        WRITE,
    ),
    **dict.fromkeys(
        (
            "accounts", "administration", "all_webhooks", "audit", "blocks", "charts", "claiming", "code_hosts",
            "deliveries", "docs", "issue_templates", "jobs", "mail_in", "members", "metrics", "moderation", "ops",
            "people",
            "pictures", "projects", "statuses", "timeline", "trash", "visibility", "webhooks",
        ),
        ADMIN,
    ),
}  # fmt: skip
# Where a room is not all of one kind. None is never.
OTHERWISE: dict[str, Scope | None] = {
    "auth.me": READ,
    "auth.put_avatar": ADMIN,
    "auth.remove_avatar": ADMIN,
    "auth.update_me": ADMIN,
    "feeds.edit": None,
    "feeds.tokens": None,
    "issues.remove": ADMIN,
    "moderation.report": WRITE,
    "moderation.report_comment": WRITE,
}
# What is no project's and open to a token that is limited to some: rooms, and addresses of others. Each tells of what
# the token sees, or of nothing that anybody has; or, as a person's page, of who they are to everybody.
AMONG = {"accounts", "all_issues", "attachments", "docs", "feeds", "inbox", "keys", "ops", "search", "styleguide"}
AMONG_TOO = {
    "auth.me", "drafts.discard", "home.appearance", "home.change_appearance", "home.index", "home.manifest",
    "pictures.show", "projects.index",
}  # fmt: skip


class OutOfReach(Forbidden):
    """A token that is good, but not for this; `needed` is the scope that would do, if any does."""

    def __init__(self, needed: Scope | None) -> None:
        super().__init__(_(NEEDED[needed]))
        self.needed = needed


class OutOfProjects(OutOfReach):
    """A token that is limited to projects, and asked for what reaches beyond these."""

    def __init__(self, within: Mapping[int, str]) -> None:
        keys = listed(sorted(within.values()))
        gone = _("The projects that this token is limited to are gone.")
        told = _("This token is limited to %(projects)s. What you ask for concerns more than that.", projects=keys)
        Forbidden.__init__(self, told if within else gone)
        self.needed = None


NEEDED = {
    None: N_("No personal access token may do this. Log in for it."),
    READ: N_("This needs a personal access token with the scope “read”."),
    WRITE: N_("This needs a personal access token with the scope “write”."),
    ADMIN: N_("This needs a personal access token with the scope “admin”."),
}
_REACH = {READ: 0, WRITE: 1, ADMIN: 2}


def needed(endpoint: str, method: str) -> Scope | None:
    """The least scope with which a token may ask for this; None if none may."""
    if endpoint in SENSITIVE:
        return None
    if endpoint in OTHERWISE:
        return OTHERWISE[endpoint]
    scope = ROOMS.get(endpoint.partition(".")[0])
    return READ if scope is not None and method in SAFE else scope


def require(by: Viewer, endpoint: str | None, method: str, *, in_project: bool) -> None:
    """Go on only if somebody's token may ask for it, whose address names a project or none. Raises OutOfReach.

    Of an address that is not there others say so, and of a project that the token is not for.
    """
    least = READ if endpoint is None else needed(endpoint, method)
    if by.scope is None or least is None or _REACH[by.scope] < _REACH[least]:
        raise OutOfReach(least)
    if by.within is not None and endpoint is not None and not in_project and not _is_among(endpoint):
        raise OutOfProjects(by.within)


def _is_among(endpoint: str) -> bool:
    return endpoint in AMONG_TOO or endpoint.partition(".")[0] in AMONG
