"""What was typed is not lost when the login is over by the time it is sent (WCAG technique G105)."""

import re

import pytest

from tests.clients import HTML
from tests.make import PASSWORD

URL = "/projects/WALL/issues"


@pytest.fixture
def project(ada, make):
    return make.project(ada, key="WALL")


@pytest.fixture
def outside(browser):
    """A browser whose login is over."""
    return browser()


def sent(someone, url, **fields):
    """Where a form leads that is sent without a login."""
    return someone.post(url, fields).location


def logged_in(someone, who, place):
    entry = {"email": who.email, "password": PASSWORD, "next": someone.get(place).fields["next"]}
    return someone.get(someone.post("/auth/login", entry).location)


def test_a_new_issue_waits_behind_the_login(outside, api, ada, project):
    place = sent(outside, URL, title="Typed long", body="Line 1\nLine 2", priority="high", csrf_token="old")
    assert place == f"/auth/login?next={URL}/new"
    assert outside.get(place).says("Log in to go on. Your text is kept.")
    page = logged_in(outside, ada, place)
    assert (page.fields["title"], page.fields["body"]) == ("Typed long", "Line 1\nLine 2")
    assert 'value="high" selected' in page.text
    assert page.says("It has not been sent yet.")
    assert ("<textarea" not in page.text) or re.search(
        r"<textarea[^>]* autofocus", page.text
    )  # so that it is in view
    assert api(ada).get(URL)["total"] == 0


def test_sent_at_last_it_is_gone(outside, api, ada, project):
    page = logged_in(outside, ada, sent(outside, URL, title="Typed long"))
    outside.post(URL, page.fields)
    assert [issue["title"] for issue in api(ada).get(URL)["items"]] == ["Typed long"]
    assert outside.get(f"{URL}/new").fields["title"] == ""
    assert outside.client.get_cookie(outside.cookie("cairn-draft")) is None


def test_it_can_be_discarded(outside, ada, project):
    page = logged_in(outside, ada, sent(outside, URL, title="Typed long"))
    assert page.fields["title"] == "Typed long"
    assert outside.post("/draft/discard", {"next": f"{URL}/new"}).location == f"{URL}/new"
    assert outside.get(f"{URL}/new").fields["title"] == ""


def test_a_wrong_password_does_not_lose_it(outside, ada, project):
    place = sent(outside, URL, title="Typed long")
    entry = {"email": ada.email, "password": "wrong", "next": f"{URL}/new"}
    assert outside.post("/auth/login", entry, status=401).says("Your text is kept.")
    assert logged_in(outside, ada, place).fields["title"] == "Typed long"


@pytest.mark.parametrize(("role", "shown"), [(None, "Typed long"), ("member", "")])
def test_nobody_sees_what_somebody_else_typed(outside, ada, make, project, role, shown):
    outside.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    outside.client.delete_cookie(outside.cookie("cairn"))
    place = sent(outside, URL, title="Typed long")
    page = logged_in(outside, make.member(project, role) if role else ada, place)
    assert page.fields["title"] == shown
    assert page.says("It has not been sent yet.") == bool(shown)


@pytest.fixture
def forms(ada, make, project):
    """Each form that somebody may have typed into: where it is sent, what, and where it stands."""
    issue = make.issue(project, ada, title="A stone is loose")
    comment = make.comment(project, issue, ada)
    label = make.label(project, ada)
    at = f"{URL}/1"
    return [
        (f"{URL}/preview", "body", f"{URL}/new"),
        (at, "title", f"{at}/edit"),
        (f"{at}/preview", "body", f"{at}/edit"),
        (f"{at}/comments", "body", f"{at}/comments/new"),
        (f"{at}/comments/preview", "body", f"{at}/comments/new"),
        (f"{at}/comments/{comment.id}", "body", f"{at}/comments/{comment.id}/edit"),
        (f"{at}/comments/{comment.id}/preview", "body", f"{at}/comments/{comment.id}/edit"),
        ("/projects", "name", "/projects/new"),
        ("/projects/WALL", "name", "/projects/WALL/edit"),
        ("/projects/WALL/labels", "name", "/projects/WALL/labels"),
        (f"/projects/WALL/labels/{label.id}", "description", f"/projects/WALL/labels/{label.id}/edit"),
    ]


def test_every_form_comes_back_filled(outside, browser, ada, forms):
    for url, name, page in forms:
        someone = browser()
        place = sent(someone, url, **{name: "Typed long"})
        assert place == f"/auth/login?next={page}"
        assert logged_in(someone, ada, place).fields[name] == "Typed long", url


def test_an_edit_still_knows_what_it_was_made_from(outside, browser, api, ada, make, project):
    make.issue(project, ada, title="A stone is loose")
    form = browser(ada).get(f"{URL}/1/edit").fields
    api(ada).patch(f"{URL}/1", {"title": "Meanwhile"})
    page = logged_in(outside, ada, sent(outside, f"{URL}/1", **form | {"title": "Typed long"}))
    outside.post(f"{URL}/1", page.fields, status=409)


def test_it_belongs_to_the_browser(outside, browser, ada, project):
    sent(outside, URL, title="Typed long")
    assert browser(ada).get(f"{URL}/new").fields["title"] == ""


def test_it_belongs_to_its_page(outside, ada, project):
    sent(outside, URL, title="Typed long", name="Typed long")
    outside.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    assert outside.get("/projects/new").fields["name"] == ""


def test_logging_out_forgets_it(outside, ada, project):
    logged_in(outside, ada, sent(outside, URL, title="Typed long"))
    outside.post("/auth/logout")
    outside.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    assert outside.get(f"{URL}/new").fields["title"] == ""


def kept(app):
    from webapp.db import db
    from webapp.models.drafts import Draft

    with app.app_context():
        return [bytes(fields) for fields in db.session.scalars(db.select(Draft.fields))]


def test_secrets_are_never_kept(app, outside):
    fields = {"name": "Ada", "new_password": "eleven otters", "api_token": "x1", "form_key": "k" * 22}
    sent(outside, "/projects", **fields)
    (written,) = kept(app)
    assert b"Ada" in written
    assert not [secret for secret in (b"otters", b"x1", b"kkk", b"csrf") if secret in written]


def test_another_site_leaves_nothing_here(app, outside):
    headers = {**HTML, "Origin": "http://evil.test"}
    outside.client.post("/projects", data={"name": "Planted"}, headers=headers)
    assert kept(app) == []


@pytest.mark.parametrize("text", ["x" * 300_000, "", "   "])
def test_too_much_or_nothing_is_not_kept(app, outside, text):
    place = sent(outside, "/projects", description=text)
    assert not outside.get(place).says("Your text is kept.")
    assert kept(app) == []


def test_what_no_column_can_hold_is_kept_all_the_same(outside, ada, project):
    place = sent(outside, URL, title="half a character \ud83d".encode("utf-8", "replace").decode(), body="a\0b")
    assert logged_in(outside, ada, place).fields["body"] == "a\0b"


def test_there_are_never_more_than_a_thousand(app, browser, monkeypatch):
    monkeypatch.setattr("webapp.drafts.service.MANY", 3)
    for number in range(5):
        sent(browser(), "/projects", name=f"Number {number}")
    assert len(kept(app)) == 3


def test_old_ones_are_forgotten(app, outside, browser, ada, project):
    from sqlalchemy import text

    from webapp.db import transacting

    place = sent(outside, URL, title="Typed long")
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE drafts SET created_at = now() - interval '25 hours'"))
    assert logged_in(outside, ada, place).fields["title"] == ""
    sent(browser(), "/projects", name="New")
    assert len(kept(app)) == 1


def test_a_button_without_a_form_leads_back_to_its_page(outside, ada, project):
    came_from = {"Referer": f"http://localhost{URL}?state=all"}
    assert outside.post("/projects/WALL/archive", headers=came_from).location.endswith(f"next={URL}%3Fstate%3Dall")


def test_a_client_is_told_and_nothing_is_kept(app, api, project):
    api().post(URL, {"title": "Typed long"}, status=401)
    assert kept(app) == []
