"""The link that ends mails: without a login, with one click, and only what it says for whom it says."""

import re

import pytest

from tests.clients import HTML
from tests.mail.conftest import letter
from webapp.mail import unsubscribing
from webapp.mail.composing import Stop
from webapp.mail.rows import Reader

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(mailing, sink, post, composed, ended, ada):
    """As it stands in a mail to Ada."""
    composed("thing", letter(stop=Stop("thing", {"issue": 12})))
    post("thing", ada, {})
    mailing.drain()
    found = re.search(r"<(https://cairn\.test)(/[^>]+)>", sink.mails[0].message["List-Unsubscribe"])
    return found[2]


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json", None])
def test_a_mail_program_ends_them_with_one_click(app, link, ended, ada, accept):
    headers = {"Accept": accept} if accept else {}
    answer = app.test_client().post(link, data=ONE_CLICK, headers=headers)
    assert (answer.status_code, ended) == (200, [(ada.id, {"issue": 12})])


def test_to_look_at_it_changes_nothing(app, link, ended, browser):
    page = browser().get(link)
    assert page.says("You would no longer get mails about {'issue': 12}.")
    assert app.test_client().head(link, headers=HTML).status_code == 200
    assert ended == []


def test_the_page_has_one_button(link, ended, browser, ada):
    somebody = browser()
    page = somebody.get(link)
    assert page.text.count("<form") - page.text.count('role="search"') == 1
    done = somebody.post(link, {"csrf_token": page.fields["csrf_token"]}, status=200)
    assert done.says("You no longer get mails about {'issue': 12}.")
    assert "/account/notifications" in done.links
    assert ended == [(ada.id, {"issue": 12})]


def test_it_is_not_for_whoever_is_logged_in(link, ended, browser, eve, ada):
    browser(eve).post(link, status=200)
    assert ended == [(ada.id, {"issue": 12})]


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: f"x{token}", lambda token: token + "A",
                                    lambda token: "nonsense", lambda token: token.swapcase()])  # fmt: skip
def test_what_we_did_not_sign_ends_nothing(app, link, ended, change):
    path, _, token = link.rpartition("/")
    answer = app.test_client().post(f"{path}/{change(token)}", data=ONE_CLICK)
    assert (answer.status_code, ended) == (404, [])


def test_a_key_of_another_purpose_signs_none(app, link, ended):
    from itsdangerous import URLSafeSerializer

    forged = URLSafeSerializer(app.config["KEYS"]["notice"].present, salt="stop").dumps([1, "thing", {"issue": 12}])
    assert app.test_client().post(f"/mail/stop/{forged}").status_code == 404


def test_a_way_that_nobody_knows_is_a_mistake(mailing):
    with pytest.raises(LookupError, match="nowhere"):
        unsubscribing.path(Reader(1, "Ada", "ada@example.com", "UTC", is_active=True), Stop("nowhere", {}))


def test_the_token_stands_in_no_log(app, link, capsys):
    app.test_client().get(link)
    from webapp.http.log import _SECRET

    assert _SECRET.sub(r"\1…", link) == "/mail/stop/…"
