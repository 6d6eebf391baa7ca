from functools import partial
from typing import Any

from flask import current_app, request, url_for

from webapp.access import Viewer
from webapp.auth import expiring
from webapp.auth.limiting import Limits
from webapp.feeds import addresses, lists, presenting, subscribing, table
from webapp.feeds import service as feeds
from webapp.feeds.lists import Listed
from webapp.feeds.schemas import FeedQuery, FeedTokenIn, FeedTokenMade, FeedTokenOut, IssueFeedQuery
from webapp.http import Done, Feature, Form, Made, Page, Reply, me, viewer
from webapp.http.application import READS, asked
from webapp.http.negotiation import wanted_of, wants_page
from webapp.http.streaming import Streamed, Text
from webapp.i18n import _
from webapp.issues import service as issues
from webapp.paging import whole
from webapp.projects import limiting
from webapp.projects import service as projects
from webapp.types import Slice

CSV, JSON_LINES, ATOM, CALENDAR = "text/csv", "application/x-ndjson", "application/atom+xml", "text/calendar"
ENDINGS = {CSV: "csv", JSON_LINES: "jsonl", "application/jsonl": "jsonl", ATOM: "atom", CALENDAR: "ics"}
# Pages that say the same as some of the addresses here, to those whose Accept prefers that.
TWINS = {"issues.index": "{}_of_project", "all_issues.index": "{}_of_all", "issues.show": "{}_of_issue"}

bp = Feature("feeds")


@bp.before_app_request
def in_another_way() -> Any:
    """The same at a list's own address, for those who ask for one of these media types there."""
    sent = asked()
    twin = TWINS.get(sent.endpoint or "")
    wanted = wanted_of(tuple(ENDINGS)) if twin and sent.method in READS else None
    view = current_app.view_functions.get(f"feeds.{twin.format(ENDINGS[wanted])}") if twin and wanted else None
    return view(**(sent.view_args or {})) if view else None


@bp.get("/projects/<project:project>/issues.csv", media=CSV, spends="export")
def csv_of_project(project: str, query: FeedQuery) -> Reply[bytes]:
    """All issues of a project that match a query, as a table."""
    return _csv(_of_project(project, query))


@bp.get("/issues.csv", media=CSV, spends="export")
def csv_of_all(query: FeedQuery) -> Reply[bytes]:
    """All issues that match a query, of all projects that the caller sees, as a table."""
    return _csv(_of_all(query))


@bp.get("/projects/<project:project>/issues.jsonl", media=JSON_LINES, spends="export")
def jsonl_of_project(project: str, query: FeedQuery) -> Reply[bytes]:
    """All issues of a project that match a query, with their texts, as a JSON object a line."""
    return _json_lines(_of_project(project, query))


@bp.get("/issues.jsonl", media=JSON_LINES, spends="export")
def jsonl_of_all(query: FeedQuery) -> Reply[bytes]:
    """All issues that match a query, of all projects that the caller sees, as a JSON object a line."""
    return _json_lines(_of_all(query))


@bp.get("/projects/<project:project>/issues.atom", media=ATOM)
def atom_of_project(project: str, query: FeedQuery) -> Reply[bytes]:
    """The newest issues of a project that match a query, for feed readers."""
    return _atom(_of_project(project, query), query)


@bp.get("/issues.atom", media=ATOM)
def atom_of_all(query: FeedQuery) -> Reply[bytes]:
    """The newest issues that match a query, of all projects that the caller sees, for feed readers."""
    return _atom(_of_all(query), query)


@bp.get("/projects/<project:project>/issues.ics", media=CALENDAR)
def ics_of_project(project: str, query: FeedQuery) -> Reply[bytes]:
    """What is due of a project's issues that match a query, and its milestones, for calendars."""
    return _calendar(_of_project(project, query))


@bp.get("/issues.ics", media=CALENDAR)
def ics_of_all(query: FeedQuery) -> Reply[bytes]:
    """What is due of the issues that match a query, in all projects that the caller sees, for calendars."""
    return _calendar(_of_all(query))


@bp.get("/projects/<project:project>/issues/<number:number>.atom", media=ATOM)
def atom_of_issue(project: str, number: int, query: IssueFeedQuery) -> Reply[bytes]:
    """An issue and its newest comments, for feed readers."""
    by = _reader(query)
    issue = issues.get(projects.get(project, by), number, by)
    feed = presenting.talk_about(issue, lists.last_comments(issue), addresses.site())
    return Text(feed.as_text(), ATOM, feed.changed_at)


@bp.get("/auth/feeds")
def tokens() -> Reply[Slice[FeedTokenOut]]:
    """Your tokens for feeds, the newest first."""
    return _tokens()


@bp.post("/auth/feeds", form="tokens", creates=True, secret=True)
def create(body: FeedTokenIn) -> Reply[FeedTokenMade]:
    """Make a token with which a calendar or a feed reader may read what you may read."""
    row, secret = feeds.create(body, by=me())
    feed_addresses = addresses.of(subscribing.lasting(body.list, me()), secret) if body.list else []
    made = FeedTokenMade(**FeedTokenOut.model_validate(row).model_dump(), token=secret, addresses=feed_addresses)
    return _tokens(made=made) if wants_page() else Made(made, at=url_for(".tokens"))


@bp.page("/auth/feeds/<number:feed_token>/edit")
def edit(feed_token: int, by: Viewer) -> Page:
    """The form that limits a token for feeds to other projects."""
    token = feeds.own(feed_token, by)
    form = Form.of(limiting.form_of(token.projects, by))
    return Page("feeds/edit.html", token=token, form=form, few=limiting.FEW, projects=limiting.offered(by))


@bp.patch("/auth/feeds/<number:feed_token>", form="edit")
def update(feed_token: int, body: Limits, by: Viewer) -> Reply[FeedTokenOut]:
    """Limit a token for feeds to other projects, or to none. Whatever reads with it reads these from now on."""
    return Done(feeds.edit(feed_token, body, by), at=url_for(".tokens"), say=_("Saved."))


@bp.delete("/auth/feeds/<number:feed_token>", form="tokens")
def revoke(feed_token: int) -> Reply[None]:
    """Take a token back. Whatever reads with it is refused from now on."""
    feeds.revoke(feed_token, by=me())
    return Done(None, at=url_for(".tokens"), say=_("The token is revoked."))


@bp.app_template_global()
def feeds_beside(base: str) -> dict[str, str]:
    """The addresses of the feeds of the list that a page shows."""
    return addresses.beside(base)


def _reader(query: FeedQuery | IssueFeedQuery) -> Viewer | None:
    """Who reads: whose token it is, if there is one; a login beside it counts for nothing."""
    return feeds.person(query.token) if query.token else viewer()


def _of_project(project: str, query: FeedQuery) -> Listed:
    by = _reader(query)
    return lists.asked(projects.get(project, by), query, by)


def _of_all(query: FeedQuery) -> Listed:
    return lists.asked(None, query, _reader(query))


def _csv(listed: Listed) -> Streamed:
    _note(listed, "csv")
    parts = table.csv_of(lists.rows(listed), partial(addresses.issue_at, addresses.site()))
    return Streamed(parts, CSV, presenting.file_name(listed, "csv"))


def _json_lines(listed: Listed) -> Streamed:
    _note(listed, "jsonl")
    parts = table.json_lines_of(lists.texts(listed), partial(addresses.issue_at, addresses.site()))
    return Streamed(parts, JSON_LINES, presenting.file_name(listed, "jsonl"))


def _note(listed: Listed, form: str) -> None:
    if request.method == "GET":  # a HEAD takes nothing along
        lists.note_export(listed, form)


def _atom(listed: Listed, query: FeedQuery) -> Text:
    feed = presenting.feed_of(listed, lists.newest(listed, query.limit), addresses.site(), addresses.asked())
    return Text(feed.as_text(), ATOM, feed.changed_at)


def _calendar(listed: Listed) -> Text:
    # Without a time of change: what is done or put off leaves nothing newer behind.
    return Text(presenting.calendar_of(listed, *lists.due(listed), addresses.site()).as_text(), CALENDAR)


def _tokens(**dressing: Any) -> Page:
    """A page shows a new token at once, because nothing keeps it for a later one."""
    listed = feeds.listing(me())
    form = Form.of({"list": request.values.get("list", ""), "days": str(feeds.USUAL)})
    dressed = {"made": None, "offered": expiring.OFFERED, "few": limiting.FEW, **dressing}
    dressed["projects"] = lambda: limiting.offered(me())
    return Page("feeds/tokens.html", whole(listed), tokens=listed, form=form, **dressed)
