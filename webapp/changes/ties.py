"""How labels and people are tied to issues and untied, in a statement for any number of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, column, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from webapp.db import AnySelect
from webapp.models.issues import IssueAssignee, IssueLabel
from webapp.models.labels import Label
from webapp.reading import Built, read

Pairs = Sequence[tuple[int, int]]


def _relabelling() -> AnySelect:
    """Gives issues labels, takes others from them, and counts that at the labels."""
    more = _each("more", "label", "by")
    counted = update(Label).where(Label.id == more.c.label).values(issue_count=Label.issue_count + more.c.by)
    return _exchanging(IssueLabel, "label_id").add_cte(counted.cte("counted"))


def _exchanging(table: type[IssueLabel] | type[IssueAssignee], other: str) -> AnySelect:
    came, went = _each("came", "issue", "other"), _each("went", "issue", "other")
    tied = insert(table).from_select(["issue_id", other], select(came.c.issue, came.c.other)).on_conflict_do_nothing()
    untied = delete(table).where(table.issue_id == went.c.issue, getattr(table, other) == went.c.other)
    return select(literal(1)).add_cte(tied.cte("tied"), untied.cte("untied"))


def _each(name: str, *columns: str) -> Any:
    """Rows of two numbers, which come as two arrays."""
    arrays = [bindparam(f"{name}_{one}", type_=ARRAY(BigInteger)) for one in columns]
    shape = [column(one, BigInteger) for one in columns]
    return func.unnest(*arrays).table_valued(*shape, name=name).render_derived()


_RELABELLING, _REASSIGNING = Built(_relabelling()), Built(_exchanging(IssueAssignee, "user_id"))


def relabel(added: Pairs, removed: Pairs, more: Mapping[int, int]) -> None:
    """Give issues labels and take others from them, pairs of an issue and a label; `more` counts each label."""
    if added or removed:
        counts = {"more_label": list(more), "more_by": list(more.values())}
        read(_RELABELLING, {**_exchanged(added, removed), **counts})


def counted(added: Pairs, removed: Pairs) -> Mapping[int, int]:
    """By how many more issues each label is carried then."""
    more = Counter(label_id for _, label_id in added)
    more.subtract(label_id for _, label_id in removed)
    return more


def reassign(added: Pairs, removed: Pairs) -> None:
    """Give issues to people and take them from others: pairs of an issue and a person."""
    if added or removed:
        read(_REASSIGNING, _exchanged(added, removed))


def _exchanged(added: Pairs, removed: Pairs) -> dict[str, list[int]]:
    sides = {"came": added, "went": removed}
    return {
        f"{side}_{name}": [pair[n] for pair in pairs]
        for side, pairs in sides.items()
        for n, name in enumerate(("issue", "other"))
    }
