from collections.abc import Collection, Sequence

from webapp import keeping
from webapp.access import Do, Viewer, require
from webapp.changes import engine
from webapp.changes.want import Want, Where
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import Whole, _, ngettext
from webapp.i18n.formats import listed
from webapp.keeping import Kind
from webapp.labels import repository
from webapp.labels.repository import Called
from webapp.labels.schemas import LabelEdit, LabelIn, MergeIn
from webapp.models.labels import Label
from webapp.projects.service import ProjectRow
from webapp.text.sorting import natural_key

_SCOPES: Kind[Sequence[str]] = Kind("scopes", lambda scopes: sum(map(len, scopes)), "\n".join)


def of(project: ProjectRow) -> Sequence[Label]:
    """All labels of a project, by name."""
    return repository.of_project(project.id)


def scopes(project: ProjectRow) -> Sequence[str]:
    """What stands before the `::` of labels, each once, as it is written."""
    return keeping.kept(_SCOPES, project.id, project.words, lambda: _scopes(project))


def _scopes(project: ProjectRow) -> Sequence[str]:
    names = repository.in_two_parts(project.id)
    return list(dict.fromkeys(name.rpartition("::")[0] for name in names if scope(name)))


def get(project: ProjectRow, label_id: int) -> Label:
    label = repository.numbered(project.id, label_id)
    if label is None:
        raise NotFound()
    return label


def named(project: ProjectRow, names: Sequence[str], held: Collection[int] = ()) -> Sequence[Called]:
    """The project's labels with these names, in any case, for an issue that holds those with these ids.

    Of a scope it may have one: a new label takes the place of one that is held. Raises Invalid for a name that
    no label has, and for two new ones of a scope.
    """
    if not names:
        return []
    by_name = repository.named(project.id, names)
    missing = set(names) - set(by_name)
    if missing:
        said = listed(sorted(missing, key=natural_key))
        raise Invalid.on("labels", _("has no label named %(names)s to choose from.", names=said))
    chosen = {label.id: label for label in by_name.values()}
    return _exclusive(chosen.values(), held)


def scope(name: str) -> str:
    """What stands before the last `::` of a name, for comparing; nothing if the name is not of two parts."""
    before, _mark, after = name.rpartition("::")
    return before.casefold() if after else ""


def require_manage(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the forms that change labels."""
    require(by, Do.MANAGE_LABELS, project)


@transaction
def create(project: ProjectRow, draft: LabelIn, by: Viewer) -> Label:
    """Add a label. Raises Conflict for a name that is taken, in any case."""
    require(by, Do.MANAGE_LABELS, project)
    _refuse_taken(project, draft.name)
    return _stored(Label(project_id=project.id, issue_count=0, **draft.model_dump()))


@transaction
def edit(project: ProjectRow, label_id: int, changes: LabelEdit, by: Viewer) -> Label:
    """Change what was sent. Raises Conflict for a name that is taken, or that would give issues two of a scope."""
    require(by, Do.MANAGE_LABELS, project)
    label = get(project, label_id)
    sent = changes.model_dump(exclude_unset=True)
    if "name" in sent:
        _refuse_taken(project, sent["name"], but=label)
        _refuse_second(project, sent["name"], label)
    for name, value in sent.items():
        setattr(label, name, value)
    return _stored(label)


@transaction
def merge(project: ProjectRow, label_id: int, merging: MergeIn, by: Viewer) -> Label:
    """Give all issues of a label another one instead, and delete it. A few statements for any number of issues."""
    labels = _held(project, label_id, by)
    source, target = labels[label_id], labels.get(merging.into)
    if target is None or target is source:
        raise Invalid.on("into", _("must be another label of this project."))
    rivals = tuple(id for id, one in labels.items() if one is not target and _are_rivals(one.name, target.name))
    repository.lead_on(source, target)
    _end(project, source, Want(add_labels=(target.id,), remove_labels=(source.id, *rivals)), by)
    return repository.fresh(target)


@transaction
def remove(project: ProjectRow, label_id: int, by: Viewer) -> None:
    """Delete a label, and take it from every issue that carries it."""
    label = _held(project, label_id, by)[label_id]
    _end(project, label, Want(remove_labels=(label.id,)), by)


def _held(project: ProjectRow, label_id: int, by: Viewer) -> dict[int, Label]:
    """The project's labels, which nobody else can change, tie or untie; the issues that carry this one come first."""
    require(by, Do.MANAGE_LABELS, project)
    engine.hold(project, Where(label_id=label_id, with_trash=True))
    labels = {label.id: label for label in repository.locked(project.id)}
    if label_id not in labels:
        raise NotFound()
    return labels


def _end(project: ProjectRow, label: Label, want: Want, by: Viewer) -> None:
    """Change all issues that carry a label, those in the trash too, and delete it."""
    engine.apply(project, Where(label_id=label.id, with_trash=True), want, by)
    repository.remove(label)


def _exclusive(chosen: Collection[Called], held: Collection[int]) -> list[Called]:
    newcomers: dict[str, Called] = {}
    for label in chosen:
        if label.id in held or not (of := scope(label.name)):
            continue
        if of in newcomers:
            raise Invalid.on(
                "labels", _("may have only one of %(one)s and %(other)s.", one=newcomers[of].name, other=label.name)
            )
        newcomers[of] = label
    return [label for label in chosen if newcomers.get(scope(label.name), label) is label]


def _stored(label: Label) -> Label:
    name = label.name
    if not repository.stored(label):
        raise _taken(name)
    return label


def _are_rivals(one: str, other: str) -> bool:
    return bool(scope(one)) and scope(one) == scope(other)


def _refuse_second(project: ProjectRow, name: str, label: Label) -> None:
    if _are_rivals(name, label.name):
        return
    rivals = [one.id for one in of(project) if one is not label and _are_rivals(one.name, name)]
    if rivals and (number := repository.count_sharing(label.id, rivals)):
        refusal = ngettext(
            "%(name)s cannot be: %(num)s issue carries another label of its scope as well.",
            "%(name)s cannot be: %(num)s issues carry another label of its scope as well.",
            number,
            name=name,
        )
        raise Conflict.on("name", Whole(refusal))


def _refuse_taken(project: ProjectRow, name: str, but: Label | None = None) -> None:
    there = repository.named(project.id, [name]).get(name)
    if there is not None and (but is None or there.id != but.id):
        raise _taken(name)


def _taken(name: str) -> Conflict:
    return Conflict.on("name", Whole(_("%(name)s is already a label of this project.", name=name)))
