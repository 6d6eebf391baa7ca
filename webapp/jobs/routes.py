from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Page, Reply
from webapp.i18n import _, ngettext
from webapp.jobs import service as jobs
from webapp.jobs.schemas import JobOut, JobQuery
from webapp.types import Slice

bp = Feature("jobs", "/admin/jobs")


@bp.get("")
def index(query: JobQuery, by: Viewer) -> Reply[Slice[JobOut]]:
    """What is to be done after changes, and was not yet, the newest first. For administrators."""
    page = jobs.listing(query, by)
    asked: dict[str, Any] = {"state": query.state, "limit": query.limit}
    page.next = page.after and url_for(".index", **asked, cursor=page.after)
    page.previous = page.before and url_for(".index", **asked, cursor=page.before)
    return Page("jobs/list.html", page, page=page, query=query, backlog=jobs.backlog)


@bp.post("/<number:job>/retry")
def retry(job: int, by: Viewer) -> Reply[None]:
    """Try a job again that was given up."""
    jobs.retry(job, by)
    return Done(None, at=url_for(".index"), say=_("It is tried again."))


@bp.post("/retry")
def retry_all(by: Viewer) -> Reply[None]:
    """Try all jobs again that were given up."""
    number = jobs.retry_all(by)
    say = ngettext("%(num)s job is tried again.", "%(num)s jobs are tried again.", number)
    return Done(None, at=url_for(".index"), say=say)


@bp.delete("/<number:job>")
def remove(job: int, by: Viewer) -> Reply[None]:
    """Delete a job that was given up. It will never be done."""
    jobs.remove(job, by)
    return Done(None, at=url_for(".index", state="dead"), say=_("It is deleted."))
