"""What the pages of issues say and do, without JavaScript."""

import re

import pytest


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL", name="Dry stone")


URL = "/projects/WALL/issues"


def test_an_issue_is_opened_from_its_form(browser, ada, project, make):
    make.label(project, ada, "bug")
    someone = browser(ada)
    page = someone.post(URL, {"title": "Loose", "body": "It *wobbles*", "labels": ["", "bug"], "priority": "high"})
    shown = someone.get(page.location)
    assert shown.says("Issue WALL-1 opened.")
    assert shown.says("It wobbles")
    assert shown.says("High")
    assert shown.title.startswith("Loose · WALL-1")
    assert not someone.get(page.location).says("Issue WALL-1 opened.")


def test_a_refused_issue_comes_back_as_it_was_typed(browser, ada, project, make):
    make.label(project, ada, "bug")
    page = browser(ada).post(URL, {"title": "", "body": "Kept", "labels": ["", "bug"], "due_on": "soon"}, status=422)
    assert page.fields["body"] == "Kept"
    assert page.fields["labels"] == "bug"
    assert page.fields["due_on"] == "soon"
    assert page.title.startswith("Error:")
    assert 'aria-invalid="true"' in page.text
    assert page.says("Title is required")


def test_a_preview_shows_the_text_and_saves_nothing(browser, api, ada, project):
    page = browser(ada).post(f"{URL}/preview", {"title": "", "body": "**bold**"}, status=200)
    assert "<strong>bold</strong>" in page.text
    assert page.fields["body"] == "**bold**"
    assert api(ada).get(URL)["total"] == 0


def test_a_link_can_fill_in_the_form(browser, ada, project):
    page = browser(ada).get(f"{URL}/new?title=From+a+link&body=Text")
    assert (page.fields["title"], page.fields["body"]) == ("From a link", "Text")


def test_an_issue_is_edited_closed_and_opened_again(browser, api, ada, project, make):
    make.issue(project, ada)
    someone = browser(ada)
    assert someone.get(f"{URL}/1/edit").fields["title"] == "A stone is loose"
    someone.post(f"{URL}/1", {"title": "Tight", "version": "1"})
    someone.post(f"{URL}/1", {"state": "closed", "close_reason": "not_planned"})
    page = someone.get(f"{URL}/1")
    assert page.says("Closed as not planned")
    assert page.says("changed the title from A stone is loose to Tight")
    someone.post(f"{URL}/1", {"state": "open"})
    assert api(ada).get(f"{URL}/1")["state"] == "open"


def test_an_outdated_form_keeps_what_was_typed(browser, api, ada, project, make):
    make.issue(project, ada)
    api(ada).patch(f"{URL}/1", {"title": "Theirs"})
    page = browser(ada).post(f"{URL}/1", {"title": "Mine", "body": "Also mine", "version": "1"}, status=409)
    assert (page.fields["title"], page.fields["body"]) == ("Mine", "Also mine")
    assert page.says("Somebody else changed this while you wrote.")
    assert page.fields["version"] == "2"


def test_a_comment_is_added_with_and_without_closing(browser, ada, project, make):
    make.issue(project, ada)
    someone = browser(ada)
    assert someone.post(f"{URL}/1/comments", {"body": "First"}).location.startswith(f"{URL}/1#c")
    someone.post(f"{URL}/1/comments", {"body": "Last", "state": "closed"})
    page = someone.get(f"{URL}/1")
    assert page.says("First")
    assert page.says("2 comments")
    assert page.says("closed this as completed")


def test_an_empty_comment_comes_back_on_the_issues_page(browser, ada, project, make):
    make.issue(project, ada)
    page = browser(ada).post(f"{URL}/1/comments", {"body": " "}, status=422)
    assert page.says("Comment is required")
    assert page.h1.startswith("A stone is loose")


def test_a_comment_is_previewed_edited_and_deleted(browser, ada, project, make):
    issue = make.issue(project, ada)
    comment = make.comment(project, issue, ada, "Old")
    someone, place = browser(ada), f"{URL}/1/comments/{comment.id}"
    assert "<em>new</em>" in someone.post(f"{URL}/1/comments/preview", {"body": "*new*"}, status=200).text
    assert someone.get(f"{place}/edit").fields["body"] == "Old"
    someone.post(place, {"body": "Freshly put", "version": "1"})
    assert someone.get(f"{URL}/1").says("edited")
    assert someone.get(f"{place}/delete").says("Freshly put")
    someone.post(f"{place}/delete")
    assert not someone.get(f"{URL}/1").says("Freshly put")


def test_a_long_thread_is_folded_and_can_be_unfolded(browser, ada, project, make):
    issue = make.issue(project, ada)
    for number in range(101):
        make.comment(project, issue, ada, f"Comment number {number}.")
    page = browser(ada).get(f"{URL}/1")
    assert page.says("Comment number 0.")
    assert not page.says("Comment number 30.")
    assert page.says("Comment number 100.")
    assert page.says("Show 21 older")
    assert browser(ada).get(f"{URL}/1?timeline=all").says("Comment number 30.")


def test_each_comment_is_a_heading_and_says_whose(browser, ada, project, make):
    issue = make.issue(project, ada)
    for text in ("One", "Two"):
        make.comment(project, issue, ada, text)
    headings = re.findall(r"<h3>(.*?)</h3>", browser(ada).get(f"{URL}/1").text, re.DOTALL)
    assert [re.sub("<[^>]+>", "", one).split() for one in headings] == [["Ada", "commented"]] * 2


@pytest.mark.parametrize(
    ("state", "told"), [("", "Comment added."), ("closed", "Comment added. Closed."), ("open", "Comment added.")]
)
def test_a_comment_says_what_it_did(browser, ada, project, make, state, told):
    make.issue(project, ada)
    someone = browser(ada)
    sent = {"body": "Seen.", **({"state": state} if state else {})}
    page = someone.get(someone.post(f"{URL}/1/comments", sent).location.partition("#")[0])
    assert re.search(rf"{re.escape(told)}\s*(?:<|$)", page.text, re.MULTILINE)


def test_a_page_that_is_not_there_offers_a_search(browser, ada):
    page = browser(ada).get("/nowhere", status=404)
    assert 'action="/search" role="search"' in page.text.partition("<main")[2]


def test_what_is_not_allowed_is_not_shown(browser, ada, eve, make):
    make.issue(make.project(ada, key="WALL", visibility="public"), ada)
    stranger = browser()
    assert stranger.get(f"{URL}/1").says("Log in to comment.")
    assert not browser(eve).get(f"{URL}/1").says("Close issue")
    assert f"{URL}/1/edit" not in browser(eve).get(f"{URL}/1").links
    assert browser(ada).get(f"{URL}/1").says("Close issue")


def test_the_list_says_what_it_shows_and_how_to_show_more(browser, ada, project, make):
    make.label(project, ada, "bug")
    make.issue(project, ada, labels=["bug"], priority="high")
    page = browser(ada).get(f"{URL}?label=bug&priority=high")
    assert page.says("1 open issue with label bug and priority high, newest first")
    assert f"{URL}?q=is:open+priority:high" in page.links
    assert f"{URL}?q=is:open+label:bug" in page.links


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "1 issue, newest first"),
        ("is:open", "1 open issue, newest first"),
        ("is:open loose", "1 open issue with “loose”, newest first"),
        ("label:bug priority:high,urgent", "1 issue with label bug and priority high or urgent, newest first"),
        ("is:open -label:docs sort:due-asc", "1 open issue with not label docs, due first"),
        ("is:open created:>2020-01-01", "1 open issue with created:>2020-01-01, newest first"),
        ("is:open assignee:@me", "1 open issue with assignee @me, newest first"),
    ],
)
def test_the_list_says_all_that_it_was_asked(browser, ada, project, make, asked, told):
    for label in ("bug", "docs"):
        make.label(project, ada, label)
    make.issue(project, ada, labels=["bug"], priority="high", assignees=[ada.id])
    assert browser(ada).get(URL, query_string={"q": asked or "is:all"}).says(told)


def test_the_list_names_whom_it_is_narrowed_to(browser, api, ada, eve, project, make):
    milestone = api(ada).post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    make.issue(project, ada, assignees=[ada.id])
    page = browser(ada).get(f"{URL}?author={ada.id}&assignee={ada.id}&milestone={milestone}&state=closed")
    assert page.says("Author: Ada ×")
    assert page.says("Assignee: Ada ×")
    assert page.says("Milestone: Spring ×")
    assert 'value="Spring" selected>' in page.text
    assert f"{URL}?q=is:closed+author:%23{ada.id}+assignee:%23{ada.id}" in page.links
    assert browser(ada).get(f"{URL}?author={eve.id}").says(f"Author: number {eve.id}")


def test_two_kinds_of_empty_are_told_apart(browser, ada, project, make):
    assert browser(ada).get(URL).says("No issues yet")
    make.issue(project, ada)
    assert browser(ada).get(f"{URL}?state=closed").says("Nothing matches")


def test_the_list_turns_pages_both_ways(browser, ada, project, make):
    for number in range(5):
        make.issue(project, ada, title=f"Issue {number}")
    someone = browser(ada)
    first = someone.get(f"{URL}?limit=2")
    older = next(link for link in first.links if "cursor=" in link)
    second = someone.get(older)
    newer = next(link for link in second.links if "cursor=" in link)
    assert second.says("Issue 2")
    assert someone.get(newer).says("Issue 4")


def test_an_issue_is_deleted_from_its_own_page(browser, ada, project, make):
    make.issue(project, ada)
    someone = browser(ada)
    assert someone.get(f"{URL}/1/delete").says("Delete WALL-1?")
    someone.post(f"{URL}/1/delete")
    someone.get(f"{URL}/1", status=410)


def test_labels_are_made_edited_and_deleted_on_their_pages(browser, api, ada, project):
    someone = browser(ada)
    someone.post("/projects/WALL/labels", {"name": "bug", "color": "#338392"})
    label = api(ada).get("/projects/WALL/labels")["items"][0]
    someone.post(f"/projects/WALL/labels/{label['id']}", {"name": "Bug"})
    assert someone.get("/projects/WALL/labels").says("Bug")
    page = someone.post("/projects/WALL/labels", {"name": "x", "color": "red"}, status=422)
    assert page.fields["name"] == "x"
    someone.post(f"/projects/WALL/labels/{label['id']}/delete")
    assert api(ada).get("/projects/WALL/labels")["items"] == []


def test_registering_logs_in_and_goes_on(browser):
    someone = browser()
    entry = {
        "name": "Grace",
        "email": "grace@example.com",
        "password": "eleven purple otters",
        "next": "/projects/new",
    }
    assert someone.post("/auth/register", entry).location == "/projects/new"
    assert someone.get("/auth/me").fields["name"] == "Grace"


def test_a_wrong_password_keeps_the_address_and_names_neither(browser, ada):
    page = browser().post("/auth/login", {"email": ada.email, "password": "wrong"}, status=401)
    assert page.fields["email"] == ada.email
    assert page.fields.get("password", "") == ""
    assert page.says("Invalid credentials")


def test_a_row_tells_the_status_the_milestone_and_what_is_late(browser, api, ada, project):
    at = api(ada).post("/projects/WALL/milestones", {"title": "1.0"})["id"]
    planned = {"title": "Late", "status": "In review", "milestone": at, "due_on": "2020-02-29"}
    api(ada).post(URL, planned)
    page = browser(ada).get(URL)
    assert 'aria-label="Open, In review"' in page.text
    assert page.says("1.0, overdue since 29 Feb 2020")
    api(ada).patch(f"{URL}/1", {"state": "closed"})
    assert browser(ada).get(f"{URL}?state=closed").says("due 29 Feb 2020")
