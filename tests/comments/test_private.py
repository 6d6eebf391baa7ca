"""A comment for members alone, as pages and mails have it; who may see it is in tests/safety/test_private_comments.py."""

import pytest

URL = "/projects/WALL/issues/1"


@pytest.fixture
def wall(make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    make.issue(project, ada, title="A stone")
    return project


def test_a_box_by_the_form_makes_it_private(wall, ada, api, browser):
    browser(ada).post(f"{URL}/comments", {"body": "Between us.", "private": "true"})
    assert [one["private"] for one in api(ada).get(f"{URL}/comments")["items"]] == [True]
    assert browser(ada).get(URL).says("Only for members")


def test_the_box_stays_ticked_where_the_comment_comes_back(wall, ada, browser):
    """Refused, looked at before it is sent, and asked whether a press would do."""
    for address, body, status in (
        ("/comments", "", 422), ("/comments/preview", "Between us.", 200), ("/comments", "+1", 200),
    ):  # fmt: skip
        page = browser(ada).post(f"{URL}{address}", {"body": body, "private": "true"}, status=status)
        assert 'name="private" value="true" checked' in page.text, address
    assert "checked" not in browser(ada).get(URL).text.partition('id="private"')[2][:60]


def test_the_form_that_changes_it_tells_who_sees_it(wall, ada, api, browser):
    comment = api(ada).post(f"{URL}/comments", {"body": "Between us.", "private": True})["id"]
    page = browser(ada).get(f"{URL}/comments/{comment}/edit")
    assert page.says("All who see the issue")
    browser(ada).post(
        f"{URL}/comments/{comment}", {"body": "For all.", "private": "false", "version": "1", "reveal": "true"}
    )
    now = api(ada).get(f"{URL}/comments/{comment}")
    assert (now["body"], now["private"]) == ("For all.", False)


def test_whoever_may_not_say_so_is_not_offered_it(wall, make, browser):
    page = browser(make.member(wall, "reporter")).get(URL)
    assert not page.says("Only for members")
    assert page.says("Add a comment")


@pytest.mark.parametrize("value", ["perhaps", 1, None])
def test_what_is_no_yes_or_no_is_refused_by_name(wall, ada, api, value):
    sent = api(ada).send("POST", f"{URL}/comments", json={"body": "Seen.", "private": value})
    assert (sent.status_code, sent.json["errors"][0]["field"]) == (422, "private")


def test_what_is_kept_aside_of_two_edits_is_as_private(wall, ada, api, browser):
    comment = api(ada).post(f"{URL}/comments", {"body": "One.", "private": True})["id"]
    form = {"body": "Mine.", "private": "true", "version": "1", "resolve": "comment", "clash": "body"}
    browser(ada).post(f"{URL}/comments/{comment}", form)
    assert [(one["body"], one["private"]) for one in api(ada).get(f"{URL}/comments")["items"]] == [
        ("One.", True), ("Mine.", True)
    ]  # fmt: skip


@pytest.fixture
def named(wall, ada, make):
    """Words that name those who see a private comment, and those who do not."""
    people = [make.member(wall, role) for role in ("member", "reporter", "viewer")]
    make.person("Eve")
    return " ".join(f"@{one.email.partition('@')[0]}" for one in [*people, ada])


def test_its_writer_is_told_who_hears_nothing(wall, named, ada, api):
    said = api(ada).post(f"{URL}/comments", {"body": f"Ask {named}.", "private": True})
    assert [one["name"] for one in said["unheard"]] == ["Reporter", "Viewer"]
    assert "unheard" not in api(ada).post(f"{URL}/comments", {"body": f"Ask {named}."})
    assert "unheard" not in api(ada).post(f"{URL}/comments", {"body": "Ask nobody.", "private": True})


def test_a_page_says_so_before_and_after(wall, named, ada, browser):
    form, words = {"body": f"Ask {named}.", "private": "true"}, "Reporter and Viewer are named and hear nothing of it"
    assert browser(ada).post(f"{URL}/comments/preview", form, status=200).says(words)
    assert not browser(ada).post(f"{URL}/comments/preview", {"body": form["body"]}, status=200).says(words)
    here = browser(ada)
    here.post(f"{URL}/comments", form)
    assert here.get(URL).says(words)


def test_an_edit_says_so_too(wall, named, ada, api, browser):
    comment = api(ada).post(f"{URL}/comments", {"body": "Between us.", "private": True})["id"]
    here, words = browser(ada), "Reporter and Viewer are named and hear nothing of it"
    form = {"body": f"Ask {named}.", "private": "true", "version": "1"}
    assert here.post(f"{URL}/comments/{comment}/preview", form, status=200).says(words)
    here.post(f"{URL}/comments/{comment}", form)
    assert here.get(URL).says(words)


def test_those_who_see_it_by_the_project_s_own_rule_hear_of_it(wall, named, ada, api):
    api(ada).patch("/projects/WALL", {"private_role": "reporter"})
    said = api(ada).post(f"{URL}/comments", {"body": f"Ask {named}.", "private": True})
    assert [one["name"] for one in said["unheard"]] == ["Viewer"]
