"""Tasks in the text of an issue are ticked."""

from webapp.access import Do, Viewer, require
from webapp.changes.batch import Batch
from webapp.changes.engine import carry_out
from webapp.changes.want import Want
from webapp.db import transaction
from webapp.editing import one as editing
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import TicksIn
from webapp.issues.service import get, read
from webapp.issues.ticking import Ticked, after, in_few_tries
from webapp.projects.service import ProjectRow
from webapp.references.service import Prepared


def tick(project: ProjectRow, number: int, ticks: TicksIn, by: Viewer) -> IssueDetail:
    """Tick tasks of an issue's text. Ticking what is ticked changes nothing."""

    def ticked() -> bool:
        seen = read(project, number, by)
        require(by, Do.EDIT_ISSUE, project, seen.author.id)
        return _tick(project, number, after(seen.body, seen.version, ticks), by)

    in_few_tries(ticked)
    return get(project, number, by)


@transaction
def _tick(project: ProjectRow, number: int, ticked: Ticked, by: Viewer) -> bool:
    """Write it, unless the issue has become another since its text was read."""
    row = editing.whole(project, number, by)
    require(by, Do.EDIT_ISSUE, project, row.author_id)
    if row.version != ticked.version:
        return False
    text = Prepared(ticked.text, names=(), closing=(), html=None)
    carry_out(Batch(project, by, {row.id: row}, is_strict=True), Want(text=text, ticked=ticked.event()))
    return True
