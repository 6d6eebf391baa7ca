"""Where a second factor is needed, who has none is led to set one up, and can do nothing else."""

import pytest

from tests.factors.conftest import add, carry_on, enrol
from tests.factors.devices import App, Key
from webapp.config import Settings


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture
def needed(app, monkeypatch):
    """Demand it of these."""

    def needed(of_whom):
        settings = app.config["SETTINGS"].model_copy(update={"require_second_factor": of_whom})
        monkeypatch.setitem(app.config, "SETTINGS", settings)

    return needed


def test_an_administrator_without_is_led_to_set_one_up(api, browser, root, needed):
    needed("admins")
    client, window = api(root), browser(root)
    for path in ("/", "/projects", "/admin"):
        assert window.get(path, status=303).location == "/auth/factors"
    problem = client.get("/projects", status=403)
    assert problem["type"] == "urn:cairn:factor_setup_required"
    client.post("/projects", {"name": "Wall"}, status=403)
    client.get("/projects", status=403, headers={"Accept-Language": "de, en;q=0.5"})
    assert window.get("/auth/factors").says("You need a second factor here.")
    assert client.get("/auth/factors")["is_required"] is True
    enrol(client)
    client.get("/projects")


def test_a_browser_goes_on_once_it_has_one(browser, root, needed):
    needed("admins")
    window = browser(root)
    page = window.get("/auth/factors/authenticator")
    sent = {"setup_token": page.fields["setup_token"], "code": App(page.fields[""]).code()}
    window.post("/auth/factors/authenticator", sent, status=200)
    window.get("/projects")


def test_others_need_none_but_where_all_do(api, ada, needed):
    needed("admins")
    api(ada).get("/projects")
    needed("all")
    api(ada).get("/projects", status=403)
    api().get("/projects")
    needed("none")
    api(ada).get("/projects")


def test_whoever_is_led_away_may_log_out_and_finds_what_they_typed(browser, ada, make, needed):
    make.project(ada, key="WALL")
    window = browser(ada)
    needed("all")
    led = window.post("/projects/WALL/issues", {"title": "A stone is loose"}, status=303)
    assert led.location == "/auth/factors"
    needed("none")
    assert window.get("/projects/WALL/issues/new").fields["title"] == "A stone is loose"
    needed("all")
    window.post("/auth/logout", status=303)


def test_the_last_factor_stays_where_one_is_needed(api, root, needed):
    client = api(root)
    enrol(client)
    needed("admins")
    assert "Add another one" in client.delete("/auth/factors/authenticator", status=409)["detail"]
    add(client, Key())
    carry_on(client, client.delete("/auth/factors/authenticator", status=200))


@pytest.mark.parametrize(
    ("said", "production", "admin", "other"),
    [
        (None, True, True, False),
        (None, False, False, False),
        ("all", False, True, True),
        ("none", True, False, False),
        ("admins", False, True, False),
    ],
)
def test_of_whom_it_is_asked(settings, said, production, admin, other):
    strict = {"environment": "production", "base_url": "https://cairn.test"} if production else {}
    chosen: Settings = settings.model_copy(update={"require_second_factor": said, **strict})
    assert (chosen.asks_factor(is_admin=True), chosen.asks_factor(is_admin=False)) == (admin, other)


def test_what_is_looked_at_costs_no_further_statement(browser, ada, needed, statements, make):
    window = browser(ada)
    window.get("/projects")

    def cost():
        statements.clear()
        window.get("/projects")
        return len(statements)

    before = cost()
    needed("admins")
    assert cost() == before
