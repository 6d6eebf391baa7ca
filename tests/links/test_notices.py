from tests.make import PASSWORD

LOGIN = "/auth/login"


def test_a_login_with_a_browser_that_is_not_known_is_told(browser, ada, arrived):
    first = browser()
    first.post(LOGIN, {"email": ada.email, "password": PASSWORD})
    assert [(to, subject) for to, subject, _ in arrived()] == [(ada.email, "A new login to your account")]
    first.post("/auth/logout")
    first.post(LOGIN, {"email": ada.email, "password": PASSWORD})
    assert arrived() == []


def test_a_program_is_told_once(api, ada, arrived):
    who = {"email": ada.email, "password": PASSWORD}
    for _ in range(2):
        api().post(LOGIN, who, status=200, headers={"User-Agent": "backup/1"})
    assert len(arrived()) == 1
    api().post(LOGIN, who, status=200, headers={"User-Agent": "other/1"})
    assert len(arrived()) == 1


def test_a_wrong_password_is_told_to_nobody(api, ada, arrived):
    api().post(LOGIN, {"email": ada.email, "password": "wrong"}, status=401)
    assert arrived() == []
