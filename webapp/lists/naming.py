"""The names in a query: what they stand for, what ids are called, and which names a filter offers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.db import AnySelect
from webapp.lists.conditions import Condition, Named
from webapp.models.accounts import FormerUser, User, has_handle
from webapp.models.issues import Issue, IssueAssignee, IssueLabel
from webapp.models.labels import Label, LabelAlias
from webapp.models.milestones import Milestone
from webapp.models.projects import Membership, Project, ProjectAlias
from webapp.models.statuses import Status
from webapp.reading import Built, read
from webapp.text.query import called, choice

# The most that a filter offers to choose from; the words of a query know no such limit.
OFFERED = 200


_ID = func.concat("#", User.id)


Called = Callable[[Any, Collection[int]], Condition]


def _numbered(digits: Any, _: Collection[int]) -> Condition:
    id = cast(digits, BigInteger)
    return or_(Label.id == id, Label.id.in_(select(LabelAlias.label_id).where(LabelAlias.id == id)))


def _with_id(own: Any) -> Called:
    return lambda digits, _: own == cast(digits, BigInteger)


def _same(title: Any) -> Called:
    return lambda name, _: func.lower(title) == func.lower(name)


def _person(name: Any, _: Collection[int]) -> Condition:
    return or_(has_handle(func.lower(name)), func.lower(User.name) == func.lower(name))


def _project(name: Any, project_ids: Collection[int]) -> Condition:
    """The one that has or had this key; if none has, those that are called so."""
    has, key = aliased(Project), func.upper(name)
    had = Project.id.in_(select(ProjectAlias.project_id).where(ProjectAlias.key == key))
    is_key = exists().where(has.id.in_(project_ids), has.key == key)
    return or_(Project.key == key, had, and_(func.lower(Project.name) == func.lower(name), ~is_key))


# What has a name: how that is compared, and the column of the project that it has to be of.
_THINGS: dict[str, tuple[Any, Called, Any]] = {
    "label": (Label, _same(Label.name), Label.project_id),
    "label number": (Label, _numbered, Label.project_id),
    "status": (Status, _same(Status.name), Status.project_id),
    "milestone": (Milestone, _same(Milestone.title), Milestone.project_id),
    "person": (User, _person, None),
    "project": (Project, _project, Project.id),
    "milestone number": (Milestone, _with_id(Milestone.id), Milestone.project_id),
    "status number": (Status, _with_id(Status.id), Status.project_id),
    "project number": (Project, _with_id(Project.id), Project.id),
}


@dataclass(frozen=True, slots=True)
class Meant:
    """The ids of what has the names of a query, by kind and name; and of the labels among that how many issues carry
    each, if all its ties tell when these were made.
    """

    ids: Mapping[Named, list[int]]
    carried: Mapping[int, int]


NOTHING = Meant({}, {})
# By all ties, and all issues: it only tells which way a list is read, and what whoever asks sees is said there.
_TIE, _LABEL = aliased(IssueLabel, name=eyes.WHOLE), aliased(Label, name=eyes.WHOLE)
_LACKING = exists().where(_TIE.label_id == Label.id, _TIE.issue_created_at.is_(None))
_CARRIED = case((~_LACKING, select(_LABEL.issue_count).where(_LABEL.id == Label.id).scalar_subquery()))


def named(names: Collection[Named], project_ids: Collection[int]) -> Meant:
    """The labels, statuses, milestones, people and projects that have these names, in any case, in these projects.

    The database compares, as its lower case is the one of the unique indexes.
    """
    asked: dict[str, list[str]] = {}
    for kind, name in names:
        asked.setdefault(kind, []).append(name)
    ways = []
    for kind, said in asked.items():
        array = bindparam(kind.replace(" ", "_"), said, type_=ARRAY(Text))
        one = func.unnest(array).table_valued(column("name", Text), name=f"{array.key}_said").render_derived()
        thing, called, here = _THINGS[kind]
        number = cast(_CARRIED if thing is Label else null(), BigInteger)
        way = select(literal(kind), one.c.name, thing.id, number).join(thing, called(one.c.name, project_ids))
        ways.append(way.where(here.in_(project_ids)) if here is not None else way)
    ids: dict[Named, list[int]] = {}
    carried: dict[int, int] = {}
    for kind, name, id, number in read(union_all(*ways)):
        ids.setdefault((kind, name), []).append(id)
        if number is not None:
            carried[id] = number
    return Meant(ids, carried)


def titles(ids: Collection[Named], project_ids: Collection[int]) -> dict[Named, str]:
    """What the things with these ids are called, by kind and id, if they are of these projects."""
    return {thing: names[-1] for thing, names in spellings(ids, project_ids).items()}


def spellings(ids: Collection[Named], project_ids: Collection[int]) -> dict[Named, Sequence[str]]:
    """How a query may call the things with these ids: people by their handle, then all by their name."""
    asked: dict[str, list[int]] = {}
    for kind, id in ids:
        asked.setdefault(kind, []).append(int(id))
    if not asked:
        return {}
    ways = [way for kind, some in asked.items() for way in _spelled(kind, some, project_ids)]
    found = read(union_all(*ways))
    return {(kind, str(id)): [handle, name] if handle else [name] for kind, id, handle, name in found}


def _spelled(kind: str, ids: Sequence[int], project_ids: Collection[int]) -> list[AnySelect]:
    none, called = cast(None, Text), literal(kind)
    if kind == "person":
        them = User.id.in_(ids), _takes_part(project_ids)
        former = select(called, FormerUser.id, User.handle, User.name).join(User, User.id == FormerUser.user_id)
        return [
            select(called, User.id, User.handle, User.name).where(*them),
            former.where(FormerUser.id.in_(ids), _takes_part(project_ids)),
        ]
    if kind == "project":
        here = Project.id.in_(ids), Project.id.in_(project_ids)
        return [select(called, Project.id, none, Project.key).where(*here)]
    things: dict[str, tuple[Any, Any]] = {
        "label": (Label, Label.name),
        "status": (Status, Status.name),
        "milestone": (Milestone, Milestone.title),
    }
    thing, title = things[kind]
    ways: list[AnySelect] = [select(called, thing.id, none, title).where(thing.id.in_(ids))]
    if kind == "label":
        led = select(called, LabelAlias.id, none, title).join(LabelAlias, LabelAlias.label_id == Label.id)
        ways.append(led.where(LabelAlias.id.in_(ids)))
    return [way.where(thing.project_id.in_(project_ids)) for way in ways]


def _takes_part(project_ids: Collection[int]) -> Condition:
    """Is a member, or opened an issue there, or has one assigned."""
    assigned = IssueAssignee.user_id == User.id, Issue.id == IssueAssignee.issue_id
    return or_(
        exists().where(Membership.user_id == User.id, Membership.project_id.in_(project_ids)),
        exists().where(Issue.author_id == User.id, Issue.project_id.in_(project_ids)),
        exists().where(*assigned, Issue.project_id.in_(project_ids)),
    )


def choices(project_id: int, most: int = OFFERED) -> dict[str, list[tuple[str, str]]]:
    """What the list's filters offer, as a form holds it and in words, in one statement.

    Of labels, milestones and people the first `most`; all statuses, which are few.
    """
    choices: dict[str, list[tuple[str, str]]] = {}
    for kind, value, text, _ in read(_OFFERS, {"project_id": project_id, "most": most}):
        said = value if kind == "assignee" and value.startswith("#") else choice(called(value))
        choices.setdefault(kind, []).append((said, text))
    return choices


def _offers() -> AnySelect:
    here = bindparam("project_id", type_=BigInteger)
    ways = [
        select(literal("label").label("kind"), Label.name, Label.name, Label.sort_key)
        .where(Label.project_id == here),
        select(literal("status"), Status.name, Status.name, func.to_char(Status.position, "00000"))
        .where(Status.project_id == here),
        select(literal("milestone"), Milestone.title, Milestone.title, Milestone.sort_key)
        .where(Milestone.project_id == here, Milestone.state == "open"),
        select(literal("assignee"), func.coalesce(User.handle, _ID), User.name, User.sort_key)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == here, User.is_active),
    ]  # fmt: skip
    most: Any = bindparam("most", type_=BigInteger)
    statuses = literal(OFFERED)
    limits = [most, statuses, most, most]
    # People may have the same name.
    each = [
        way.order_by(way.selected_columns[3], way.selected_columns[1]).limit(limit).subquery()
        for way, limit in zip(ways, limits, strict=True)
    ]
    together = union_all(*(select(one) for one in each)).subquery()
    return select(together).order_by(together.c[0], together.c[3], together.c[1])


# Built once: it runs with every page of a list.
_OFFERS = Built(_offers())
