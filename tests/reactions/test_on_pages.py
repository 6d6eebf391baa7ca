"""Reactions on the page of an issue: buttons that work without a script, and come back to where they were pressed."""

import re

import pytest

WALL = "/projects/WALL/issues"
URL = f"{WALL}/1"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    make.comment(project, make.issue(project, ada), ada)
    return project


@pytest.fixture
def comment(api, ada, project):
    return api(ada).get(f"{URL}/comments")["items"][0]["id"]


def put(api, who, url):
    api(who).send("PUT", url, json={}, status=200)


def buttons(page):
    """Chips that can be pressed: what each is called, whether it is pressed, and where it leads."""
    found = re.findall(r'class="chip" formaction="([^"]+)" aria-pressed="(\w+)" aria-label="([^"]+)"', page.text)
    return [(called, pressed == "true", to.partition("/issues/")[2]) for to, pressed, called in found]


def test_an_issue_always_offers_a_thumb_and_a_press_is_seen(browser, ada, project):
    here = browser(ada)
    assert buttons(here.get(URL)) == [("Thumbs up", False, "1/reactions/+1")]
    assert here.post(f"{URL}/reactions/+1").location.endswith(f"{URL}#reactions")
    assert buttons(here.get(URL)) == [("1 person: thumbs up, you too", True, "1/reactions/+1/delete")]
    here.post(f"{URL}/reactions/+1/delete")
    assert buttons(here.get(URL)) == [("Thumbs up", False, "1/reactions/+1")]


def test_the_list_that_one_came_from_goes_along(browser, ada, project, comment):
    here = browser(ada)
    page = here.get(f"{URL}?q=is:open")
    for about in (URL, f"{URL}/comments/{comment}"):
        there = re.findall(f'formaction="({re.escape(about)}/reactions/[^"]+)"', page.text)
        assert len(there) == (9 if about == URL else 8)
        assert all("?" in one for one in there)
        assert "q=" in here.post(there[0].replace("&amp;", "&")).location


def test_a_comment_s_press_comes_back_to_it(browser, ada, project, comment):
    here = browser(ada)
    came = here.post(f"{URL}/comments/{comment}/reactions/heart")
    assert came.location.endswith(f"{URL}#c{comment}")
    pressed = buttons(here.get(URL))[1]
    assert pressed == ("1 person: heart, you too", True, f"1/comments/{comment}/reactions/heart/delete")


def test_everybody_sees_their_own_and_who_the_others_are(browser, api, ada, make, project, comment):
    """The same entry of a thread is kept for several people."""
    bob = make.member(project, "reporter")
    for who in (ada, bob):
        put(api, who, f"{URL}/comments/{comment}/reactions/heart")
    put(api, bob, f"{URL}/comments/{comment}/reactions/eyes")
    for _ in range(2):
        for who, too in ((ada, ""), (bob, ", you too")):
            page = browser(who).get(URL)
            told = [called for called, _, _ in buttons(page)]
            assert told == ["Thumbs up", "2 people: heart, you too", f"1 person: eyes{too}"]
            assert 'title="Ada and Reporter"' in page.text
    nobody = browser(None).get(URL)
    assert buttons(nobody) == []
    assert nobody.says("2 people: heart")
    assert 'form="react"' not in nobody.text


def test_names_come_and_go_with_people(browser, api, ada, make, project):
    put(api, ada, f"{URL}/reactions/eyes")
    assert 'title="Ada"' in browser(ada).get(URL).text
    api(ada).patch("/auth/me", {"name": "Augusta"})
    assert 'title="Augusta"' in browser(ada).get(URL).text


def test_each_can_be_chosen_at_each_text(browser, ada, project, comment):
    page = browser(ada).get(URL)
    for about in (URL, f"{URL}/comments/{comment}"):
        for reaction in ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"):
            assert f'formaction="{about}/reactions/{reaction}"' in page.text
    assert page.text.count('id="react"') == 1


def test_who_may_not_comment_is_offered_nothing(browser, make, ada):
    project = make.project(ada, key="GATE")
    make.issue(project, ada)
    page = browser(make.member(project, "viewer")).get("/projects/GATE/issues/1")
    assert "react" not in page.text.partition("<main")[2]


def test_thumbs_are_shown_in_rows(browser, api, ada, project):
    assert "thumbs up" not in browser(ada).get(WALL).text
    put(api, ada, f"{URL}/reactions/+1")
    put(api, ada, f"{URL}/reactions/heart")
    assert '1<span class="hidden"> thumbs up</span>' in browser(ada).get(WALL).text


def test_an_issue_without_reactions_costs_no_statement_more(browser, api, ada, project, statements):
    here, costs = browser(ada), []
    here.get(URL)
    for change in (lambda: api(ada).patch(URL, {"title": "Another"}), lambda: put(api, ada, f"{URL}/reactions/+1")):
        change()
        statements.clear()
        here.get(URL)
        costs.append(len([one for one in statements if "SAVEPOINT" not in one]))
    assert costs[1] == costs[0] + 1
