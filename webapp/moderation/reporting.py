"""Whoever sees a post may report it, once: those who own the project hear of it, and its author does not."""

from collections.abc import Sequence

from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.approval import service as approval
from webapp.auth import allowances
from webapp.comments import service as comments
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, Invalid
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.moderation import repository
from webapp.moderation.rows import Complaint, Reported, Told
from webapp.moderation.schemas import ReportIn
from webapp.projects.service import ProjectRow


def author_of(project: ProjectRow, issue: IssueDetail, comment_id: int | None, by: Viewer) -> Person:
    """Whose post it is that `by` would report. Raises what `report` does for one that they may not."""
    require(by, Do.SEE, project)
    if project.blocked:
        raise Forbidden(_("The owners of %(key)s let you only read.", key=project.key))
    author = issue.author
    if comment_id is not None:
        row = comments.read(project, issue, comment_id)
        author = Person(row.author_id, row.author_name, row.author_avatar)
    if author.id == by.id:
        raise Conflict(_("You wrote this yourself. You can change it, or delete it."))
    return author


@transaction
def report(project: ProjectRow, issue: IssueDetail, comment_id: int | None, draft: ReportIn, by: Viewer) -> Reported:
    """Tell those who own a project what is wrong with an issue or one of its comments.

    Raises NotFound for a comment that it has not, Conflict for one's own, and for what one has reported already; and
    TooMany, of which only counts what was made.
    """
    author = author_of(project, issue, comment_id, by)
    if draft.reason is Complaint.OTHER and not draft.words:
        raise Invalid.on("words", _("must say what is wrong."))
    made = repository.add(issue.key, issue.id, comment_id, by.id, draft.reason, draft.words)
    if made is None:
        raise Conflict(_("You have reported this already. Those who own the project know of it."))
    allowances.spend("report", by)
    # What others report of the same goes with a mail that waits.
    about, told = f"{issue.id}:{comment_id or 0}", {"reports": [made.id]}
    approval.tell_owners("report", project.id, told, about, but={by.id, author.id})
    return made


def to_tell(report_ids: Sequence[int], reader_id: int | None) -> Sequence[Told]:
    """Those of these reports of a post that nobody has decided yet, for whoever owns its project and wrote it not."""
    told = [one for id in report_ids if (one := repository.told(id)) is not None]
    if not told or reader_id == told[0].author_id or reader_id not in approval.owners(told[0].project_id):
        return []
    return told
