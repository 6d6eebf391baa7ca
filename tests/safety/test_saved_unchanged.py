"""Whoever opens a form that changes something, and saves what stands in it, has changed nothing.

A box that is ticked though the thing says no would be found here, and so would a field that is not filled.
"""

from urllib.parse import urlsplit

import pytest

from tests.browser.forms import Forms
from tests.browser.seeding import widen
from tests.clients import HTML
from tests.sso.conftest import acme, offer
from tests.test_permissions import ROUTES, there_is
from webapp.text import elsewhere

__all__ = ["acme", "offer"]

# Rooms whose forms do what their buttons say, and begin with nothing.
ACTS = {"bulk", "inbox", "mail_in", "watching"}
# Some things have them of the last time that they were saved.
STAMPS = {"updated_at", "version"}


@pytest.fixture
def there(make, api, monkeypatch):
    """One of each thing, with those tokens limited that can be."""
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    things, people = there_is(make, "private")
    admin = api(people["admin"])
    limits = {"projects": [make.project(people["admin"], key="WALL").key]}
    widen(api(people["owner"]), things)
    things["feed_token"] = admin.post("/auth/feeds", {"name": "Report", **limits})["id"]
    things["personal_token"] = admin.post("/auth/tokens", {"name": "Report", "scope": "read", **limits})["id"]
    return things, people


def edits(app, things):
    """Of each form that changes something: the operation, where the form stands, and where it is sent."""
    build = app.url_map.bind("localhost").build
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for endpoint in sorted(rules):
        operation = getattr(app.view_functions[endpoint], "operation", None)
        room = endpoint.partition(".")[0]
        if operation is None or operation.method not in ("PATCH", "PUT") or not operation.form or room in ACTS:
            continue
        page = f"{room}.{operation.form}"
        ats = [
            {name: things[ROUTES[one].at.get(name, name)] for name in rules[one].arguments}
            for one in (page, endpoint)
        ]
        yield endpoint, build(page, ats[0]), build(endpoint, ats[1], method="POST")


def told(client, address):
    """What there is at an address as JSON, or in the list that it is of."""
    while (answer := client.send("GET", address)).status_code != 200 or not answer.is_json:
        address = address.rpartition("/")[0]
    return {name: value for name, value in answer.json.items() if name not in STAMPS}


def test_what_is_saved_as_it_stands_changes_nothing(app, api, browser, there):
    things, people = there
    seen, changed = set(), {}
    for endpoint, page, action in edits(app, things):
        who = people["owner" if "MATRIX" in action else "admin"]
        client, at = api(who), browser(who)
        for form in Forms(page, at.get(page).text).all.values():
            if urlsplit(form.action).path != action or not form.has_fields:
                continue
            before = told(client, action)
            answer = at.client.post(action, data=dict_of(form.values), headers=HTML)
            seen.add(endpoint)
            if answer.status_code != 303 or told(client, action) != before:
                after = told(client, action)
                changed[endpoint] = (
                    answer.status_code,
                    [(before[one], after[one]) for one in after if after[one] != before[one]],
                )
    assert changed == {}
    assert len(seen) > 19


def dict_of(values):
    """The fields of a form as the client sends them: all values of a name."""
    return {name: [value for other, value in values if other == name] for name, _ in values}
