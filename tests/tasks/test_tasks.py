"""Tasks in texts, ticked from the page and by clients."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clients import HTML
from webapp.text.markdown import render
from webapp.text.tasks import tasks, tickable

URL = "/projects/WALL/issues/1"
BODY = "To do:\n\n- [ ] Mix **mortar**\n- [x] Buy `stones`\n\n```\n- [ ] no task\n```\n> 1. [X] Fetch water"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    make.issue(project, ada, body=BODY)
    return project


def tick(client, *done, url=URL, status=200, **sent):
    return client.post(f"{url}/tasks", {"done": list(done), **sent}, status=status)


def test_the_tasks_of_a_text_are_listed(api, ada, project):
    found = api(ada).get(f"{URL}/tasks")
    assert [(one["line"], one["text"], one["done"]) for one in found["items"]] == [
        (2, "Mix mortar", False),
        (3, "Buy stones", True),
        (8, "Fetch water", True),
    ]
    assert (found["done"], found["total"]) == (2, 3)


def test_ticking_changes_nothing_but_the_marks(api, ada, project):
    issue = tick(api(ada), 2, 8)
    assert issue["body"] == BODY.replace("[ ] Mix", "[x] Mix").replace("[x] Buy", "[ ] Buy")
    assert issue["version"] == 2


def test_ticking_is_told_by_the_words_of_the_tasks(api, browser, ada, project):
    tick(api(ada), 2, 8)
    event = api(ada).get(f"{URL}/events")["items"][-1]
    told = {"added": ["Mix mortar"], "removed": ["Buy stones"], "comment": None}
    assert (event["kind"], event["data"]) == ("ticked", told)
    assert browser(ada).get(URL).says("Ada ticked Mix mortar and cleared Buy stones")


def test_the_former_text_is_kept(api, ada, project):
    tick(api(ada), 2, 3, 8)
    assert [one["body"] for one in api(ada).get(f"{URL}/history")["items"]] == [BODY]


def test_ticking_what_is_ticked_changes_nothing(api, ada, project):
    assert tick(api(ada), 3, 8)["version"] == 1
    assert tick(api(ada), 3, was=[])["version"] == 1


def test_what_others_ticked_meanwhile_stays(api, ada, project):
    tick(api(ada), 2, was=[])
    issue = tick(api(ada), was=[3])
    assert "[x] Mix" in issue["body"]
    assert "[ ] Buy" in issue["body"]


@pytest.mark.parametrize("line", [0, 6, 100])
def test_a_line_without_a_task_is_refused(api, ada, project, line):
    assert tick(api(ada), line, was=[], status=422)["errors"][0]["field"] == "done"


@pytest.mark.parametrize("sent", [{}, {"done": None}, {"done": [-1]}, {"done": ["x"]}, {"done": [2**70]}])
def test_nonsense_is_refused(api, ada, project, sent):
    api(ada).post(f"{URL}/tasks", sent, status=422)


def test_a_text_that_is_another_by_now_is_not_ticked(api, browser, ada, project):
    someone = browser(ada)
    fields = {"base": someone.get(URL).fields["base"], "done": ["", "2"], "was": ""}
    api(ada).patch(URL, {"body": f"One more line\n{BODY}"})
    page = someone.post(f"{URL}/tasks", fields, status=409)
    assert page.says("Somebody else changed this text meanwhile.")
    assert tick(api(ada), 2, version=1, status=409)["detail"]


def test_another_change_of_the_issue_does_not_stop_a_tick(api, browser, ada, project):
    someone = browser(ada)
    base = someone.get(URL).fields["base"]
    api(ada).patch(URL, {"title": "Another"})
    tick(api(ada), 2, 3, 8)
    someone.post(f"{URL}/tasks", {"base": base, "done": ["", "8"], "was": ["", "3", "8"]})
    assert "[ ] Buy" in api(ada).get(URL)["body"]


def test_a_page_has_boxes_for_who_may_edit(browser, ada, make, project):
    reporter = make.member(project, "reporter")
    page = browser(ada).get(URL)
    assert page.text.count('<input type="checkbox" name="done"') == 3
    assert '<input type="checkbox" name="done" value="2" aria-label="Mix mortar">' in page.text
    page = browser(reporter).get(URL)
    assert page.text.count('<input type="checkbox" disabled=""') == 3
    assert "Save tasks" not in page.text


def test_a_page_ticks_without_javascript(api, browser, ada, project):
    someone = browser(ada)
    base = someone.get(URL).fields["base"]
    answer = someone.post(f"{URL}/tasks", {"base": base, "done": ["", "2"], "was": ["", "3", "8"]})
    assert answer.location == URL
    assert [one["done"] for one in api(ada).get(f"{URL}/tasks")["items"]] == [True, False, False]


def test_a_comment_has_tasks_too(api, browser, ada, make, project):
    member, author = make.member(project, "member"), make.member(project, "reporter")
    url = f"{URL}/comments/{api(author).post(f'{URL}/comments', {'body': '- [ ] Sand'})['id']}"
    tick(api(member), 0, url=url, status=403)
    changed = tick(api(author), 0, url=url)
    assert (changed["body"], changed["version"]) == ("- [x] Sand", 2)
    assert api(ada).get(f"{url}/tasks")["done"] == 1
    assert browser(ada).get(URL).says("Reporter ticked Sand")
    assert browser(author).post(f"{url}/tasks", {"done": ""}).location.startswith(f"{URL}#c")
    assert api(ada).get(url)["body"] == "- [ ] Sand"


def test_of_a_deleted_comment_no_task_is_told(api, browser, ada, make, project):
    issue = make.issue(project, ada)
    comment = make.comment(project, issue, ada, body="- [ ] Ask Grace for her key")
    at = f"/projects/{project.key}/issues/{issue.number}"
    api(ada).post(f"{at}/comments/{comment.id}/tasks", {"done": [0]}, status=200)
    places = [at, f"{at}/events", "/", f"/projects/{project.key}", f"{at}.atom"]

    def tells():
        pages = [url for url in places if "her key" in browser(ada).client.get(url, headers=HTML).text]
        return {*pages, *(url for url in places if "her key" in api(ada).send("GET", url).text)}

    assert {at, f"{at}/events", "/"} <= tells()
    api(ada).delete(f"{at}/comments/{comment.id}")
    assert tells() == set()
    assert browser(ada).get(at).says("ticked …")
    api(ada).send("POST", f"{at}/comments/{comment.id}/restoration", status=200)
    assert f"{at}/events" in tells()


def test_a_stranger_hears_of_no_task(api, eve, project):
    tick(api(eve), 2, status=404)
    tick(api(), 2, status=401)


MARKS = ["<input", ' type="checkbox"', ' disabled=""', ' aria-label="a"', ' data-line="3"', ">", "- [ ] ", "- [x] "]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*MARKS, "".join(MARKS[:6]), "\n", "&lt;", '"', "[a](", ")", "`", "![", "]"])))
def test_no_text_makes_a_box_but_by_a_task(parts):
    text = "".join(parts)
    lines = {f'name="done" value="{task.line}"' for task in tasks(text)}
    made = tickable(render(text))
    assert made.count('<input type="checkbox" name=') == len(lines)
    assert all(f'<input type="checkbox" {line}' in made for line in lines)
