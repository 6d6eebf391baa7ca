from unittest.mock import ANY

import pytest


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


URL = "/projects/WALL/issues"


def test_an_issue_gets_the_next_number_of_its_project(api, ada, project):
    first, second = (api(ada).post(URL, {"title": title}) for title in ("One", "Two"))
    assert (first["key"], second["key"]) == ("WALL-1", "WALL-2")
    assert first["author"] == {"id": ada.id, "name": "Ada"}
    assert first["state"] == "open"


def test_a_number_is_never_given_twice(api, ada, project):
    api(ada).post(URL, {"title": "One"})
    api(ada).delete(f"{URL}/1")
    assert api(ada).post(URL, {"title": "Two"})["number"] == 2


def test_the_body_is_rendered_safely(api, ada, project):
    made = api(ada).post(URL, {"title": "x", "body": "**bold** <script>alert(1)</script>"})
    assert "<strong>bold</strong>" in made["body_html"]
    assert "<script" not in made["body_html"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "\x01"}, "title"),
        ({"title": "x", "body": "x" * 65_537}, "body"),
        ({"title": "x", "labels": ["nope"]}, "labels"),
        ({"title": "x", "labels": "bug"}, "labels"),
        ({"title": "x", "assignees": [2**63 - 1]}, "assignees"),
        ({"title": "x", "assignees": ["1"]}, "assignees.0"),
        ({"title": "x", "priority": "very"}, "priority"),
        ({"title": "x", "due_on": "31.12.2026"}, "due_on"),
        ({"title": "x", "number": 7}, "number"),
    ],
)
def test_bad_input_names_the_field(api, ada, project, body, field):
    problem = api(ada).post(URL, body, status=422)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert api(ada).get(f"{URL}?state=all")["total"] == 0


def test_a_patch_changes_only_what_is_sent(api, ada, project, make):
    make.label(project, ada, "bug")
    api(ada).post(URL, {"title": "x", "body": "Text", "labels": ["BUG"], "priority": "high", "due_on": "2026-12-24"})
    changed = api(ada).patch(f"{URL}/1", {"title": "y"})
    assert (changed["title"], changed["body"], changed["priority"]) == ("y", "Text", "high")
    assert changed["due_on"] == "2026-12-24"
    assert [label["name"] for label in changed["labels"]] == ["bug"]


def test_what_may_be_empty_can_be_cleared_and_the_rest_not(api, ada, project):
    api(ada).post(URL, {"title": "x", "due_on": "2026-12-24"})
    assert api(ada).patch(f"{URL}/1", {"due_on": None})["due_on"] is None
    api(ada).patch(f"{URL}/1", {"title": None}, status=422)


def test_closing_has_a_reason_and_reopening_takes_it_away(api, ada, project):
    api(ada).post(URL, {"title": "x"})
    closed = api(ada).patch(f"{URL}/1", {"state": "closed", "close_reason": "not_planned"})
    assert (closed["state"], closed["close_reason"]) == ("closed", "not_planned")
    assert closed["closed_at"]
    opened = api(ada).patch(f"{URL}/1", {"state": "open"})
    assert (opened["state"], opened["close_reason"], opened["closed_at"]) == ("open", None, None)


def test_a_reason_without_closing_is_refused(api, ada, project):
    api(ada).post(URL, {"title": "x"})
    api(ada).patch(f"{URL}/1", {"close_reason": "completed"}, status=422)


def test_the_projects_counters_follow(api, ada, project):
    counts = lambda: [api(ada).get("/projects/WALL")[name] for name in ("open_issues", "closed_issues")]  # noqa: E731
    for title in ("a", "b", "c"):
        api(ada).post(URL, {"title": title})
    api(ada).patch(f"{URL}/1", {"state": "closed"})
    api(ada).patch(f"{URL}/1", {"state": "closed"})
    assert counts() == [2, 1]
    api(ada).delete(f"{URL}/1")
    api(ada).delete(f"{URL}/2")
    assert counts() == [1, 0]


def test_every_change_is_an_event_and_no_change_is_none(api, ada, project, make):
    make.label(project, ada, "bug")
    api(ada).post(URL, {"title": "x"})
    change = {"title": "y", "labels": ["bug"], "priority": "low", "state": "closed", "assignees": [ada.id]}
    api(ada).patch(f"{URL}/1", change)
    api(ada).patch(f"{URL}/1", change)
    events = api(ada).get(f"{URL}/1/events")["items"]
    assert [event["kind"] for event in events] == [
        "opened", "renamed", "labelled", "assigned", "prioritised", "moved_status", "closed",
    ]  # fmt: skip
    assert events[1]["data"] == {"old": "x", "new": "y"}
    assert events[2]["data"] | {"added_ids": ANY} == {
        "added": ["bug"],
        "removed": [],
        "added_ids": ANY,
        "removed_ids": [],
    }


def test_the_list_filters_and_sorts(api, ada, project, make):
    make.label(project, ada, "bug")
    for title, body in (("a", {"labels": ["bug"]}), ("b", {"priority": "high"}), ("c", {})):
        api(ada).post(URL, {"title": title, **body})
    api(ada).patch(f"{URL}/3", {"state": "closed"})
    titles = lambda query: [item["title"] for item in api(ada).get(f"{URL}?{query}")["items"]]  # noqa: E731
    assert titles("") == ["b", "a"]
    assert titles("state=closed") == ["c"]
    assert titles("state=all&sort=created-asc") == ["a", "b", "c"]
    assert titles("label=Bug") == ["a"]
    assert titles("priority=high&priority=low") == ["b"]
    assert titles(f"author={ada.id}&state=all") == ["c", "b", "a"]
    assert titles(f"assignee={ada.id}") == []
    assert titles("label=nope") == []


@pytest.mark.parametrize("sort", ["created-desc", "created-asc", "updated-desc", "updated-asc"])
def test_pages_of_every_order_meet_each_issue_once(api, ada, project, sort):
    for number in range(7):
        api(ada).post(URL, {"title": f"Issue {number}"})
    seen, url = [], f"{URL}?sort={sort}&limit=3"
    while url:
        page = api(ada).get(url)
        seen += [item["number"] for item in page["items"]]
        url = page["next"]
    assert seen == sorted(range(1, 8), reverse=sort.endswith("desc"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=some", "state"),
        ("sort=title", "sort"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=W10", "cursor"),
        ("cursor=WzAsIngiXQ", "cursor"),
        ("author=0", "author"),
        ("q=is:opne", "q"),
        ("state=open&state=closed", "state"),
    ],
)
def test_a_bad_query_names_the_field(api, ada, project, query, field):
    problem = api(ada).get(f"{URL}?{query}", status=422)
    assert [error["field"].partition(".")[0] for error in problem["errors"]] == [field]


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "9223372036854775807", "9223372036854775808", "١"])
def test_an_unknown_number_is_not_found(api, ada, project, number):
    api(ada).post(URL, {"title": "x"})
    api(ada).get(f"{URL}/{number}", status=404)


ROLES = ["viewer", "reporter", "member", "maintainer"]


@pytest.mark.parametrize(("role", "status"), [*zip(ROLES, [403, 201, 201, 201], strict=True)])
def test_who_may_open_an_issue(api, make, project, role, status):
    api(make.member(project, role)).post(URL, {"title": "x"}, status=status)


@pytest.mark.parametrize(("role", "status"), [*zip(ROLES, [403, 403, 200, 200], strict=True)])
def test_who_may_close_somebody_elses_issue(api, make, ada, project, role, status):
    make.issue(project, ada)
    api(make.member(project, role)).patch(f"{URL}/1", {"state": "closed"}, status=status)


@pytest.mark.parametrize(("role", "status"), [*zip(ROLES, [403, 403, 403, 204], strict=True)])
def test_who_may_delete_an_issue(api, make, ada, project, role, status):
    make.issue(project, ada)
    api(make.member(project, role)).delete(f"{URL}/1", status=status)


def test_an_author_edits_their_own_issue_but_does_not_triage_it(api, make, project):
    reporter = make.member(project, "reporter")
    make.issue(project, reporter)
    api(reporter).patch(f"{URL}/1", {"title": "Better", "state": "closed"})
    api(reporter).patch(f"{URL}/1", {"priority": "urgent"}, status=403)


@pytest.mark.parametrize("path", ["", "/1", "/1/comments", "/1/events"])
def test_nothing_of_a_private_project_is_there_for_a_stranger(api, make, ada, eve, project, path):
    make.issue(project, ada)
    api(eve).get(URL + path, status=404)
    assert api().get(URL + path, status=401) == api().get(f"/projects/NOPE/issues{path}", status=401) | {
        "request_id": ANY
    }


def test_a_stale_version_is_refused(api, ada, project, make):
    make.issue(project, ada)
    etag = api(ada).send("GET", f"{URL}/1").headers["ETag"]
    api(ada).patch(f"{URL}/1", {"title": "y"}, headers={"If-Match": etag})
    api(ada).patch(f"{URL}/1", {"title": "z"}, status=412, headers={"If-Match": etag})
    api(ada).patch(f"{URL}/1", {"title": "z", "version": 1}, status=409)
    assert api(ada).get(f"{URL}/1")["title"] == "y"


def test_an_unchanged_issue_is_not_sent_again(api, ada, project, make):
    make.issue(project, ada)
    etag = api(ada).send("GET", f"{URL}/1").headers["ETag"]
    assert api(ada).send("GET", f"{URL}/1", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(("condition", "status"), [("*", 200), ('"1"', 200), ('"2"', 412), ('W/"1"', 412)])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_read_may_name_the_version_that_it_expects(api, ada, project, make, condition, status, encoding):
    make.issue(project, ada, body="A long text. " * 100)
    headers = {"If-Match": condition, "Accept-Encoding": encoding}
    response = api(ada).send("GET", f"{URL}/1", headers=headers, status=status)
    assert response.mimetype == ("application/json" if status == 200 else "application/problem+json")


def test_the_tag_of_an_answer_is_one_that_a_read_may_name(api, ada, project, make):
    make.issue(project, ada, body="A long text. " * 100)
    packed = {"Accept-Encoding": "gzip"}
    etag = api(ada).send("GET", f"{URL}/1", headers=packed).headers["ETag"]
    api(ada).send("GET", f"{URL}/1", headers={**packed, "If-Match": etag}, status=200)


def test_a_new_comment_changes_what_is_sent(api, ada, project, make):
    issue = make.issue(project, ada)
    etag = api(ada).send("GET", f"{URL}/1").headers["ETag"]
    make.comment(project, issue, ada)
    assert api(ada).send("GET", f"{URL}/1", headers={"If-None-Match": etag}).json["comment_count"] == 1
    api(ada).patch(f"{URL}/1", {"title": "Still the same version"}, headers={"If-Match": etag})


def test_a_foreign_label_cannot_be_tied(api, ada, project, make):
    other = make.project(ada, key="OTHER")
    make.label(other, ada, "secret")
    api(ada).post(URL, {"title": "x", "labels": ["secret"]}, status=422)
