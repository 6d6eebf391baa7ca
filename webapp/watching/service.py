"""What somebody hears of a project and of its issues, and why.

What they chose for an issue goes before what they chose for its project. Whoever chose nothing hears of what they
take part in.
"""

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail, Stake
from webapp.models.inbox import Reason
from webapp.models.watching import DEFAULT, Level
from webapp.projects.service import ProjectRow
from webapp.watching import repository
from webapp.watching.rows import Bell, part


def of_project(project: ProjectRow) -> Bell:
    """What whoever looks hears of a project."""
    return Bell(Level(project.level or DEFAULT), project.level is not None)


def of_issue(project: ProjectRow, issue: IssueDetail, stake: Stake, by: Viewer) -> Bell:
    """What somebody hears of an issue, and why."""
    level = stake.level or of_project(project).level
    reason = _part(issue, stake, by)
    if level is Level.ALL:
        reason = reason or Reason.WATCHING
    return Bell(level, stake.level is not None, None if level is Level.NOTHING else reason)


def look(project: ProjectRow, number: int, by: Viewer) -> tuple[IssueDetail, Bell]:
    """An issue, and what somebody hears of it."""
    issue, stake = issues.staked(project, number, by)
    return issue, of_issue(project, issue, stake, by)


@transaction
def choose(project: ProjectRow, level: Level | None, by: Viewer) -> Bell:
    """Hear so much of a project; without a level as much as everybody."""
    require(by, Do.SEE, project)
    repository.choose(project.id, by.id, level)
    return Bell(level or DEFAULT, level is not None)


@transaction
def choose_of_issue(project: ProjectRow, number: int, level: Level | None, by: Viewer) -> Bell:
    """Hear so much of an issue; without a level as much as of its project."""
    require(by, Do.SEE, project)
    issue, stake = issues.staked(project, number, by)
    repository.choose_of_issue(issue.id, by.id, level)
    return of_issue(project, issue, Stake(level, stake.commented, stake.named), by)


@transaction
def mute(issue_id: int, user_id: int) -> None:
    """Let somebody hear nothing of an issue, as they asked by a link of theirs."""
    repository.choose_of_issue(issue_id, user_id, Level.NOTHING)


@transaction
def mute_project(project_id: int, user_id: int) -> None:
    """The same of a whole project."""
    repository.choose(project_id, user_id, Level.NOTHING)


def _part(issue: IssueDetail, stake: Stake, by: Viewer) -> Reason | None:
    """As what somebody takes part in an issue."""
    return part(
        is_assigned=any(person.id == by.id for person in issue.assignees),
        is_named=stake.named,
        is_author=issue.author.id == by.id,
        has_commented=stake.commented,
    )
