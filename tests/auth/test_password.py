import pytest

from tests.make import PASSWORD

URL = "/auth/password"
NEW = "seven quiet lorries under pines"
CHANGE = {"current_password": PASSWORD, "new_password": NEW}


def log_in(api, person, password, status=200):
    return api().post("/auth/login", {"email": person.email, "password": password}, status=status)


def test_the_new_password_is_the_one_that_counts(api, ada):
    api(ada).post(URL, CHANGE, status=200)
    log_in(api, ada, PASSWORD, status=401)
    log_in(api, ada, NEW)


def test_it_ends_all_other_logins_and_this_one_gets_new_tokens(api, ada):
    here, there = api(ada), api(ada)
    held = log_in(api, ada, PASSWORD)
    token = here.post(URL, CHANGE, status=200)
    there.get("/auth/me", status=401)
    here.get("/auth/me", status=401)
    api().post("/auth/refresh", {"refresh_token": held["refresh_token"]}, status=401)
    api(Authorization=f"Bearer {token['access_token']}").get("/auth/me")
    api().post("/auth/refresh", {"refresh_token": token["refresh_token"]}, status=200)


def test_a_browser_stays_logged_in(browser, api, ada):
    someone, other = browser(ada), browser(ada)
    before = someone.client.get_cookie(someone.cookie("cairn")).value
    page = someone.get(URL)
    assert page.fields.keys() >= {"current_password", "new_password", "csrf_token"}
    assert someone.post(URL, CHANGE).location == "/auth/me"
    assert someone.client.get_cookie(someone.cookie("cairn")).value != before
    assert someone.get("/auth/me").says("Your password is changed.")
    assert other.get("/auth/me", status=303)


def test_a_script_with_a_cookie_gets_a_new_cookie(browser, ada):
    someone = browser(ada)
    headers = {"Accept": "application/json", "X-CSRF-TOKEN": someone.csrf}
    answer = someone.client.post(URL, json=CHANGE, headers=headers)
    assert answer.json["token_type"] == "cookie"
    assert someone.client.get("/auth/me", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"current_password": "wrong"}, "current_password"),
        ({"current_password": ""}, "current_password"),
        ({"new_password": "short"}, "new_password"),
        ({"new_password": "password123"}, "new_password"),
        ({"new_password": None}, "new_password"),
    ],
)
def test_a_refused_change_names_the_field(api, browser, ada, change, field):
    problem = api(ada).post(URL, {**CHANGE, **change}, status=422)
    assert [error["field"] for error in problem["errors"]] == [field]
    page = browser(ada).post(URL, {key: value or "" for key, value in {**CHANGE, **change}.items()}, status=422)
    assert f'id="{field}-error"' in page.text
    assert PASSWORD not in page.text
    log_in(api, ada, PASSWORD)


def test_guessing_the_current_password_has_to_wait(api, ada):
    client = api(ada)
    for _ in range(5):
        client.post(URL, {**CHANGE, "current_password": "wrong"}, status=422)
    response = client.send("POST", URL, json=CHANGE, status=429)
    assert int(response.headers["Retry-After"]) >= 1


def test_a_password_of_ones_own_name_is_too_easy(api, make):
    person = make.person("Montgomery", email="montgomery@example.com")
    api(person).post(URL, {**CHANGE, "new_password": "montgomery"}, status=422)


def test_nobody_changes_a_password_without_a_login(api, browser):
    api().post(URL, CHANGE, status=401)
    assert browser().get(URL, status=303).location == "/auth/login?next=/auth/password"
