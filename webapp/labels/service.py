from collections.abc import Collection, Sequence

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.labels import repository
from webapp.labels.models import Label
from webapp.labels.schemas import LabelEdit, LabelIn
from webapp.projects.service import ProjectRow


def of(project: ProjectRow) -> Sequence[Label]:
    """All labels of a project, by name."""
    return repository.of_project(project.id)


def get(project: ProjectRow, label_id: int) -> Label:
    label = repository.numbered(project.id, label_id)
    if label is None:
        raise NotFound()
    return label


def named(project: ProjectRow, names: Sequence[str], held: Collection[int] = ()) -> Sequence[Label]:
    """The project's labels with these names, in any case, for an issue that holds those with these ids.

    Of a scope it may have one: a new label takes the place of one that is held. Raises Invalid for a name that
    no label has, and for two new ones of a scope.
    """
    if not names:
        return []
    found = repository.named(project.id, names)
    missing = set(names) - set(found)
    if missing:
        raise Invalid.on("labels", f"has no label named {', '.join(sorted(missing))} to choose from.")
    chosen = {label.id: label for label in found.values()}
    return _exclusive(chosen.values(), held)


def scope(name: str) -> str:
    """What stands before the last `::` of a name, for comparing; nothing if the name is not of two parts."""
    before, _, after = name.rpartition("::")
    return before.casefold() if after else ""


def sought(project: ProjectRow, names: Sequence[str]) -> list[int]:
    """The ids to look for when these labels are asked for; 0, which nothing has, for a name that none has."""
    found = repository.named(project.id, names)
    return [found[name].id if name in found else 0 for name in names]


def require_manage(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the forms that change labels."""
    require(by, Do.MANAGE_LABELS, project)


@transaction
def create(project: ProjectRow, draft: LabelIn, by: Viewer) -> Label:
    """Add a label. Raises Conflict for a name that is taken, in any case."""
    require(by, Do.MANAGE_LABELS, project)
    _refuse_taken(project, draft.name)
    label = Label(project_id=project.id, issue_count=0, **draft.model_dump())
    repository.add(label)
    return label


@transaction
def edit(project: ProjectRow, label_id: int, changes: LabelEdit, by: Viewer) -> Label:
    """Change what was sent."""
    require(by, Do.MANAGE_LABELS, project)
    label = get(project, label_id)
    sent = changes.model_dump(exclude_unset=True)
    if "name" in sent:
        _refuse_taken(project, sent["name"], but=label)
    for name, value in sent.items():
        setattr(label, name, value)
    repository.flush()
    return label


@transaction
def remove(project: ProjectRow, label_id: int, by: Viewer) -> None:
    """Delete a label, and take it from every issue that carries it."""
    require(by, Do.MANAGE_LABELS, project)
    repository.remove(get(project, label_id))


def _exclusive(chosen: Collection[Label], held: Collection[int]) -> list[Label]:
    newcomers: dict[str, Label] = {}
    for label in chosen:
        if label.id in held or not (of := scope(label.name)):
            continue
        if of in newcomers:
            raise Invalid.on("labels", f"may have only one of {newcomers[of].name} and {label.name}.")
        newcomers[of] = label
    return [label for label in chosen if newcomers.get(scope(label.name), label) is label]


def _refuse_taken(project: ProjectRow, name: str, but: Label | None = None) -> None:
    if repository.named(project.id, [name]).get(name, but) is not but:
        raise Conflict.on("name", f"{name} is already a label of this project.")
