"""What was typed into a form comes back whatever refuses it, also where the form itself cannot be shown again."""

import io

import pytest

from tests.clients import HTML
from webapp.errors import CairnError, Unavailable
from webapp.http.typed import UNSEEN
from webapp.types import BODY_LIMIT

URL = "/projects/WALL/issues"
LONG = "Typed long\n\nand with care"


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def issue(make, project, ada):
    return make.issue(project, ada)


@pytest.fixture
def bob(make, project):
    return make.member(project, "member")


def test_an_archived_project_gives_the_text_back(api, browser, ada, bob, issue):
    api(ada).post("/projects/WALL/archive", status=200)
    page = browser(bob).post(f"{URL}/1/comments", {"body": LONG}, status=403)
    assert page.says("WALL is archived.")
    assert LONG in page.text


def test_who_is_no_member_any_more_gets_the_text_back(api, browser, ada, bob, issue):
    at = browser(bob)
    api(ada).delete(f"/projects/WALL/members/{bob.id}")
    assert LONG in at.post(URL, {"title": "Loose", "body": LONG}, status=404).text


@pytest.mark.parametrize("url", [f"{URL}/1", f"{URL}/1/comments"])
def test_a_deleted_issue_gives_the_text_back(api, browser, ada, bob, issue, url):
    api(ada).delete(f"{URL}/1")
    assert LONG in browser(bob).post(url, {"body": LONG}, status=410).text


def test_a_text_that_is_far_too_long_stands_in_its_form_again(browser, bob, project):
    page = browser(bob).post(URL, {"title": "Loose", "body": LONG + "x" * 1_500_000}, status=413)
    assert page.says("What you sent is too large. The limit is 1 MiB.")
    assert page.fields["title"] == "Loose"
    assert page.fields["body"].startswith(LONG)


def test_beside_files_a_text_may_be_too_long_by_far(browser, bob, project):
    sent = {"title": "Loose", "body": LONG + "x" * 1_500_000, "files": (io.BytesIO(b"stones"), "log.txt")}
    page = browser(bob).post(URL, sent, status=422)
    assert page.says(str(BODY_LIMIT))
    assert page.fields["body"].startswith(LONG)


def test_files_that_are_too_large_together_leave_the_text(browser, bob, project, monkeypatch):
    monkeypatch.setattr("webapp.attachments.storage.MIB", 1000)  # the limit is 25 of them
    sent = {"title": "Loose", "body": LONG, "files": [(io.BytesIO(b"x" * 90_000), f"{n}.iso") for n in range(3)]}
    page = browser(bob).post(URL, sent, status=413)
    assert (page.fields["title"], page.fields["body"]) == ("Loose", LONG)


@pytest.mark.parametrize(("error", "status"), [(Unavailable(), 503), (RuntimeError(), 500), (CairnError(), 500)])
def test_a_still_page_gives_the_text_back(app, browser, bob, issue, monkeypatch, error, status):
    def failing(*_, **__):
        raise error

    at = browser(bob)
    monkeypatch.setattr("webapp.issues.service.get", failing)
    page = at.post(f"{URL}/1/comments", {"body": LONG, "form_key": "k" * 20}, status=status)
    assert LONG in page.text
    assert "kkkk" not in page.text


def test_no_password_comes_back(browser, bob):
    page = browser(bob).post("/nowhere", {"name": LONG, "current_password": "a-password-of-hers"}, status=404)
    assert LONG in page.text
    assert "a-password" not in page.text


def test_another_site_reads_nothing_here(browser, bob, issue):
    forged = {"Origin": "https://evil.test"}
    assert LONG not in browser(bob).post(f"{URL}/1/closure", {"body": LONG}, status=403, headers=forged).text


def typed_into(app):
    """Of each form in a project: its address in one that is not there, so that no form can be shown, and its texts."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if "project" in rule.arguments and "POST" in rule.methods and operation and operation.body:
            values = dict.fromkeys(rule.arguments, 1) | {"project": "NOPE"}
            names = [name for name, field in operation.body.model_fields.items() if is_text(field)]
            yield addresses.build(rule.endpoint, values, method="POST"), names


def is_text(field):
    return any((getattr(mark, "max_length", 0) or 0) >= 100 for mark in field.metadata) and "str" in str(
        field.annotation
    )


def test_every_form_gives_back_what_was_typed(app, browser, eve):
    at, forms = browser(eve), list(typed_into(app))
    assert len(forms) > 20
    for url, names in forms:
        sent = {"csrf_token": at.csrf} | {name: f"Typed into {name}" for name in names}
        page = at.client.post(url, data=sent, headers=HTML)
        assert page.status_code in (404, 422)
        assert [name for name in names if name not in UNSEEN and f"Typed into {name}" not in page.text] == [], url
