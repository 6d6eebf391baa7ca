"""What waits in a project is looked at, and decided, by those who may moderate it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from webapp.access import Do, Viewer, can, require
from webapp.approval import service as approval
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.blocks import service as blocks
from webapp.comments import privacy
from webapp.comments import removal as comments
from webapp.comments import service as commenting
from webapp.db import transaction
from webapp.editing import one as editing
from webapp.editing import trash
from webapp.errors import Conflict, Gone, NotFound, Overtaken
from webapp.i18n import _
from webapp.issues import service as issues
from webapp.issues import writing
from webapp.issues.rows import IssueDetail
from webapp.jobs import service as jobs
from webapp.models.comments import Comment
from webapp.moderation import repository
from webapp.moderation.rows import Decided, Left, Verdict, Waiting
from webapp.moderation.schemas import DecisionIn
from webapp.projects.service import ProjectRow
from webapp.projects.standing import confirm, confirm_by

# So much is shown at once, what waits longest first; what is decided makes room for the rest.
SHOWN = 100


def listing(project: ProjectRow, by: Viewer) -> Sequence[Waiting]:
    """What waits, the oldest first. Raises Forbidden for who may not decide on it.

    Who reported somebody is not told to them, also if they may decide.
    """
    require(by, Do.MODERATE, project)
    found = repository.waiting(project.id, project.key, SHOWN)
    return [_without_reporters(one) if one.author.id == by.id else one for one in found]


def count(project: ProjectRow, by: Viewer | None) -> int:
    """How much waits for whoever may decide on it; nothing for all others."""
    return repository.count(project.id) if can(by, Do.MODERATE, project) else 0


def waiting_for(project: ProjectRow, owner_id: int | None) -> Sequence[Waiting]:
    """What waits for approval, for one of those who own a project; nothing for who does not."""
    if owner_id not in approval.owners(project.id):
        return []
    return [one for one in repository.waiting(project.id, project.key, SHOWN) if one.held]


def decide(project: ProjectRow, decision: DecisionIn, by: Viewer) -> Decided:
    """Carry out a decision on each of some posts that wait; what cannot be is left, with the reason.

    Raises Forbidden for who may not decide, or not block anybody.
    """
    require(by, Do.MODERATE, project)
    if decision.verdict is Verdict.BLOCK:
        require(by, Do.BLOCK, project)
    posts = list(dict.fromkeys(decision.posts))
    left = [one for post in posts if (one := _decided(project, post, decision.verdict, by)) is not None]
    return Decided(len(posts) - len(left), left)


def _decided(project: ProjectRow, post: str, verdict: Verdict, by: Viewer) -> Left | None:
    """Why one of them is left, if it is. That a right is gone meanwhile is no reason, but raised."""
    named, _at, version = post.partition("@")
    number, _c, comment = named.partition("c")
    comment_id = int(comment) if comment else None
    try:
        issue = issues.read(project, int(number), by)
        if comment_id is not None:
            commenting.read(project, issue, comment_id)
    except NotFound:
        return Left(post, _gone())
    try:
        _decide(project, issue, comment_id, verdict, by, int(version) if version else None)
    except (Conflict, Gone) as error:
        return Left(post, next((one for some in error.errors.values() for one in some), error.detail))
    return None


def _gone() -> str:
    return _("It is no longer there.")


@transaction
def _decide(
    project: ProjectRow, issue: IssueDetail, comment_id: int | None, verdict: Verdict, by: Viewer, version: int | None
) -> None:
    require(by, Do.MODERATE, project)
    comment = _locked(project, issue, comment_id, version, by)
    if not repository.settle(issue.id, comment_id) and comment_id not in approval.of_issue(issue.id):
        confirm()  # whoever may not decide hears that, and not what waits
        raise Overtaken(_("It does not wait for a decision any more."))
    if verdict is Verdict.KEEP:
        _keep(project, issue, comment, by)
    else:
        _remove(project, issue, comment_id, verdict, by)


def _locked(
    project: ProjectRow, issue: IssueDetail, comment_id: int | None, version: int | None, by: Viewer
) -> Comment | None:
    """Hold a post as it was looked at; the comment if it is one. Raises Overtaken for one that is there no longer so.

    What was moved or forgotten after it was read is such a one, and not a reason to stop half way.
    """
    try:
        comment = commenting.locked(project, issue, comment_id, by) if comment_id is not None else None
        post = editing.locked(project, issue.number, by) if comment is None else comment
    except NotFound:
        raise Overtaken(_gone()) from None
    if comment is not None and comment.issue_id != issue.id:
        raise Overtaken(_gone())
    if version not in (None, post.version):
        raise Overtaken(_("Something more has happened to %(key)s. Look at it first.", key=issue.key))
    return comment


def _keep(project: ProjectRow, issue: IssueDetail, comment: Comment | None, by: Viewer) -> None:
    """Let others see a post that was held, and tell of it as of one that is new."""
    comment_id = None if comment is None else comment.id
    stays_private = repository.release(issue.id, comment_id)
    if stays_private is not None:
        if comment is None:
            values = {} if stays_private else {"private": False}
            asked = writing.change([issue.id], project.id, values, [], more=(0, 0), by=by, change_id=uuid4())
            confirm_by(by, asked)
        elif not stays_private:
            privacy.show(comment, private=False)
        _tell(issue.id, comment_id)
    _note(Kind.POST_APPROVED, project, issue, comment_id, by)


def _tell(issue_id: int, comment_id: int | None) -> None:
    """Have the change by which a post came be heard now: while it was held, nobody was told of it."""
    for change in repository.changes(issue_id, comment_id):
        jobs.enqueue("hear", {"change": str(change)}, key=f"hear:{change}")


def _remove(project: ProjectRow, issue: IssueDetail, comment_id: int | None, verdict: Verdict, by: Viewer) -> None:
    """Put a post into the trash, from where it comes back as it was: held, if it was that."""
    author_id = issue.author.id
    if comment_id is not None:
        author_id = commenting.read(project, issue, comment_id).author_id
        comments.remove(project, issue, comment_id, by)
    else:
        trash.remove(project, issue.number, by)
    _note(Kind.POST_REJECTED, project, issue, comment_id, by)
    if verdict is Verdict.BLOCK:
        blocks.block_author(project, author_id, by)


def _note(kind: Kind, project: ProjectRow, issue: IssueDetail, comment_id: int | None, by: Viewer) -> None:
    what, id = ("issue", issue.id) if comment_id is None else ("comment", comment_id)
    target = audit.Target(what, id, f"{project.key}-{issue.number}")
    audit.note(kind, actor=by, target=target, project=project)


def _without_reporters(one: Waiting) -> Waiting:
    return replace(one, reports=[replace(said, reporter=None) for said in one.reports])
