import pytest

URL = "/projects/WALL/issues/1/comments"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL")
    make.issue(project, ada)
    return project


def test_a_comment_is_added_and_counted(api, ada, project):
    made = api(ada).post(URL, {"body": "Seen *today*."})
    assert "<em>today</em>" in made["body_html"]
    assert api(ada).get(f"{URL}/{made['id']}") == made
    assert api(ada).get("/projects/WALL/issues/1")["comment_count"] == 1


def test_places_of_texts_that_say_the_same_are_apart(api, browser, ada, project):
    text = "# Steps\n\n[Steps](#steps), as said[^1]\n\n[^1]: Before."
    api(ada).patch("/projects/WALL/issues/1", {"body": text})
    one, other = (api(ada).post(URL, {"body": text}) for _ in "ab")
    for said, name in ((one, f"c{one['id']}:"), (other, f"c{other['id']}:")):
        assert f'<a href="#user-content-{name}steps">Steps</a>' in said["body_html"]
        assert f'<li id="user-content-{name}fn:1">' in said["body_html"]
        assert api(ada).get(f"{URL}/{said['id']}")["body_html"] == said["body_html"]
    page = browser(ada).post(f"{URL}/preview", {"body": text}, status=200)  # the client looks at ids
    assert page.text.count('id="user-content-steps"') == page.text.count('id="user-content-preview:steps"') == 1


def test_a_comment_can_close_in_the_same_change(api, ada, project):
    api(ada).post(URL, {"body": "Done.", "state": "closed"})
    assert api(ada).get("/projects/WALL/issues/1")["state"] == "closed"


def test_a_comment_that_may_not_close_is_not_added_either(api, make, project):
    reporter = make.member(project, "reporter")
    api(reporter).post(URL, {"body": "Done.", "state": "closed"}, status=403)
    assert api(reporter).get(URL)["items"] == []


@pytest.mark.parametrize("body", [{}, {"body": ""}, {"body": " \n "}, {"body": "x" * 65_537}, {"body": "\x00"}])
def test_a_comment_needs_a_text(api, ada, project, body):
    assert api(ada).post(URL, body, status=422)["errors"][0]["field"] == "body"


def test_an_edited_comment_says_so(api, ada, project):
    made = api(ada).post(URL, {"body": "a"})
    changed = api(ada).patch(f"{URL}/{made['id']}", {"body": "b"})
    assert (changed["body"], changed["version"]) == ("b", 2)
    assert changed["edited_at"]


def test_only_the_author_and_maintainers_change_a_comment(api, ada, make, project):
    member, maintainer = make.member(project, "member"), make.member(project, "maintainer")
    made = api(ada).post(URL, {"body": "a"})
    api(member).patch(f"{URL}/{made['id']}", {"body": "b"}, status=403)
    api(maintainer).patch(f"{URL}/{made['id']}", {"body": "b"})
    api(member).delete(f"{URL}/{made['id']}", status=403)
    api(maintainer).delete(f"{URL}/{made['id']}")
    assert api(ada).get("/projects/WALL/issues/1")["comment_count"] == 0


def test_comments_are_read_in_pages_oldest_first(api, ada, project):
    for number in range(5):
        api(ada).post(URL, {"body": f"{number}"})
    first = api(ada).get(f"{URL}?limit=3")
    rest = api(ada).get(first["next"])
    assert [item["body"] for item in first["items"] + rest["items"]] == list("01234")
    assert (first["total"], rest["next"]) == (5, None)


def test_a_comment_of_another_issue_is_not_found_here(api, ada, make, project):
    made = api(ada).post(URL, {"body": "a"})
    make.issue(project, ada)
    api(ada).get(f"/projects/WALL/issues/2/comments/{made['id']}", status=404)
    api(ada).patch(f"/projects/WALL/issues/2/comments/{made['id']}", {"body": "b"}, status=404)


def test_a_new_comment_is_an_event_and_told_once(api, browser, ada, make):
    make.issue(make.project(ada, key="WALL"), ada)
    comment = api(ada).post("/projects/WALL/issues/1/comments", {"body": "Seen.", "state": "closed"})
    _, commented, *closed = api(ada).get("/projects/WALL/issues/1/events")["items"]
    assert (commented["kind"], commented["data"]) == ("commented", {"comment": comment["id"]})
    assert browser(ada).get(f"/users/{ada.id}").text.lower().count("commented on") == 1
    done = [one["kind"] for one in api(ada).get("/")["activity"]]
    assert done.count("commented") == 1
    assert f", and {len(done) - 1} more" in browser(ada).get("/").text
    assert "commented</a>" not in browser(ada).get("/projects/WALL/issues/1").text
    # What it closed can still be opened again.
    api(ada).post("/projects/WALL/issues/1/undo", {"change": closed[-1]["change_id"]}, status=200)
