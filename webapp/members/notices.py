"""Members hear by mail what somebody else made of their part in a project.

At once, whatever rules they have for news of issues: these are rights of theirs.
"""

from webapp.access import Role, Viewer
from webapp.mail import service as mail
from webapp.mail.service import Somebody
from webapp.projects.service import ProjectRow


def tell(project: ProjectRow, person: Somebody, before: Role | None, by: Viewer, *, owns: bool = False) -> None:
    """Post a mail about what somebody was `before`; None if no member. What they are is found out when it is sent.

    `owns`: the project is in their name now. Nobody is told of what they do themselves.
    """
    if person.id == by.id:
        return
    act = {"before": before, "by": by.id, "owns": owns}
    mail.post(
        "membership", person, {"project": project.id, "acts": [act]}, key=f"membership:{project.id}:{person.id}"
    )
