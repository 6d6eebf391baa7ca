"""An issue as it is after its change, from what was read when it was locked and what was written since."""

from operator import attrgetter
from typing import Any

from webapp.changes.batch import Batch
from webapp.changes.rows import WholeRow
from webapp.issues.fields import PLAIN
from webapp.issues.rows import IssueDetail
from webapp.issues.service import rendered
from webapp.lists.known import Ids, array, named

_AS_IT_IS = ("id", "number", "comment_count", "created_at")
# What is written of an issue as it is told. What else a change may write names something, or hides the issue.
_TOLD = (*PLAIN, "state", "close_reason", "closed_at", "updated_at", "body", "body_html", "html_version")
_SIMPLE = {*_TOLD, "status_id", "milestone_id"} - {"private"}
_NAMES = (*_AS_IT_IS, *_TOLD)
_values_of = attrgetter(*_NAMES)


def told(batch: Batch, row: WholeRow) -> IssueDetail | None:
    """The issue of a batch of one, with its HTML; None if it has to be read to know it.

    That is so if it is private, a part of another one, or was tied to something else.
    """
    written = batch.written
    if row.private or row.parent_id or batch.labels or batch.people or not _SIMPLE.issuperset(written):
        return None
    status_id = written.get("status_id", row.status_id)
    milestone_id = written.get("milestone_id", row.milestone_id)
    labels, people = array(row.label_ids), array(row.assignee_ids)
    words = named(batch.project, Ids(row.author_id, status_id, milestone_id, labels, people))
    if words is None:
        return None
    values: dict[str, Any] = dict(zip(_NAMES, _values_of(row), strict=True))
    values |= {name: value for name, value in written.items() if name in values}
    issue = IssueDetail(
        **values,
        **words._asdict(),
        project_id=batch.project.id,
        project_key=batch.project.key,
        status_id=status_id,
        version=row.version + 1 if written else row.version,
        parent=None,
        reactions=tuple(row.reactions),
    )
    return rendered(issue)
