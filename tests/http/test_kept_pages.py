"""Pages that are kept: never another page than one that is made anew, and not made anew without need."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.clients import HTML
from webapp import clock, keeping
from webapp.board import service as board
from webapp.db import transacting
from webapp.http import drawing
from webapp.recent import RecentSet

LIST, ISSUE, PROJECT = "/projects/WALL/issues", "/projects/WALL/issues/1", "/projects/WALL"
MEMBERS, LABELS = "/projects/WALL/members", "/projects/WALL/labels"
NEW, HOME = "/projects/WALL/issues/new", "/"
# Two statements tell who asks and what the project's counters are; all else is kept.
GUARD = 2

_OWN = re.compile(r'(name="(?:csrf_token|form_key)" value=")[^"]*')


@pytest.fixture(autouse=True)
def plainly(app, monkeypatch):
    """What is kept is used, and not compared by whoever uses it: that is what is tested here."""
    monkeypatch.setattr(keeping, "PARANOID", False)
    app.extensions["keeping"].clear()


class Wall:
    """A project in which everything is there that its pages show, and the pages that are kept."""

    def __init__(self, app, api, make, ada):
        self.app, self.ada = app, ada
        self.project = make.project(ada, key="WALL", name="Wall", visibility="internal")
        self.bob = make.member(self.project, "member")
        ask = api(ada)
        ask.post(LABELS, {"name": "bug", "color": "#d34467"})
        self.milestone = ask.post("/projects/WALL/milestones", {"title": "Spring", "due_on": "2031-03-01"})["id"]
        ask.post("/projects/WALL/views", {"name": "Urgent", "query": "is:open priority:urgent", "pinned": True})
        ask.post(MEMBERS, {"email": "new@example.com", "role": "reporter"})
        fields = {"labels": ["bug"], "milestone": self.milestone, "assignees": [self.bob.id], "due_on": "2031-01-01"}
        ask.post(LIST, {"title": "A stone is loose", "body": "It moves.", **fields})
        ask.post(LIST, {"title": "A part of it", "parent": 1})
        ask.post(f"{ISSUE}/comments", {"body": "I saw it."})
        self.looks = [
            PROJECT, LIST, f"{LIST}?q=is:all+sort:updated-desc", f"{LIST}?q=label:bug", f"{LIST}?q=assignee:@me",
            ISSUE, f"{LIST}/2", f"{ISSUE}?q=is:open", "/projects/WALL/board", "/projects/WALL/board?by=assignee",
            "/projects/WALL/milestones", f"/projects/WALL/milestones/{self.milestone}", LABELS, MEMBERS, NEW, HOME,
        ]  # fmt: skip

    def run(self, *statements):
        """By hand, as psql would; each change a transaction."""
        for statement in statements:
            values = {"wall": self.project.id, "ada": self.ada.id, "bob": self.bob.id, "milestone": self.milestone}
            with self.app.app_context(), transacting() as session:
                session.execute(text(statement), values)

    def seen(self, browser):
        answers = {look: browser.client.get(look, headers=HTML) for look in self.looks}
        return {
            look: (answer.status_code, plain(answer) if answer.status_code == 200 else "")
            for look, answer in answers.items()
        }

    def told(self, client):
        """What a client hears of all of it, as JSON."""
        answers = {look: client.client.get(look, headers={"Accept": "application/json"}) for look in self.looks}
        return {
            look: (answer.status_code, answer.headers.get("ETag"), answer.text if answer.status_code == 200 else "")
            for look, answer in answers.items()
        }

    def anew(self, browser):
        self.app.extensions["keeping"].clear()
        return self.seen(browser)


def plain(page):
    return _OWN.sub(r"\1", page.text)


@pytest.fixture
def wall(app, api, make, ada):
    return Wall(app, api, make, ada)


OF_ONE = "(SELECT id FROM issues WHERE project_id = :wall AND number = 1)"
OF_TWO = "(SELECT id FROM issues WHERE project_id = :wall AND number = 2)"
CHANGES = {
    "a title": "UPDATE issues SET title = 'Another stone' WHERE project_id = :wall AND number = 1",
    "the title of a part": "UPDATE issues SET title = 'Another part' WHERE project_id = :wall AND number = 2",
    "a text": "UPDATE issues SET body = 'New.', body_html = '<p>New.</p>' WHERE id = " + OF_ONE,
    "a priority": "UPDATE issues SET priority = 3 WHERE id = " + OF_ONE,
    "a status": "UPDATE issues SET status_id = (SELECT id FROM statuses WHERE project_id = :wall AND category ="
    " 'started' ORDER BY position LIMIT 1) WHERE id = " + OF_ONE,
    "a day": "UPDATE issues SET due_on = '2031-02-01' WHERE id = " + OF_ONE,
    "an estimate": "UPDATE issues SET estimate = 5 WHERE id = " + OF_ONE,
    "a place on the board": "UPDATE issues SET rank = 'V' WHERE id = " + OF_ONE,
    "a part no more": "UPDATE issues SET parent_id = NULL WHERE id = " + OF_TWO,
    "in the trash": "UPDATE issues SET deleted_at = now(), deleted_by = :ada WHERE id = " + OF_TWO,
    "a label taken": "DELETE FROM issue_labels WHERE issue_id = " + OF_ONE,
    "an assignee taken": "DELETE FROM issue_assignees WHERE issue_id = " + OF_ONE,
    "assigned": f"INSERT INTO issue_assignees (issue_id, user_id, project_id) VALUES ({OF_TWO}, :ada, :wall)",
    "tied": "INSERT INTO issue_links (kind, source_id, target_id, created_by)"
    f" VALUES ('blocks', {OF_ONE}, {OF_TWO}, :ada)",
    "named": "INSERT INTO issue_references (source_issue_id, said, target_issue_id, actor_id)"
    f" VALUES ({OF_TWO}, '#1', {OF_ONE}, :ada)",
    "a comment": f"INSERT INTO comments (issue_id, author_id, body) VALUES ({OF_ONE}, :bob, 'So did I.')",
    "a comment changed": "UPDATE comments SET body = 'No.', body_html = NULL, edited_at = now() WHERE issue_id = "
    + OF_ONE,
    "a comment in the trash": "UPDATE comments SET deleted_at = now(), deleted_by = :ada WHERE issue_id = " + OF_ONE,
    "an event": "INSERT INTO events (project_id, issue_id, actor_id, change_id, kind, data) VALUES"
    f' (:wall, {OF_ONE}, :ada, gen_random_uuid(), \'renamed\', \'{{"old": "a", "new": "b"}}\')',
    "a label's name": "UPDATE labels SET name = 'fault' WHERE project_id = :wall",
    "a label's colour": "UPDATE labels SET color = '#112233' WHERE project_id = :wall",
    "another label": "INSERT INTO labels (project_id, name, color) VALUES (:wall, 'new', '#445566')",
    "a status' name": "UPDATE statuses SET name = 'Heap' WHERE project_id = :wall AND position ="
    " (SELECT min(position) FROM statuses WHERE project_id = :wall)",
    "a limit": "UPDATE statuses SET wip_limit = 1 WHERE project_id = :wall",
    "a milestone's title": "UPDATE milestones SET title = 'Summer' WHERE id = :milestone",
    "a milestone's day": "UPDATE milestones SET due_on = '2031-04-01' WHERE id = :milestone",
    "a milestone closed": "UPDATE milestones SET state = 'closed', closed_at = now() WHERE id = :milestone",
    "a view's name": "UPDATE views SET name = 'Hot' WHERE project_id = :wall",
    "a view not pinned": "UPDATE views SET pinned = false WHERE project_id = :wall",
    "somebody's name": "UPDATE users SET name = 'Robert' WHERE id = :bob",
    "somebody's address": "UPDATE users SET email = 'robert@example.com' WHERE id = :bob",
    "somebody else's role": "UPDATE memberships SET role = 'viewer' WHERE project_id = :wall AND user_id = :bob",
    "a member gone": "DELETE FROM memberships WHERE project_id = :wall AND user_id = :bob",
    "an invitation gone": "DELETE FROM invitations WHERE project_id = :wall",
    "the project's name": "UPDATE projects SET name = 'Fence' WHERE id = :wall",
    "what the project is": "UPDATE projects SET description = 'Of stones.' WHERE id = :wall",
    "the archive": "UPDATE projects SET archived_at = now() WHERE id = :wall",
    "who sees it": "UPDATE projects SET visibility = 'public' WHERE id = :wall",
    "an import": "UPDATE projects SET importing_since = now() WHERE id = :wall",
    "the numbers": "UPDATE projects SET open_issues = open_issues + 1 WHERE id = :wall",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_page_shows_a_change_at_once_whoever_makes_it(browser, wall, change):
    look = browser(wall.ada)
    wall.seen(look)  # which looks at some texts for the first time
    before = wall.seen(look)
    wall.told(look)
    wall.run(change)
    after, told = wall.seen(look), wall.told(look)
    assert after == wall.anew(look)
    assert after != before
    wall.app.extensions["keeping"].clear()
    assert told == wall.told(look)


def test_a_client_is_told_its_own_of_a_query_that_hangs_on_who_asks(api, wall):
    for query, bobs in (("assignee:@me", [1]), ("-author:@me", [2, 1]), ("due:<=2031-01-01", [1])):
        for _ in range(2):
            found = {
                who: api(one).get(f"{LIST}?q={query}")["items"] for who, one in (("ada", wall.ada), ("bob", wall.bob))
            }
            assert [one["number"] for one in found["bob"]] == bobs
            assert ([one["number"] for one in found["ada"]] == bobs) == query.startswith("due")


def test_a_clients_list_that_is_kept_costs_the_guard_alone(api, wall, statements):
    client = api(wall.ada)
    first = client.get(f"{LIST}?q=label:bug")
    statements.clear()
    assert client.get(f"{LIST}?q=label:bug") == first
    assert len(statements) == 1


def test_a_page_that_is_kept_costs_the_guard_alone(browser, wall, statements):
    look = browser(wall.ada)
    for _ in range(2):
        wall.seen(look)
    statements.clear()
    assert wall.seen(look) == wall.seen(look)
    beside = len([one for one in wall.looks if "board" in one])  # a board asks for its view in any case
    asked = [one for one in statements if one.startswith("SELECT")]
    assert len(asked) <= 2 * (GUARD * len(wall.looks) + beside)


def test_an_issue_is_drawn_anew_only_for_what_its_page_shows(api, browser, wall, monkeypatch):
    api(wall.ada).post(LIST, {"title": "Something else"})
    look, drawn, page = browser(wall.ada), [], drawing.page
    monkeypatch.setattr(drawing, "page", lambda *what, **context: drawn.append(what) or page(*what, **context))
    before = look.get(ISSUE)
    drawn.clear()
    wall.run("UPDATE issues SET title = 'Elsewhere' WHERE project_id = :wall AND number = 3")
    assert plain(look.get(ISSUE)) == plain(before)
    assert drawn == []
    wall.run(CHANGES["the title of a part"])
    assert "Another part" in look.get(ISSUE).text
    assert len(drawn) == 1


def test_a_form_that_was_sent_is_not_shown_again_with_its_key(api, browser, wall):
    """Once what it made is gone, the page is as it was before, but for that."""
    client, new = browser(wall.ada), f"{LIST}/new"
    first = client.client.get(new, headers=HTML)
    again = HTML | {"If-None-Match": first.headers["ETag"]}
    assert client.client.get(new, headers=again).status_code == 304
    made = api(wall.ada).post(LIST, {"title": "Sent"})
    api(wall.ada).delete(f"{LIST}/{made['number']}")
    second = client.client.get(new, headers=again)
    assert second.status_code == 200
    assert plain(second) == plain(first)


def test_whoever_looks_sees_the_page_as_theirs(app, browser, api, wall, make, eve):
    """Rights, name, zone, theme: one reader's page is no other's, and not their own from before."""
    bob = browser(wall.bob)
    steps = [
        lambda: api(wall.ada).patch(f"{MEMBERS}/{wall.bob.id}", {"role": "viewer"}),
        lambda: api(wall.ada).patch(f"{MEMBERS}/{wall.bob.id}", {"role": "maintainer"}),
        lambda: api(wall.bob).patch("/auth/me", {"name": "Robert"}),
        lambda: api(wall.bob).patch("/auth/me", {"time_zone": "Pacific/Kiritimati"}),
        lambda: bob.post("/appearance", {"theme": "dark"}),
        lambda: bob.post("/appearance", {"density": "compact"}),
        lambda: bob.post("/keys", {"keys": "off"}),
    ]
    for step in steps:
        before = wall.seen(bob)
        browser(eve).get(LIST), browser().get("/")
        step()
        bob.get("/")  # where the notice is told
        after = wall.seen(bob)
        assert after == wall.anew(bob)
        assert after[LIST] != before[LIST]
    api(wall.ada).patch(PROJECT, {"visibility": "private"})
    api(wall.ada).delete(f"{MEMBERS}/{wall.bob.id}")
    for look in wall.looks:
        bob.get(look, status=200 if look == HOME else 404)
    assert "A stone is loose" not in bob.get(HOME).text


class TestBeyondTheProject:
    """What is shown of other projects, which no counter of this one tells."""

    @pytest.fixture
    def other(self, api, make, wall):
        other = make.project(wall.bob, key="OTHER")
        make.issue(other, wall.bob, title="Elsewhere")
        return other

    def _shown(self, browser, wall, word):
        look = browser(wall.ada)
        look.get(ISSUE)
        return word in look.get(ISSUE).text

    def test_a_tied_issue_is_shown_as_it_is_now(self, api, browser, wall, other, make):
        api(wall.bob).post("/projects/OTHER/members", {"email": wall.ada.email, "role": "member"})
        api(wall.bob).post(f"{ISSUE}/relations", {"kind": "relates", "issue": "OTHER-1"})
        assert self._shown(browser, wall, "Elsewhere")
        api(wall.bob).patch("/projects/OTHER/issues/1", {"title": "Far away"})
        assert self._shown(browser, wall, "Far away")
        api(wall.bob).delete("/projects/OTHER/issues/1")
        assert not self._shown(browser, wall, "Far away")

    def test_a_tied_issue_is_shown_to_whoever_may_see_it_now(self, api, browser, wall, other):
        api(wall.bob).post(f"{ISSUE}/relations", {"kind": "relates", "issue": "OTHER-1"})
        assert not self._shown(browser, wall, "Elsewhere")
        api(wall.bob).post("/projects/OTHER/members", {"email": wall.ada.email, "role": "member"})
        assert self._shown(browser, wall, "Elsewhere")

    def test_a_text_that_names_the_issue_is_shown_at_once(self, api, browser, wall, other):
        api(wall.bob).post("/projects/OTHER/members", {"email": wall.ada.email, "role": "member"})
        assert not self._shown(browser, wall, "Elsewhere")
        api(wall.bob).patch("/projects/OTHER/issues/1", {"body": "As WALL-1 says."})
        assert self._shown(browser, wall, "Elsewhere")
        api(wall.bob).patch("/projects/OTHER/issues/1", {"title": "Far away"})
        assert self._shown(browser, wall, "Far away")

    def test_a_description_leads_to_what_there_is_now(self, api, browser, wall, other):
        api(wall.bob).post("/projects/OTHER/members", {"email": wall.ada.email, "role": "member"})
        api(wall.ada).patch(PROJECT, {"description": "See OTHER-2."})
        look = browser(wall.ada)
        for _ in range(2):
            assert "/projects/OTHER/issues/2" not in look.get(PROJECT).text
        api(wall.bob).post("/projects/OTHER/issues", {"title": "Second"})
        assert "/projects/OTHER/issues/2" in look.get(PROJECT).text

    def test_what_waits_for_another_project_is_found_as_it_is_now(self, api, browser, wall, other):
        api(wall.bob).post(f"{ISSUE}/relations", {"kind": "blocked_by", "issue": "OTHER-1"})
        look = browser(wall.bob)
        for _ in range(2):
            assert "A stone is loose" in look.get(f"{LIST}?q=is:blocked").text
        api(wall.bob).patch("/projects/OTHER/issues/1", {"state": "closed"})
        assert "A stone is loose" not in look.get(f"{LIST}?q=is:blocked").text


class TestTime:
    @pytest.fixture
    def goes_on(self, monkeypatch):
        """Lets time go on by so much."""
        began, gone = datetime.now(UTC), [timedelta()]
        monkeypatch.setattr(clock, "now", lambda: began + gone[0])
        return lambda **by: gone.__setitem__(0, gone[0] + timedelta(**by))

    def test_ages_grow(self, browser, wall, goes_on):
        look = browser(wall.ada)
        for step in ({"minutes": 2}, {"minutes": 30}, {"hours": 3}, {"days": 2}, {"days": 40}):
            wall.seen(look)
            goes_on(**step)
            assert wall.seen(look) == wall.anew(look)

    def test_an_age_lags_a_minute_at_most(self, browser, wall, goes_on):
        look = browser(wall.ada)
        goes_on(minutes=5, seconds=30)
        assert "5 minutes ago" in look.get(ISSUE).text
        goes_on(seconds=61)
        assert "6 minutes ago" in look.get(ISSUE).text

    def test_a_day_begins_at_the_readers_midnight(self, api, browser, wall, goes_on):
        look = browser(wall.ada)
        api(wall.ada).patch("/auth/me", {"time_zone": "Asia/Kathmandu"})
        tomorrow = (clock.now() + timedelta(hours=5, minutes=45)).date()
        api(wall.ada).patch(ISSUE, {"due_on": f"{tomorrow}"})
        midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC) + timedelta(hours=18, minutes=15)
        goes_on(seconds=(midnight - clock.now()).total_seconds() - 5)
        assert "overdue" not in look.get(LIST).text
        goes_on(seconds=10)
        assert "overdue" in look.get(LIST).text

    def test_an_invitation_expires(self, browser, wall, goes_on):
        look = browser(wall.ada)
        assert "expired" not in look.get(MEMBERS).text
        goes_on(days=14, minutes=1)
        wall.run("UPDATE invitations SET expires_at = now()")
        assert "expired" in look.get(MEMBERS).text

    def test_an_invitation_is_told_at_once_and_as_long_as_it_holds(self, browser, wall):
        look = browser(wall.bob)
        told = ["invites you" in look.get(HOME).text]
        for statement in (
            "UPDATE invitations SET email = upper((SELECT email FROM users WHERE id = :bob))",
            "UPDATE users SET email_confirmed_at = NULL WHERE id = :bob",
            "UPDATE users SET email_confirmed_at = now() WHERE id = :bob",
            "UPDATE invitations SET expires_at = now()",
        ):
            wall.run(statement)
            told.append("invites you" in look.get(HOME).text)
        assert told == [False, True, False, True, False]

    def test_first_steps_are_offered_for_a_fortnight(self, browser, wall, goes_on):
        look = browser(wall.bob)
        wall.run("UPDATE users SET time_zone = 'UTC', zone_chosen = false WHERE id = :bob")
        goes_on(days=13, hours=23)
        assert "First steps" in look.get(HOME).text
        goes_on(hours=2)
        assert "First steps" not in look.get(HOME).text

    def test_what_was_deleted_can_be_restored_for_an_hour(self, api, browser, wall, goes_on):
        comment = api(wall.bob).post(f"{ISSUE}/comments", {"body": "Oh."})["id"]
        api(wall.bob).delete(f"{ISSUE}/comments/{comment}")
        look = browser(wall.bob)
        goes_on(minutes=59)
        assert f"comments/{comment}/restoration" in look.get(ISSUE).text
        goes_on(minutes=1, seconds=1)
        assert f"comments/{comment}/restoration" not in look.get(ISSUE).text

    def test_what_a_column_was_lately_it_is_for_a_minute(self, api, browser, wall, goes_on, monkeypatch):
        for name, number in (("FIRST", 1), ("FEWEST", 1), ("COUNTED", 2)):
            monkeypatch.setattr(board, name, number)
        monkeypatch.setattr(board, "_long", RecentSet(seconds=60, most=10))
        api(wall.ada).post(LIST, {"title": "Third"})
        look = browser(wall.ada)
        look.get("/projects/WALL/board")
        api(wall.ada).delete(f"{LIST}/3")
        many = plain(look.get("/projects/WALL/board"))
        monkeypatch.setattr(board, "_long", RecentSet(seconds=60, most=10))  # what it does with its own clock
        goes_on(seconds=61)
        few = plain(look.get("/projects/WALL/board"))
        assert many != few == wall.anew(look)["/projects/WALL/board"][1]

    def test_a_query_about_the_moment_is_asked_anew(self, browser, wall, goes_on):
        look = browser(wall.ada)
        assert "A stone is loose" in look.get(f"{LIST}?q=created:<1h").text
        goes_on(hours=1, seconds=5)
        assert "A stone is loose" not in look.get(f"{LIST}?q=created:<1h").text


class TestOfEachAnswerItsOwn:
    def test_each_sign_in_has_its_own_tokens_and_each_answer_its_own_key(self, browser, wall):
        first, second = browser(wall.ada), browser(wall.ada)
        pages = [look.get(ISSUE) for look in (first, first, second)]
        for name in ("csrf_token", "form_key"):
            assert len({page.fields[name] for page in pages}) == 3
        first.post(f"{ISSUE}/comments", {"csrf_token": pages[0].fields["csrf_token"], "body": "Once."})
        first.post(f"{ISSUE}/comments", {"csrf_token": pages[2].fields["csrf_token"], "body": "Never."}, status=403)
        sent = {name: pages[2].fields[name] for name in ("csrf_token", "form_key")}
        assert second.post(f"{ISSUE}/comments", {**sent, "body": "Twice."}).location
        second.post(f"{ISSUE}/comments", {**sent, "body": "Twice."})
        assert first.get(ISSUE).text.count("<p>Twice.</p>") == 1

    def test_a_page_that_a_client_asked_for_has_the_browsers_token_as_well(self, api, browser, wall):
        api(wall.ada).send("GET", ISSUE, headers={"Accept": HTML["Accept"]}, status=200)
        look = browser(wall.ada)
        token = look.get(ISSUE).fields["csrf_token"]
        look.post(f"{ISSUE}/comments", {"csrf_token": token, "body": "Proved."})

    def test_the_token_of_a_page_is_another_each_time_and_the_page_the_same(self, browser, wall):
        """So that what others make a page say tells them nothing, by its length, of what else is on it."""
        look = browser(wall.ada)
        seen = [look.get(ISSUE) for _ in range(2)]
        tokens = [page.fields["csrf_token"] for page in seen]
        assert tokens[0] != tokens[1]
        assert all(look.csrf not in page.text for page in seen)
        assert len({page.response.headers["ETag"] for page in seen}) == 1

    def test_somebody_who_types_a_token_into_a_text_gets_it_back(self, api, browser, wall):
        look = browser(wall.ada)
        api(wall.ada).patch(ISSUE, {"title": f"Is {look.csrf} mine?"})
        for reader in (look, look, browser(wall.ada), look):
            assert f"Is {look.csrf} mine?" in reader.get(ISSUE).text

    def test_a_notice_is_told_once(self, browser, wall):
        look = browser(wall.ada)
        look.get(f"{LIST}/2")
        look.post(f"{LIST}/2/closure", {"close_reason": "completed"})
        told = look.get(f"{LIST}/2")
        assert 'class="notice' in told.text
        assert "ETag" not in told.response.headers
        for _ in range(2):
            assert 'class="notice' not in look.get(f"{LIST}/2").text

    def test_who_looked_at_an_issue_is_remembered(self, browser, wall):
        look = browser(wall.ada)
        for at in (ISSUE, f"{LIST}/2", ISSUE):
            tag = look.get(at).response.headers["ETag"]
        seen = self.seen(look)
        look.get(f"{LIST}/2")
        assert self.seen(look) == seen[::-1]
        answer = look.client.get(ISSUE, headers={**HTML, "If-None-Match": tag})
        assert answer.status_code == 304
        assert self.seen(look) == seen

    @staticmethod
    def seen(look):
        """The issues in the order in which the browser says that they were looked at."""
        said = look.client.get_cookie(look.cookie("cairn-viewed")).value.partition(":")[2]
        return [one.partition("-")[0] for one in said.split(".")]


class TestConditions:
    def test_a_browser_hears_that_it_has_the_page(self, browser, api, wall):
        look = browser(wall.ada)
        tag = look.get(LIST).response.headers["ETag"]
        assert tag.startswith('W/"')
        again = look.client.get(LIST, headers={"Accept": "text/html", "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "Cookie" in again.headers["Vary"]
        assert again.headers["Cache-Control"] == "private, no-cache"
        api(wall.ada).patch(ISSUE, {"title": "Another"})
        changed = look.client.get(LIST, headers={"Accept": "text/html", "If-None-Match": tag})
        assert changed.status_code == 200
        assert changed.headers["ETag"] != tag

    def test_another_sign_in_has_another_page(self, browser, wall):
        """A form of the former would be refused."""
        tag = browser(wall.ada).get(LIST).response.headers["ETag"]
        answer = browser(wall.ada).client.get(LIST, headers={"Accept": "text/html", "If-None-Match": tag})
        assert answer.status_code == 200

    def test_the_tag_goes_with_the_compressed_page_as_well(self, browser, wall):
        look = browser(wall.ada)
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
        first = look.client.get(LIST, headers=headers)
        assert first.headers["Content-Encoding"] == "gzip"
        again = look.client.get(LIST, headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304

    def test_only_the_head_of_a_page(self, browser, wall):
        look = browser(wall.ada)
        whole = look.get(LIST).response
        head = look.client.head(LIST, headers={"Accept": "text/html"})
        assert (head.status_code, head.data) == (200, b"")
        assert (head.headers["ETag"], head.content_length) == (whole.headers["ETag"], whole.content_length)

    @pytest.mark.parametrize("header", [{"If-Match": '"1"'}, {"Range": "bytes=0-10"}, {"If-Modified-Since": "x"}])
    def test_other_conditions_are_not_a_pages(self, browser, wall, header):
        answer = browser(wall.ada).client.get(
            ISSUE, headers={"Accept": "text/html", "Accept-Encoding": "gzip", **header}
        )
        assert answer.status_code == 200

    def test_data_has_tags_of_its_own(self, api, browser, wall):
        tag = api(wall.ada).send("GET", LIST).headers["ETag"]
        assert tag.startswith('W/"')
        assert tag != browser(wall.ada).get(LIST).response.headers["ETag"]
        assert api(wall.ada).send("GET", ISSUE).headers["ETag"].startswith('"1-')
