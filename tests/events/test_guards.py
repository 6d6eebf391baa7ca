"""Events are written in one place, and only their classes take keys out of their data."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from tests import sources
from webapp.config import ROOT

HOME = ROOT / "webapp" / "events"
FILES = [path for path in sorted((ROOT / "webapp").rglob("*.py")) if path.parent != HOME]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WRITING = {
    "insert",
    "update",
    "delete",
    "copy",
    "add",
    "add_all",
    "merge",
    "bulk_insert_mappings",
    "bulk_save_objects",
}
# Who may be handed an event's data, to make the event of them.
READERS = {"comment_of", "of", "readable_data", "select"}
CHANGING = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|COPY)\s+events\b")
# COPY is import's: it has the table and the rows from events/writing.py.
COPYING = "copy(events.TABLE, values)"


def problems(tree: ast.Module) -> Iterator[str]:
    """Where a module writes events by itself, or takes keys out of their data."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _writes(node)
        elif isinstance(node, ast.Attribute) and node.attr == "data" and is_event(node.value):
            yield from _reads(node, parents)
        elif isinstance(node, ast.Constant) and CHANGING.search(str(node.value)):
            yield f"line {node.lineno} changes the table in SQL"


def _writes(node: ast.Call) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    of_events = any(is_events(one) for argument in node.args for one in ast.walk(argument))
    if name == "Event" and isinstance(node.func, ast.Name):
        yield f"line {node.lineno} makes an Event"
    elif name in WRITING and of_events and ast.unparse(node) != COPYING:
        yield f"line {node.lineno} writes events with {name}()"


def _reads(node: ast.Attribute, parents: Mapping[ast.AST, ast.AST]) -> Iterator[str]:
    above = parents[node]
    handed_on = isinstance(above, ast.Call) and getattr(above.func, "id", "") in READERS
    answered = isinstance(above, ast.Call) and above.func is node and not is_taken_apart(parents[above])
    if not handed_on and not answered:
        yield f"line {node.lineno} reads data of an event"


def is_events(node: ast.AST) -> bool:
    """The table, or its model, as the thing that is written."""
    return ast.unparse(node) in ("Event", "_Event", "Event.__table__", "events.TABLE", "EVENTS")


def is_taken_apart(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript | ast.Attribute)


def is_event(node: ast.AST) -> bool:
    name = ast.unparse(node).lower()
    return name.endswith(("event", "deed", "row", "happened", "one", "first", "told")) or "event" in name


def test_events_are_written_and_read_by_their_classes():
    assert sources.faults(FILES, lambda path: list(problems(sources.tree(path)))) == {}


def test_no_template_takes_an_event_apart():
    assert sources.faults(TEMPLATES, lambda path: re.findall(r"\b\w+\.data\b", path.read_text())) == {}


@pytest.mark.parametrize(
    "source",
    [
        "db.session.execute(insert(Event).from_select(columns, moved))",
        "db.session.add(Event(kind='closed', data={}))",
        "db.session.execute(update(Event).values(kind='x'))",
        "copy(EVENTS, values)",
        "copy(events.TABLE, [{'kind': 'closed'}])",
        "db.session.execute(text('INSERT INTO events (kind) VALUES (:kind)'))",
        "old = event.data['old']",
        "old = events[0].data.get('old')",
        "told = Event.data['new'].astext",
        "told = _Event.data.has_key('new')",
        "old = deed.happened.data()['old']",
        "data = event.data\nold = data['old']",
    ],
)
def test_whoever_does_it_by_themselves_is_found(source):
    assert list(problems(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["happened = of(event.kind, event.data)", "select(Event.id, Event.data)", COPYING, "home.data.exists()"],
)
def test_whoever_asks_the_classes_is_not(source):
    assert not list(problems(ast.parse(source)))
