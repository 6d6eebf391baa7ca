"""Files that come with a form, without any script."""

import io
import re

import pytest

from tests.attachments.pictures import picture

ISSUES = "/projects/WALL/issues"


def files(*named):
    return [(io.BytesIO(data), name) for name, data in named]


SHOT = ("shot.png", picture())


def addresses(text):
    return re.findall(r"/attachments/\d+/[\w.]+", text)


def test_a_new_issue_brings_its_files(api, browser, ada, project):
    browser(ada).post(ISSUES, {"title": "Loose", "body": "See:", "files": files(SHOT, ("log.txt", b"stones"))})
    issue = api(ada).get(f"{ISSUES}/1")
    assert re.fullmatch(
        r"See:\n\n!\[shot.png\]\(/attachments/\d+/shot.png\?w=640&h=480\)\n\n\[log.txt\]\(/attachments/\d+/log.txt\)",
        issue["body"],
    )
    assert 'src="/attachments/thumbnails/' in issue["body_html"]
    assert api(ada).send("GET", addresses(issue["body"])[1]).data == b"stones"


def test_a_comment_may_be_nothing_but_a_file(api, browser, ada, make, project):
    make.issue(project, ada)
    browser(ada).post(f"{ISSUES}/1/comments", {"body": "", "files": files(SHOT)})
    [comment] = api(ada).get(f"{ISSUES}/1/comments")["items"]
    assert comment["body"].startswith("![shot.png]")


def test_an_edit_adds_files(api, browser, ada, make, project):
    make.issue(project, ada, body="Before")
    comment = make.comment(project, make.issue(project, ada), ada, "Seen.")
    for url, form in ((f"{ISSUES}/1", f"{ISSUES}/1/edit"), (f"{ISSUES}/2/comments/{comment.id}", "")):
        shown = browser(ada).get(form or f"{url}/edit")
        assert 'enctype="multipart/form-data"' in shown.text
        typed = {name: shown.fields[name] for name in ("title", "body", "version", "base") if name in shown.fields}
        browser(ada).post(url, {**typed, "files": files(SHOT)})
        assert "\n\n![shot.png]" in api(ada).get(url)["body"]


def test_a_refused_form_comes_back_with_its_files_in_its_text(api, browser, ada, project):
    page = browser(ada).post(ISSUES, {"title": "", "body": "See:", "files": files(SHOT)}, status=422)
    assert page.fields["body"].startswith("See:\n\n![shot.png](/attachments/")
    browser(ada).post(ISSUES, {"title": "Loose", "body": page.fields["body"], "files": (io.BytesIO(), "")})
    [address] = addresses(api(ada).get(f"{ISSUES}/1")["body"])
    assert api(ada).send("GET", address, status=200).data == SHOT[1]


def test_a_preview_shows_the_files_too(browser, ada, project):
    page = browser(ada).post(f"{ISSUES}/preview", {"title": "", "body": "See:", "files": files(SHOT)}, status=200)
    assert '<img src="/attachments/thumbnails/' in page.text
    assert page.fields["body"].startswith("See:\n\n![shot.png]")


def test_of_a_file_that_is_too_large_only_the_file_is_refused(browser, ada, project, monkeypatch):
    monkeypatch.setattr("webapp.attachments.storage.MIB", 10_000)  # the limit is 25 of them
    sent = files(("big.iso", b"x" * 260_000), ("log.txt", b"stones"))
    page = browser(ada).post(ISSUES, {"title": "Loose", "body": "See:", "files": sent}, status=413)
    assert page.says("Files were not all taken: big.iso is too large. A file may have 25 MiB.")
    assert page.fields["title"] == "Loose"
    assert page.fields["body"].startswith("See:\n\n[log.txt](/attachments/")


def test_a_form_that_is_sent_twice_makes_one_issue(api, browser, ada, project):
    ada_at = browser(ada)
    for _ in range(2):
        form = {"title": "Loose", "body": "", "form_key": "k" * 20, "files": files(SHOT)}
        assert ada_at.post(ISSUES, form).location == f"{ISSUES}/1"
    assert api(ada).get(ISSUES)["total"] == 1


def test_who_is_logged_out_meanwhile_keeps_the_text(browser, ada, project):
    sent = {"title": "Loose", "body": "See:", "files": files(("core", b"x" * 2_000_000))}
    assert browser().post(ISSUES, sent).location.startswith("/auth/login")


def test_too_many_files_at_once_are_refused(browser, ada, project):
    sent = files(*((f"{number}", b"x") for number in range(21)))
    assert browser(ada).post(ISSUES, {"title": "Loose", "files": sent}, status=422).says("Files may be 20 at once.")


def test_only_who_may_attach_is_offered_to(browser, ada, make):
    hall = make.project(ada, key="HALL", visibility="public")
    make.issue(hall, ada)
    assert 'type="file"' in browser(ada).get("/projects/HALL/issues/new").text
    assert 'type="file"' not in browser().get("/projects/HALL/issues/1").text


@pytest.mark.parametrize("field", ["body", "description"])
def test_a_form_that_takes_no_files_ignores_them(browser, ada, project, field):
    browser(ada).post("/projects", {"name": "Other", "key": "OTHER", field: "x", "files": files(SHOT)})
