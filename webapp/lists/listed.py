"""A page of a project's list as the database gives it, and what is made of it: rows for pages, JSON for clients.

Each issue comes as one text, which is all that its row is made of but for words. Of a list that is read anew most are
as they were: what was made of the same text is taken, and neither taken apart nor written once more.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from pydantic_core import to_json
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import aliased

from webapp.db import AnySelect, is_changing
from webapp.issues.feelings import counted, told
from webapp.issues.rows import TYPED, IssueRow, ParentRef
from webapp.lists import words
from webapp.lists.words import Words
from webapp.models.issues import Issue
from webapp.projects.rows import ProjectRow
from webapp.reading import Columns

ROWS = 4_000  # are remembered in each process, some two kilobytes each with its JSON
_PARENT = aliased(Issue)
# One table, and by its key another row of it: names are put to the ids afterwards.
_COLUMNS = Columns((
    *TYPED, Issue.id, Issue.number, Issue.state, Issue.close_reason, Issue.priority, Issue.status_id,
    Issue.created_at, Issue.updated_at, Issue.closed_at, Issue.comment_count, Issue.version,
    Issue.author_id, cast(Issue.label_ids, Text).label("label_ids"),
    cast(Issue.assignee_ids, Text).label("assignee_ids"), Issue.milestone_id,
    _PARENT.number.label("parent_number"), _PARENT.title.label("parent_title"), _PARENT.state.label("parent_state"),
    cast(Issue.reactions, Text).label("reactions"),
))  # fmt: skip
TOLD = _COLUMNS.told


def beside_parent(statement: AnySelect) -> AnySelect:
    """A statement of issues, with what TOLD has of those that they are a part of."""
    return statement.outerjoin_from(Issue, _PARENT, (_PARENT.id == Issue.parent_id) & _PARENT.deleted_at.is_(None))


PLAIN: AnySelect = beside_parent(select(TOLD)).where(Issue.deleted_at.is_(None))

_TYPED = slice(len(TYPED))


class Told:
    """An issue as a list tells it: the row, in whose words that is, and its JSON once somebody asked for it."""

    __slots__ = ("json", "mark", "row")

    def __init__(self, row: IssueRow, words: Words) -> None:
        self.row, self.mark, self.json = row, words.mark, b""

    def written(self) -> bytes:
        """Its JSON, as the schema of a list has it."""
        self.json = to_json(_item(self.row))
        return self.json


class Listed(Sequence[IssueRow]):
    """Rows of a project's list, and their JSON."""

    def __init__(self, issues: Sequence[Told]) -> None:
        self._issues = issues

    def __len__(self) -> int:
        return len(self._issues)

    @overload
    def __getitem__(self, index: int) -> IssueRow: ...

    @overload
    def __getitem__(self, index: slice) -> "Listed": ...

    def __getitem__(self, index: int | slice) -> "IssueRow | Listed":
        if isinstance(index, slice):
            return Listed(self._issues[index])
        return self._issues[index].row

    def __iter__(self) -> Iterator[IssueRow]:
        return iter([one.row for one in self._issues])

    @property
    def json(self) -> bytes:
        """The rows as JSON, as their schema has them."""
        return b"[%b]" % b",".join([one.json or one.written() for one in self._issues])


# By what the database said of each.
_known: dict[str, Told] = {}


def named(project: ProjectRow, texts: Sequence[str]) -> Listed | None:
    """The issues of a project that TOLD tells, with their words; None if one of those has just gone, so that all
    must be read at one moment.
    """
    own = words.kept(project)
    there = _in_these(own, texts)
    new = {text: _COLUMNS.row(text) for text in texts if text not in there}
    if own is None or not own.know(new.values()):
        there, new = {}, {text: _COLUMNS.row(text) for text in texts}
        own = words.of(project, new.values())
        if own is None:
            return None
    there |= _made(new, own, project.id)
    return Listed([there[text] for text in texts])


def several(rows: Sequence[Any]) -> Sequence[IssueRow] | None:
    """The issues of several projects: each row has `told`, which is TOLD, and the id, key and counters of its
    project. None as above.
    """
    projects = {row.id: row for row in rows}
    there = _in_theirs({id: words.kept(project) for id, project in projects.items()}, rows)
    lacking = [row for row in rows if row.told not in there]
    if lacking:
        new = _made_of_each(lacking)
        if new is None:
            return None
        there |= new
    return [there[row.told].row for row in rows]


def _in_theirs(own: Mapping[int, Words | None], rows: Sequence[Any]) -> dict[str, Told]:
    """What is remembered of the issues, in the words of their projects."""
    marks = {id: one and one.mark for id, one in own.items()}
    return {row.told: one for row in rows if (one := _known.get(row.told)) is not None and one.mark is marks[row.id]}


def _made_of_each(rows: Sequence[Any]) -> dict[str, Told] | None:
    """What is made of rows that are not known; None as above."""
    lacking: dict[int, tuple[Any, dict[str, Any]]] = {}
    for row in rows:
        lacking.setdefault(row.id, (row, {}))[1][row.told] = _COLUMNS.row(row.told)
    made: dict[str, Told] = {}
    each = words.of_each([(project, new.values()) for project, new in lacking.values()])
    for (project, new), own in zip(lacking.values(), each, strict=True):
        if own is None:
            return None
        made |= _made(new, own, project.id)
    return made


def _in_these(own: Words | None, texts: Sequence[str]) -> dict[str, Told]:
    """What is remembered of the issues in these words."""
    if own is None:
        return {}
    return {text: one for text in texts if (one := _known.get(text)) is not None and one.mark is own.mark}


def ids(texts: Sequence[str]) -> list[int]:
    """The ids of the issues that TOLD tells."""
    return [_COLUMNS.row(text).id for text in texts]


def _made(new: Mapping[str, Any], own: Words, project_id: int) -> dict[str, Told]:
    if not new:
        return {}
    labels, people = own.labels_of(new.values()), own.people_of(new.values())
    made = {text: Told(_row(row, own, labels, people, project_id), own) for text, row in new.items()}
    if not is_changing():
        if len(_known) + len(made) > ROWS:
            _known.clear()
        _known.update(made)
    return made


def _row(row: Any, own: Words, labels: Mapping[str, Any], people: Mapping[str, Any], project_id: int) -> IssueRow:
    parent = row.parent_number
    values = (
        *row[_TYPED], row.id, row.number, project_id, own.key, row.state, row.close_reason,
        row.priority, *own.statuses[row.status_id],
        row.created_at, row.updated_at, row.closed_at, row.comment_count, row.version,
        own.people[row.author_id], labels[row.label_ids], people[row.assignee_ids],
        own.milestones[row.milestone_id] if row.milestone_id is not None else None,
        ParentRef(parent, f"{own.key}-{parent}", row.parent_title, row.parent_state) if parent is not None else None,
        counted(row.reactions),
    )  # fmt: skip
    return IssueRow(*values)


def _item(row: IssueRow) -> dict[str, Any]:
    """A row as JSON has it: IssueItem, in the order of its fields. Written out, as the schema takes longer."""
    milestone, parent = row.milestone, row.parent
    return {
        "id": row.id, "key": row.key, "number": row.number, "project_id": row.project_id,
        "title": row.title, "private": row.private, "resolution_note": row.resolution_note,
        "start_on": row.start_on, "due_on": row.due_on, "estimate": row.estimate,
        "state": row.state, "close_reason": row.close_reason, "priority": row.priority.value,
        "author": {"id": row.author.id, "name": row.author.name},
        "assignees": [{"id": one.id, "name": one.name} for one in row.assignees],
        "labels": [
            {"id": one.id, "name": one.name, "color": one.color, "description": one.description} for one in row.labels
        ],
        "status": row.status, "status_category": row.status_category,
        "milestone": {"id": milestone.id, "title": milestone.title} if milestone is not None else None,
        "parent": {"number": parent.number, "key": parent.key, "title": parent.title, "state": parent.state}
        if parent is not None else None,
        "created_at": row.created_at, "updated_at": row.updated_at, "closed_at": row.closed_at,
        "comment_count": row.comment_count, "reactions": told(row.reactions), "version": row.version,
    }  # fmt: skip
