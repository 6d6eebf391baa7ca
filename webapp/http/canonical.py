"""One address for one thing: `/projects/cairn` and `/projects/7` lead to `/projects/CAIRN`."""

from flask import request, url_for
from werkzeug.routing import RequestRedirect

from webapp.http.identity import entered, viewer
from webapp.http.negotiation import wants_page
from webapp.projects import service as projects


def project_at(ref: str) -> projects.ProjectRow:
    """The project that the address names, as the viewer sees it. Raises NotFound.

    A page that was asked for under another spelling is moved to the project's own address. The query string
    goes along as it is: as arguments of url_for, some names in it would say where to.
    """
    project = project_for(ref)
    if project.key != ref and wants_page() and request.method == "GET" and request.endpoint is not None:
        address = url_for(request.endpoint, **{**(request.view_args or {}), "project": project.key})
        query = request.query_string.decode(errors="replace")
        raise RequestRedirect(f"{address}?{query}" if query else address)
    return project


def project_for(ref: str) -> projects.ProjectRow:
    """The same for a change, which an address in any spelling may ask for."""
    by = viewer()
    project = entered(ref)
    return projects.seen(project, by) if project is not None else projects.get(ref, by)
