"""One address for one thing: `/projects/cairn` and `/projects/7` lead to `/projects/CAIRN`."""

from flask import request, url_for
from werkzeug.routing import RequestRedirect

from webapp.http.identity import viewer
from webapp.http.negotiation import wants_page
from webapp.projects import service as projects


def project_at(ref: str) -> projects.ProjectRow:
    """The project that the address names, as the viewer sees it. Raises NotFound.

    A page that was asked for under another spelling is moved to the project's own address.
    """
    project = projects.get(ref, viewer())
    if project.key != ref and wants_page() and request.method == "GET" and request.endpoint is not None:
        values = {**(request.view_args or {}), **request.args.to_dict(flat=False), "project": project.key}
        raise RequestRedirect(url_for(request.endpoint, **values))
    return project
