"""What the names in a saved query mean: kept by their ids, and shown as they are called today."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import cast

from webapp.access import Viewer
from webapp.issues.rows import Thing
from webapp.lists import naming, queries
from webapp.lists.conditions import NAMING, NUMBERED, Named, means_more, name_of, names, own_id
from webapp.lists.vocabulary import FIELDS
from webapp.projects.service import ProjectRow
from webapp.text.query import MAX_LENGTH, All, Either, Node, Not, Term, Value, called, parse, write

# Where no project is named, others may be called so tomorrow, and are meant as well.
_ANYWHERE = ("person", "project")
# How a value of this kind and text is written instead.
Instead = Mapping[Named, Sequence[Value]]


def seen_in(project: ProjectRow | None, by: Viewer | None) -> Collection[int]:
    """The ids of the projects that a query of `by` looks through."""
    return [project.id] if project is not None else list(queries.projects_seen_by(by))


def named(text: str, projects: Collection[int]) -> str:
    """A query with names where it has ids, as far as these are of the projects. Raises Unreadable."""
    tree = parse(text, FIELDS)
    titles = naming.spellings(list(_ids(tree)), projects)
    instead = {(f"{kind} number", id): [called(some[0])] for (kind, id), some in titles.items()}
    return write(_instead(tree, instead)) if instead else text


def things(text: str, projects: Collection[int], *, everywhere: bool = False) -> list[Thing]:
    """What the names in a query stand for; with `everywhere` only people and projects. Raises Unreadable."""
    said = {name for name, _ in names(parse(text, FIELDS)) if name[0] not in NUMBERED}
    asked = [name for name in said if not everywhere or name[0] in _ANYWHERE]
    ids = naming.named(asked, projects).ids if asked else {}
    return [Thing(kind, name, id) for (kind, name), some in sorted(ids.items()) for id in some]


def numbered(text: str, projects: Collection[int], *, everywhere: bool = False) -> str:
    """A query with ids where it has names, for an address that goes out. Raises Unreadable."""
    instead: dict[Named, list[Value]] = {}
    for thing in things(text, projects, everywhere=everywhere):
        instead.setdefault((thing.kind, thing.name), []).append(Value(f"#{thing.id}"))
    written = write(_instead(parse(text, FIELDS), instead)) if instead else text
    return written if len(written) <= MAX_LENGTH else text


def spellings(some: Iterable[Thing], projects: Collection[int]) -> Mapping[Named, Sequence[str]]:
    """How these things may be called today. One statement."""
    return naming.spellings([(thing.kind, str(thing.id)) for thing in some], projects)


def today(text: str, some: Sequence[Thing], known: Mapping[Named, Sequence[str]]) -> tuple[str, list[Thing]]:
    """A saved query with the names of today, and those of its things that are gone: these keep the name they had.

    People do not go: of one whose name is not for everybody here, the name stays that the query gave.
    """
    gone: list[Thing] = []
    instead: dict[Named, list[Value]] = {}
    for thing in some:
        ways = known.get((thing.kind, str(thing.id)), [thing.name])
        if (thing.kind, str(thing.id)) not in known and thing.kind != "person":
            gone.append(thing)
        said = thing.name if thing.name.lower() in map(str.lower, ways) else ways[0]
        instead.setdefault((thing.kind, thing.name), []).append(called(said))
    if all([value.text for value in values] == [name] for (_, name), values in instead.items()):
        return text, gone
    return write(_instead(parse(text, FIELDS), instead)), gone


def _ids(node: Node) -> Iterator[Named]:
    match node:
        case Term():
            kind = NAMING.get(node.name)
            for value in node.values if kind else ():
                if kind and (own := own_id(value)) is not None:
                    yield kind, str(own)
            for modifier in node.modifiers:
                yield from _ids(modifier)
        case Not():
            yield from _ids(node.node)
        case All() | Either():
            for one in node.nodes:
                yield from _ids(one)


def _instead(node: Node, values: Instead) -> Node:
    match node:
        case Term():
            kind = NAMING.get(node.name, "")
            said = [new for old in node.values for new in values.get(_key(old, kind), [old])]
            modifiers = [_instead(one, values) for one in node.modifiers]
            return Term(node.name, tuple(dict.fromkeys(said)), tuple(cast(list[Term], modifiers)), node.at)
        case Not():
            return Not(_instead(node.node, values))
        case All():
            return All(tuple(_instead(one, values) for one in node.nodes))
        case Either():
            return Either(tuple(_instead(one, values) for one in node.nodes))
        case _:
            return node


def _key(value: Value, kind: str) -> Named:
    if (own := own_id(value)) is not None:
        return f"{kind} number", str(own)
    return (kind, name_of(value, kind)) if kind and not means_more(value, kind) else ("", "")
