"""Queries about issues that go to another project."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.models.accounts import User
from webapp.models.issues import Issue, IssueAlias, IssueAssignee, IssueLabel
from webapp.models.labels import Label
from webapp.models.milestones import Milestone
from webapp.models.projects import Membership, Project
from webapp.models.statuses import Status
from webapp.reading import among, read
from webapp.text.sorting import natural_key


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an issue goes, and what it gets there."""

    id: int
    number: int
    status_id: int
    milestone_id: int | None
    parent_id: int | None
    rank: str | None


def next_numbers(project_id: int, count: int, *, opened: int, closed: int) -> int:
    """Take as many of the project's next numbers, and count its new issues; returns the first of the numbers."""
    values = {
        "next_number": Project.next_number + count,
        "open_issues": Project.open_issues + opened,
        "closed_issues": Project.closed_issues + closed,
        "updated_at": func.now(),
    }
    taken = update(Project).where(Project.id == project_id).values(values)
    return int(db.session.execute(taken.returning(Project.next_number - count)).scalar_one())


def given(project_id: int) -> int:
    """The highest number that the project has given so far."""
    return int(read(select(Project.next_number - 1).where(Project.id == project_id)).scalar_one())


def remember_places(ids: Collection[int]) -> None:
    """Let the issues' numbers in their present project lead to them."""
    places = select(Issue.project_id, Issue.number, Issue.id).where(among(Issue.id, ids))
    db.session.execute(insert(IssueAlias).from_select(["project_id", "number", "issue_id"], places))


def take_back_places(project_id: int, numbers: Mapping[int, int]) -> dict[int, int]:
    """Let issues have the numbers again that they had in a project; returns those that they really had, by issue."""
    places = [(project_id, number, id) for id, number in numbers.items()]
    theirs = tuple_(IssueAlias.project_id, IssueAlias.number, IssueAlias.issue_id).in_(places)
    gone = db.session.execute(delete(IssueAlias).where(theirs).returning(IssueAlias.issue_id, IssueAlias.number))
    return {issue_id: number for issue_id, number in gone if issue_id is not None}


def held(ids: Collection[int]) -> dict[int, dict[str, list[tuple[int, str]]]]:
    """What these issues have of their project: (id, name) by issue and kind, all in one statement.

    Issues go by their numbers; `parts` and `parents` are those that are none of these. `rank` is where an issue was
    put on boards by hand.
    """
    upper, part = aliased(Issue), aliased(Issue)
    inside = select(func.unnest(_array(ids)))
    each = [
        select(IssueLabel.issue_id, literal("labels"), Label.id, Label.name).join(
            Label, Label.id == IssueLabel.label_id
        ),
        select(IssueAssignee.issue_id, literal("assignees"), User.id, User.name).join(
            User, User.id == IssueAssignee.user_id
        ),
        select(Issue.id, literal("milestones"), Milestone.id, Milestone.title).join(
            Milestone, Milestone.id == Issue.milestone_id
        ),
        select(Issue.id, literal("statuses"), Status.id, Status.name).join(Status, Status.id == Issue.status_id),
        select(Issue.id, literal("parents"), upper.number, literal(""))
        .join(upper, upper.id == Issue.parent_id)
        .where(upper.id.not_in(inside)),
        select(part.parent_id, literal("parts"), part.number, literal("")).where(part.id.not_in(inside)),
        select(Issue.id, literal("rank"), Issue.id, Issue.rank).where(Issue.rank.is_not(None)),
    ]
    those = [one.where(among(one.selected_columns[0], ids)) for one in each]
    rows = read(union_all(*those)).all()
    keys = {name: natural_key(name) for _, _, _, name in rows}
    by_issue: dict[int, dict[str, list[tuple[int, str]]]] = {id: {} for id in ids}
    for issue_id, kind, id, name in sorted(rows, key=lambda row: (keys[row[3]], row[2])):
        by_issue[issue_id].setdefault(kind, []).append((id, name))
    return by_issue


def release_children(ids: Collection[int]) -> dict[int, int]:
    """Take those parts that do not come along out of the issues that do; returns what each was a part of."""
    children = select(Issue.id, Issue.parent_id).where(*_staying(ids)).order_by(Issue.id).with_for_update()
    parents = {child: parent for child, parent in read(children) if parent is not None}
    if parents:
        left = update(Issue).where(among(Issue.id, parents))
        _execute(left.values(parent_id=None, version=Issue.version + 1))
    return parents


def _staying(ids: Collection[int]) -> tuple[Any, Any]:
    return among(Issue.parent_id, ids), Issue.id.not_in(select(func.unnest(_array(ids))))


def labels_there(project_ids: Collection[int], names: Sequence[str]) -> dict[int, dict[str, int]]:
    """The ids of labels of these projects, by the names in any case that were asked for."""
    return _called(Label, Label.name, project_ids, names)


def milestones_there(project_ids: Collection[int], titles: Sequence[str]) -> dict[int, dict[str, int]]:
    """The ids of milestones of these projects, by the titles in any case that were asked for."""
    return _called(Milestone, Milestone.title, project_ids, titles)


def _called(model: Any, name: Any, project_ids: Collection[int], names: Sequence[str]) -> dict[int, dict[str, int]]:
    if not names:
        return {}
    asked = func.unnest(bindparam(None, list(names), type_=ARRAY(Text))).table_valued(
        column("name", Text), name="asked"
    )
    asked = asked.render_derived()
    ids: dict[int, dict[str, int]] = {}
    same = func.lower(name) == func.lower(asked.c.name)
    rows = select(model.project_id, asked.c.name, model.id).join(asked, same)
    for project_id, said, id in read(rows.where(among(model.project_id, project_ids))):
        ids.setdefault(project_id, {})[said] = id
    return ids


def members_there(project_ids: Collection[int], user_ids: Collection[int]) -> dict[int, set[int]]:
    """Which of these people are members of these projects."""
    if not user_ids:
        return {}
    rows = select(Membership.project_id, Membership.user_id)
    members: dict[int, set[int]] = {}
    those = among(Membership.project_id, project_ids), among(Membership.user_id, user_ids)
    for project_id, user_id in read(rows.where(*those)):
        members.setdefault(project_id, set()).add(user_id)
    return members


def active_members(project_id: int, user_ids: Collection[int]) -> dict[int, str]:
    """The names of those of these people who are members of the project, and not deactivated."""
    if not user_ids:
        return {}
    members = select(User.id, User.name).join(Membership, Membership.user_id == User.id)
    those = Membership.project_id == project_id, among(User.id, user_ids), User.is_active
    return dict(read(members.where(*those)).all())


def known(project_id: int, ids: Collection[int], name: Any) -> dict[int, str]:
    """What those of these labels or milestones are called that are still the project's; `name` is the column."""
    if not ids:
        return {}
    model = name.class_
    return dict(read(select(model.id, name).where(model.project_id == project_id, among(model.id, ids))).all())


def above(ids: Collection[int]) -> dict[int, int]:
    """What these issues, and those above them, are parts of."""
    walk = select(Issue.id, Issue.parent_id).where(among(Issue.id, ids)).cte("walk", recursive=True)
    upper = select(Issue.id, Issue.parent_id).join(walk, Issue.id == walk.c.parent_id)
    whole = walk.union(upper)
    return {id: parent for id, parent in read(select(whole.c.id, whole.c.parent_id)) if parent is not None}


def put_under(pairs: Iterable[tuple[int, int]]) -> None:
    """Make issues parts of others: pairs of the part and the whole."""
    rows = list(pairs)
    if rows:
        each = _unnested({"id": [one for one, _ in rows], "parent_id": [upper for _, upper in rows]})
        tied = update(Issue).where(Issue.id == each.c.id)
        _execute(tied.values(parent_id=each.c.parent_id, version=Issue.version + 1))


def settle(project_id: int, destinations: Sequence[Destination]) -> None:
    """Give the issues their places in another project."""
    each = _unnested({name: [getattr(one, name) for one in destinations] for name in Destination.__slots__})
    values: dict[Any, Any] = {
        "project_id": project_id,
        **{name: each.c[name] for name in Destination.__slots__ if name != "id"},
        "body_html": None,  # what it refers to by number is the project's
        "html_version": None,
        "version": Issue.version + 1,
        "updated_at": func.now(),
    }
    _execute(update(Issue).where(Issue.id == each.c.id).values(values))


def _unnested(values: Mapping[str, Sequence[Any]]) -> Any:
    types = {name: Text if name == "rank" else BigInteger for name in values}
    arrays = [bindparam(None, list(of_one), type_=ARRAY(types[name])) for name, of_one in values.items()]
    columns = [column(name, types[name]) for name in values]
    return func.unnest(*arrays).table_valued(*columns, name="places").render_derived()


def _array(values: Collection[int | None]) -> Any:
    return bindparam(None, list(values), type_=ARRAY(BigInteger))


def _execute(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
