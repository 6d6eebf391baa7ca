"""One press says what a comment would only repeat. Whoever may comment may react; nobody is told by mail.

It is no history: it has no event, moves neither the version nor the last activity, and is undone by itself.
"""

from collections.abc import Iterable, Sequence

from webapp.access import Do, Viewer, require
from webapp.comments import service as comments
from webapp.db import transaction
from webapp.issues import holding
from webapp.issues.rows import IssueDetail
from webapp.models.reactions import Feeling
from webapp.projects.service import ProjectRow
from webapp.reactions import repository
from webapp.reactions.rows import Felt, Reacted, each

__all__ = ["UP", "Feeling", "Felt", "Reacted", "each", "listed", "one", "react", "shown", "take_back"]

UP = Feeling.UP


def listed(
    project: ProjectRow, issue: IssueDetail, comment_id: int | None, viewer: Viewer | None
) -> Sequence[Reacted]:
    """All that is felt about an issue, or about a comment on it. Raises NotFound, or Gone for one in the trash."""
    if comment_id is not None:
        comments.read(project, issue, comment_id)
    return _felt(issue, comment_id, viewer)


def one(
    project: ProjectRow, issue: IssueDetail, comment_id: int | None, feeling: Feeling, viewer: Viewer | None
) -> Reacted:
    """Who feels so about it; nobody, maybe."""
    felt = listed(project, issue, comment_id, viewer)
    return next((those for those in felt if those.feeling is feeling), Reacted(feeling))


@transaction
def react(project: ProjectRow, issue: IssueDetail, comment_id: int | None, feeling: Feeling, by: Viewer) -> Reacted:
    """Feel so about an issue or a comment. Twice changes nothing."""
    require(by, Do.COMMENT, project)
    _hold(project, issue, comment_id, by)
    repository.add(issue.id, comment_id, by.id, feeling)
    return one(project, issue, comment_id, feeling, by)


@transaction
def take_back(project: ProjectRow, issue: IssueDetail, comment_id: int | None, feeling: Feeling, by: Viewer) -> None:
    """Feel so no more. What was never felt changes nothing."""
    require(by, Do.COMMENT, project)
    _hold(project, issue, comment_id, by)
    repository.remove(issue.id, comment_id, by.id, feeling)


def shown(issue: IssueDetail, reacted_to: Iterable[int], viewer: Viewer | None) -> Felt:
    """What is felt about an issue and those comments on it that somebody reacts to. Nothing is asked for none."""
    ids, of_issue = list(reacted_to), bool(issue.reactions)
    if not ids and not of_issue:
        return {}
    return repository.of(issue.id, ids, viewer.id if viewer else None, of_issue=of_issue)


def _felt(issue: IssueDetail, comment_id: int | None, viewer: Viewer | None) -> Sequence[Reacted]:
    ids = [comment_id] if comment_id is not None else []
    found = repository.of(issue.id, ids, viewer.id if viewer else None, of_issue=comment_id is None)
    return found.get(comment_id, ())


def _hold(project: ProjectRow, issue: IssueDetail, comment_id: int | None, by: Viewer) -> None:
    """Let nobody delete it meanwhile. Raises NotFound, or Gone for what is in the trash."""
    if comment_id is None:
        holding.hold(project, issue.number, by)
    else:
        comments.read(project, issue, comment_id)
        comments.locked(project, issue, comment_id, by)
