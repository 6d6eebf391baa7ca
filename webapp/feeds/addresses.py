"""Where the feeds of a list are: beside it, with another ending."""

from urllib.parse import urlencode

from flask import current_app, request

from webapp.feeds.schemas import FeedAddress
from webapp.issues.rows import IssueRow

FORMATS = ("atom", "ics", "csv", "jsonl")
# What says which part of a list a page shows, and nothing of the list.
OF_PAGES = ("cursor", "limit", "view")


def site() -> str:
    """Where this site is, as others reach it."""
    return current_app.config["SETTINGS"].base_url or request.host_url.rstrip("/")


def of(listed: str, secret: str) -> list[FeedAddress]:
    """The feeds of a list or of an issue, for whoever has no login but this secret."""
    path, _, query = listed.partition("?")
    formats = ["atom"] if path.rpartition("/")[2].isdecimal() else FORMATS
    token = f"{query}&" if query else ""
    token += urlencode({"token": secret})
    return [FeedAddress(format=one, url=f"{site()}{path}.{one}?{token}") for one in formats]


def beside(base: str) -> dict[str, str]:
    """The same for the page that is being shown, by format; `list` is its own address, without its place in it."""
    query = asked()
    return {"list": f"{base}{query}", **{one: f"{base}.{one}{query}" for one in FORMATS}}


def asked() -> str:
    """The query of the list that the request is about, without what says which part of it, and in whose name."""
    said = [(name, value) for name, value in request.args.items(multi=True) if name not in ("token", *OF_PAGES)]
    return f"?{urlencode(said)}" if said else ""


def issue_at(site: str, issue: IssueRow) -> str:
    """Where an issue is. Not asked of Flask, which needs a request for it: exports outlive theirs."""
    return f"{site}/projects/{issue.project_key}/issues/{issue.number}"
