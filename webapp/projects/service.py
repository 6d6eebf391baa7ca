import re
from datetime import UTC, datetime

from webapp.access import Do, Viewer, Visibility, can, require
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound, SignInNeeded
from webapp.paging import Cut, cut, place
from webapp.projects import repository
from webapp.projects.models import Project
from webapp.projects.repository import ProjectRow, visible_to
from webapp.projects.schemas import ProjectEdit, ProjectIn, ProjectQuery, RemovalIn

__all__ = [
    "ProjectRow",
    "create",
    "edit",
    "get",
    "listing",
    "remove",
    "require_edit",
    "require_removal",
    "visible_to",
]

COUNTED = 1000
# Words that stand where a key stands in an address.
RESERVED = frozenset({"NEW"})


def get(ref: str, by: Viewer | None) -> ProjectRow:
    """The project with this key or id.

    For one that `by` may not know of raises NotFound, or SignInNeeded where `by` is nobody: the same for one
    that is hidden and one that is not there.
    """
    project = repository.referred(ref, by)
    if project is None or not can(by, Do.SEE, project):
        raise NotFound() if by is not None else SignInNeeded()
    return project


def listing(query: ProjectQuery, by: Viewer | None) -> Cut[ProjectRow]:
    """The projects that `by` may see, by name."""
    at = place(query.cursor, str, int)
    found = cut(repository.visible(by, query.limit, at), query.limit, at, lambda row: (row.name.lower(), row.id))
    total = repository.count_visible(by, COUNTED + 1)
    found.total = total if total <= COUNTED else None
    return found


@transaction
def create(draft: ProjectIn, by: Viewer) -> ProjectRow:
    """Create a project owned by `by`. Raises Conflict for a taken key."""
    key = draft.key or _key_for(draft.name)
    if key in RESERVED:
        raise Invalid.on("key", "is reserved; choose another.")
    if key in repository.taken_keys(key):
        raise Conflict.on("key", f"{key} is already the key of another project.")
    repository.add(
        Project(
            key=key,
            name=draft.name,
            description=draft.description,
            visibility=draft.visibility,
            owner_id=by.id,
        )
    )
    return get(key, by)


def require_edit(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that changes the project."""
    require(by, Do.EDIT_PROJECT, project)


def require_removal(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that deletes the project."""
    require(by, Do.DELETE_PROJECT, project)


@transaction
def edit(project: ProjectRow, changes: ProjectEdit, by: Viewer) -> ProjectRow:
    """Change what was sent. Raises Conflict if somebody else did so since `changes.version`."""
    require(by, Do.EDIT_PROJECT, project)
    row = _locked(project)
    if changes.version is not None and changes.version != row.version:
        raise Conflict("Somebody else changed this project meanwhile. Compare, and save again.")
    sent = changes.model_dump(exclude_unset=True, exclude={"version"})
    if sent:
        for name, value in sent.items():
            setattr(row, name, Visibility(value) if name == "visibility" else value)
        row.version += 1
        row.updated_at = datetime.now(UTC)
        repository.flush()
    return get(row.key, by)


@transaction
def remove(project: ProjectRow, removal: RemovalIn, by: Viewer) -> None:
    """Delete a project with everything in it."""
    require(by, Do.DELETE_PROJECT, project)
    if removal.confirm is not None and removal.confirm.upper() != project.key:
        raise Invalid.on("confirm", f"must be the project's key, {project.key}.")
    repository.remove(_locked(project))


def _locked(project: ProjectRow) -> Project:
    row = repository.locked(project.id)
    if row is None:
        raise NotFound()
    return row


def _key_for(name: str) -> str:
    """A free key from the name: the initials of several words, or the beginning of one."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    while words and words[0][0].isdigit():
        words[0] = words[0].lstrip("0123456789")
        words = [word for word in words if word]
    base = "".join(word[0] for word in words)[:8] if len(words) > 1 else "".join(words)[:8]
    base = base if len(base) > 1 else (base + "PROJECT")[:7]
    taken = repository.taken_keys(base) | RESERVED
    if base not in taken:
        return base
    return next(key for number in range(2, 10**6) if (key := f"{base[: 10 - len(str(number))]}{number}") not in taken)
