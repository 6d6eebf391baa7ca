from flask import url_for

from webapp.access import Viewer
from webapp.errors import Conflict
from webapp.http import Done, Feature, Form, Page, Reply, identity
from webapp.http.negotiation import wants_page
from webapp.i18n import _, ngettext
from webapp.issues.rows import IssueDetail
from webapp.moderation import reporting
from webapp.moderation import service as moderation
from webapp.moderation.rows import Complaint, Decided, Verdict, called
from webapp.moderation.schemas import DecidedOut, DecisionIn, ReportIn, ReportOut, WaitingOut
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.types import Slice

# A notice has room for a few.
NAMED = 5

bp = Feature("moderation", "/projects/<project:project>")


@bp.get("/moderation")
def index(project: ProjectRow, by: Viewer) -> Reply[Slice[WaitingOut]]:
    """What waits for approval in a project, and what was reported: the hundred that wait longest."""
    listed = moderation.listing(project, by)
    form = Form.of({})
    return Page(
        "moderation/list.html",
        whole(listed),
        project=project,
        held=[one for one in listed if one.held],
        reported=[one for one in listed if not one.held],
        form=form,
        ticked={post.partition("@")[0] for post in form.values("posts")},
    )


@bp.post("/moderation", form="index")
def decide(project: ProjectRow, body: DecisionIn, by: Viewer) -> Reply[DecidedOut]:
    """Decide on posts that wait: others see them, or they go into the trash, or their authors are blocked as well.

    A browser by which nothing was done is shown the list again, and why.
    """
    if body.verdict is Verdict.BLOCK:
        identity.require_fresh()
    decided = moderation.decide(project, body, by)
    if wants_page() and not decided.done:
        raise Conflict(_left(project, decided))
    return Done(decided, at=url_for(".index", project=project.key), say=_said(project, body.verdict, decided))


@bp.page("/issues/<number:number>/reports/new")
def new(project: ProjectRow, issue: IssueDetail, by: Viewer) -> Page:
    """The form by which an issue is reported."""
    return _new(project, issue, None, by)


@bp.post("/issues/<number:number>/reports", form="new")
def report(project: ProjectRow, issue: IssueDetail, body: ReportIn, by: Viewer) -> Reply[ReportOut]:
    """Report an issue to those who own the project, once. Its author is not told who did."""
    return _reported(project, issue, None, body, by)


@bp.page("/issues/<number:number>/comments/<number:comment>/reports/new")
def new_of_comment(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer) -> Page:
    """The form by which a comment is reported."""
    return _new(project, issue, comment, by)


@bp.post("/issues/<number:number>/comments/<number:comment>/reports", form="new_of_comment")
def report_comment(
    project: ProjectRow, issue: IssueDetail, comment: int, body: ReportIn, by: Viewer
) -> Reply[ReportOut]:
    """Report a comment to those who own the project, once. Its author is not told who did."""
    return _reported(project, issue, comment, body, by)


def _new(project: ProjectRow, issue: IssueDetail, comment: int | None, by: Viewer) -> Page:
    author = reporting.author_of(project, issue, comment, by)
    context = {"author": author, "comment": comment, "reasons": [(one.value, called(one), "") for one in Complaint]}
    return Page("moderation/report.html", project=project, issue=issue, form=Form.of({}), **context)


def _reported(
    project: ProjectRow, issue: IssueDetail, comment: int | None, body: ReportIn, by: Viewer
) -> Reply[ReportOut]:
    made = reporting.report(project, issue, comment, body, by)
    at = url_for("issues.show", project=project.key, number=issue.number, _anchor=f"c{comment}" if comment else None)
    return Done(made, at=at, say=_("Reported. Those who own the project decide what becomes of it."))


def _said(project: ProjectRow, verdict: Verdict, decided: Decided) -> str:
    number = decided.done
    said = {
        Verdict.KEEP: ngettext("%(num)s post stays, for all to see.", "%(num)s posts stay, for all to see.", number),
        Verdict.REMOVE: ngettext("%(num)s post is in the trash.", "%(num)s posts are in the trash.", number),
        Verdict.BLOCK: ngettext(
            "%(num)s post is in the trash, and its author is blocked.",
            "%(num)s posts are in the trash, and their authors are blocked.",
            number,
        ),
    }[verdict]
    return f"{said} {_left(project, decided)}" if decided.left else said


def _left(project: ProjectRow, decided: Decided) -> str:
    """How many were left, and the first of them, each with the reason."""
    number = len(decided.left)
    first = [f"{one.key_in(project.key)}: {one.detail}" for one in decided.left[:NAMED]]
    return " ".join([ngettext("%(num)s left as before.", "%(num)s left as before.", number), *first])
