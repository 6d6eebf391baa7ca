from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from webapp.access import Viewer
from webapp.home import repository
from webapp.home.repository import Deed
from webapp.issues.rows import IssueRow
from webapp.lists import service as lists
from webapp.members import inviting
from webapp.members.rows import InvitationRow
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.text import times

__all__ = ["Deed", "Home", "by_day", "of"]

SHOWN = 10
DEEDS = 20
PROJECTS = 8


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


def of(by: Viewer | None, viewed: Sequence[int]) -> Home:
    """The first page of somebody who looked at these issues lately."""
    if by is None:
        return Home(projects.first(by, PROJECTS)[:PROJECTS], recent=lists.recent(by))
    work = repository.work_of(by, viewed, times.now_in(by.time_zone).date(), SHOWN)
    shown = projects.first(by, PROJECTS)[:PROJECTS]
    return Home(shown, **work, activity=repository.activity(by, DEEDS), invitations=inviting.own(by))


def by_day(deeds: Sequence[Deed], zone: str) -> list[tuple[Deed, list[Deed]]]:
    """What was done, day by day of a time zone: the first of each day, which dates it, and all of them."""
    tz = times.now_in(zone).tzinfo
    days = [list(group) for _, group in groupby(deeds, lambda deed: deed.at.astimezone(tz).date())]
    return [(day[0], day) for day in days]
