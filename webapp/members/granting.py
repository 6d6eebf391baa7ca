"""Roles that somebody has by what they are elsewhere: nobody here gives them, and nobody is asked."""

import logging

from webapp.access import Role, Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.members import repository, service
from webapp.models.accounts import User
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

log = logging.getLogger("cairn.auth")


def settle(key: str, user: User, had: Role | None, wanted: Role | None, provider: str) -> Role | None:
    """Let somebody have the role in a project that their groups at a provider give, in the transaction at hand.

    `had` is what these gave until now. A role that was given here by hand stays as it is. Answers what they have by
    their groups from now on.
    """
    project = projects.keyed(key)
    if project is None:
        log.warning("group_of_no_project key=%s provider=%s", key, provider)
        return None
    repository.lock_members(project.id)
    member = repository.numbered(project.id, user.id)
    present = member.role if member else None
    if present is not None and present is not had:
        return None
    if present is wanted:
        return wanted
    if wanted is None:
        service.remove(project, user.id, Viewer.of(user))
        return None
    repository.put(project.id, user.id, wanted)
    _note(project, user, present, wanted, provider)
    return wanted


def take_turns(key: str) -> None:
    """Wait until nobody else changes who is in a project, if there is one of this key."""
    project = projects.keyed(key)
    if project is not None:
        repository.lock_members(project.id)


def held(key: str, user_id: int) -> Role | None:
    """The role that somebody has in a project at present, whoever gave it."""
    project = projects.keyed(key)
    member = repository.numbered(project.id, user_id) if project else None
    return member.role if member else None


def _note(project: ProjectRow, user: User, before: Role | None, after: Role, provider: str) -> None:
    told = {"role": after, "groups_of": provider}
    who = audit.person(user)
    if before is None:
        audit.note(Kind.MEMBER_ADDED, actor=user, target=who, project=project, after=told)
    else:
        was = {"role": before}
        audit.note(Kind.MEMBER_CHANGED, actor=user, target=who, project=project, before=was, after=told)
