"""Every field of an issue through every writer, and before every reader: none of these may forget one."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.changes.ground import ISSUES, WALL, Ground
from webapp.events.kinds import KINDS
from webapp.issues.fields import FIELDS, Field, Right
from webapp.issues.rows import Typed
from webapp.lists.vocabulary import VOCABULARY
from webapp.models.issues import Issue

API = Path("docs/api.md")


@dataclass(frozen=True)
class Sample:
    """Another value of a field: how it is sent, how JSON has it then, what the page says, and which query finds it."""

    sent: Mapping[str, Any]
    json: Any
    page: str
    query: str = ""
    # The same for many at once and in a form, where that is otherwise; and what takes it away.
    many: Mapping[str, Any] | None = None
    form: Mapping[str, Any] | None = None
    away: Mapping[str, Any] | None = None


SAMPLES = {
    "title": Sample({"title": "Keystone"}, "Keystone", "Keystone"),
    "body": Sample({"body": "Of slate"}, "Of slate", "Of slate"),
    "private": Sample({"private": True}, True, "Private:", form={"private": "true"}),
    "state": Sample({"state": "closed"}, "closed", "Closed", "state:closed"),
    "close_reason": Sample(
        {"state": "closed", "close_reason": "not_planned"}, "not_planned", "Closed as not planned", "reason:not_planned"
    ),
    "resolution_note": Sample(
        {"state": "closed", "resolution_note": "Mortar renewed"}, "Mortar renewed", "Mortar renewed",
        "resolution:renewed",
    ),
    "status": Sample({"status": "In progress"}, "In progress", "In progress", 'status:"In progress"'),
    "labels": Sample(
        {"labels": ["defect"]}, ["defect"], "defect", "label:defect",
        many={"add_labels": ["defect"], "remove_labels": ["bug"]}, away={"labels": []},
    ),
    "assignees": Sample(
        {"assignees": ["{ada}"]}, ["Ada"], "Ada", "assignee:@me",
        many={"add_assignees": ["{ada}"], "remove_assignees": ["{member}"]}, away={"assignees": []},
    ),
    "milestone": Sample({"milestone": "{Summer}"}, "Summer", "Summer", "milestone:Summer"),
    "start_on": Sample({"start_on": "2026-03-01"}, "2026-03-01", "from 1 Mar 2026", "start:2026-03-01"),
    "due_on": Sample({"due_on": "2031-12-24"}, "2031-12-24", "due 24 Dec 2031", "due:2031-12-24"),
    "priority": Sample({"priority": "high"}, "high", "High", "priority:high", away={"priority": "none"}),
    "estimate": Sample({"estimate": 5}, 5, "5 points", "estimate:5"),
    "parent": Sample({"parent": 2}, "WALL-2", "Part of", "parent:#2"),
}  # fmt: skip
# By which fields a board has columns, and what these are called.
BOARD = {"status": "status", "priority": "priority", "assignees": "assignee", "milestone": "milestone"}


def those(**how: Any) -> Any:
    """A test of each field that is so."""
    chosen = [one for one in FIELDS if all(bool(getattr(one, name)) is wanted for name, wanted in how.items())]
    return pytest.mark.parametrize("field", chosen, ids=[one.name for one in chosen])


def told(issue: Mapping[str, Any], field: Field) -> Any:
    """A field's value as JSON has it, things by what they are called."""
    value = issue[field.name]
    if isinstance(value, list):
        return [one["name"] for one in value]
    return value.get("key", value.get("title")) if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def laid(laid: Ground) -> Ground:
    laid.client.post(ISSUES, {"title": "Scree"})
    return laid


@pytest.fixture
def wall(ground: Ground) -> Ground:
    return ground


def patched(wall: Ground, field: Field) -> Any:
    return wall.client.patch(f"{ISSUES}/1", wall.filled(SAMPLES[field.name].sent))


def cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, list) else str(value)


def test_every_field_has_a_sample_and_is_stored():
    assert [one.name for one in FIELDS] == list(SAMPLES)
    assert {one.column for one in FIELDS} <= set(Issue.__table__.columns.keys())
    assert all(one.name in one.event.touches for one in FIELDS)


def test_what_is_read_of_an_issue_is_what_is_told_as_it_was_typed():
    assert {one.name for one in fields(Typed)} == {one.name for one in FIELDS if one.plain} - {"priority"}


def test_no_event_touches_a_field_that_nobody_knows():
    beside = {"project", "parts", "deleted", "restored_comment"}
    assert {name for kind in KINDS.values() for name in kind.touches} - beside == {one.name for one in FIELDS}


@those()
def test_one_is_changed_and_answers_show_it(wall, field):
    before, sample = told(wall.issue(), field), SAMPLES[field.name]
    assert before != sample.json
    assert told(patched(wall, field), field) == sample.json
    assert told(wall.issue(), field) == sample.json
    listed = {one["number"]: one for one in wall.client.get(f"{ISSUES}?q=is:all")["items"]}
    assert field.name == "body" or told(listed[1], field) == sample.json


@those()
def test_the_answer_to_a_change_is_what_is_read_afterwards(wall, field):
    """It is made of what was read before and what was written; then once more of both, with nothing to write."""
    assert patched(wall, field) == wall.issue()
    assert patched(wall, field) == wall.issue()
    back = SAMPLES[field.name].away or (
        {"state": "open"} if field.name in ("state", "close_reason") else {"title": "Lower"}
    )
    assert wall.client.patch(f"{ISSUES}/1", back) == wall.issue()


@those()
def test_an_event_tells_it_and_leads_back(wall, field):
    before = told(wall.issue(), field)
    patched(wall, field)
    events = wall.client.get(f"{ISSUES}/1/events?limit=100")["items"]
    mine = [one for one in events if field.name in KINDS[one["kind"]].touches and one["kind"] != "opened"]
    assert mine
    assert field.event.kind in {one["kind"] for one in mine} or field.name == "close_reason"
    if not KINDS[mine[-1]["kind"]].lasting:
        wall.client.post(f"{ISSUES}/1/undo", {"change": mine[-1]["change_id"]}, status=200)
        assert told(wall.issue(), field) == before


@those()
def test_a_form_changes_it(wall, field, browser):
    sample = SAMPLES[field.name]
    form = wall.filled(sample.form or sample.sent)
    form = {name: ["", *map(str, value)] if isinstance(value, list) else value for name, value in form.items()}
    browser(wall.ada).post(f"{ISSUES}/1", form)
    assert told(wall.issue(), field) == sample.json


@those()
def test_a_form_has_it(wall, field, browser):
    someone, mark = browser(wall.ada), f'name="{field.name}"'
    assert any(mark in someone.get(f"{ISSUES}/1{page}").text for page in ("", "/edit", "/closure"))


@those(new=True)
def test_a_new_issue_can_have_it(wall, field, browser):
    sent = wall.filled({"title": "Arch", **SAMPLES[field.name].sent})
    assert told(wall.client.post(ISSUES, sent), field) == SAMPLES[field.name].json
    assert f'name="{field.name}"' in browser(wall.ada).get(f"{ISSUES}/new").text


@those(new=False)
def test_a_new_issue_cannot_have_it(wall, field):
    wall.client.post(ISSUES, wall.filled({"title": "Arch", **SAMPLES[field.name].sent}), status=422)


@those(bulk=True)
def test_many_are_changed(wall, field, browser):
    sample = SAMPLES[field.name]
    wall.client.patch(ISSUES, {"numbers": [1], **wall.filled(sample.many or sample.sent)})
    assert told(wall.issue(), field) == sample.json
    form = browser(wall.ada).get(f"{ISSUES}/bulk?numbers=1").text
    assert all(f'name="{name}"' in form for name in sample.many or [field.name])


@those(bulk=False)
def test_many_are_not_changed(wall, field):
    wall.client.patch(ISSUES, {"numbers": [1], **wall.filled(SAMPLES[field.name].sent)}, status=422)


@those(part=True)
def test_it_has_a_form_of_its_own(wall, field, browser):
    wall.client.patch(f"{ISSUES}/1", {"state": "open"})
    assert f'name="{field.name}"' in browser(wall.ada).get(f"{ISSUES}/1/{field.part}").text


@pytest.mark.parametrize("name", BOARD)
def test_a_card_is_moved(wall, name):
    field, value = next(one for one in FIELDS if one.name == name), SAMPLES[name].json
    columns = wall.client.get(f"{WALL}/board?by={BOARD[name]}")["columns"]
    shown = value[0] if isinstance(value, list) else value
    column = next(one["key"] for one in columns if one["name"].lower() == shown.lower())
    move = {"number": 1, "by": BOARD[name], "column": column, "from_column": str(wall.ids["member"])}
    wall.client.post(
        f"{WALL}/board/moves", move if name == "assignees" else {**move, "from_column": None}, status=200
    )
    assert shown in cell(told(wall.issue(), field))


@those()
def test_the_page_shows_it(wall, field, browser):
    patched(wall, field)
    assert browser(wall.ada).get(f"{ISSUES}/1").says(SAMPLES[field.name].page)


@those()
def test_exports_have_it(wall, field):
    patched(wall, field)
    lines = wall.client.send("GET", f"{ISSUES}.jsonl?q=is:all", status=200).text.splitlines()
    line = next(one for one in map(json.loads, lines) if one["number"] == 1)
    assert told(line, field) == SAMPLES[field.name].json
    table = wall.client.send("GET", f"{ISSUES}.csv?q=is:all", status=200).text.lstrip("\ufeff")
    row = next(one for one in csv.DictReader(StringIO(table)) if one["number"] == "1")
    assert row.get(field.name) == (cell(SAMPLES[field.name].json) if field.table else None)


@those(query=True)
def test_a_query_finds_it(wall, field):
    query = SAMPLES[field.name].query
    assert query.partition(":")[0] == field.query
    assert 1 not in wall.found(query)
    patched(wall, field)
    assert 1 in wall.found(query)
    assert 1 not in wall.found(f"is:all -{query}")


@those(query=True)
def test_the_language_tells_of_it(wall, field):
    asked = {one["name"]: one for one in wall.client.get(f"{ISSUES}/query")["items"]}
    assert VOCABULARY[field.query].meaning == asked[field.query]["meaning"]
    assert (field.query in asked["has"]["values"]) is field.optional
    assert (f"was:{field.query}" in asked) is field.was


@those()
def test_a_change_of_it_is_found(wall, field):
    query = f"is:all changed:{field.query or field.name}"
    assert wall.found(query + " to:nothing-like-this") == []
    patched(wall, field)
    assert 1 in wall.found(query)


@those(was=True)
def test_what_it_was_is_found(wall, field):
    patched(wall, field)
    wall.client.patch(f"{ISSUES}/1", SAMPLES[field.name].away or {field.name: {"status": "Todo"}.get(field.name)})
    assert 1 not in wall.found(SAMPLES[field.name].query)
    assert 1 in wall.found(f"was:{SAMPLES[field.name].query}")


@those(optional=True)
def test_whether_there_is_one_is_found(wall, field):
    patched(wall, field)
    assert (1 in wall.found(f"is:all has:{field.query}"), 1 in wall.found(f"is:all no:{field.query}")) == (
        True,
        False,
    )
    wall.client.patch(f"{ISSUES}/1", SAMPLES[field.name].away or {field.name: None})
    assert (1 in wall.found(f"is:all has:{field.query}"), 1 in wall.found(f"is:all no:{field.query}")) == (
        False,
        True,
    )


@those()
def test_whoever_has_the_right_to_changes_it(wall, field, api, eve):
    """Eve wrote the issue and is no member."""
    wall.client.patch(WALL, {"visibility": "public"})
    number = api(eve).post(ISSUES, {"title": "Arch"})["number"]
    refused = 403 if field.right is Right.PLAN else 200
    api(eve).patch(f"{ISSUES}/{number}", wall.filled(SAMPLES[field.name].sent), status=refused)


@those()
def test_the_description_of_the_interface_names_it(field):
    assert field.name in API.read_text()
    assert field.query is None or f"{field.query}:" in API.read_text() or f"`{field.query}`" in API.read_text()
