from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request, url_for

from webapp.access import Viewer
from webapp.comments import service as comments
from webapp.comments.schemas import CommentIn
from webapp.editing import one as editing
from webapp.editing import opening
from webapp.editing import trash as changing
from webapp.editing.notice import onward_from, undo_of
from webapp.http import Done, Feature, Form, Made, Page, Reply, merging, viewed
from webapp.http.addresses import led_by
from webapp.http.application import asked
from webapp.http.conditions import expected_version
from webapp.http.input import checked, query_of
from webapp.http.merging import Way
from webapp.http.negotiation import wants_page
from webapp.http.pages import kept, told
from webapp.i18n import N_, _
from webapp.issue_templates import service as issue_templates
from webapp.issues import beginning, removal
from webapp.issues import service as issues
from webapp.issues.fields import FIELDS, PARTS
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import (
    ClosureIn,
    FieldOut,
    FilterQuery,
    IssueEdit,
    IssueIn,
    IssueList,
    IssueOut,
    IssueQuery,
    PreviewIn,
    ThreadQuery,
)
from webapp.lists import page as filters
from webapp.lists import service as lists
from webapp.lists import vocabulary
from webapp.lists.vocabulary import VOCABULARY
from webapp.pages import leading
from webapp.pages import thread as presenting
from webapp.pages.opened import looked_before, opened
from webapp.picking import picks
from webapp.picking.schemas import FindQuery
from webapp.picking.service import FEW
from webapp.projects import steps
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.search import service as searching
from webapp.statuses import service as statuses
from webapp.text.anchors import placed
from webapp.text.markdown import render, version
from webapp.trash import service as trash
from webapp.types import Slice
from webapp.views import bar
from webapp.visibility import service as visibility
from webapp.visibility.agreeing import unseen
from webapp.watching import service as watching

# The fields of a form that offer something to choose from.
PLANNED = tuple(field.name for field in FIELDS if field.names)
# What the pages of some parts of an issue are called; others as the field.
_HEADINGS = {"dates": N_("Dates"), "resolution": N_("Resolution")}

bp = Feature("issues", "/projects/<project:project>/issues")


@bp.get("", form="query")
def index(project: ProjectRow, query: IssueQuery, by: Viewer | None) -> Reply[IssueList]:
    """The issues of a project that match a query; the open ones, newest first, unless it says otherwise."""
    if view := bar.instead(project, by):
        return Done(None, at=view)
    if wants_page() or not lists.lasts(query):
        return kept(project, lambda: _listed(project, query, by=by))
    name = project.id, project.default_view_id, asked().query_string  # which says where the next part is, too
    return told(name, project.edition, IssueList, lambda: filters.listing(project, query, by)[0])


@bp.get("/query")
def query(project: ProjectRow) -> Reply[Slice[FieldOut]]:
    """What a query can ask, and what this project's fields offer."""
    form = Form.of({"q": request.args.get("q", "")})
    offered = vocabulary.offered(lists.choices(project))
    return Page("issues/query.html", offered, project=project, form=form, fields=VOCABULARY)


@bp.page("/filter")
def choose(project: ProjectRow, query: FilterQuery) -> Reply[None]:
    """Where the list's filter form leads: to the list of the query that it says."""
    return Done(None, at=filters.address(project, filters.chosen_text(query)))


@bp.page("/new")
def new(project: ProjectRow, by: Viewer) -> Reply[None]:
    """The form for a new issue; the query string or a template fills it in."""
    return kept(project, lambda: _new(project, by=by), tagged=project.stamp)


@bp.page("/preview", method="POST", form="new", files="body", spends="preview")
def preview(project: ProjectRow, body: PreviewIn, by: Viewer) -> Page:
    """The same form with its text shown as it will look."""
    Form.again()
    similar = searching.similar(project, request.form.get("title", ""), by)
    return _new(project, preview=previewed(project, body.body, by=by), similar=similar, by=by)


@bp.post("", form="new", creates=True, files="body", spends="issue")
def create(project: ProjectRow, body: IssueIn, by: Viewer) -> Reply[IssueOut]:
    """Open an issue."""
    issue = opening.create(project, body, by=by)
    at = url_for(".show", project=project.key, number=issue.number)
    back = steps.to_people(project) if steps.at_issue(project, by) else ""
    return Made(issue, at=at, back=back, say=_("Issue %(key)s opened.", key=issue.key))


@bp.get("/<number:number>")
def show(project: ProjectRow, number: int, query: ThreadQuery, by: Viewer | None) -> Reply[IssueOut]:
    """One issue. Its page also tells its comments and events."""
    if not wants_page():
        made_of = project.edition, version()
        return told((project.id, number), made_of, IssueOut, lambda: issues.get(project, number, by))
    since = opened(project, number, query, by)

    def shown(since: datetime | None) -> Page:
        if by is None:
            return presenting.issue_page(project, issues.get(project, number, by), by, query)
        issue, bell = watching.look(project, number, by)
        return presenting.issue_page(project, issue, by, query, bell=bell, since=since)

    page = kept((project, led_by(asked()), since), lambda: shown(since), compares=True)
    if (about := page.about) is not None and by:
        if since is None and (last := looked_before(page, by)):
            page = shown(last)
        viewed.note(by.id, about)
    return page


@bp.page("/<number:number>/edit")
def edit(project: ProjectRow, number: int, by: Viewer) -> Page:
    """The form that changes an issue."""
    return _edit(project, number, by=by)


@bp.page(
    "/<number:number>/preview",
    method="POST",
    endpoint="preview_edit",
    form="edit",
    files="body",
    spends="preview",
)
def preview_edit(project: ProjectRow, number: int, body: PreviewIn, by: Viewer) -> Page:
    """The same form with its text shown as it will look."""
    Form.again()
    return _edit(project, number, preview=previewed(project, body.body, by=by), by=by)


@bp.patch("/<number:number>", form="edit", files="body")
def update(project: ProjectRow, number: int, body: IssueEdit, by: Viewer) -> Reply[IssueOut]:
    """Change an issue: its text, its fields, or whether it is open."""
    at = url_for(".show", project=project.key, number=number)
    if merging.way() == Way.THEIRS:
        return Done(issues.get(project, number, by), at=at, say=_("Your changes are discarded."))
    if reveals := unseen(lambda: visibility.if_issue_edited(project, number, body, by)):
        return _edit(project, number, by=by, reveals=reveals)
    body, aside = merging.set_aside(body)
    remark = checked(CommentIn.model_validate, {"body": aside}) if aside else None
    issue, change = merging.save(
        body,
        lambda edit: editing.edit(project, number, edit.sent, by, version=edit.version, force=edit.force),
        now=lambda: filters.fields(issues.get(project, number, by)),
    )
    if remark:
        comments.create(project, issue, remark, by=by)
    decided = _("Closed.") if issue.state == "closed" else _("Open again.")
    say = decided if "state" in body.model_fields_set else _("Saved.")
    onward = onward_from(project, issue, change, by)
    return Done(issue, at=at, say=say, undo=undo_of(project, number, change), onward=onward)


@bp.page(f"/<number:number>/<any({', '.join(PARTS)}):part>")
def part(project: ProjectRow, issue: IssueDetail, part: str, by: Viewer) -> Page:
    """A form for just one thing about an issue."""
    issues.require_edit(project, issue, by)
    fields = PARTS[part]
    shown = [one for one in FIELDS if one.name in fields]
    context = {"part": part, "fields": shown, "heading": _(_HEADINGS.get(part, shown[0].label))}
    form, query = Form.of(filters.fields(issue, fields)), query_of(FindQuery)
    offered = _choices(project, form, fields, find=query.find)
    return Page("issues/part.html", project=project, issue=issue, form=form, query=query, **context, **offered)


@bp.page("/<number:number>/closure")
def closure(project: ProjectRow, issue: IssueDetail, by: Viewer) -> Page:
    """The form that closes an issue, with the reason."""
    issues.require_close(project, issue, by)
    return Page("issues/close.html", project=project, issue=issue, form=Form.of())


@bp.post("/<number:number>/closure", form="closure")
def close(project: ProjectRow, number: int, body: ClosureIn, by: Viewer) -> Reply[IssueOut]:
    """Close an issue, for a reason. Closing it twice changes nothing."""
    issue, change = editing.close(project, number, body.sent, by, version=body.version, force=body.force)
    at = url_for(".show", project=project.key, number=number)
    onward = onward_from(project, issue, change, by)
    return Done(issue, at=at, say=_("Closed."), undo=undo_of(project, number, change), onward=onward)


@bp.delete("/<number:number>/closure")
def reopen(project: ProjectRow, number: int, by: Viewer) -> Reply[None]:
    """Open an issue again."""
    change = editing.reopen(project, number, by=by).change
    at = url_for(".show", project=project.key, number=number)
    return Done(None, at=at, say=_("Open again."), undo=undo_of(project, number, change))


@bp.page("/<number:number>/delete")
def confirm_remove(project: ProjectRow, issue: IssueDetail, by: Viewer) -> Page:
    """Asks before an issue is deleted."""
    removal.require_removal(project, issue, by)
    return Page("issues/delete.html", project=project, issue=issue)


@bp.delete("/<number:number>")
def remove(project: ProjectRow, number: int, by: Viewer) -> Reply[None]:
    """Delete an issue with its comments. For 30 days it can be restored."""
    change = changing.remove(project, number, by=by, version=expected_version())
    trash.purge()
    return Done(
        None,
        at=leading.way_back(project),
        say=_("%(key)s is deleted.", key=f"{project.key}-{number}"),
        undo=undo_of(project, number, change),
    )


def _listed(project: ProjectRow, query: IssueQuery, by: Viewer | None) -> Reply[IssueList]:
    page, wanted = filters.listing(project, query, by)
    if wanted.is_reference and wants_page():
        only = page.items[0] if len(page.items) == 1 else searching.named(wanted.text, project, by)
        if only is not None:
            return Done(None, at=url_for(".show", project=only.project_key, number=only.number))
    return Page(
        "issues/list.html",
        page,
        page=page,
        project=project,
        filters=lambda: filters.shown(project, wanted),
        warnings=page.warnings,
        bar=lambda: bar.of_list(project, query.view, wanted.text, by),
        choices=lambda: lists.choices(project, FEW + 1),
        few=FEW,
    )


def _new(project: ProjectRow, by: Viewer, **dressing: Any) -> Page:
    issues.require_open(project, by)
    templates = issue_templates.offered(project)
    form = Form.of(beginning.fields(request.args, templates))
    return Page(
        "issues/new.html",
        project=project,
        templates=templates,
        chosen=beginning.chosen(request.args, templates),
        step=steps.at_issue(project, by),
        onward=lambda: steps.to_people(project),
        form=form,
        **{"preview": None, **_choices(project, form), **dressing},
    )


def _edit(project: ProjectRow, number: int, by: Viewer, **dressing: Any) -> Page:
    issue = issues.get(project, number, by)
    issues.require_edit(project, issue, by)
    form = Form.of(filters.fields(issue))
    context = {"preview": None, "reveals": (), **_choices(project, form), **dressing}
    who = editing.changers(issue) if form.clash else {}
    return Page("issues/edit.html", project=project, issue=issue, form=form, who=who, **context)


def _choices(project: ProjectRow, form: Form, fields: Sequence[str] = PLANNED, find: str = "") -> dict[str, Any]:
    """What the fields of a form offer to choose from."""
    picked = [field for field in fields if field in picks.FIELDS]
    offered = {"offer": picks.offers(project, form, *picked, find=find)} if picked else {}
    return offered | ({"statuses": statuses.of(project)} if "status" in fields else {})


def previewed(project: ProjectRow, text: str, by: Viewer) -> str:
    """A text as it will look, with its links."""
    return placed(render(text, references.links_for(text, project, by)), "preview")
