"""Issues and people that texts name."""

import re

import pytest

URL = "/projects/WALL/issues"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    make.issue(project, ada, title="The first")
    return project


def write(api, who, text, url=URL):
    return api(who).post(url, {"title": "Another", "body": text})


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see #1", '<a href="/projects/WALL/issues/1" class="reference">#1</a>'),
        ("see WALL-1.", '<a href="/projects/WALL/issues/1" class="reference">WALL-1</a>'),
        ("(#1)", '(<a href="/projects/WALL/issues/1" class="reference">#1</a>)'),
        ("http://localhost:8000/projects/WALL/issues/1", '<a href="/projects/WALL/issues/1">WALL-1</a>'),
        (
            "http://localhost:8000/projects/WALL/issues/1#c5",
            '<a href="/projects/WALL/issues/1#c5">WALL-1 (comment)</a>',
        ),
    ],
)
def test_an_issue_that_is_named_is_linked(api, ada, project, text, link):
    assert link in write(api, ada, text)["body_html"]


@pytest.mark.parametrize(
    "text",
    [
        "`#1`", "code:\n\n    #1", "```\n#1\n```", "x#1", "#99", "#1x", "&#1;", "##1", "WALL-99", "NOPE-1", "UTF-8", "v1.#1",
        "https://elsewhere.example/projects/WALL/issues/1", "#9999999999999999999",
    ],
)  # fmt: skip
def test_what_names_no_issue_stays_text(api, ada, project, text):
    assert 'href="/' not in write(api, ada, text)["body_html"]
    assert "reference" not in api(ada).get(f"{URL}/2")["body_html"]


def test_a_person_who_can_see_it_is_linked_and_a_stranger_not(api, ada, eve, make, project):
    member = make.member(project, "member")
    handles = [f"@{who.email.partition('@')[0]}" for who in (member, eve)]
    html = write(api, ada, f"{handles[0].upper()} and {handles[1]}, a{handles[0]}")["body_html"]
    assert html.count("<a ") == 1
    assert f'<a href="/users/{member.id}" class="reference">{handles[0].upper()}</a>' in html


def test_what_is_named_tells_where(browser, api, ada, project):
    write(api, ada, "like #1")
    api(ada).post(f"{URL}/2/comments", {"body": "and WALL-1 again, #1"})
    page = browser(ada).get(f"{URL}/1")
    assert page.text.count("mentioned this in") == 2
    assert page.says("mentioned this in WALL-2 Another")
    assert any(link.startswith(f"{URL}/2#c") for link in page.links)


def test_a_mention_goes_with_the_words(browser, api, ada, project):
    write(api, ada, "like #1")
    comment = api(ada).post(f"{URL}/2/comments", {"body": "#1"})["id"]
    api(ada).patch(f"{URL}/2", {"body": "like nothing"})
    assert browser(ada).get(f"{URL}/1").text.count("mentioned this in") == 1
    api(ada).delete(f"{URL}/2/comments/{comment}")
    assert "mentioned this in" not in browser(ada).get(f"{URL}/1").text


def test_an_edited_text_names_what_it_names_now(api, ada, project):
    write(api, ada, "like #1")
    assert api(ada).patch(f"{URL}/2", {"body": "#2, #1"})["body_html"].count("<a ") == 2


def test_a_mention_in_a_hidden_project_is_told_only_to_who_sees_it(browser, api, ada, eve, make):
    public = make.project(ada, key="OPEN", visibility="public")
    make.issue(public, ada)
    make.project(ada, key="SECRET")
    write(api, ada, "about OPEN-1", "/projects/SECRET/issues")
    assert browser(ada).get("/projects/OPEN/issues/1").says("mentioned this in SECRET-1")
    assert "SECRET" not in browser(eve).get("/projects/OPEN/issues/1").text
    assert "SECRET" not in browser().get("/projects/OPEN/issues/1").text


def test_nobody_finds_out_what_they_cannot_see(api, ada, eve, make, project):
    make.project(eve, key="EVES", visibility="public")
    assert "<a " not in write(api, eve, "WALL-1 WALL-2", "/projects/EVES/issues")["body_html"]


def test_an_old_key_still_leads_there(api, ada, project):
    api(ada).patch("/projects/WALL", {"key": "STONES"})
    html = write(api, ada, "WALL-1", "/projects/STONES/issues")["body_html"]
    assert '<a href="/projects/STONES/issues/1" class="reference">WALL-1</a>' in html


def test_a_preview_and_a_description_have_links_too(browser, api, ada, project):
    page = browser(ada).post(f"{URL}/preview", {"title": "x", "body": "see #1"}, status=200)
    assert f'<a href="{URL}/1" class="reference">#1</a>' in page.text
    api(ada).patch("/projects/WALL", {"description": "Begin with #1"})
    assert f'<a href="{URL}/1" class="reference">#1</a>' in browser(ada).get("/projects/WALL").text


@pytest.mark.parametrize("word", ["fixes", "Closes:", "resolved", "FIX"])
def test_a_comment_that_fixes_an_issue_closes_it(browser, api, ada, project, word):
    write(api, ada, "fixes #1")
    assert api(ada).get(f"{URL}/1")["state"] == "open"
    api(ada).post(f"{URL}/2/comments", {"body": f"This {word} #1."})
    assert api(ada).get(f"{URL}/1")["close_reason"] == "completed"
    assert browser(ada).get(f"{URL}/1").says("closed this as completed in WALL-2")


@pytest.mark.parametrize("text", ["prefixes #1", "fixes `#1`", "fixes the #1", "does not fix it: #1"])
def test_what_only_looks_like_it_closes_nothing(api, ada, project, text):
    write(api, ada, "x")
    api(ada).post(f"{URL}/2/comments", {"body": text})
    assert api(ada).get(f"{URL}/1")["state"] == "open"


def test_what_is_not_finished_stays_as_it_is(api, ada, make, project):
    parent = make.issue(project, ada)
    make.issue(project, ada, parent=parent.number)
    other = make.issue(project, ada)
    before = api(ada).get(f"/projects/WALL/issues/{parent.number}")
    api(ada).post(f"/projects/WALL/issues/{other.number}/comments", {"body": f"Closes #{parent.number}"})
    assert api(ada).get(f"/projects/WALL/issues/{parent.number}") == before


def test_who_may_not_close_it_only_mentions_it(browser, api, ada, make, project):
    reporter = make.member(project, "reporter")
    write(api, reporter, "x")
    api(reporter).post(f"{URL}/2/comments", {"body": "fixes #1"})
    assert api(ada).get(f"{URL}/1")["state"] == "open"
    assert browser(ada).get(f"{URL}/1").says("mentioned this in WALL-2")


def test_what_is_not_finished_is_only_mentioned(api, ada, project):
    write(api, ada, "x")
    api(ada).patch(f"{URL}/2", {"parent": 1})
    before = api(ada).get(f"{URL}/1")
    api(ada).post(f"{URL}/2/comments", {"body": "fixes #1"})
    assert api(ada).get(f"{URL}/1") == before  # its status as well


def test_many_texts_are_looked_up_at_once(api, ada, project, statements):
    for _ in range(20):
        api(ada).post(f"{URL}/1/comments", {"body": "see #1 and @nobody"})
    from webapp.db import db, transacting
    from webapp.models.comments import Comment

    with api(ada).client.application.app_context(), transacting():
        db.session.execute(db.update(Comment).values(html_version=0))
    statements.clear()
    found = api(ada).get(f"{URL}/1/comments")["items"]
    assert all('class="reference"' in one["body_html"] for one in found)
    assert len([one for one in statements if "issue_references" in one]) == 1


def test_a_handle_is_made_of_the_name_and_can_be_changed(api, ada, make):
    for email in ("one@example.com", "two@example.com"):
        api().post("/auth/register", {"name": "Zoë van Ötz", "email": email, "password": "eleven purple otters"})
    login = {"email": "two@example.com", "password": "eleven purple otters"}
    token = api().post("/auth/login", login, status=200)["access_token"]
    second = api(Authorization=f"Bearer {token}")
    assert second.get("/auth/me")["handle"] == "zoe-van-otz-2"
    assert second.patch("/auth/me", {"handle": "@Zoe"})["handle"] == "zoe"
    assert api(ada).patch("/auth/me", {"handle": "zoe"}, status=409)["errors"][0]["field"] == "handle"
    assert api(ada).patch("/auth/me", {"handle": "no way"}, status=422)["errors"][0]["field"] == "handle"


@pytest.fixture
def second(project, make, ada):
    """The issue that is commented on; WALL-3 and OTHER-1 can be closed there as well as WALL-1."""
    make.issue(project, ada)
    make.issue(project, ada)
    make.issue(make.project(ada, key="OTHER"), ada)
    return f"{URL}/2/comments"


def commented(someone, at, **fields):
    """The page that follows a comment."""
    return someone.get(someone.post(at, fields).location.partition("#")[0])


def undos(page):
    """Where the buttons of the notices post, and which change they take back."""
    return dict(re.findall(r'action="([^"]+/undo)".*?name="change" value="([^"]+)"', page.text, re.DOTALL))


def states(client, *urls):
    return [client.get(url)["state"] for url in urls]


def test_a_comment_tells_what_it_closed_and_one_undo_opens_all_of_it(browser, api, ada, second):
    someone = browser(ada)
    page = commented(someone, second, body="Fixes #1 and #3; closes OTHER-1.")
    assert page.says("Closed WALL-1 and WALL-3.")
    assert page.says("Closed OTHER-1.")
    closed = [f"{URL}/1", f"{URL}/3", "/projects/OTHER/issues/1"]
    assert states(api(ada), *closed) == ["closed"] * 3
    someone.post(f"{URL}/undo", {"change": undos(page)[f"{URL}/undo"]})
    assert states(api(ada), *closed) == ["open", "open", "closed"]


def test_json_says_what_a_comment_closed_and_how_to_undo_it(api, ada, second):
    made = api(ada).post(second, {"body": "Fixes:\n- #1\n- #3\n- OTHER-1"})
    assert [one["keys"] for one in made["closed"]] == [["WALL-1", "WALL-3"], ["OTHER-1"]]
    assert api(ada).post(f"{URL}/undo", {"change": made["closed"][0]["change_id"]}, status=200)["changed"] == 2
    assert states(api(ada), f"{URL}/1", f"{URL}/3", "/projects/OTHER/issues/1") == ["open", "open", "closed"]
    assert "closed" not in api(ada).get(second)["items"][0]


def test_what_was_closed_already_and_what_stays_open_is_not_said_to_be_closed(browser, api, ada, second):
    api(ada).patch(f"{URL}/3", {"state": "closed"})
    api(ada).post(URL, {"title": "A part", "parent": 1})
    assert "closed" not in api(ada).post(second, {"body": "fixes #1, #3"})
    assert not commented(browser(ada), second, body="fixes #1, #3").says("Closed WALL")


MAY_NOT = "You are not allowed to close issues in WALL. Ask one of its owners."


@pytest.fixture
def left_open(api, ada, make, project, second):
    """Who says that an issue is fixed that stays open, by why it does."""
    client, other = api(ada), make.project(ada, key="GATE", visibility="public")
    stranger = make.person("Cid")
    client.patch("/projects/WALL", {"visibility": "public"})
    client.post(URL, {"title": "A part", "parent": 1})
    make.issue(other, ada)
    client.post(f"{URL}/3/relations", {"kind": "blocked_by", "issue": "#2"})
    client.post("/projects/GATE/archive", status=200)
    return {
        "WALL-1": (ada, "It has a sub-issue that is still open: WALL-4."),
        "WALL-3": (ada, "It is blocked by WALL-2."),
        "GATE-1": (ada, "GATE is archived. Nothing can be changed in it."),
        "WALL-4": (stranger, MAY_NOT),
    }


@pytest.mark.parametrize("key", ["WALL-1", "WALL-3", "GATE-1", "WALL-4"])
def test_a_comment_says_why_what_it_names_stays_open(browser, api, left_open, second, key):
    who, why = left_open[key]
    made = api(who).post(second, {"body": f"fixes {key}"})
    assert made["left_open"] == [{"key": key, "detail": why}]
    assert "closed" not in made
    assert commented(browser(who), second, body=f"fixes {key}").says(f"Comment added. {key} stays open: {why}")


def test_what_stays_open_for_the_same_reason_is_said_at_once(browser, api, make, left_open, second):
    page = commented(browser(make.person("Eve")), second, body="fixes #1, #3 and #4, closes GATE-1")
    assert page.says(f"WALL-1, WALL-3 and WALL-4 stay open: {MAY_NOT}")
    assert page.says("GATE-1 stays open: GATE is archived.")


def test_what_cannot_be_seen_or_is_closed_already_is_not_said_to_stay_open(api, ada, make, left_open, second):
    api(ada).patch(f"{URL}/4", {"state": "closed"})
    made = api(make.person("Eve")).post(second, {"body": "fixes #4, OTHER-1, NOWHERE-1 and #99"})
    assert not {"closed", "left_open"} & set(made)


@pytest.mark.parametrize("names", ["#1 and #4", "#4 and #1"])
def test_a_comment_closes_a_whole_with_its_parts_in_any_order(api, ada, left_open, second, names):
    made = api(ada).post(second, {"body": f"fixes {names}"})
    assert [one["keys"] for one in made["closed"]] == [["WALL-1", "WALL-4"]]


def test_many_are_closed_by_as_many_statements_as_few(api, ada, make, project, second, statements):
    for _ in range(10):
        make.issue(project, ada)
    client = api(ada)

    def counted(*numbers):
        statements.clear()
        client.post(second, {"body": "fixes " + ", ".join(f"#{one}" for one in numbers)})
        return len([one for one in statements if "SAVEPOINT" not in one])

    counted(4)
    assert counted(5) == counted(6, 7, 8, 9, 10, 11)


def test_no_comment_closes_its_own_issue_by_naming_it(api, ada, second):
    for name in ("#2", "WALL-2", "http://localhost:8000/projects/WALL/issues/2"):
        assert "closed" not in api(ada).post(second, {"body": f"fixes {name}"})
    assert states(api(ada), f"{URL}/2") == ["open"]


def test_a_comment_that_closes_its_issue_tells_both(browser, api, ada, second):
    page = commented(browser(ada), second, body="fixes #1", state="closed")
    assert page.says("Comment added.")
    assert page.says("Closed WALL-1.")
    assert states(api(ada), f"{URL}/1", f"{URL}/2") == ["closed", "closed"]
    assert set(undos(page)) == {f"{URL}/2/undo", f"{URL}/undo"}


@pytest.mark.parametrize(
    "body", ["> fixes #1", "~~fixes #1~~", "fixes \\#1", "does not fix #1", "fixes #1?", "fixes #1 (comment)", "- [ ] fix #1"]
)  # fmt: skip
def test_a_comment_that_does_not_state_it_closes_nothing(api, ada, second, body):
    assert "closed" not in api(ada).post(second, {"body": body})
    assert states(api(ada), f"{URL}/1") == ["open"]


@pytest.mark.parametrize("body", ["修复#1", "＃1", "см.#1", "@adaさん #1", "แก้WALL-1แล้ว"])
def test_a_name_beside_letters_of_any_script_tells_where(browser, api, ada, second, body):
    assert 'class="reference"' in api(ada).post(second, {"body": body})["body_html"]
    assert browser(ada).get(f"{URL}/1").says("mentioned this in WALL-2")
