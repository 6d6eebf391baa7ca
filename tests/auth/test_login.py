import subprocess
import sys

import pytest

from tests.make import PASSWORD
from webapp.config import ROOT

EMOJI = "".join(chr(0x1F300 + number * 7) for number in range(64))
WHO = {"name": "Grace", "email": "grace@example.com", "password": PASSWORD}


def test_registering_makes_an_account(api):
    made = api().post("/auth/register", WHO)
    assert made.keys() == {"id", "name", "email", "time_zone", "handle", "language", "created_at"}
    assert made["created_at"].endswith("Z")


@pytest.mark.parametrize(("said", "taken"), [("Europe/Zurich", "Europe/Zurich"), ("Moon/Crater", "UTC"), ("", "UTC")])
def test_registering_takes_the_time_zone_of_the_browser(api, browser, said, taken):
    assert api().post("/auth/register", {**WHO, "time_zone": said})["time_zone"] == taken
    newcomer = browser()
    newcomer.post("/auth/register", {**WHO, "email": "hugo@example.com", "time_zone": said})
    assert newcomer.get("/").says("Set your time zone") is (taken == "UTC")


def test_a_login_returns_tokens_that_work(api, make):
    make.person("Ada", email="ada@example.com")
    token = api().post("/auth/login", {"email": "ADA@example.com", "password": PASSWORD}, status=200)
    assert (token["token_type"], token["expires_in"]) == ("bearer", 1800)
    assert api(Authorization=f"Bearer {token['access_token']}").get("/auth/me")["name"] == "Ada"
    assert api(Authorization=f"bearer {token['access_token']}").get("/auth/me")["name"] == "Ada"


SPELLINGS = (
    "ada@münchen.example",
    "ada@xn--mnchen-3ya.example",
    " ada@MÜNCHEN.example",
    "Ada <ada@mu\u0308nchen.example>",
)


@pytest.mark.parametrize("registered", SPELLINGS)
def test_a_login_knows_the_spellings_of_an_address_that_registering_knows(api, registered):
    api().post("/auth/register", WHO | {"email": registered})
    for typed in SPELLINGS:
        api().post("/auth/register", WHO | {"email": typed}, status=409)
        api().post("/auth/login", {"email": typed, "password": PASSWORD}, status=200)


def test_the_password_form_of_oauth2_is_taken(api, make):
    make.person("Ada", email="ada@example.com")
    form = {"username": "ada@example.com", "password": PASSWORD, "grant_type": "password"}
    assert api().send("POST", "/auth/login", data=form, status=200).json["access_token"]


@pytest.mark.parametrize(
    "entry",
    [
        {"email": "ada@example.com", "password": "wrong"},
        {"email": "nobody@example.com", "password": PASSWORD},
        {"email": "not an address", "password": PASSWORD},
        {"email": "placeholder@example.com", "password": ""},
    ],
)
def test_wrong_credentials_are_told_alike(api, make, entry):
    make.person("Ada", email="ada@example.com")
    response = api().send("POST", "/auth/login", json=entry, status=401)
    assert response.json["detail"] == "Invalid credentials"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_an_unknown_person_costs_a_hash_as_well(api, monkeypatch):
    from webapp.auth import passwords

    checked = []
    real = passwords.bcrypt.checkpw  # type: ignore[attr-defined]
    monkeypatch.setattr(passwords.bcrypt, "checkpw", lambda *args: checked.append(args) or real(*args))  # type: ignore[attr-defined]
    api().post("/auth/login", {"email": "nobody@example.com", "password": PASSWORD}, status=401)
    assert len(checked) == 1
    assert checked[0][1].startswith(f"$2b${passwords.COST:02d}$".encode())


def test_an_inactive_person_is_forbidden(api, make):
    person = make.person("Ada", email="ada@example.com")
    client = api(person)
    make.deactivated(person)
    api().post("/auth/login", {"email": "ada@example.com", "password": PASSWORD}, status=403)
    client.get("/auth/me", status=403)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": None}, "email"),
        ({"name": ""}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": "password123"}, "password"),
        ({"is_admin": True}, "is_admin"),
    ],
)
def test_a_bad_registration_names_the_field(api, change, field):
    problem = api().post("/auth/register", {**WHO, **change}, status=422)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_an_address_belongs_to_one_account_in_any_case(api):
    api().post("/auth/register", WHO)
    problem = api().post("/auth/register", {**WHO, "email": "GRACE@example.com"}, status=409)
    assert problem["errors"][0]["field"] == "email"


@pytest.mark.parametrize(
    "password", [EMOJI, "ab\0ab with more", "lorry under seven quiet pines " * 3 + "!"], ids=["emoji", "NUL", "long"]
)
def test_every_character_of_a_password_counts(api, password):
    api().post("/auth/register", {**WHO, "password": password})
    entry = {"email": WHO["email"], "password": password}
    api().post("/auth/login", entry, status=200)
    api().post("/auth/login", {**entry, "password": password[:-1] + "?"}, status=401)
    api().post("/auth/login", {**entry, "password": password.partition("\0")[0] + "?"}, status=401)


def test_guessing_has_to_wait(api, make):
    make.person("Ada", email="ada@example.com")
    entry = {"email": "ada@example.com", "password": "wrong"}
    for _ in range(5):
        api().post("/auth/login", entry, status=401)
    response = api().send("POST", "/auth/login", json={**entry, "password": PASSWORD}, status=429)
    assert int(response.headers["Retry-After"]) >= 1


def test_somebody_elses_failures_do_not_lock_me_out(api, make):
    make.person("Ada", email="ada@example.com")
    make.person("Bob", email="bob@example.com")
    for _ in range(6):
        api().post("/auth/login", {"email": "bob@example.com", "password": "wrong"}, status=None)
    api().post("/auth/login", {"email": "ada@example.com", "password": PASSWORD}, status=200)


def test_registering_over_and_over_has_to_wait(api, browser):
    for _ in range(10):
        api().post("/auth/register", {**WHO, "password": "password123"}, status=422)
    response = api().send("POST", "/auth/register", json=WHO, status=429)
    assert int(response.headers["Retry-After"]) >= 1
    page = browser().post("/auth/register", WHO, status=429)
    assert page.fields["email"] == WHO["email"]
    assert page.response.headers["Retry-After"]


@pytest.mark.parametrize("password", ['4@8({[</369&#!1/|0$5+7%2"*3' * 3, "4@8({[<369!1|0$5+7%2" * 12])
def test_a_password_of_many_signs_is_judged_by_its_beginning(monkeypatch, password):
    import zxcvbn.matching

    from webapp.auth import judging

    read = []
    real = zxcvbn.matching.dictionary_match

    def noting(text, *rest, **named):
        read.append(text)
        return real(text, *rest, **named)

    monkeypatch.setattr(zxcvbn.matching, "dictionary_match", noting)
    assert judging.score(password, []) >= 2
    assert max(map(len, read)) <= 32
    assert len(read) < 60


@pytest.mark.parametrize(
    "password", ['4@8({[</369&#!1/|0$5+7%2"*3' * 3, "Füße\u2028 und \U0001f9a6 im Otterbau", "\\\"'`$(x)\t{}"]
)
def test_a_password_of_odd_signs_is_judged(api, password):
    api().post("/auth/register", {**WHO, "password": password})


def test_no_dictionary_stays_in_the_process(app):
    """They are 12 MB, in each worker that has judged a single password."""
    program = (
        "import sys\nfrom webapp.auth import passwords\n"
        "print(passwords.guessable('password123', []), passwords.guessable('eleven purple otters', ['Ada']))\n"
        "print([name for name in sys.modules if 'zxcvbn' in name])"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["True False", "[]"]


@pytest.mark.parametrize("program", ["nowhere.py", "broken"])
def test_where_nothing_can_judge_nobody_is_registered(api, monkeypatch, tmp_path, program):
    from webapp.auth import passwords

    if program == "broken":
        (tmp_path / program).write_text("raise SystemExit(1)")
    monkeypatch.setattr(passwords, "JUDGE", tmp_path / program)
    assert "cannot be judged" in api().post("/auth/register", WHO, status=503)["detail"]


def test_judging_a_password_takes_its_turn_with_the_hashes(api, monkeypatch):
    from webapp.auth import passwords

    monkeypatch.setattr(passwords.gate, "patience", 0.01)
    with passwords.gate.busy:
        api().post("/auth/register", {**WHO, "password": "password123"}, status=503)


def test_a_malformed_stored_hash_is_a_failed_login(api, make, app):
    from webapp.db import db, transacting
    from webapp.models.accounts import User

    person = make.person("Ada", email="ada@example.com")
    with app.app_context(), transacting():
        db.session.get(User, person.id).password_hash = "c1:nonsense"
    api().post("/auth/login", {"email": "ada@example.com", "password": PASSWORD}, status=401)


def test_a_hash_of_another_cost_is_renewed_by_the_next_login(api, make, app, monkeypatch):
    from webapp.auth import passwords
    from webapp.db import db
    from webapp.models.accounts import User

    person = make.person("Ada", email="ada@example.com")
    monkeypatch.setattr(passwords, "COST", 5)
    api().post("/auth/login", {"email": "ada@example.com", "password": PASSWORD}, status=200)
    with app.app_context():
        assert "$2b$05$" in db.session.get(User, person.id).password_hash  # type: ignore[operator]
