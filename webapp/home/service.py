from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from webapp.access import Viewer
from webapp.home import repository
from webapp.home.news import Deed
from webapp.home.repository import Most
from webapp.i18n import _
from webapp.issues.rows import IssueRow
from webapp.lists import service as lists
from webapp.members import inviting
from webapp.members.rows import InvitationRow
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.text import times

__all__ = ["Deed", "Desk", "Home", "by_day", "desk", "edition", "of"]

PROJECTS = 8
MOST = Most(projects=PROJECTS, deeds=20, issues=10)
# The page of whoever sees more projects is made anew: where there are so many, something in one changes all the time.
COUNTED = 200


@dataclass(frozen=True, slots=True)
class Home:
    """What waits for somebody, and what happened in their projects; to nobody, what is public."""

    projects: Sequence[ProjectRow]
    assigned: Sequence[IssueRow] = ()
    mentioned: Sequence[IssueRow] = ()
    due: Sequence[IssueRow] = ()
    viewed: Sequence[IssueRow] = ()
    reported: Sequence[IssueRow] = ()
    activity: Sequence[Deed] = field(default_factory=list)
    recent: Sequence[IssueRow] = ()
    invitations: Sequence[InvitationRow] = ()


def edition(by: Viewer | None) -> str | None:
    """What the first page of somebody is made of, as a word; None where that is not known.

    Which is for whoever sees very many projects, and for those who are invited: nothing counts how invitations end.
    """
    return repository.edition(by, COUNTED)


def of(by: Viewer | None, viewed: Sequence[int], *, is_invited: bool = True) -> Home:
    """The first page of somebody who looked at these issues lately; it may be known that nobody invites them."""
    if by is None:
        return Home(projects.first(by, PROJECTS)[:PROJECTS], recent=lists.recent(by))
    found = repository.found(by, viewed, times.now_in(by.time_zone).date(), MOST)
    invitations = inviting.own(by) if is_invited else ()
    return Home(found.projects, **found.work, activity=found.deeds, invitations=invitations)


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before somebody: each issue once, where it presses most."""

    due: Sequence[IssueRow]
    mentioned: Sequence[IssueRow]
    assigned: Sequence[IssueRow]
    reported: Sequence[IssueRow]


def desk(home: Home) -> Desk:
    """What waits for somebody; what they reported only if nothing else does, as it waits for others."""
    known: set[int] = set()

    def others(issues: Sequence[IssueRow]) -> Sequence[IssueRow]:
        here = [issue for issue in issues if issue.id not in known]
        known.update(issue.id for issue in here)
        return here

    due, mentioned, assigned = (others(issues) for issues in (home.due, home.mentioned, home.assigned))
    return Desk(due, mentioned, assigned, reported=[] if known else home.reported)


def by_day(deeds: Sequence[Deed], zone: str) -> list[tuple[str, Deed, list[Deed]]]:
    """What was done, day by day of a time zone: the name of a late day, the first deed, which dates it, and all.

    What somebody did to an issue within a day without anything between is told by the last of it.
    """
    now = times.now_in(zone)
    names = {now.date(): _("Today"), now.date() - timedelta(days=1): _("Yesterday")}
    here, days, before = now.tzinfo, list[tuple[date, list[tuple[Deed, int]]]](), None
    for deed in deeds:
        day, what = deed.at.astimezone(here).date(), (deed.actor.id, deed.project_key, deed.number)
        if not days or days[-1][0] != day:
            days.append((day, []))
            before = None
        runs = days[-1][1]
        if what == before:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((deed, 0))
        before = what
    told = [(day, [replace(deed, also=also) if also else deed for deed, also in runs]) for day, runs in days]
    return [(names.get(day, ""), lines[0], lines) for day, lines in told]
