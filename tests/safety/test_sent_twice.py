"""A creation that is sent twice happens once."""

import pytest

URL = "/projects/WALL/issues"
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture(autouse=True)
def project(ada, make):
    return make.project(ada, key="WALL")


def titles(someone):
    return [issue["title"] for issue in someone.get(URL)["items"]]


def test_a_retry_is_answered_as_the_first_request_was(api, ada):
    first, again = [api(ada).send("POST", URL, json={"title": "Once"}, headers=KEY, status=201) for _ in range(2)]
    assert (again.data, again.location, again.headers["ETag"]) == (first.data, first.location, first.headers["ETag"])
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert titles(api(ada)) == ["Once"]


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/projects", {"name": "Once"}),
        (f"{URL}/1/comments", {"body": "Once"}),
        ("/projects/WALL/labels", {"name": "once", "color": "#123456"}),
    ],
)
def test_every_creation_heeds_the_key(api, ada, make, project, url, body):
    make.issue(project, ada)
    first, again = [api(ada).post(url, body, headers=KEY) for _ in range(2)]
    assert again == first


def test_without_a_key_two_requests_are_two(api, ada):
    api(ada).post(URL, {"title": "Twice"})
    api(ada).post(URL, {"title": "Twice"})
    assert titles(api(ada)) == ["Twice", "Twice"]


@pytest.mark.parametrize(("url", "body"), [(URL, {"title": "Other"}), ("/projects", {"title": "Once"})])
def test_a_key_belongs_to_one_request(api, ada, url, body):
    api(ada).post(URL, {"title": "Once"}, headers=KEY)
    problem = api(ada).post(url, {"name": "Other"} if url == "/projects" else body, headers=KEY, status=422)
    assert "another request" in problem["detail"]
    assert titles(api(ada)) == ["Once"]


def test_a_key_belongs_to_one_person(api, ada, make, project):
    member = make.member(project, "member")
    api(ada).post(URL, {"title": "Hers"}, headers=KEY)
    api(member).post(URL, {"title": "His"}, headers=KEY)
    assert titles(api(ada)) == ["His", "Hers"]


def test_a_refused_request_leaves_its_key_free(api, ada):
    api(ada).post(URL, {"title": ""}, headers=KEY, status=422)
    api(ada).post(URL, {"title": "a", "labels": ["none such"]}, headers=KEY, status=422)
    api(ada).post(URL, {"title": "Now it is right"}, headers=KEY)


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "é"])
def test_a_key_is_visible_ascii(api, ada, key):
    api(ada).post(URL, {"title": "a"}, headers={"Idempotency-Key": key.encode().decode("latin-1")}, status=400)


def test_a_key_is_forgotten_after_a_day(app, api, ada):
    from sqlalchemy import text

    from webapp.db import transacting

    api(ada).post(URL, {"title": "Yesterday"}, headers=KEY)
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'"))
    api(ada).post(URL, {"title": "Today"}, headers={"Idempotency-Key": "another"})
    api(ada).post(URL, {"title": "Today"}, headers=KEY)
    assert titles(api(ada)) == ["Today", "Today", "Yesterday"]


def test_a_key_costs_two_statements(api, ada, statements):
    someone = api(ada)
    someone.post(URL, {"title": "To warm up"})
    statements.clear()
    someone.post(URL, {"title": "Without"})
    without = len([one for one in statements if "SAVEPOINT" not in one])
    statements.clear()
    someone.post(URL, {"title": "With"}, headers=KEY)
    assert len([one for one in statements if "SAVEPOINT" not in one]) == without + 2


def test_a_double_click_makes_one_issue(browser, api, ada):
    someone = browser(ada)
    form = someone.get(f"{URL}/new").fields | {"title": "Clicked twice"}
    places = [someone.post(URL, form).location for _ in range(2)]
    assert places == [f"{URL}/1"] * 2
    assert someone.get(places[1]).says("Issue WALL-1 opened.")
    assert titles(api(ada)) == ["Clicked twice"]


def test_who_goes_back_and_changes_the_text_wants_another_issue(browser, api, ada):
    someone = browser(ada)
    form = someone.get(f"{URL}/new").fields
    someone.post(URL, form | {"title": "One"})
    someone.post(URL, form | {"title": "Two"})
    assert titles(api(ada)) == ["Two", "One"]


def test_a_refused_form_comes_back_with_its_key(browser, ada):
    someone = browser(ada)
    form = someone.get(f"{URL}/new").fields
    again = someone.post(URL, form | {"title": ""}, status=422).fields
    assert again["form_key"] == form["form_key"]
    someone.post(URL, again | {"title": "Now it is right"})


def test_every_page_has_a_key_of_its_own(browser, ada):
    someone = browser(ada)
    assert someone.get(f"{URL}/new").fields["form_key"] != someone.get(f"{URL}/new").fields["form_key"]
