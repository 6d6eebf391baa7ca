from flask import url_for

from webapp.bulk.schemas import BulkEdit, BulkOut, BulkQuery, BulkUndoIn, ChosenQuery
from webapp.changes import service as changes
from webapp.changes import undoing
from webapp.http import Done, Feature, Form, Page, Reply, me, picks
from webapp.http.canonical import project_at, project_for
from webapp.http.input import query_of
from webapp.http.notices import Undo
from webapp.issues import moving
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses

bp = Feature("bulk", "/projects/<project:project>/issues")

NAMED = 5
# The fields of the form that name people, labels or a milestone.
PICKED = ("milestone", "add_assignees", "remove_assignees", "add_labels", "remove_labels")


@bp.page("/bulk")
def form(project: str) -> Page:
    """What is to be changed of the chosen issues, and how many these are."""
    found = project_at(project)
    changes.require_change(found, me())
    query = query_of(ChosenQuery)  # it is in the address of a refused form as well
    shown = Form.of(query)
    numbers = [int(number) for number in shown.values("numbers") if number.isdecimal() and len(number) < 19] or None
    return Page(
        "bulk/form.html",
        project=found,
        q=query.q,
        numbers=numbers or (),
        count=changes.count(found, query.q, numbers, me()),
        form=shown,
        statuses=statuses.of(found),
        offer=picks.offers(found, shown, *PICKED),
        targets=moving.targets(found, me()),
    )


@bp.patch("", twin="/bulk", form="form")
def change(project: str, query: BulkQuery, body: BulkEdit) -> Reply[BulkOut]:
    """Change all issues that match a query, in one transaction, with an event in each."""
    found = project_for(project)
    outcome = changes.change(found, query.q, body, by=me())
    at = url_for("issues.index", project=found.key, q=query.q)
    return Done(outcome, at=at, say=_told(found, outcome, "changed"), undo=lambda: _undo_of(found, outcome))


@bp.post("/undo")
def undo(project: str, body: BulkUndoIn) -> Reply[BulkOut]:
    """Undo a change of your own of many issues within an hour. What was changed again since stays as it is."""
    found = project_for(project)
    outcome = undoing.undo(found, body.change, by=me())
    return Done(outcome, at=url_for("issues.index", project=found.key), say=_told(found, outcome, "as before"))


def _undo_of(project: ProjectRow, outcome: changes.Outcome) -> Undo | None:
    return Undo(url_for(".undo", project=project.key), str(outcome.change_id)) if outcome.change_id else None


def _told(project: ProjectRow, outcome: changes.Outcome, done: str) -> str:
    """What came of it: how many, and the first of those that were left out."""
    number = outcome.changed
    said = [f"{number:,} issue{'' if number == 1 else 's'} {done}."]
    if outcome.unchanged:
        said.append(f"{outcome.unchanged:,} had that already.")
    if outcome.refused:
        first = [f"{project.key}-{one.number}: {one.detail}" for one in outcome.refused[:NAMED]]
        said.append(f"{len(outcome.refused):,} left as before. {' '.join(first)}")
    return " ".join(said)
