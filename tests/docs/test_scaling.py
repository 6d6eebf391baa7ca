"""What docs/scaling.md says is where in a database that is shared out is so, of each table and each statement."""

import re
from collections import Counter
from functools import cache

import pytest

from bench import model, sharding
from bench.sharding import Asked, Place, Reach
from webapp.config import ROOT
from webapp.db import Base

TEXT = (ROOT / "docs" / "scaling.md").read_text()


@cache
def all_asked():
    return sharding.all_asked()


def row(name):
    """The second cell of a row that begins so."""
    return re.search(rf"^\| {re.escape(name)} \| (.+?) \|", TEXT, re.MULTILINE)[1]


def test_each_table_has_its_place():
    """A new one has to be named in bench/sharding.py, and in docs/scaling.md."""
    all_asked()  # all models are there by then
    assert sharding.PLACES.keys() == Base.metadata.tables.keys()


@pytest.mark.parametrize("place", Place)
def test_the_tables_of_a_place_are_told(place):
    told = re.findall(r"`(\w+)`", row(f"**{place}**"))
    assert sorted(told) == sorted(table for table, own in sharding.PLACES.items() if own is place)


def test_what_is_with_its_project_says_which():
    all_asked()
    tables = Base.metadata.tables
    own = {table for table in sharding.SHARED_OUT if "project_id" in tables[table].columns}
    assert own == {table for table, place in sharding.PLACES.items() if place is Place.PROJECT}


def test_keys_that_lead_from_elsewhere_to_a_project_are_told():
    """A reference from what is elsewhere to what is shared out cannot be kept there."""
    all_asked()
    leading = {
        (table.name, key.column.table.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if table.name not in sharding.SHARED_OUT and key.column.table.name in sharding.SHARED_OUT
    }
    (told,) = re.findall(r"foreign keys\*\* lead [^:]+: (.+?)\.\n", TEXT, re.DOTALL)
    parts = [re.findall(r"`(\w+)`", part) for part in told.split(";")]
    assert {(one, part[-1]) for part in parts for one in part[:-1]} == leading


def test_the_list_of_statements_is_that_of_the_code():
    """`python -m bench sharding --write` writes it anew: look at what became worse."""
    assert sharding.LIST.read_text() == sharding.listed()


@pytest.mark.parametrize("reach", Reach)
def test_statements_are_counted(reach):
    assert int(row(f"`{reach}`")) == Counter(one.reach for one in all_asked().values())[reach]


def test_functions_that_make_statements_are_counted():
    assert int(row(f"`{sharding.AT_NEED}`")) == len(sharding.made_at_need())


def test_the_model_is_told_as_it_is_printed():
    assert "\n".join(model.table(model.Given())) in TEXT
    assert "\n".join(model.replicas(model.Given())) in TEXT


READ = [
    ("SELECT name FROM users WHERE id = %(id)s", Asked(Reach.APART)),
    ("SELECT id FROM issues WHERE project_id = CAST(%(p)s AS bigint)", Asked(Reach.WITHIN)),
    ("SELECT 1 FROM issues AS i JOIN labels ON labels.project_id = i.project_id AND i.project_id = %(p)s", Asked(Reach.WITHIN)),
    ("SELECT 1 FROM issues JOIN projects ON projects.id = issues.project_id WHERE projects.id = %(p)s", Asked(Reach.WITHIN)),
    ("SELECT 1 FROM issues JOIN projects ON projects.id = issues.project_id WHERE projects.key = %(k)s", Asked(Reach.KEY, ("issues",))),
    ("SELECT 1 FROM issues JOIN comments ON issue_id = issues.id WHERE issues.project_id = %(p)s", Asked(Reach.PARTLY, ("comments",))),
    ("SELECT 1 FROM issues WHERE issues.project_id IN (%(p)s, %(q)s)", Asked(Reach.WITHIN)),
    ("SELECT 1 FROM issues WHERE issues.project_id = any(%(p)s::BIGINT[])", Asked(Reach.WITHIN)),
    ("INSERT INTO labels (project_id, name) VALUES (%(p)s, %(n)s)", Asked(Reach.WITHIN)),
    ("INSERT INTO reactions (issue_id, user_id) VALUES (%(issue_id)s, %(user_id)s)", Asked(Reach.ROW, ("reactions",))),
    ("UPDATE comments SET body = %(body)s WHERE id = %(comment_id)s", Asked(Reach.ROW, ("comments",))),
    ("SELECT 1 FROM issue_assignees WHERE user_id = %(viewer_id)s", Asked(Reach.PERSON, ("issue_assignees",))),
    ("DELETE FROM webhook_deliveries WHERE created_at < now() - %(kept)s", Asked(Reach.ALL, ("webhook_deliveries",))),
    ("SELECT EXISTS (SELECT FROM issues AS any_of WHERE any_of.private) FROM users WHERE users.id = %(id)s", Asked(Reach.ALL, ("issues",))),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "told"), READ)
def test_what_a_statement_asks_is_read_from_it(statement, told):
    assert sharding.asked(statement) == told
