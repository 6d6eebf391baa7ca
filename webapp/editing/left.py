"""What an issue has in its project and cannot take along to another: there is nothing of that name there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.changes.belongings import Belongings, Thing
from webapp.changes.rows import Row
from webapp.editing import relocation
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses
from webapp.statuses.service import StatusRow


@dataclass(frozen=True, slots=True)
class There:
    """What a project has of what issues want to take along: labels, milestones and statuses by name, and people."""

    labels: Mapping[str, int]
    milestones: Mapping[str, int]
    people: Collection[int]
    statuses: Sequence[StatusRow]

    def status(self, name: str, *, is_open: bool) -> StatusRow | None:
        """The status of the same name, if it means the same."""
        same = (one for one in self.statuses if one.name.casefold() == name.casefold() and one.is_open == is_open)
        return next(same, None)


def of_each(project: ProjectRow, rows: Mapping[int, Row]) -> dict[int, Belongings]:
    """What each of these issues has."""
    return {id: _belongings(project, has) for id, has in relocation.held(rows).items()}


def _belongings(project: ProjectRow, has: Mapping[str, Sequence[tuple[int, str]]]) -> Belongings:
    issues = {
        kind: [Thing(number, f"{project.key}-{number}") for number, _ in has.get(kind, ())]
        for kind in ("parents", "parts")
    }
    kinds = ("labels", "milestones", "assignees", "statuses")
    things = {kind: [Thing(*one) for one in has.get(kind, ())] for kind in kinds}
    return Belongings(**things, **issues, rank=next((rank for _, rank in has.get("rank", ())), None))


def there(targets: Collection[int], held: Iterable[Belongings]) -> dict[int, There]:
    """What these projects have of all that is held, by their ids; as many statements for many as for one."""
    every = Belongings.together(held)
    labels = relocation.labels_there(targets, [one.name for one in every.labels])
    milestones = relocation.milestones_there(targets, [one.name for one in every.milestones])
    people = relocation.members_there(targets, [one.id for one in every.assignees])
    known = statuses.of_each(targets)
    return {id: There(labels.get(id, {}), milestones.get(id, {}), people.get(id, set()), known[id]) for id in targets}


def left(held: Belongings, there: There, *, is_open: bool | None) -> Belongings:
    """What of this stays behind. Of issues that are open and closed ones together `is_open` is None."""
    return Belongings(
        labels=[one for one in held.labels if one.name not in there.labels],
        milestones=[one for one in held.milestones if one.name not in there.milestones],
        assignees=[one for one in held.assignees if one.id not in there.people],
        statuses=[one for one in held.statuses if not _is_there(one.name, there, is_open=is_open)],
        parents=held.parents,
        parts=held.parts,
    )


def _is_there(status: str, there: There, *, is_open: bool | None) -> bool:
    states = (True, False) if is_open is None else (is_open,)
    return any(there.status(status, is_open=state) for state in states)
