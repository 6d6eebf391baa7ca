from collections.abc import Sequence

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


def named(project: ProjectRow, names: Sequence[str]) -> Sequence[Label]:
    """The project's labels with these names, in any case. Raises Invalid for a name that none has."""
    if not names:
        return []
    found = repository.named(project.id, names)
    missing = set(names) - set(found)
    if missing:
        raise Invalid.on("labels", f"has no label named {', '.join(sorted(missing))} to choose from.")
    return list({label.id: label for label in found.values()}.values())


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


def _refuse_taken(project: ProjectRow, name: str, but: Label | None = None) -> None:
    if repository.named(project.id, [name]).get(name, but) is not but:
        raise Conflict.on("name", f"{name} is already a label of this project.")
