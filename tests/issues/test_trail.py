"""The list that led to an issue goes along: to every form of it, through each, and back to its page."""

import re

import pytest

URL = "/projects/WALL/issues"
LED = "q=label:bug+sort:created-asc"
HERE = rf"{URL}/2(?![\w.])[^\"]*"


@pytest.fixture
def wall(make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    for _ in range(3):
        make.issue(project, ada, labels=["bug"], body="- [ ] Look at it")
    return project


@pytest.fixture
def someone(browser, api, ada, wall):
    api(ada).post(f"{URL}/2/comments", {"body": "- [ ] Mix mortar"})
    return browser(ada)


def test_each_row_has_the_lists_query(browser, ada, wall):
    assert f"{URL}/2?{LED}" in browser(ada).get(f"{URL}?{LED}").links
    assert f"{URL}/2" in browser(ada).get(URL).links


def test_a_query_stays_what_it_is_in_a_rows_address(browser, ada, wall):
    query = 'is:open "a & <b>" OR label:bug'
    page = browser(ada).get(URL, query_string={"q": query})
    address = next(link for link in page.links if link.startswith(f"{URL}/2?"))
    assert browser(ada).get(address).says("2 of 3")


def test_the_list_goes_along_to_all_that_an_issue_leads_to(someone):
    waiting, seen = [f"{URL}/2?{LED}"], set()
    while waiting:
        address = waiting.pop()
        if address in seen or address.partition("?")[0].endswith(("/json", "/undo")):
            continue
        seen.add(address)
        answer = someone.client.get(address.partition("#")[0], headers={"Accept": "text/html"})
        if answer.status_code != 200:
            continue
        found = [one.replace("&amp;", "&") for one in re.findall(rf'(?:href|action)="({HERE})"', answer.text)]
        without = [one for one in found if LED not in one and "alternate" not in one]
        alternate = re.findall(r'rel="alternate"[^>]*href="([^"]*)"', answer.text)
        assert [one for one in without if one not in alternate] == [], address
        waiting += found
    assert len(seen) > 20


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("", {"priority": "high", "version": "1"}),
        ("/closure", {"close_reason": "completed"}),
        ("/comments", {"body": "Seen."}),
        ("/comments", {"body": "Done.", "state": "closed"}),
        ("/comments/{comment}", {"body": "Mixed.", "version": "1"}),
        ("/watch", {"level": "all"}),
    ],
)
def test_whatever_is_saved_leads_back_into_the_list(someone, at, sent):
    at = at.format(comment=re.search(r'id="c(\d+)"', someone.get(f"{URL}/2").text)[1])
    shown = someone.get(f"{URL}/2?{LED}")
    actions = [one.replace("&amp;", "&") for one in re.findall(r'action="([^"]*)"', shown.text)]
    address = next((one for one in actions if one.partition("?")[0] == f"{URL}/2{at}"), f"{URL}/2{at}?{LED}")
    after = someone.post(address, sent)
    assert f"?{LED}" in after.location
    page = someone.get(after.location)
    assert page.says("2 of 3")
    assert f"{URL}/3?{LED}" in page.links


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("/closure", {"close_reason": "completed"}),
        ("/comments", {"body": "Done.", "state": "closed"}),
        ("", {"status": "Done", "version": "1"}),
    ],
)
def test_whoever_closes_an_issue_is_led_to_the_next_one(someone, at, sent):
    page = someone.get(someone.post(f"{URL}/2{at}?q=is:open+sort:created-asc", sent).location)
    assert f'<a href="{URL}/3?q=is:open+sort:created-asc">Next issue</a>' in page.text


def test_there_is_no_next_issue_without_a_list_at_its_end_or_while_nothing_is_closed(someone):
    for address, sent in [
        (f"{URL}/1/closure", {"close_reason": "completed"}),
        (f"{URL}/3/closure?{LED}", {"close_reason": "completed"}),
        (f"{URL}/2?{LED}", {"priority": "high", "version": "1"}),
    ]:
        assert not someone.get(someone.post(address, sent).location).says("Next issue")


def test_undo_leads_back_into_the_list(someone):
    someone.post(f"{URL}/2?{LED}", {"priority": "high", "version": "1"})
    page = someone.get(f"{URL}/2?{LED}")
    address = re.search(r'action="([^"]*/undo[^"]*)"', page.text)[1]
    change = re.search(r'name="change" value="([^"]*)"', page.text)[1]
    assert someone.post(address, {"change": change}).location == f"{URL}/2?{LED}"


def test_a_refused_form_keeps_the_list(someone):
    refused = someone.post(f"{URL}/2?{LED}", {"title": "", "version": "1"}, status=422)
    assert f'action="{URL}/2?{LED}"' in refused.text


def test_who_came_from_the_open_issues_stays_among_them(someone):
    came = {"HTTP_REFERER": f"http://localhost{URL}"}
    page = someone.get(f"{URL}/2", environ_overrides=came)
    assert f'action="{URL}/2/comments?q=is:open"' in page.text


def test_a_deleted_issue_leads_back_to_the_list(someone):
    assert someone.post(f"{URL}/2/delete?{LED}").location == f"{URL}?{LED}"


def test_a_long_query_is_not_carried(someone):
    page = someone.get(f"{URL}/2?q={'x' * 950}")
    assert f'action="{URL}/2/comments"' in page.text
