from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from webapp.db import AnySelect
from webapp.models.accounts import User, has_handle
from webapp.models.issues import Issue, IssueAssignee
from webapp.models.labels import Label
from webapp.models.milestones import Milestone
from webapp.models.projects import Membership
from webapp.picking.rows import Kind, Option
from webapp.reading import Built, read

# So many of the newest issues tell whom and what a project works with.
RECENT = 50
_HERE: Any = bindparam("project_id", type_=BigInteger)
_MANY: Any = bindparam("many", type_=BigInteger)


def offered(
    project_id: int, viewer_id: int, chosen: Mapping[Kind, Collection[int | str]], many: int
) -> dict[tuple[Kind, str], list[Option]]:
    """What there is of each kind, by why it is offered: "first", "recent" and "chosen". One statement.

    Each of the first two reads `many` rows at most, however many there are.
    """
    values = {
        "project_id": project_id,
        "viewer_id": viewer_id,
        "many": many,
        "people": list(chosen.get(Kind.PERSON, ())),
        "labels": list(chosen.get(Kind.LABEL, ())),
        "milestones": list(chosen.get(Kind.MILESTONE, ())),
    }
    options: dict[tuple[Kind, str], list[Option]] = {}
    for kind, why, *option in read(_OFFERED, values):
        options.setdefault((_KINDS[kind], why), []).append(Option(_KINDS[kind], *option))
    return options


def called(project_id: int, kind: Kind, names: Sequence[str]) -> dict[str, list[Option]]:
    """Whom or what each of these names means, in any case: the name, for people the handle too."""
    given = func.unnest(bindparam("names", list(names), type_=ARRAY(Text)))
    asked = given.table_valued(column("name", Text), name="asked").render_derived()
    low = func.lower(asked.c.name)
    same = {
        Kind.PERSON: or_(has_handle(func.ltrim(low, "@")), func.lower(User.name) == low),
        Kind.LABEL: func.lower(Label.name) == low,
        Kind.MILESTONE: func.lower(Milestone.title) == low,
    }
    options = _OPTIONS[kind].where(same[kind]).add_columns(asked.c.name).where(_IN_PROJECT[kind])
    meanings: dict[str, list[Option]] = {}
    for *option, name in read(options.limit(bindparam("many", 200)), {"project_id": project_id}):
        meanings.setdefault(name, []).append(Option(kind, *option))
    return meanings


def like(project_id: int, kind: Kind, text: str, many: int) -> list[Option]:
    """Those whose name, or a word of it, or whose handle begins with a text; all begin with none."""
    start = func.lower(bindparam("start", text, type_=Text))
    name = func.lower(_NAMES[kind])
    begins = or_(func.starts_with(name, start), func.strpos(name, func.concat(" ", start)) > 0)
    if kind is Kind.PERSON:
        begins = or_(begins, func.starts_with(User.handle, func.ltrim(start, "@")))
    if kind is Kind.LABEL:
        begins = or_(begins, func.strpos(name, func.concat("::", start)) > 0)
    options = _OPTIONS[kind].where(_IN_PROJECT[kind], begins).order_by(_ORDER[kind]).limit(_MANY)
    return [Option(kind, *option) for option in read(options, {"project_id": project_id, "many": many})]


_NONE = cast(None, Text)
# By their values: to ask an enum for one of its members is two calls.
_KINDS = {kind.value: kind for kind in Kind}


def _option(id: Any, name: Any, **others: Any) -> AnySelect:
    parts = {"handle": _NONE, "color": _NONE, "description": _NONE, "is_closed": literal(False), **others}
    return select(id.label("id"), name.label("name"), *(part.label(label) for label, part in parts.items()))


_OPTIONS: dict[Kind, AnySelect] = {
    Kind.PERSON: _option(User.id, User.name, handle=User.handle),
    Kind.LABEL: _option(Label.id, Label.name, color=Label.color, description=Label.description),
    Kind.MILESTONE: _option(Milestone.id, Milestone.title, is_closed=Milestone.state != "open"),
}
_NAMES: dict[Kind, Any] = {Kind.PERSON: User.name, Kind.LABEL: Label.name, Kind.MILESTONE: Milestone.title}
_ORDER: dict[Kind, Any] = {
    Kind.PERSON: User.sort_key,
    Kind.LABEL: Label.sort_key,
    Kind.MILESTONE: Milestone.sort_key,
}
_MEMBER = exists().where(Membership.user_id == User.id, Membership.project_id == _HERE)
_IN_PROJECT: dict[Kind, Any] = {
    Kind.PERSON: and_(_MEMBER, User.is_active),
    Kind.LABEL: Label.project_id == _HERE,
    Kind.MILESTONE: and_(Milestone.project_id == _HERE, Milestone.state == "open"),
}


def _offers() -> AnySelect:
    newest = select(Issue.id).where(Issue.project_id == _HERE).order_by(Issue.number.desc()).limit(RECENT)
    recently_assigned = select(IssueAssignee.user_id).where(IssueAssignee.issue_id.in_(newest))
    recent = union(select(bindparam("viewer_id", type_=BigInteger)), recently_assigned)
    # Of those who are no members only whom an issue has here, as an import says: a name is not for everybody.
    assigned = exists().where(IssueAssignee.user_id == User.id, IssueAssignee.project_id == _HERE)
    people, labels, milestones = (_OPTIONS[kind].where(_IN_PROJECT[kind]) for kind in Kind)
    by_use = Label.issue_count.desc(), Label.sort_key
    by_date = Milestone.due_on.asc().nulls_last(), Milestone.sort_key
    names = select(func.lower(func.unnest(bindparam("labels", type_=ARRAY(Text)))))
    them = User.id == func.any(bindparam("people", type_=ARRAY(BigInteger)))
    those = Milestone.id == func.any(bindparam("milestones", type_=ARRAY(BigInteger)))
    together = union_all(
        _why("first", Kind.PERSON, people.limit(_MANY)),
        _why("recent", Kind.PERSON, people.where(User.id.in_(recent)).limit(_MANY)),
        _why("chosen", Kind.PERSON, _OPTIONS[Kind.PERSON].where(them, or_(_MEMBER, assigned))),
        _why("first", Kind.LABEL, labels.order_by(*by_use).limit(_MANY)),
        _why("chosen", Kind.LABEL, labels.where(func.lower(Label.name).in_(names))),
        _why("first", Kind.MILESTONE, milestones.order_by(*by_date).limit(_MANY)),
        _why("chosen", Kind.MILESTONE, _OPTIONS[Kind.MILESTONE].where(Milestone.project_id == _HERE, those)),
    )
    return select(together.subquery())


def _why(why: str, kind: Kind, options: AnySelect) -> AnySelect:
    return select(literal(kind.value), literal(why), options.subquery())


# Built once: it runs with every form of an issue.
_OFFERED = Built(_offers())
