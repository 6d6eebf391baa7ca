"""The pages about oneself lead to each other, and say where one is."""

import pytest

PAGES = [
    "/auth/me", "/auth/email", "/auth/password", "/account/notifications", "/auth/sign-ins", "/auth/tokens", "/appearance",
]  # fmt: skip


@pytest.mark.parametrize("at", PAGES)
def test_each_leads_to_all(browser, ada, at):
    page = browser(ada).get(at)
    assert set(PAGES) <= set(page.links)
    assert f'<a href="{at}" aria-current="page">' in page.text


def test_that_of_feeds_is_led_to_by_all_tokens(browser, ada):
    window = browser(ada)
    assert "/auth/feeds" in window.get("/auth/tokens").links
    assert '<a href="/auth/tokens" aria-current="page">' in window.get("/auth/feeds").text


def test_who_has_no_account_is_not_led_to_it(browser):
    page = browser().get("/appearance")
    assert not set(PAGES[:-1]) & set(page.links)
