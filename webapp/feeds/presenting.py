"""Lists and issues as what feed readers and calendars read."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from webapp import clock, zones
from webapp.comments.service import CommentRow
from webapp.feeds import lists
from webapp.feeds.addresses import issue_at
from webapp.feeds.atom import Atom, Entry
from webapp.feeds.ical import Calendar, Day
from webapp.feeds.lists import Listed
from webapp.feeds.rows import DueMilestone
from webapp.i18n import _, formats, pgettext
from webapp.issues.rows import IssueDetail, IssueRow

SHOWN_ANYWAY = "is:open"


def feed_of(listed: Listed, issues: Sequence[IssueDetail], site: str, asked: str) -> Atom:
    """The newest issues of a list; `asked` is the query of its address."""
    project = listed.project
    at = f"{site}/projects/{project.key}/issues" if project else f"{site}/issues"
    return Atom(
        site=site,
        id=f"projects/{project.id}/issues?{listed.wanted.text}" if project else f"issues?{listed.wanted.text}",
        title=title_of(listed),
        address=f"{at}{asked}",
        own=f"{at}.atom{asked}",
        entries=[_issue(issue, site) for issue in issues],
    )


def talk_about(issue: IssueDetail, comments: Sequence[CommentRow], site: str) -> Atom:
    """What is said about an issue, the newest first and what it began with at the end."""
    at = issue_at(site, issue)
    entries = [_comment(comment, issue, at) for comment in comments]
    return Atom(
        site=site,
        id=f"issue/{issue.id}/comments",
        title=f"{issue.key} {issue.title}",
        address=at,
        own=f"{at}.atom",
        entries=[*entries, _issue(issue, site)],
    )


def calendar_of(
    listed: Listed, issues: Sequence[IssueRow], milestones: Sequence[DueMilestone], site: str
) -> Calendar:
    """What is due of a list."""
    days = [*(_due(issue, site) for issue in issues), *(_reached(milestone, site) for milestone in milestones)]
    return Calendar(urlsplit(site).hostname or "", title_of(listed), days)


def title_of(listed: Listed) -> str:
    """What a list is called: its project, and what was asked for."""
    name = listed.project.name if listed.project else _("All projects")
    asked = pgettext("list", "open issues") if listed.wanted.text == SHOWN_ANYWAY else lists.asked_for(listed)
    return _("%(name)s: %(asked)s", name=name, asked=asked) if asked else name


def file_name(listed: Listed, ending: str) -> str:
    """What an export is called: which list, and on which day it was made where its reader is."""
    zone = zones.named(listed.by.time_zone if listed.by else "UTC")
    key = f"{listed.project.key}-" if listed.project else ""
    return f"{key}issues-{clock.now().astimezone(zone):%Y-%m-%d}.{ending}"


def _issue(issue: IssueDetail, site: str) -> Entry:
    return Entry(
        id=f"issue/{issue.id}",
        title=f"{issue.key} {issue.title}",
        address=issue_at(site, issue),
        author=issue.author.name,
        created_at=issue.created_at,
        changed_at=issue.updated_at,
        html=issue.body_html,
        categories=[issue.state, *(label.name for label in issue.labels)],
    )


def _comment(comment: CommentRow, issue: IssueDetail, at: str) -> Entry:
    return Entry(
        id=f"comment/{comment.id}",
        title=_("%(name)s on %(key)s %(title)s", name=comment.author.name, key=issue.key, title=issue.title),
        address=f"{at}#c{comment.id}",
        author=comment.author.name,
        created_at=comment.created_at,
        changed_at=comment.edited_at or comment.created_at,
        html=comment.body_html,
    )


def _due(issue: IssueRow, site: str) -> Day:
    assert issue.due_on is not None
    people = formats.gap().join(person.name for person in issue.assignees)
    return Day(
        id=f"issue-{issue.id}",
        title=f"{issue.key} {issue.title}",
        on=issue.due_on,
        address=issue_at(site, issue),
        changed_at=issue.updated_at,
        version=issue.version,
        description=_("%(status)s, assigned to %(people)s", status=issue.status, people=people)
        if people
        else issue.status,
        categories=[label.name for label in issue.labels],
    )


def _reached(milestone: DueMilestone, site: str) -> Day:
    return Day(
        id=f"milestone-{milestone.id}",
        title=_("Milestone %(title)s of %(project)s", title=milestone.title, project=milestone.project_key),
        on=milestone.due_on,
        address=f"{site}/projects/{milestone.project_key}/milestones/{milestone.id}",
        changed_at=milestone.created_at,
        version=milestone.version,
        description=milestone.description,
    )
