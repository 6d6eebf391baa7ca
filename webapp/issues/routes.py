from collections.abc import Sequence
from typing import Any

from flask import request, url_for

from webapp.comments import service as comments
from webapp.comments.schemas import CommentIn
from webapp.http import Done, Feature, Form, Made, Page, Reply, me, merging, picks, viewed, viewer
from webapp.http.canonical import project_at, project_for
from webapp.http.conditions import expected_version
from webapp.http.input import checked
from webapp.http.merging import Way
from webapp.http.negotiation import wants_page
from webapp.http.pages import kept
from webapp.issue_templates import service as issue_templates
from webapp.issues import beginning, editing, filters, finding, moving, removal, vocabulary
from webapp.issues import service as issues
from webapp.issues.schemas import (
    ClosureIn,
    FieldOut,
    FilterQuery,
    IssueEdit,
    IssueIn,
    IssueItem,
    IssueOut,
    IssueQuery,
    MoveIn,
    PreviewIn,
    ThreadQuery,
)
from webapp.issues.vocabulary import VOCABULARY
from webapp.picking.service import FEW
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.search import service as searching
from webapp.statuses import service as statuses
from webapp.text.markdown import render
from webapp.thread import presenting
from webapp.trash import service as trash
from webapp.types import Slice
from webapp.undo.notice import undo_of
from webapp.views import bar

# The fields of a form that offer something to choose from.
PLANNED = ("status", "milestone", "labels", "assignees")

bp = Feature("issues", "/projects/<project:project>/issues")


@bp.get("", form="query")
def index(project: str, query: IssueQuery) -> Reply[Slice[IssueItem]]:
    """The issues of a project that match a query; the open ones, newest first, unless it says otherwise."""
    found = project_at(project)
    if view := bar.instead(found, viewer()):
        return Done(None, at=view)
    return kept(found, lambda: _listed(found, query))


@bp.get("/query")
def query(project: str) -> Reply[Slice[FieldOut]]:
    """What a query can ask, and what this project's fields offer."""
    found = project_at(project)
    form = Form.of({"q": request.args.get("q", "")})
    offered = vocabulary.offered(finding.choices(found))
    return Page("issues/query.html", offered, project=found, form=form, fields=VOCABULARY)


@bp.page("/filter")
def choose(project: str, query: FilterQuery) -> Reply[None]:
    """Where the list's filter form leads: to the list of the query that it says."""
    return Done(None, at=filters.address(project_at(project), filters.chosen_text(query)))


@bp.page("/new")
def new(project: str) -> Page:
    """The form for a new issue; the query string or a template fills it in."""
    return _new(project)


@bp.page("/preview", method="POST", form="new", files="body")
def preview(project: str, body: PreviewIn) -> Page:
    """The same form with its text shown as it will look."""
    Form.again()
    similar = searching.similar(project_for(project), request.form.get("title", ""), me())
    return _new(project, preview=previewed(project, body.body), similar=similar)


@bp.post("", form="new", creates=True, files="body")
def create(project: str, body: IssueIn) -> Reply[IssueOut]:
    """Open an issue."""
    found = project_for(project)
    issue = issues.create(found, body, by=me())
    at = url_for(".show", project=found.key, number=issue.number)
    return Made(issue, at=at, say=f"Issue {issue.key} opened.")


@bp.get("/<number:number>")
def show(project: str, number: int, query: ThreadQuery) -> Reply[IssueOut]:
    """One issue. Its page also tells its comments and events."""
    found = project_at(project)
    page = kept((found, filters.came_from(found)), lambda: presenting.page(found, number, query))
    if page.about is not None and wants_page() and (by := viewer()):
        viewed.note(by.id, page.about)
    return page


@bp.page("/<number:number>/edit")
def edit(project: str, number: int) -> Page:
    """The form that changes an issue."""
    return _edit(project, number)


@bp.page("/<number:number>/preview", method="POST", endpoint="preview_edit", form="edit", files="body")
def preview_edit(project: str, number: int, body: PreviewIn) -> Page:
    """The same form with its text shown as it will look."""
    Form.again()
    return _edit(project, number, preview=previewed(project, body.body))


@bp.patch("/<number:number>", form="edit", files="body")
def update(project: str, number: int, body: IssueEdit) -> Reply[IssueOut]:
    """Change an issue: its text, its fields, or whether it is open."""
    found = project_for(project)
    at = url_for(".show", project=found.key, number=number)
    if merging.way() == Way.THEIRS:
        return Done(issues.get(found, number, me()), at=at, say="Your changes are discarded.")
    body, aside = merging.set_aside(body)
    remark = checked(CommentIn.model_validate, {"body": aside}) if aside else None
    issue = merging.save(
        body,
        lambda changes: editing.edit(found, number, changes, by=me()),
        now=lambda: filters.fields(issues.get(found, number, me())),
    )
    if remark:
        comments.create(found, issue, remark, by=me())
    said = {"state": "Closed." if issue.state == "closed" else "Open again."}
    say = said["state"] if "state" in body.model_fields_set else "Saved."
    return Done(issue, at=at, say=say, undo=undo_of(found, number))


@bp.page("/<number:number>/<any(status, assignees, labels, priority, milestone, dates, estimate, parent):part>")
def part(project: str, number: int, part: str) -> Page:
    """A form for just one thing about an issue."""
    found = project_at(project)
    issue = issues.get(found, number, me())
    issues.require_edit(found, issue, me())
    fields = ("start_on", "due_on") if part == "dates" else (part,)
    context = {"fields": fields, "heading": part.capitalize() if part != "parent" else "Part of"}
    form = Form.of(filters.fields(issue))
    return Page("issues/part.html", project=found, issue=issue, form=form, **context, **_choices(found, form, fields))


@bp.page("/<number:number>/closure")
def closure(project: str, number: int) -> Page:
    """The form that closes an issue, with the reason."""
    found = project_at(project)
    issue = issues.get(found, number, me())
    issues.require_close(found, issue, me())
    return Page("issues/close.html", project=found, issue=issue, form=Form.of())


@bp.post("/<number:number>/closure", form="closure")
def close(project: str, number: int, body: ClosureIn) -> Reply[IssueOut]:
    """Close an issue, for a reason. Closing it twice changes nothing."""
    found = project_for(project)
    issue = editing.close(found, number, body, by=me())
    return Done(
        issue, at=url_for(".show", project=found.key, number=number), say="Closed.", undo=undo_of(found, number)
    )


@bp.delete("/<number:number>/closure")
def reopen(project: str, number: int) -> Reply[None]:
    """Open an issue again."""
    found = project_for(project)
    editing.reopen(found, number, by=me())
    return Done(
        None, at=url_for(".show", project=found.key, number=number), say="Open again.", undo=undo_of(found, number)
    )


@bp.page("/<number:number>/move")
def move_form(project: str, number: int) -> Page:
    """The form that takes an issue to another project."""
    found = project_at(project)
    issue = issues.get(found, number, me())
    moving.require_move(found, me())
    targets = moving.targets(found, me())
    return Page("issues/move.html", project=found, issue=issue, targets=targets, form=Form.of())


@bp.post("/<number:number>/move", form="move_form")
def move(project: str, number: int, body: MoveIn) -> Reply[IssueOut]:
    """Take an issue to another project. Its old number goes on leading to it."""
    issue = moving.move(project_for(project), number, body, by=me())
    at = url_for(".show", project=issue.project_key, number=issue.number)
    return Done(issue, at=at, say=f"This is {issue.key} now.")


@bp.page("/<number:number>/delete")
def confirm_remove(project: str, number: int) -> Page:
    """Asks before an issue is deleted."""
    found = project_at(project)
    issue = issues.get(found, number, me())
    removal.require_removal(found, issue, me())
    return Page("issues/delete.html", project=found, issue=issue)


@bp.delete("/<number:number>")
def remove(project: str, number: int) -> Reply[None]:
    """Delete an issue with its comments. For 30 days it can be restored."""
    found = project_for(project)
    removal.remove(found, number, by=me(), version=expected_version())
    trash.purge()
    return Done(
        None,
        at=url_for(".index", project=found.key),
        say=f"{found.key}-{number} is deleted.",
        undo=undo_of(found, number),
    )


def _listed(found: ProjectRow, query: IssueQuery) -> Reply[Slice[IssueItem]]:
    page, wanted = finding.listing(found, query, viewer())
    if wanted.is_reference and wants_page():
        only = page.items[0] if len(page.items) == 1 else searching.named(wanted.text, found, viewer())
        if only is not None:
            return Done(None, at=url_for(".show", project=only.project_key, number=only.number))
    filters.link(page, found, query, wanted)
    return Page(
        "issues/list.html",
        page,
        page=page,
        project=found,
        filters=lambda: filters.shown(found, wanted),
        unknown=wanted.unknown,
        bar=lambda: bar.of_list(found, query.view, wanted.text, viewer()),
        choices=lambda: finding.choices(found, FEW + 1),
        few=FEW,
        shown=lambda: filters.told(wanted, page.total),
    )


def _new(project: str, **dressing: Any) -> Page:
    found = project_at(project)
    issues.require_open(found, me())
    templates = issue_templates.offered(found)
    form = Form.of(beginning.fields(request.args, templates))
    return Page(
        "issues/new.html",
        project=found,
        templates=templates,
        chosen=beginning.chosen(request.args, templates),
        form=form,
        **{"preview": None, **_choices(found, form), **dressing},
    )


def _edit(project: str, number: int, **dressing: Any) -> Page:
    found = project_at(project)
    issue = issues.get(found, number, me())
    issues.require_edit(found, issue, me())
    form = Form.of(filters.fields(issue))
    context = {"preview": None, **_choices(found, form), **dressing}
    who = editing.changers(issue) if form.clash else {}
    return Page("issues/edit.html", project=found, issue=issue, form=form, who=who, **context)


def _choices(project: ProjectRow, form: Form, fields: Sequence[str] = PLANNED) -> dict[str, Any]:
    """What the fields of a form offer to choose from."""
    picked = [field for field in fields if field in picks.FIELDS]
    offered = {"offer": picks.offers(project, form, *picked)} if picked else {}
    return offered | ({"statuses": statuses.of(project)} if "status" in fields else {})


def previewed(project: str, text: str) -> str:
    """A text as it will look, with its links."""
    return render(text, references.links_for(text, project_for(project), me()))
