"""Atom feeds of lists and issues, as RFC 4287 has them."""

from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import text

from webapp.db import transacting
from webapp.feeds.atom import BEGINNING, Atom, Entry

LIST = "/projects/WALL/issues"
A = "{http://www.w3.org/2005/Atom}"


def feed(response):
    assert response.mimetype == "application/atom+xml"
    root = ET.fromstring(response.get_data())
    for needed in ("id", "title", "updated"):
        assert len(root.findall(A + needed)) == 1
        assert all(len(entry.findall(A + needed)) == 1 for entry in root.iter(f"{A}entry"))
    ids = [one.text for one in root.iter(f"{A}id")]
    assert len(ids) == len(set(ids))
    return root


def titles(root):
    return [entry.findtext(f"{A}title") for entry in root.iter(f"{A}entry")]


def ids(root):
    return [entry.findtext(f"{A}id") for entry in root.iter(f"{A}entry")]


def links(element):
    return {link.get("rel"): link.get("href") for link in element.findall(f"{A}link")}


def test_a_list_has_a_feed(api, ada, make, project):
    make.issue(project, ada, title="One", body="**Loose**")
    make.issue(project, ada, title="Two")
    root = feed(api(ada).send("GET", f"{LIST}.atom?q=is:open", status=200))
    assert titles(root) == ["WALL-2 Two", "WALL-1 One"]
    assert links(root)["alternate"] == f"http://localhost{LIST}?q=is%3Aopen"
    first = root.findall(f"{A}entry")[1]
    assert first.findtext(f"{A}author/{A}name") == "Ada"
    assert links(first)["alternate"] == f"http://localhost{LIST}/1"
    assert first.find(f"{A}content").get("type") == "html"
    assert "<strong>Loose</strong>" in first.findtext(f"{A}content")


def test_links_in_texts_have_a_base(api, ada, make, project):
    make.issue(project, ada)
    root = feed(api(ada).send("GET", f"{LIST}.atom"))
    assert root.get("{http://www.w3.org/XML/1998/namespace}base") == "http://localhost/"


def test_it_shows_the_latest_activity_where_the_list_does(app, api, ada, make, project):
    make.issue(project, ada, title="Old")
    make.issue(project, ada, title="New")
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE issues SET updated_at = now() + interval '1 hour' WHERE title = 'Old'"))
    assert titles(feed(api(ada).send("GET", f"{LIST}.atom")))[0] == "WALL-2 New"
    assert titles(feed(api(ada).send("GET", f"{LIST}.atom?sort=updated-desc")))[0] == "WALL-1 Old"


def test_entries_keep_their_names(api, ada, make, project):
    make.issue(project, ada)
    before = feed(api(ada).send("GET", f"{LIST}.atom"))
    api(ada).patch("/projects/WALL", {"key": "FENCE", "name": "Fence"})
    api(ada).patch("/projects/FENCE/issues/1", {"title": "Another title"})
    after = feed(api(ada).send("GET", f"{LIST}.atom", status=200))
    assert ids(after) == ids(before)
    assert after.findtext(f"{A}id") == before.findtext(f"{A}id")


def test_an_issue_has_a_feed_of_what_is_said(api, ada, make, project):
    issue = make.issue(project, ada, body="It is.")
    make.comment(project, issue, ada, "First.")
    make.comment(project, issue, ada, "Second <script>alert(1)</script>")
    root = feed(api(ada).send("GET", f"{LIST}/1.atom", status=200))
    assert titles(root) == ["Ada on WALL-1 A stone is loose"] * 2 + ["WALL-1 A stone is loose"]
    told = [entry.findtext(f"{A}content") for entry in root.iter(f"{A}entry")]
    assert "Second" in told[0]
    assert "<script" not in told[0]
    assert "It is." in told[2]


def test_a_deleted_comment_is_not_in_it(api, ada, make, project):
    comment = make.comment(project, make.issue(project, ada), ada, "Not so.")
    api(ada).delete(f"{LIST}/1/comments/{comment.id}")
    assert "Not so." not in api(ada).send("GET", f"{LIST}/1.atom").text


def test_what_xml_cannot_say_is_left_out(app, api, ada, make, project):
    make.issue(project, ada)
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE issues SET title = E'a\\x01b\\uFFFEc <&> ]]>'"))
    assert titles(feed(api(ada).send("GET", f"{LIST}.atom"))) == ["WALL-1 a\ufffdb\ufffdc <&> ]]>"]


@pytest.mark.parametrize("address", [f"{LIST}.atom", f"{LIST}.ics", f"{LIST}/1.atom"])
@pytest.mark.parametrize("packed", ["identity", "gzip"])
def test_what_is_as_it_was_is_not_sent_again(api, ada, make, project, address, packed):
    make.issue(project, ada, body="word " * 500, due_on="2026-12-24")
    client = api(ada, **{"Accept-Encoding": packed})
    sent = client.send("GET", address, status=200)
    tag = sent.headers["ETag"]
    assert client.send("GET", address, status=304, headers={"If-None-Match": tag}).get_data() == b""
    if "Last-Modified" in sent.headers:
        client.send("GET", address, status=304, headers={"If-Modified-Since": sent.headers["Last-Modified"]})
    api(ada).patch(f"{LIST}/1", {"title": "Another"})
    client.send("GET", address, status=200, headers={"If-None-Match": tag})


def test_an_empty_list_has_a_feed(api, ada, project):
    root = feed(api(ada).send("GET", f"{LIST}.atom", status=200))
    assert titles(root) == []


def test_fifty_issues_that_nobody_has_read_yet_cost_no_more(api, ada, many, statements):
    many(60, body="**new**")
    client = api(ada)
    statements.clear()
    root = feed(client.send("GET", f"{LIST}.atom", status=200))
    assert len(titles(root)) == 50
    assert "<strong>new</strong>" in root.findtext(f"{A}entry/{A}content")
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 5


def test_pages_say_where_their_feed_is(browser, ada, make, project):
    make.issue(project, ada)
    assert f'type="application/atom+xml" title="Rockery" href="{LIST}.atom?q=is%3Aall"' in (
        browser(ada).get(f"{LIST}?q=is:all").text
    )
    assert f'href="{LIST}/1.atom"' in browser(ada).get(f"{LIST}/1").text
    assert 'href="/issues.atom"' in browser(ada).get("/issues").text


def test_a_site_is_named_without_its_port():
    entry = Entry("issue/1", "t", "http://h:8000/x", "a", BEGINNING, BEGINNING, "")
    assert "<id>tag:h,2026:issue/1</id>" in Atom("http://h:8000", "issues", "t", "a", "o", [entry]).as_text()
