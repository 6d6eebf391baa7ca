"""The list lets those who may tick issues, and leads to the page that changes them."""

URL = "/projects/WALL/issues"


def test_who_may_edit_ticks_issues_in_the_list(browser, ada, make):
    project = make.project(ada, key="WALL", visibility="public")
    for number in range(3):
        make.issue(project, ada, title=f"Stone {number}")
    page = browser(ada).get(f"{URL}?q=stone")
    assert page.text.count('name="numbers"') == 3
    assert page.says("Select all 3")
    assert 'name="numbers"' not in browser().get(URL).text
    assert 'name="numbers"' not in browser(make.member(project, "reporter")).get(URL).text
    chosen = browser(ada).get(f"{URL}/bulk?numbers=1&numbers=3&q=stone")
    assert chosen.says("Change 2 issues")


def test_all_that_match_are_meant_whichever_are_ticked(api, browser, ada, make):
    project = make.project(ada, key="WALL")
    for number in range(3):
        make.issue(project, ada, title=f"Stone {number}")
    someone = browser(ada)
    assert 'name="every"' in someone.get(f"{URL}?q=stone&limit=1").text
    page = someone.get(f"{URL}/bulk?numbers=1&every=true&q=stone&do=priority")
    assert (page.h1, page.fields["expected"]) == ("Priority of 3 issues", "3")
    assert 'name="numbers"' not in page.text
    someone.post(f"{URL}/bulk?q=stone", {"expected": 3, "priority": "high"})
    assert api(ada).get(f"{URL}?q=priority:high")["total"] == 3
