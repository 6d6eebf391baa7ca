"""Where no server takes mail, in development, it lies in a folder and is shown: to whoever sits at the machine."""

import pytest

from tests.clients import HTML
from tests.mail.conftest import letter


@pytest.fixture
def lying(mailing, post, composed, ada, tmp_path):
    """The number of a mail that lies there."""
    mailing.by(None, base_url=None, cairn_data=tmp_path)
    composed("thing", letter(title="שלום & <b>others</b>"))
    number = post("thing", ada, {})
    mailing.drain()
    return number


def test_it_is_told_where_it_lies(lying, row, tmp_path):
    assert (row(lying).state, row(lying).answer) == ("sent", f"Lies in {tmp_path}/mail/{lying}.eml.")
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


def test_mails_are_listed_and_shown(lying, browser, ada):
    listed = browser().get("/dev/mail")
    assert f"/dev/mail/{lying}" in listed.links
    shown = browser().get(f"/dev/mail/{lying}")
    assert shown.h1 == "שלום & <b>others</b>"
    assert shown.says("Look at it http://127.0.0.1:8000/projects/ROCK/issues/12")
    assert "http://127.0.0.1:8000/projects/ROCK/issues/12" in shown.links
    assert ada.email in shown.text
    assert [page.says(" UTC") for page in (listed, shown)] == [True, True]


def test_its_html_can_do_nothing(app, lying):
    answer = app.test_client().get(f"/dev/mail/{lying}/html", headers=HTML)
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"
    )
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    page = app.test_client().get(f"/dev/mail/{lying}", headers=HTML)
    assert "<iframe title" in page.text
    assert " sandbox " in page.text
    assert page.headers["Content-Security-Policy"].endswith("; frame-src 'self'")


def test_its_source_is_text(app, lying, tmp_path):
    answer = app.test_client().get(f"/dev/mail/{lying}/source", headers=HTML)
    assert answer.mimetype == "text/plain"
    assert answer.data == (tmp_path / f"mail/{lying}.eml").read_bytes()


PAGES = ["/dev/mail", "/dev/mail/{}", "/dev/mail/{}/html", "/dev/mail/{}/source"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"environ_base": {"REMOTE_ADDR": "::1"}, "base_url": "http://[::1]:8000"}, 200),
        ({"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}, 403),
        ({"environ_base": {"REMOTE_ADDR": ""}}, 403),
        ({"headers": {"X-Forwarded-For": "192.0.2.7"}}, 403),
        ({"base_url": "http://evil.example"}, 403),  # a name of another site that leads here
    ],
)
def test_only_who_is_near_sees_them(app, lying, page, asked, status):
    asked = {**asked, "headers": {**HTML, **asked.get("headers", {})}}
    assert app.test_client().get(page.format(lying), **asked).status_code == status


def test_administrators_see_them_from_anywhere(lying, browser, make):
    root = browser(make.person("Root", is_admin=True))
    root.get("/dev/mail", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    browser(make.person("Eve")).get("/dev/mail", status=403, environ_base={"REMOTE_ADDR": "192.0.2.7"})


@pytest.mark.parametrize("page", PAGES)
def test_there_are_none_where_mail_is_sent_or_in_production(mailing, lying, browser, make, page, sink):
    root = browser(make.person("Root", is_admin=True))
    mailing.by(sink.url)
    root.get(page.format(lying), status=404)
    mailing.by(None, environment="production")
    root.get(page.format(lying), status=404)


def test_the_oldest_go(mailing, post, composed, ada, tmp_path, monkeypatch):
    monkeypatch.setattr("webapp.mail.lying.MOST", 2)
    mailing.by(None, cairn_data=tmp_path)
    composed("thing", letter())
    numbers = [post("thing", ada, {}) for _ in range(3)]
    mailing.drain()
    assert {file.name for file in (tmp_path / "mail").iterdir()} == {f"{number}.eml" for number in numbers[1:]}
