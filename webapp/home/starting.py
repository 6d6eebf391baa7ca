"""What somebody does first: each step is offered until it is done."""

from dataclasses import dataclass
from datetime import timedelta

from webapp import clock, keeping
from webapp.access import Viewer
from webapp.home.service import Home
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# Who has an account for so long knows their way, whether they went these steps or others.
NEW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Steps:
    """What is still to be done: a project to look around in, a project to be created, a time zone to be set."""

    look: ProjectRow | None = None
    create: bool = False
    zone: bool = False

    def __bool__(self) -> bool:
        return self.look is not None or self.create or self.zone


def steps(by: Viewer, home: Home) -> Steps:
    """The steps that are left for somebody new, or where there is no project at all."""
    if home.projects and clock.now() - by.created_at > NEW:
        return Steps()
    keeping.true_until(by.created_at + NEW)
    has_own = any(one.role for one in home.projects) or projects.has_own(by)
    busy = next((one for one in home.projects if one.open_issues), None)
    return Steps(
        look=None if has_own or home.viewed else busy,
        create=not has_own,
        zone=by.time_zone == "UTC" and not by.zone_chosen,
    )
