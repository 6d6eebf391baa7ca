"""Whether what somebody writes is held, and what is.

A held post is a private one in all that anybody sees of it (webapp/eyes.py), so that nothing has to be hidden twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp import clock
from webapp.access import Viewer, is_let_in_by_nobody
from webapp.approval import repository
from webapp.config import of_this_app
from webapp.errors import Conflict
from webapp.i18n import _
from webapp.mail import service as mail
from webapp.projects.rows import ProjectRow

# So long a mail about what waits is put off, for what else comes meanwhile.
BURST = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Owner:
    """One of those who own a project, to whom is written."""

    id: int


def is_held(project: ProjectRow, by: Viewer) -> bool:
    """Whether what `by` writes in a project now is held: in a public one, of who is new there."""
    wanted = of_this_app().approve_first_posts
    if not wanted or not is_let_in_by_nobody(by, project):
        return False
    return repository.count_approved(project.id, by.id, wanted) < wanted


def hold(project: ProjectRow, issue_id: int, comment_id: int | None, *, private: bool = False) -> None:
    """Mark a new issue, or a new comment on it, as held; `private` is what it is once that is approved.

    Those who own the project are told, by one mail of all that comes within a while.
    """
    repository.add(issue_id, comment_id, private=private)
    tell_owners("waiting", project.id, {"project": project.id}, "", due_at=clock.now() + BURST)


def tell_owners(
    kind: str,
    project_id: int,
    data: Mapping[str, Any],
    about: str,
    *,
    but: Collection[int] = (),
    due_at: datetime | None = None,
) -> None:
    """Post a mail to each owner of a project but these; one that waits `about` the same takes what is new."""
    mail.post_all(
        mail.Note(kind, Owner(id), data, due_at, key=f"{kind}:{id}:{project_id}:{about}")
        for id in repository.owners(project_id)
        if id not in but
    )


def owners(project_id: int) -> Sequence[int]:
    """Those who own a project, by number."""
    return repository.owners(project_id)


def stay_private(issue_ids: Collection[int], comment_id: int | None = None) -> None:
    """Note that those of these issues that are held, or a comment on one, are private also once they are approved."""
    repository.wish(issue_ids, comment_id)


def is_private(issue_id: int, comment_id: int | None = None) -> bool:
    """Whether a held issue, or a comment on it, stays private once it is approved."""
    return repository.is_wished(issue_id, comment_id)


def require_approved(issue_id: int, comment_id: int) -> None:
    """Go on only if a comment is not held. Raises Conflict."""
    if comment_id in repository.comments_of(issue_id):
        raise Conflict(waiting())


def waiting() -> str:
    """What is said to whoever would let others see it."""
    return _("It waits for approval. Others see it once that is given.")


def issues_among(ids: Collection[int]) -> set[int]:
    """Those of these issues that are held."""
    return repository.issues_among(ids)


def of_issue(issue_id: int) -> set[int | None]:
    """What of an issue is held, as far as whoever looks sees it: the ids of comments, and None for the issue."""
    return repository.comments_of(issue_id)
