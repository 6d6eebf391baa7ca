"""A text is read before the change that writes it; what is answered is the same."""

import pytest
from sqlalchemy import text

from webapp.db import transacting

URL = "/projects/WALL/issues"
KEY = {"Idempotency-Key": "once"}
LINK = '<a href="/projects/WALL/issues/1" class="reference">#1</a>'


@pytest.fixture(autouse=True)
def wall(make, ada):
    project = make.project(ada, key="WALL")
    make.issue(project, ada)
    return project


@pytest.mark.parametrize("headers", [{}, KEY])
@pytest.mark.parametrize("url", [URL, f"{URL}/1/comments"])
def test_what_is_named_is_linked_at_once(api, ada, url, headers):
    body = {"body": "See #1"} if url.endswith("comments") else {"title": "New", "body": "See #1"}
    made = api(ada).post(url, body, headers=headers)
    assert LINK in made["body_html"]
    assert LINK in api(ada).get(f"{url}/{made['id'] if 'comments' in url else made['number']}")["body_html"]


@pytest.mark.parametrize("headers", [{}, KEY])
def test_a_text_that_names_itself_leads_to_itself(api, ada, headers):
    made = api(ada).post(URL, {"title": "New", "body": "This is #2"}, headers=headers)
    assert "/issues/2" in api(ada).get(f"{URL}/{made['number']}")["body_html"]


def test_a_replay_is_told_though_it_would_be_refused_now(api, ada, make, wall):
    first = api(ada).post(URL, {"title": "New"}, headers=KEY)
    api(ada).send("POST", "/projects/WALL/archive", status=200)
    assert api(ada).post(URL, {"title": "New"}, headers=KEY) == first
    api(ada).post(URL, {"title": "Another"}, status=403)


def test_what_names_nothing_is_stored_with_its_html(api, ada, statements):
    made = api(ada).post(URL, {"title": "New", "body": "*Plain*"})
    statements.clear()
    assert api(ada).get(f"{URL}/{made['number']}")["body_html"] == "<p><em>Plain</em></p>\n"
    assert not [one for one in statements if one.startswith("UPDATE issues")]


def test_what_is_rendered_by_the_way_begins_no_change(app, api, ada):
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE issues SET body = 'Old', body_html = NULL, html_version = NULL"))
    made = api(ada).post(f"{URL}/1/comments", {"body": "See #1"}, headers=KEY)
    assert api(ada).post(f"{URL}/1/comments", {"body": "See #1"}, headers=KEY) == made
