"""A page of a project's list as the database gives it, and what is made of it: rows for pages, JSON for clients."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from pydantic_core import to_json
from sqlalchemy import SmallInteger, Text, cast, select, type_coerce
from sqlalchemy.orm import aliased

from webapp.db import AnySelect
from webapp.issues.feelings import counted, told
from webapp.issues.rows import TYPED, IssueRow, ParentRef
from webapp.lists.words import Words
from webapp.models.issues import Issue, Priority

PRIORITIES = tuple(Priority)
_PARENT = aliased(Issue)
# One table, and by its key another row of it: names are put to the ids afterwards.
PLAIN: AnySelect = (
    select(
        Issue.id, Issue.number, Issue.state, Issue.close_reason,
        type_coerce(Issue.priority, SmallInteger).label("priority"), Issue.status_id,
        Issue.created_at, Issue.updated_at, Issue.closed_at, Issue.comment_count, Issue.version,
        Issue.author_id, cast(Issue.label_ids, Text).label("label_ids"),
        cast(Issue.assignee_ids, Text).label("assignee_ids"), Issue.milestone_id,
        _PARENT.number.label("parent_number"), _PARENT.title.label("parent_title"),
        _PARENT.state.label("parent_state"), cast(Issue.reactions, Text).label("reactions"), *TYPED,
    )
    .outerjoin_from(Issue, _PARENT, (_PARENT.id == Issue.parent_id) & _PARENT.deleted_at.is_(None))
    .where(Issue.deleted_at.is_(None))
)  # fmt: skip

_END = len(PLAIN.selected_columns)
_HERE = _END - len(TYPED)  # where a row has what was typed


class Listed(Sequence[IssueRow]):
    """Rows of a project's list. Each is made when it is asked for: JSON needs none of them."""

    def __init__(self, rows: Sequence[Any], words: Words, project_id: int) -> None:
        self._rows, self._words, self._project_id = rows, words, project_id

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> IssueRow: ...

    @overload
    def __getitem__(self, index: slice) -> "Listed": ...

    def __getitem__(self, index: int | slice) -> "IssueRow | Listed":
        if isinstance(index, slice):
            return Listed(self._rows[index], self._words, self._project_id)
        return self._made(self._rows[index])

    def __iter__(self) -> Iterator[IssueRow]:
        return map(self._made, self._rows)

    def __reversed__(self) -> Iterator[IssueRow]:
        return map(self._made, reversed(self._rows))

    @cached_property
    def json(self) -> bytes:
        """The rows as JSON, as their schema has them."""
        return to_json(self.items())

    def items(self) -> list[dict[str, Any]]:
        """The rows as JSON has them: IssueItem, in the order of its fields.

        Each is written out, as nothing is asked for more often: to gather what was typed takes a quarter longer.
        """
        words, key, project_id, items = self._words, self._words.key, self._project_id, []
        labels, people = self._tied
        reacted = {counts: told(felt) for counts, felt in self._felt.items()}
        priorities = [one.value for one in PRIORITIES]
        for (
            id, number, state, close_reason, priority, status_id, created_at, updated_at, closed_at, comment_count,
            version, author_id, label_ids, assignee_ids, milestone_id, parent, parent_title, parent_state,
            reactions, title, private, resolution_note, start_on, due_on, estimate, *_,
        ) in self._rows:  # fmt: skip
            status, category = words.statuses[status_id]
            items.append({
                "id": id, "key": f"{key}-{number}", "number": number, "project_id": project_id,
                "title": title, "private": private, "resolution_note": resolution_note, "start_on": start_on,
                "due_on": due_on, "estimate": estimate,
                "state": state, "close_reason": close_reason, "priority": priorities[priority],
                "author": {"id": author_id, "name": words.people[author_id].name},
                "assignees": people[assignee_ids][1], "labels": labels[label_ids][1],
                "status": status, "status_category": category,
                "milestone": {"id": milestone_id, "title": words.milestones[milestone_id].title}
                if milestone_id is not None else None,
                "parent": {"number": parent, "key": f"{key}-{parent}", "title": parent_title, "state": parent_state}
                if parent is not None else None,
                "created_at": created_at, "updated_at": updated_at, "closed_at": closed_at,
                "comment_count": comment_count, "reactions": reacted[reactions], "version": version,
            })  # fmt: skip
        return items

    @cached_property
    def _felt(self) -> Mapping[str, Any]:
        """What there are of reactions, by the arrays of the rows: most have none."""
        return {counts: counted(counts) for counts in {row.reactions for row in self._rows}}

    @cached_property
    def _tied(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The labels that the rows name, and the people who have them."""
        return self._words.labels_of(self._rows), self._words.people_of(self._rows)

    def _made(self, row: Any) -> IssueRow:
        words, parent = self._words, row.parent_number
        labels, people = self._tied
        values = (
            *row[_HERE:_END], row.id, row.number, self._project_id, words.key, row.state, row.close_reason,
            PRIORITIES[row.priority], *words.statuses[row.status_id],
            row.created_at, row.updated_at, row.closed_at, row.comment_count, row.version,
            words.people[row.author_id], labels[row.label_ids][0], people[row.assignee_ids][0],
            words.milestones[row.milestone_id] if row.milestone_id is not None else None,
            ParentRef(parent, f"{words.key}-{parent}", row.parent_title, row.parent_state)
            if parent is not None else None,
            self._felt[row.reactions],
        )  # fmt: skip
        return IssueRow(*values)
