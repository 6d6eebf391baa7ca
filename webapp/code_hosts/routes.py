from flask import request, url_for

from webapp.access import Viewer
from webapp.code_hosts import development, pages, receiving
from webapp.code_hosts import service as code_hosts
from webapp.code_hosts.schemas import (
    ArrivalQuery,
    ArrivedOut,
    CodeHostEdit,
    CodeHostIn,
    CodeHostMade,
    CodeHostOut,
    CodeOut,
    ReceivedOut,
)
from webapp.http import Accepted, Done, Feature, Page, Reply
from webapp.http.input import FORMS
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("code_hosts")
OF_PROJECT = "/projects/<project:project>/code-hosts"


@bp.get(OF_PROJECT)
def index(project: ProjectRow, by: Viewer) -> Reply[Slice[CodeHostOut]]:
    """The repositories that are connected to a project, for its owners."""
    return pages.listing(project, by)


@bp.page(f"{OF_PROJECT}/new")
def new(project: ProjectRow, by: Viewer) -> Page:
    """The form that connects a repository."""
    return pages.new(project, by)


@bp.post(OF_PROJECT, form="new", creates=True, secret=True)
def create(project: ProjectRow, body: CodeHostIn, by: Viewer) -> Reply[CodeHostMade]:
    """Connect a repository. Its secret is told only now; what it sends is done with your rights."""
    return pages.create(project, body, by)


@bp.get(f"{OF_PROJECT}/<number:code_host>")
def show(project: ProjectRow, code_host: int, by: Viewer) -> Reply[CodeHostOut]:
    """A connected repository. Its page says what to type at its host."""
    return pages.show(project, code_host, by)


@bp.patch(f"{OF_PROJECT}/<number:code_host>", form="show")
def update(project: ProjectRow, code_host: int, body: CodeHostEdit, by: Viewer) -> Reply[CodeHostOut]:
    """Say where a repository can be looked at."""
    host = code_hosts.edit(project, code_host, body, by)
    return Done(host, at=pages.at(project, host), say=_("Saved."))


@bp.page(f"{OF_PROJECT}/<number:code_host>/delete")
def confirm_remove(project: ProjectRow, code_host: int, by: Viewer) -> Page:
    """Asks before a repository is disconnected."""
    return pages.confirm_remove(project, code_host, by)


@bp.delete(f"{OF_PROJECT}/<number:code_host>", form="show")
def remove(project: ProjectRow, code_host: int, by: Viewer) -> Reply[None]:
    """Disconnect a repository, and delete its log. What stands in timelines stays."""
    code_hosts.remove(project, code_host, by)
    return Done(None, at=url_for(".index", project=project.key), say=_("The repository is disconnected."))


@bp.post(f"{OF_PROJECT}/<number:code_host>/secret", form="show", secret=True)
def rotate(project: ProjectRow, code_host: int, by: Viewer) -> Reply[CodeHostMade]:
    """Give it another secret, told only now; from now on with your rights. For a day the former one holds as well."""
    return pages.rotate(project, code_host, by)


@bp.get(f"{OF_PROJECT}/<number:code_host>/deliveries")
def deliveries(project: ProjectRow, code_host: int, query: ArrivalQuery, by: Viewer) -> Reply[Slice[ArrivedOut]]:
    """What arrived from a repository in the last 30 days, and what came of it; the newest first."""
    return pages.log(project, code_host, query, by)


@bp.get("/projects/<project:project>/issues/<number:number>/code")
def of_issue(project: ProjectRow, issue: IssueDetail) -> Reply[Slice[CodeOut]]:
    """The commits and merge requests that name an issue; merge requests first, the newest first."""
    page = development.listing(issue.id)
    return Page("code_hosts/of_issue.html", page, project=project, issue=issue, page=page)


@bp.post("/hooks/<token:hook_token>", secret=True, anonymous=True, signed=True, later=True)
def receive(hook_token: str) -> Reply[ReceivedOut]:
    """What a code host sends, signed as its kind does it. What is no event of code is taken, and ignored."""
    host = receiving.host_at(hook_token)
    request.max_content_length = receiving.LARGEST
    body = request.get_data()
    is_new = receiving.receive(host, request.headers, body, is_form=request.mimetype in FORMS[:1])
    return Accepted(ReceivedOut(state="taken" if is_new else "known"))
