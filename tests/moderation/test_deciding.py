"""What is decided is what was looked at: an author has their wish, and others may change a post meanwhile."""

import re

import pytest
from sqlalchemy import text

from webapp.db import db
from webapp.moderation import repository, service

WALL = "/projects/WALL"
ISSUES, COMMENTS, MODERATION = f"{WALL}/issues", f"{WALL}/issues/1/comments", f"{WALL}/moderation"
PILLS = {"title": "Pills", "body": "Cheap pills!"}

AWAY = """
UPDATE issues SET project_id = :there, status_id = (SELECT min(id) FROM statuses WHERE project_id = :there)
WHERE number = :number
"""

pytestmark = pytest.mark.usefixtures("careful", "wall")


@pytest.fixture
def decide(api, ada):
    return lambda verdict, *posts: api(ada).post(MODERATION, {"verdict": verdict, "posts": list(posts)}, status=200)


@pytest.fixture
def held(api, eve):
    """The number of Eve's issue."""
    return api(eve).post(ISSUES, PILLS)["number"]


def form_of(browser, url):
    """The fields of the form that changes an issue or a comment, as they stand there."""
    fields = browser.get(f"{url}/edit").fields
    return {
        name: fields[name] for name in ("_method", "title", "body", "private", "version", "base") if name in fields
    }


def test_its_author_makes_it_private_while_it_waits(api, ada, eve, held, decide):
    """A password is seen in it before anybody has approved it."""
    assert api(eve).patch(f"{ISSUES}/{held}", {"private": True})["held"]
    decide("keep", str(held))
    shown = api(ada).get(f"{ISSUES}/{held}")
    assert (shown["private"], "held" in shown) == (True, False)
    api().get(f"{ISSUES}/{held}", status=404)


def test_the_form_shows_that_wish_and_changes_it(api, browser, eve, held, decide):
    author, url = browser(eve), f"{ISSUES}/{held}"
    for title in ("Better pills", "The best pills"):  # to leave that as it is is no wish
        form = form_of(author, url)
        assert form["private"] == "false"
        author.post(url, {**form, "title": title})
    form = form_of(author, url)
    author.post(url, {**form, "private": "true"})
    assert form_of(author, url)["private"] == "true"
    decide("keep", str(held))
    assert api(eve).get(url)["title"] == "The best pills"
    api().get(url, status=404)


def test_to_leave_it_as_it_is_shows_it_once_it_is_approved(api, browser, eve, held, decide):
    author, url = browser(eve), f"{ISSUES}/{held}"
    author.post(url, {**form_of(author, url), "title": "Better pills"})
    decide("keep", str(held))
    assert api().get(url)["title"] == "Better pills"


def test_many_are_made_private_while_they_wait(api, ada, held, decide):
    api(ada).patch(f"{ISSUES}?q=is:all", {"private": True})
    decide("keep", str(held))
    api().get(f"{ISSUES}/{held}", status=404)


def test_a_comment_is_made_private_while_it_waits(api, browser, ada, eve, decide):
    comment = api(eve).post(COMMENTS, {"body": "My password is pills."})["id"]
    url = f"{COMMENTS}/{comment}"
    owner = browser(ada)
    assert form_of(owner, url)["private"] == "false"
    api(eve).patch(url, {"private": True}, status=403)  # she would get no answer to it
    assert api(ada).patch(url, {"private": True})["held"]
    assert form_of(owner, url)["private"] == "true"
    decide("keep", f"1c{comment}")
    (shown,) = api(eve).get(COMMENTS)["items"]
    assert (shown["private"], "held" in shown) == (True, False)
    assert api().get(COMMENTS)["items"] == []
    assert api().get(f"{ISSUES}/1")["comment_count"] == 0


def test_what_was_moved_between_two_looks_is_left_and_the_rest_is_done(
    api, make, ada, eve, held, decide, monkeypatch
):
    scree = make.project(ada, key="SCREE", visibility="public")
    away = {"number": held, "there": scree.id}
    rest = api(eve).post(ISSUES, PILLS)["number"]
    real = service._decide

    def late(project, issue, *more):
        if issue.number == held:
            db.session.execute(text(AWAY), away)
        return real(project, issue, *more)

    monkeypatch.setattr(service, "_decide", late)
    told = decide("keep", str(held), str(rest))
    assert (told["done"], [one["post"] for one in told["left"]]) == (1, [str(held)])
    assert api().get(f"{ISSUES}/{rest}")["title"] == "Pills"


@pytest.mark.parametrize("verdict", ["keep", "remove"])
def test_what_was_edited_since_it_was_looked_at_is_left(api, ada, eve, held, decide, verdict):
    comment = api(eve).post(COMMENTS, {"body": "Nice."})["id"]
    posts = {one["post"]: one for one in api(ada).get(MODERATION)["items"]}
    looked = [f"{post}@{posts[post]['version']}" for post in (str(held), f"1c{comment}")]
    api(eve).patch(f"{ISSUES}/{held}", {"body": "Cheaper pills!"})
    api(eve).patch(f"{COMMENTS}/{comment}", {"body": "Pills!"})
    told = decide(verdict, *looked)
    assert (told["done"], [one["post"] for one in told["left"]]) == (0, looked)
    assert "Look at it first" in told["left"][0]["detail"]
    assert len(api(ada).get(MODERATION)["items"]) == 2
    api().get(f"{ISSUES}/{held}", status=404)
    again = [f"{one['post']}@{one['version']}" for one in api(ada).get(MODERATION)["items"]]
    assert decide(verdict, *again) == {"done": 2, "left": []}


def test_the_page_decides_on_what_it_showed(api, browser, ada, eve, held):
    owner = browser(ada)
    value = re.search('name="posts"\\s+value="([^"]+)"', owner.get(MODERATION).text)[1]
    api(eve).patch(f"{ISSUES}/{held}", {"body": "Cheaper pills!"})
    assert owner.post(MODERATION, {"verdict": "keep", "posts": value}, status=409).says("Cheaper pills!")
    api().get(f"{ISSUES}/{held}", status=404)


@pytest.mark.parametrize("statement", ["_COUNTED", "_LISTED"])
def test_to_count_what_waits_reads_no_comments_but_these(app, api, make, ada, eve, wall, statement):
    """Each page of a project whose moderators look at it asks so."""
    api(eve).post(COMMENTS, {"body": "Nice."})
    with app.app_context():
        db.session.execute(
            text(
                "INSERT INTO comments (issue_id, author_id, body)"
                " SELECT id, author_id, 'So it is.' FROM issues, generate_series(1, 5000) WHERE number = 1"
            )
        )
        for table in ("comments", "issues", "held_posts", "post_reports"):
            db.session.execute(text(f"ANALYZE {table}"))
        asked = str(getattr(repository, statement)._compiled.statement)
        plan = "\n".join(db.session.execute(text(f"EXPLAIN {asked}"), {"project_id": wall.id, "most": 100}).scalars())
    assert "held_posts" in plan
    assert "Seq Scan on comments" not in plan, plan


def test_what_does_not_wait_is_left(api, ada, eve, held, decide):
    """Also by whoever may put it into the trash: here is decided on what was held or reported, once."""
    comment = api(ada).post(COMMENTS, {"body": "Seen."})["id"]
    posts = ["1", f"1c{comment}"]
    for verdict in ("keep", "remove", "block"):
        told = decide(verdict, *posts)
        assert (told["done"], [one["post"] for one in told["left"]]) == (0, posts)
        assert {one["detail"] for one in told["left"]} == {"It does not wait for a decision any more."}
    assert api(ada).get(f"{WALL}/trash")["items"] == []
    assert decide("keep", str(held)) == {"done": 1, "left": []}
    assert decide("remove", str(held))["done"] == 0
    assert api().get(f"{ISSUES}/{held}")["title"] == "Pills"


def test_where_nothing_was_done_a_browser_hears_that_it_failed_and_why(api, browser, make, ada, eve, held):
    """What it ticked is ticked as it is shown now."""
    owner = browser(ada)
    looked = re.search('name="posts"\\s+value="([^"]+)"', owner.get(MODERATION).text)[1]
    api(eve).patch(f"{ISSUES}/{held}", {"body": "Cheaper pills!"})
    page = owner.post(MODERATION, {"verdict": "keep", "posts": looked}, status=409)
    assert page.says("Something more has happened to WALL-2. Look at it first.")
    assert not page.says("stay, for all to see")
    assert re.search(f'value="{held}@2"[^>]* checked', page.text)
    assert re.search('role="alert"[^>]*id="problem"', page.text)


def test_whom_nobody_blocks_is_told_of_in_a_sentence(api, make, ada, eve, wall, decide):
    root = make.person("Root", is_admin=True)
    member = make.member(wall, "member")
    for number, who in ((2, root), (3, member)):
        api(who).post(ISSUES, PILLS)
        api(eve).post(f"{ISSUES}/{number}/reports", {"reason": "spam"}, status=200)
    told = decide("block", "2", "3")
    assert [one["detail"] for one in told["left"]] == [
        "Root cannot be blocked.",
        "Member is a member. Remove them from the project first.",
    ]


def test_what_was_left_beside_what_was_done_is_said_with_its_key(api, browser, ada, held):
    owner = browser(ada)
    owner.post(MODERATION, {"verdict": "keep", "posts": [str(held), "1"]})
    page = owner.get(MODERATION)
    assert page.says(
        "1 post stays, for all to see. 1 left as before. WALL-1: It does not wait for a decision any more."
    )


def test_without_a_tick_it_says_what_is_missing(browser, ada, held):
    assert browser(ada).post(MODERATION, {"verdict": "keep"}, status=422).says("A post is required")
