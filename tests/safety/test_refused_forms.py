"""Every form of every page comes back as it was filled when it is refused, also one that only asks.

They are found on the pages themselves, outside of projects as within, so that none is forgotten; where a form cannot be
shown any more is in test_refused_texts.py.
"""

from urllib.parse import urlencode, urlsplit

import pytest

from tests.browser.forms import Forms
from tests.browser.seeding import addresses
from tests.clients import HTML, Browser
from tests.sso.conftest import acme, offer
from tests.test_permissions import _pictures_are_fetched, a_provider, there_is
from webapp.drafts import service as drafts

__all__ = ["_pictures_are_fetched", "a_provider", "acme", "offer"]

WRONG = ("nobody", "9" * 30, "x" * 400)
FAR_TOO_LONG = "x" * 100_000


@pytest.fixture
def browser_and_forms(app, make):
    """A browser of who may do everything, and each form of all its pages into which something is typed."""
    things, people = there_is(make, "private")
    browser = Browser(app, people["admin"])
    found = {}
    for address in addresses(app, things, to_strangers=False):
        page = browser.client.get(address, headers=HTML)
        if page.status_code == 200 and page.mimetype == "text/html":
            for form in Forms(address, page.text).all.values():
                if form.typed:
                    found.setdefault((form.method, urlsplit(form.action).path, *sorted(form.typed)), form)
    return browser, list(found.values())


def test_what_is_refused_stands_in_its_form_again(browser_and_forms):
    browser, forms = browser_and_forms
    refused, lost = {"get": set(), "post": set()}, []
    for form in forms:
        path, asks = urlsplit(form.action).path, form.method == "get"
        for name in filter(drafts.may_be_kept, form.typed):  # no secret comes back
            # A browser lets nobody type more than a field says; what changes something is refused anyhow.
            for wrong in [word[: form.typed[name][1]] for word in WRONG] if asks else [FAR_TOO_LONG]:
                filled = urlencode(form.filled({name: wrong}))
                kind = {} if asks else {"content_type": "application/x-www-form-urlencoded", "data": filled}
                at = f"{path}?{filled}" if asks else form.action
                page = browser.client.open(at, method=form.method.upper(), headers=HTML, **kind)
                if page.status_code < 400:
                    continue
                refused[form.method].add((path, name))
                if not stands(page, at, name, wrong):
                    lost.append(f"{form.method} {path} {name}={wrong[:30]}: {page.status_code}")
    assert lost == []
    assert len(refused["get"]) > 1
    assert len(refused["post"]) > 40


def stands(page, at, name, word):
    """Whether it is typed into a field of that name, or into the text of one that has several lines."""
    again = Forms(at, page.text).all.values()
    lines = any(name in form.typed and form.typed[name][0] == "textarea" for form in again) and word in page.text
    return lines or any((name, word) in form.values for form in again)
