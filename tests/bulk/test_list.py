"""The list lets those who may tick issues, and leads to the page that changes them."""

URL = "/projects/WALL/issues"


def test_who_may_edit_ticks_issues_in_the_list(browser, ada, make):
    project = make.project(ada, key="WALL", visibility="public")
    for number in range(3):
        make.issue(project, ada, title=f"Stone {number}")
    page = browser(ada).get(f"{URL}?q=stone")
    assert page.text.count('name="numbers"') == 3
    assert f"{URL}/bulk?q=stone" in page.links
    assert page.says("Change all 3…")
    assert 'name="numbers"' not in browser().get(URL).text
    assert 'name="numbers"' not in browser(make.member(project, "reporter")).get(URL).text
    chosen = browser(ada).get(f"{URL}/bulk?numbers=1&numbers=3&q=stone")
    assert chosen.says("Change 2 issues")
