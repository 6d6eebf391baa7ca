"""One address for one thing: `/projects/cairn` and `/projects/7` lead to `/projects/CAIRN`."""

import time
from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from werkzeug.routing import RequestRedirect

from webapp.access import TEAM, Viewer
from webapp.entrance.entering import entering, presenting
from webapp.http.application import READS, asked, noted
from webapp.http.identity import viewer
from webapp.http.negotiation import wants_page
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow


def project_at(ref: str) -> ProjectRow:
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


def project_for(ref: str) -> ProjectRow:
    """The same for a change, which an address in any spelling may ask for."""
    by = viewer()
    project = _entered(ref)
    return projects.seen(project, by) if project is not None else projects.get(ref, by)


def person(claims: Mapping[str, Any]) -> Viewer | None:
    """Whom the claims of a token speak of. A project that the address names is looked up with them, in one trip."""
    sent = asked()
    ref = (sent.view_args or {}).get("project")
    person, project = entering(claims, ref, is_page=wants_page(), is_read=sent.method in READS)
    _note(person, ref, project)
    return person


def holder(token: str) -> Viewer | None:
    """The same for a personal access token."""
    sent = asked()
    ref = (sent.view_args or {}).get("project")
    person, project = presenting(token, ref, is_read=sent.method in READS)
    _note(person, ref, project)
    return person


def _note(person: Viewer | None, ref: str | None, project: ProjectRow | None) -> None:
    if person is not None and ref is not None:  # nobody else shall see the project as they would
        noted()["entered"] = ref, time.monotonic(), project


def is_of_team() -> bool:
    """Whether whoever asks works in the project that the address names, as far as that was looked up with them."""
    _, _, project = noted().get("entered", ("", 0.0, None))
    return project is not None and project.role in TEAM


def _entered(ref: str) -> ProjectRow | None:
    """The project of the address as it was when the person who asks was looked up: given once, and only at once.

    A body may have come in slowly since then.
    """
    named, at, project = noted().pop("entered", ("", 0.0, None))
    return project if named == ref and time.monotonic() - at < 1 else None
