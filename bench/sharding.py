"""`python -m bench sharding`: which statements name their project, as a database shared out by project asks.

Each table has its place there (`PLACES`); docs/scaling.md says why. Each statement that is made once
(`webapp/reading`) is looked at as it is written: a table of it is tied to a project if its `project_id` is compared
with a value, or with that of a table which is tied. What is printed is the list in bench/sharding.txt, which a test
holds to the code; with --write it is written anew.

It reads texts and is no planner: a comparison counts wherever in the statement it stands. Of functions that make
statements at need there is the name alone, and nothing of what a request puts together by itself (filters, entities).
With --pages what bench/scenarios.py opens is asked for within the process, of a made-up tracker, and all that is sent
for a page is counted.
"""

import argparse
import functools
import importlib
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, get_origin

from flask import Flask, g
from flask.testing import FlaskClient

import webapp
from bench import plans
from bench.scenarios import scenarios
from webapp import create_app, tables_read
from webapp.db import Base
from webapp.reading import Built, Gathered

LIST = Path(__file__).with_suffix(".txt")


class Place(StrEnum):
    """Where the rows of a table would be."""

    PROJECT = "with their project"
    THING = "with their project, once they say which"
    EVERYWHERE = "everywhere"
    PERSON = "with their person"
    ONE = "in one place"


_PLACES = {
    Place.PROJECT: (
        "attachments code_hosts events issue_aliases issue_assignees issue_documents issue_templates issues labels"
        " milestones project_blocks project_mailboxes project_stamps project_watches statuses tallies views webhooks"
    ),
    Place.THING: (
        "code_changes code_deliveries code_mentions comments held_posts issue_labels issue_links issue_references"
        " issue_watches label_aliases post_reports reactions text_versions user_mentions webhook_deliveries"
    ),
    Place.EVERYWHERE: (
        "former_users installation memberships project_aliases projects stamps stored_settings users"
    ),
    Place.PERSON: (
        "account_tokens authenticators deliveries feed_tokens idempotency_keys inbox_items mails"
        " notification_exceptions notification_settings outside_identities passkeys personal_tokens recovery_codes"
        " sign_ins view_matches view_watches"
    ),
    Place.ONE: (
        "audit_records drafts incoming_mails invitations job_rounds jobs login_failures used_challenges"
    ),
}  # fmt: skip
PLACES = {table: place for place, tables in _PLACES.items() for table in tables.split()}
SHARED_OUT = {table for table, place in PLACES.items() if place in (Place.PROJECT, Place.THING)}


class Reach(StrEnum):
    """How much of a database that is shared out by project a statement asks."""

    APART = "apart"
    WITHIN = "within"
    PARTLY = "partly"
    KEY = "by key"
    ROW = "by row"
    PERSON = "by person"
    ALL = "all"


MEANING = {
    Reach.APART: "no table that is shared out by project",
    Reach.WITHIN: "one project, and every table is tied to it",
    Reach.PARTLY: "one project is named; the tables behind the name are found by ids alone",
    Reach.KEY: "the project is named by its key, not by its id",
    Reach.ROW: "an issue, a comment or the like is named, and not its project",
    Reach.PERSON: "somebody is named, and no project",
    Reach.ALL: "nothing of these is named",
}


# What the list says of a function that makes statements.
AT_NEED = "at need"


class Asked(NamedTuple):
    """What a statement asks, and the tables that it ties to no project."""

    reach: Reach
    loose: tuple[str, ...] = ()


_VALUE = r"(?:any\s*)?\(?\s*(?:CAST\(\s*)*%\("
_NAMED = re.compile(rf"(?:\b(\w+)\.)?\b(\w+)\s*(?:=|IS NOT DISTINCT FROM|IN)\s*{_VALUE}", re.IGNORECASE)
_SAME = re.compile(r"\b(\w+)\.(project_id|id)\s*=\s*(\w+)\.(project_id|id)\b")
_GIVEN = re.compile(r"%\((\w+)\)s")
_WRITTEN = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)(?:\s+AS\s+(\w+))?(?:\s*\(([^()]*)\))?", re.I)
_OF_PERSON = re.compile(r"(user|person|people|reader|viewer|owner|author|actor|assignee|email|handle|me|by)(_ids?)?$")
_OF_ROW = re.compile(
    r"(id|ids|.*_(ids?|issues?|labels?|views?)|numbers?|change|hook|issues?|comments?|labels?|source|target)$"
)


def asked(statement: str) -> Asked:
    """What a statement asks, as the driver takes it."""
    tables = dict(_tables(statement))
    ours = {name for name, table in tables.items() if table in SHARED_OUT}
    if not ours:
        return Asked(Reach.APART)
    tied = _tied(statement, tables)
    if ours <= tied:
        return Asked(Reach.WITHIN)
    loose = tuple(sorted({tables[name] for name in ours - tied}))
    if any(_is_alone(statement, name) for name in ours - _filled(statement).keys()):
        return Asked(Reach.ALL, loose)
    return Asked(Reach.PARTLY if tied else _reach_without(statement, tables), loose)


def _filled(statement: str) -> dict[str, str]:
    """What it calls the tables that it adds rows to, and the columns that it fills there."""
    written = _WRITTEN.findall(statement)
    return {called or table: columns for way, table, called, columns in written if way.upper().startswith("INSERT")}


def _is_alone(statement: str, name: str) -> bool:
    """Whether it compares no column of a table with anything. Columns without a table's name may be of any."""
    own = rf"\b{name}\.\w+"
    if not re.search(own, statement):
        return False
    same = r"\s*(?:=|IN\b|IS NOT DISTINCT FROM)"
    return not re.search(rf"{own}\)*{same}|=\s*(?:any\s*\(|CAST\()*{own}", statement, re.IGNORECASE)


def _tables(statement: str) -> Iterator[tuple[str, str]]:
    """What it calls the tables that it reads or writes, and which they are."""
    for _, end, table in tables_read.of(statement, PLACES):
        called = tables_read.CALLED.match(statement, end)
        yield (called[1] if called else table), table
    for _, table, called, _ in _WRITTEN.findall(statement):
        if table in PLACES:
            yield called or table, table


def _tied(statement: str, tables: Mapping[str, str]) -> set[str]:
    """The names of those that are tied to a project whose id is given."""
    tied = {name for name, column in _compared(statement, tables) if _says_project(tables.get(name), column)}
    tied |= {name for name, columns in _filled(statement).items() if "project_id" in columns}
    pairs = list(_same_project(statement, tables))
    while more := {name for pair in pairs if tied & pair for name in pair} - tied:
        tied |= more
    return tied & tables.keys()


def _same_project(statement: str, tables: Mapping[str, str]) -> Iterator[frozenset[str]]:
    """The names of each two tables whose projects are the same."""
    for one, column, other, further in _SAME.findall(statement):
        if _says_project(tables.get(one), column) and _says_project(tables.get(other), further):
            yield frozenset({one, other})


def _says_project(table: str | None, column: str) -> bool:
    return table is not None and column == ("id" if table == "projects" else "project_id")


def _compared(statement: str, tables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The columns that are compared with values; without a table's name they are of any that has such a column."""
    for name, column in _NAMED.findall(statement):
        if name:
            yield name, column
        else:
            of = [own for own, table in tables.items() if column in Base.metadata.tables[table].columns]
            yield from ((own, column) for own in of[:1])


def _reach_without(statement: str, tables: Mapping[str, str]) -> Reach:
    """What it names instead of a project's id."""
    compared = {column for _, column in _compared(statement, tables)}
    if "key" in compared and "projects" in tables.values():
        return Reach.KEY
    named = {*compared, *_GIVEN.findall(statement)} - {"reader_id"}
    people = set(filter(_OF_PERSON.match, named))
    if any(map(_OF_ROW.match, named - people)):
        return Reach.ROW
    return Reach.PERSON if people else Reach.ALL


def made_once() -> dict[str, Built]:
    """Every statement of the code that is made once, by where it stands."""
    named: dict[Built, str] = {}
    for place, value in _tops():
        several = value.items() if isinstance(value, dict) else [("", value)]
        for key, one in several:
            if isinstance(one, Built):
                named.setdefault(one, f"{place}[{key}]" if key else place)
    return {name: one for one, name in named.items()}


def made_at_need() -> list[str]:
    """The functions that make a statement for each form of a question, and keep it: no list can say what it asks."""
    kept = ((place, value) for place, value in _tops() if type(value) is functools._lru_cache_wrapper)
    made = ((place, value.__wrapped__.__annotations__.get("return")) for place, value in kept)
    return sorted(place for place, kind in made if (get_origin(kind) or kind) in (Built, Gathered))


def _tops() -> Iterator[tuple[str, Any]]:
    """What stands at the top of each module of the code, under the name that it has there."""
    for module in pkgutil.walk_packages(webapp.__path__, "webapp."):
        importlib.import_module(module.name)
    for name in sorted(one for one in sys.modules if one.startswith("webapp.")):
        for top, value in list(vars(sys.modules[name]).items()):
            yield f"{name.removeprefix('webapp.')}.{top}", value


def listed() -> str:
    """The list, as it is kept."""
    rows = sorted((list(Reach).index(found.reach), name, found) for name, found in all_asked().items())
    told = [(str(found.reach), name, " ".join(found.loose)) for _, name, found in rows]
    told += [(AT_NEED, name, "") for name in made_at_need()]
    return "".join(f"{reach:10}{name}  {loose}".rstrip() + "\n" for reach, name, loose in told)


def all_asked() -> dict[str, Asked]:
    """What each statement asks that is made once."""
    return {name: asked(one.text) for name, one in made_once().items()}


def pages(client: FlaskClient) -> Iterator[tuple[str, Counter[Reach], int]]:
    """Of each page how many of its statements are what, and how many of them a request put together."""
    asked_for = scenarios(lambda path: client.get(path, headers={"Accept": "application/json"}).json)
    for name, path in [*((one.name, one.path) for one in asked_for), *((path, path) for path in plans.FURTHER)]:
        for told in list(g):
            g.pop(told)  # who asks, for one: a request of its own is told nothing by the last one
        with plans.statements() as sent:
            client.get(path, headers={"Accept": "text/html"})
        reaches = Counter(asked(one if built is None else _whole(built)).reach for one, _, built in sent)
        yield name, reaches, sum(built is None for *_, built in sent)


def _whole(built: Built) -> str:
    """The statement as it is written, without the conditions of whose eyes it looks with."""
    whole: Built = getattr(built, "_whole", built)
    return whole.text


def main() -> None:
    """Print the list, and how many of each there are; or the pages."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--write", action="store_true", help="write the list anew")
    reader.add_argument("--pages", action="store_true", help="of pages, not of the code")
    given = reader.parse_args()
    app = create_app()
    if given.pages:
        _show_pages(app)
        return
    found = listed()
    if given.write:
        LIST.write_text(found)
    print(found)
    counts = Counter(one.reach for one in all_asked().values())
    for reach in Reach:
        print(f"{counts[reach]:4} {reach:10} {MEANING[reach]}")
    print(f"{len(made_at_need()):4} {AT_NEED:10} made for each form of a question: --pages tells")


def _show_pages(app: Flask) -> None:
    with plans.asking(app) as client:
        for name, reaches, made in pages(client):
            told = ", ".join(f"{reaches[reach]} {reach}" for reach in Reach if reaches[reach])
            print(f"{name:36}{told}{f'; {made} put together' if made else ''}")


if __name__ == "__main__":
    main()
