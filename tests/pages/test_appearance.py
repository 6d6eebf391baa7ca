"""Light, dark, or as the system has it: this browser's choice, without an account."""

import pytest


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_stands_on_every_page(browser, theme):
    here = browser()
    assert here.post("/appearance", {"theme": theme}).location == "/appearance"
    for url in ("/", "/auth/login", "/appearance"):
        assert f'<html lang="en" data-theme="{theme}">' in here.get(url).text
    assert here.get("/appearance").fields["theme"] == theme


def test_the_systems_theme_comes_back(browser, ada):
    here = browser(ada)
    here.post("/appearance", {"theme": "dark"})
    here.post("/appearance", {"theme": "system"})
    assert "data-theme" not in here.get("/").text


def test_an_unknown_theme_is_refused(browser):
    assert browser().post("/appearance", {"theme": "pink"}, status=422).title.startswith("Error")


def test_a_forged_cookie_says_nothing(browser):
    here = browser()
    here.client.set_cookie(here.cookie("cairn-theme"), '"><b>')
    assert '<html lang="en">' in here.get("/").text


def test_another_site_cannot_choose(browser):
    here = browser()
    here.post("/appearance", {"theme": "dark", "csrf_token": "x"}, status=403)


def test_compact_rows_are_chosen_beside_the_theme(browser):
    here = browser()
    here.post("/appearance", {"theme": "dark", "density": "compact"})
    assert '<html lang="en" data-theme="dark" data-density="compact">' in here.get("/").text
    assert here.get("/appearance").fields["density"] == "compact"
    here.post("/appearance", {"density": "comfortable"})
    assert '<html lang="en" data-theme="dark">' in here.get("/").text
