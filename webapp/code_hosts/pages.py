"""What the pages of connected repositories show and do."""

from functools import partial

from flask import url_for
from markupsafe import Markup

from webapp.access import Viewer
from webapp.code_hosts import service as code_hosts
from webapp.code_hosts.rows import TITLES, Host
from webapp.code_hosts.schemas import ArrivalQuery, CodeHostIn, CodeHostMade, CodeHostOut
from webapp.http import Done, Form, Made, Page
from webapp.http.negotiation import wants_page
from webapp.i18n import N_, _
from webapp.paging import whole
from webapp.projects.service import ProjectRow

HINTS = {"plain": N_("Any program that can send a request, like curl in a hook of Git.")}
# What a program sends.
EXAMPLE = Markup("""curl '{}' -H 'Authorization: Bearer SECRET' \\
  -H 'Content-Type: application/json' \\
  -d '{{"branch": "main", "commits": [{{"id": "4d1bb3f", "message": "Turn the stone, fixes {}-12"}}]}}'""")


def at(project: ProjectRow, host: Host) -> str:
    """The address of a repository's page."""
    return url_for("code_hosts.show", project=project.key, code_host=host.id)


def listing(project: ProjectRow, by: Viewer) -> Page:
    """All connected repositories."""
    listed = code_hosts.of(project, by)
    return Page("code_hosts/list.html", whole(listed), project=project, hosts=listed)


def new(project: ProjectRow, by: Viewer) -> Page:
    """The form that connects one."""
    code_hosts.require_manage(project, by)
    form = Form.of({"kind": "github"})
    hints = {kind: _(hint) for kind, hint in HINTS.items()}
    kinds = [(kind.value, _(title), hints.get(kind.value, "")) for kind, title in TITLES.items()]
    return Page("code_hosts/new.html", project=project, form=form, kinds=kinds)


def create(project: ProjectRow, draft: CodeHostIn, by: Viewer) -> Page | Made:
    """Connect one; a page shows its secret at once, because nothing keeps it for a later one."""
    host, secret = code_hosts.create(project, draft, by)
    return _shown(project, host, secret) if wants_page() else Made(_made(host, secret), at=at(project, host))


def show(project: ProjectRow, host_id: int, by: Viewer) -> Page:
    """One of them."""
    return _shown(project, code_hosts.get(project, host_id, by), None)


def rotate(project: ProjectRow, host_id: int, by: Viewer) -> Page | Done:
    """Give one another secret."""
    host, secret = code_hosts.rotate(project, host_id, by)
    return _shown(project, host, secret) if wants_page() else Done(_made(host, secret), at="")


def confirm_remove(project: ProjectRow, host_id: int, by: Viewer) -> Page:
    """Asks before one is disconnected."""
    return Page("code_hosts/delete.html", project=project, host=code_hosts.get(project, host_id, by))


def log(project: ProjectRow, host_id: int, query: ArrivalQuery, by: Viewer) -> Page:
    """What arrived from one."""
    page = code_hosts.log(project, host_id, query, by)
    there = partial(url_for, "code_hosts.deliveries", project=project.key, code_host=host_id, limit=query.limit)
    page.next = page.after and there(cursor=page.after)
    page.previous = page.before and there(cursor=page.before)
    host = code_hosts.get(project, host_id, by)
    return Page("code_hosts/deliveries.html", page, project=project, page=page, host=host)


def _shown(project: ProjectRow, host: Host, secret: str | None) -> Page:
    form = Form.of({"url": host.url or ""})
    example = EXAMPLE.format(host.hook_url, project.key)
    return Page("code_hosts/show.html", host, project=project, host=host, secret=secret, form=form, example=example)


def _made(host: Host, secret: str) -> CodeHostMade:
    return CodeHostMade(**CodeHostOut.model_validate(host).model_dump(), secret=secret)
