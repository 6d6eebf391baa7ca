import re
from collections.abc import Sequence

from webapp import clock
from webapp.access import Do, Role, Viewer, Visibility, can, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound, Overtaken, SignInNeeded
from webapp.i18n import Whole, _
from webapp.models.projects import Project
from webapp.paging import Cut, cut, place
from webapp.projects import repository, sight
from webapp.projects.rows import ProjectRow
from webapp.projects.schemas import ProjectEdit, ProjectIn, ProjectQuery, ProjectRemovalIn
from webapp.projects.standing import confirm

__all__ = [
    "ProjectRow",
    "archive",
    "archived",
    "confirm",
    "create",
    "edit",
    "first",
    "get",
    "has_own",
    "is_in_none",
    "known",
    "listing",
    "open_to",
    "own_first",
    "remove",
    "require_edit",
    "require_removal",
    "restore",
    "seen",
]

COUNTED = 1000
# What is one of a few.
_KINDS: dict[str, type[Visibility] | type[Role]] = {"visibility": Visibility, "private_role": Role}
# Words that stand where a key stands in an address.
RESERVED = frozenset({"NEW"})


def get(ref: str, by: Viewer | None) -> ProjectRow:
    """The project with this key or id; a key that it had before leads to it as well.

    For one that `by` may not know of raises NotFound, or SignInNeeded where `by` is nobody: the same for one
    that is hidden and one that is not there.
    """
    return seen(repository.referred(ref, by), by)


def known(project_id: int) -> ProjectRow | None:
    """The project with this id, whoever may know of it: for what is done in nobody's name."""
    return repository.referred(str(project_id), None)


def keyed(key: str) -> ProjectRow | None:
    """The same by its key, or one that it had before."""
    return repository.referred(key, None)


def seen(project: ProjectRow | None, by: Viewer | None) -> ProjectRow:
    """The project, if `by` may know of it; else raises what `get` does."""
    if project is None or not can(by, Do.SEE, project):
        raise NotFound() if by is not None else SignInNeeded()
    return project


def listing(query: ProjectQuery, by: Viewer | None) -> Cut[ProjectRow]:
    """The projects that `by` may see, by name."""
    at = place(query.cursor, str, int)
    rows = repository.visible(by, query.limit, at, archived=query.archived)
    page = cut(rows, query.limit, at, lambda row: (row.name, row.id))
    total = repository.count_visible(by, COUNTED + 1, archived=query.archived)
    page.total = total if total <= COUNTED else None
    return page


def archived(by: Viewer | None, limit: int) -> Sequence[ProjectRow]:
    """The first archived projects that `by` may see, by name, one more than the limit."""
    return repository.visible(by, limit, None, archived=True)


def first(by: Viewer | None, limit: int) -> Sequence[ProjectRow]:
    """The first projects that `by` may see, by name, one more than the limit."""
    return repository.visible(by, limit, None)


def own_first(by: Viewer, limit: int) -> Sequence[ProjectRow]:
    """Projects that `by` may see and that are not archived, by name, those that they are a member of first."""
    return repository.own_first(by, limit)


def open_to(by: Viewer, limit: int) -> Sequence[ProjectRow]:
    """Projects in which `by` may open issues, by name, those that they are a member of first."""
    return [project for project in repository.own_first(by, limit) if can(by, Do.OPEN_ISSUE, project)]


def has_own(by: Viewer) -> bool:
    """Whether `by` is a member of a project that is not archived."""
    return any(project.role for project in repository.own_first(by, 1))


def is_in_none(by: Viewer) -> bool:
    """Whether `by` is a member of no project at all, nor of an archived one."""
    return not repository.is_in_any(by.id)


@transaction
def create(draft: ProjectIn, by: Viewer) -> ProjectRow:
    """Create a project owned by `by`. Raises Conflict for a taken key."""
    key = draft.key or _key_for(draft.name)
    repository.claim(key)
    _require_free(key)
    repository.add(
        Project(
            key=key,
            name=draft.name,
            description=draft.description,
            visibility=draft.visibility,
            owner_id=by.id,
        )
    )
    made = get(key, by)
    audit.note(Kind.PROJECT_CREATED, actor=by, project=made, after=_said(made))
    return made


def require_edit(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that changes the project."""
    require(by, Do.EDIT_PROJECT, project)


def require_removal(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that deletes the project."""
    require(by, Do.DELETE_PROJECT, project)


def lets_others_in(project: ProjectRow, changes: ProjectEdit) -> bool:
    """Whether others would see the project after a change than do now."""
    return sight.is_another(changes.model_dump(exclude_unset=True), project)


@transaction
def edit(project: ProjectRow, changes: ProjectEdit, by: Viewer) -> ProjectRow:
    """Change what was sent. Raises Conflict if somebody else did so since `changes.version`, or for a taken key."""
    require(by, Do.EDIT_PROJECT, project)
    row = _locked(project)
    if changes.version is not None and changes.version != row.version:
        raise Overtaken(_("Somebody else changed this project meanwhile. Compare, and save again."))
    sent = changes.model_dump(exclude_unset=True, exclude={"version"})
    has_other_key = sent.get("key", row.key) != row.key
    if has_other_key:
        require(by, Do.CHANGE_KEY, project)
    confirm()  # before others may see it than now
    was = _said(row)
    if has_other_key:
        _rekey(row, sent["key"])
    for name, value in sent.items():
        setattr(row, name, _KINDS[name](value) if name in _KINDS else value)
    if sent:
        _touch(row)
        _note_change(project, was, _said(row), by)
    return get(row.key, by)


@transaction
def archive(project: ProjectRow, by: Viewer) -> ProjectRow:
    """Let the project be read and no longer changed."""
    require(by, Do.ARCHIVE_PROJECT, project)
    row = _locked(project)
    if row.archived_at is None:
        row.archived_at = clock.now()
        _touch(row)
        audit.note(Kind.ARCHIVED, actor=by, project=project)
    return get(row.key, by)


@transaction
def restore(project: ProjectRow, by: Viewer) -> ProjectRow:
    """Take the project back from the archive."""
    require(by, Do.ARCHIVE_PROJECT, project)
    row = _locked(project)
    if row.archived_at is not None:
        row.archived_at = None
        _touch(row)
        audit.note(Kind.RESTORED, actor=by, project=project)
    return get(row.key, by)


@transaction
def remove(project: ProjectRow, removal: ProjectRemovalIn, by: Viewer, *, version: int | None = None) -> None:
    """Delete a project with everything in it. Raises Conflict if it is at another version."""
    require(by, Do.DELETE_PROJECT, project)
    if removal.confirm is not None and removal.confirm.upper() != project.key:
        raise Invalid.on("confirm", _("must be the project's key, %(key)s.", key=project.key))
    row = _locked(project)
    if version not in (None, row.version):
        raise Overtaken(_("This project was changed meanwhile. Look at it again before you delete it."))
    confirm()  # nobody can be asked about a project that is gone
    repository.remove(row)
    was = {**_said(row), "issues": row.open_issues + row.closed_issues}
    audit.note(Kind.PROJECT_DELETED, actor=by, project=project, before=was)


def _locked(project: ProjectRow) -> Project:
    row = repository.locked(project.id)
    if row is None:
        raise NotFound()
    return row


def _touch(row: Project) -> None:
    row.version += 1
    row.updated_at = clock.now()
    repository.flush()


def _said(project: Project | ProjectRow) -> dict[str, str]:
    """What the audit log says of a project."""
    return {name: getattr(project, name) for name in ("key", "name", "description", *_KINDS)}


def _note_change(project: ProjectRow, was: dict[str, str], now: dict[str, str], by: Viewer) -> None:
    """One record of all that is another now, by the weightiest of it; saved as it was, it is none."""
    before, after = audit.differing(was, now)
    kinds = {**dict.fromkeys(_KINDS, Kind.VISIBILITY_CHANGED), "key": Kind.KEY_CHANGED}
    kind = next((kinds[name] for name in kinds if name in after), Kind.PROJECT_CHANGED)
    if after:
        audit.note(kind, actor=by, project=project, before=before, after=after)


def _rekey(row: Project, key: str) -> None:
    """Give the project another key, and let the old one lead to it. One that it had itself may come back."""
    repository.claim(row.key, key)
    _require_free(key, project_id=row.id)
    repository.forget_key(key)
    repository.remember_key(row.id, row.key)


def _require_free(key: str, project_id: int | None = None) -> None:
    if key in RESERVED:
        raise Invalid.on("key", _("is reserved; choose another."))
    if repository.holder(key) not in (None, project_id):
        raise Conflict.on("key", Whole(_("%(key)s is the key of another project, or was before.", key=key)))


def _key_for(name: str) -> str:
    """A free key from the name: the initials of several words, or the beginning of one."""
    words = re.findall(r"[A-Z0-9]+", re.sub(r"^[^A-Z]+", "", name.upper()))
    base = "".join(word[0] for word in words)[:8] if len(words) > 1 else "".join(words)[:8]
    base = base if len(base) > 1 else (base + "PROJECT")[:7]
    taken = repository.taken_keys(base) | RESERVED
    if base not in taken:
        return base
    return next(key for number in range(2, 10**6) if (key := f"{base[: 10 - len(str(number))]}{number}") not in taken)
