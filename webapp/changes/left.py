"""What an issue has in its project and cannot take along to another: there is nothing of that name there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from webapp.changes import relocation
from webapp.changes.batch import Row
from webapp.changes.belongings import Belongings, Thing
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses


@dataclass(frozen=True, slots=True)
class There:
    """What a project has of what issues want to take along: labels, milestones and statuses by name, and people."""

    labels: Mapping[str, int]
    milestones: Mapping[str, int]
    people: Collection[int]
    statuses: Mapping[tuple[str, bool], int]

    def status(self, name: str, *, is_open: bool) -> int | None:
        """The status of the same name, if it means the same."""
        return self.statuses.get((name.casefold(), is_open))


def of_each(project: ProjectRow, rows: Mapping[int, Row]) -> dict[int, Belongings]:
    """What each of these issues has."""
    names = {one.id: one.name for one in statuses.of(project)}
    labels, people = relocation.labels_of(rows), relocation.people_of(rows)
    titles = relocation.milestones(rows)
    parents = relocation.numbers({row.parent_id for row in rows.values() if row.parent_id not in (None, *rows)})
    parts = relocation.parts_staying(rows)
    found = {}
    for id, row in rows.items():
        upper = parents.get(row.parent_id or 0)
        found[id] = Belongings(
            labels=[Thing(*one) for one in labels.get(id, ())],
            milestones=[Thing(row.milestone_id, titles[row.milestone_id])] if row.milestone_id else (),
            assignees=[Thing(*one) for one in people.get(id, ())],
            statuses=[Thing(row.status_id, names[row.status_id])],
            parents=[Thing(upper, f"{project.key}-{upper}")] if upper else (),
            parts=[Thing(number, f"{project.key}-{number}") for _, number in parts.get(id, ())],
        )
    return found


def there(targets: Collection[int], held: Iterable[Belongings]) -> dict[int, There]:
    """What these projects have of all that is held, by their ids; as many statements for many as for one."""
    every = Belongings.together(held)
    labels = relocation.labels_there(targets, [one.name for one in every.labels])
    milestones = relocation.milestones_there(targets, [one.name for one in every.milestones])
    people = relocation.members_there(targets, [one.id for one in every.assignees])
    known = relocation.statuses_there(targets)
    return {
        id: There(labels.get(id, {}), milestones.get(id, {}), people.get(id, set()), known.get(id, {}))
        for id in targets
    }


def left(held: Belongings, there: There, *, is_open: bool | None) -> Belongings:
    """What of this stays behind. Of issues that are open and closed ones together `is_open` is None."""
    states = (True, False) if is_open is None else (is_open,)
    return Belongings(
        labels=[one for one in held.labels if one.name not in there.labels],
        milestones=[one for one in held.milestones if one.name not in there.milestones],
        assignees=[one for one in held.assignees if one.id not in there.people],
        statuses=[one for one in held.statuses if not any(there.status(one.name, is_open=state) for state in states)],
        parents=held.parents,
        parts=held.parts,
    )
