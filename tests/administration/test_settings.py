"""Administrators change settings while Cairn runs; what the environment says goes before them."""

import pytest

from webapp.config import of_this_app, stored
from webapp.settings import service as settings


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture(autouse=True)
def as_before(app):
    """What a test changed is rolled back, and the process shall not go on with it."""
    yield
    with app.app_context():
        settings.refresh()


def of(told, name):
    return next(one for one in told["items"] if one["name"] == name)


def free(app, name):
    """Let the environment say nothing of a setting, whatever tests are run with."""
    base = app.config["SETTINGS"]
    values = {one: getattr(base, one) for one in base.model_fields_set if one != name}
    return type(base)(**values)


@pytest.fixture
def unsaid(app, monkeypatch):
    for name in ("registration", "limit_factor", "require_second_factor", "audit_days"):
        monkeypatch.setitem(app.config, "SETTINGS", free(app, name))
    monkeypatch.setitem(app.config, "SETTINGS_GIVEN", app.config["SETTINGS"])


def test_each_says_where_it_was_said(api, root, unsaid):
    told = api(root).get("/admin/settings")
    assert of(told, "AUDIT_DAYS") == {"name": "AUDIT_DAYS", "value": "400", "is_secret": False, "origin": "default"}
    changed = api(root).patch("/admin/settings", {"audit_days": "500"})
    assert of(changed, "AUDIT_DAYS")["value"] == "500"
    assert of(changed, "AUDIT_DAYS")["origin"] == "database"
    assert of({"items": api(root).get("/admin/health")["settings"]}, "AUDIT_DAYS")["origin"] == "database"
    back = api(root).patch("/admin/settings", {"audit_days": None})
    assert of(back, "AUDIT_DAYS")["origin"] == "default"


def test_a_change_holds_at_once(app, api, browser, root, unsaid):
    new = {"name": "New", "email": "new@example.com", "password": "nine purple otters swim"}
    api(root).patch("/admin/settings", {"registration": "closed"})
    assert "closed" in str(api().post("/auth/register", new, status=403))
    api(root).patch("/admin/settings", {"registration": "open"})
    assert api().post("/auth/register", new, status=None) is not None


def test_another_process_knows_with_its_next_request(app, api, root, ada, unsaid):
    """As another process has it: the counter that it knows is not the one that the database has."""
    api(root).patch("/admin/settings", {"audit_days": "500"})
    with app.app_context():
        app.config["SETTINGS"], stored.at = app.config["SETTINGS_GIVEN"], 0
        assert of_this_app().audit_days == 400
    api(ada).get("/projects")
    with app.app_context():
        assert of_this_app().audit_days == 500


@pytest.mark.parametrize("asked", ["/readyz", "check"])
def test_what_watches_a_process_has_it_know(app, api, root, unsaid, asked):
    """Who is not logged in brings no counter, and a command none at all."""
    api(root).patch("/admin/settings", {"registration": "closed"})
    with app.app_context():
        app.config["SETTINGS"], stored.at = app.config["SETTINGS_GIVEN"], 0
        assert of_this_app().registration == "open"
    if asked == "check":
        said = app.test_cli_runner().invoke(args=["check", "--deploy", "--json"]).output
        assert '"registration"' not in said
    else:
        api().get(asked)
    with app.app_context():
        assert of_this_app().registration == "closed"


def test_what_is_wrong_names_the_field_and_stays_typed(api, browser, root, unsaid):
    for name, value in (("audit_days", "3"), ("registration", "perhaps"), ("limit_factor", "much")):
        told = api(root).patch("/admin/settings", {name: value}, status=422)
        assert [one["field"] for one in told["errors"]] == [name]
    page = browser(root).post("/admin/settings", {"audit_days": "3", "registration": "closed"}, status=422)
    assert page.fields["audit_days"] == "3"
    assert page.says("from 30 to 3650")


def test_the_environment_wins(app, api, browser, root, unsaid, monkeypatch):
    fixed = type(app.config["SETTINGS"])(
        **{
            **{one: getattr(app.config["SETTINGS"], one) for one in app.config["SETTINGS"].model_fields_set},
            "audit_days": 90,
        }
    )
    monkeypatch.setitem(app.config, "SETTINGS", fixed)
    monkeypatch.setitem(app.config, "SETTINGS_GIVEN", fixed)
    told = api(root).patch("/admin/settings", {"audit_days": "500"}, status=422)
    assert "cannot be changed here" in str(told)
    assert browser(root).get("/admin/settings").says("cannot be changed here")


def test_it_is_noted_with_what_was_before(api, root, unsaid):
    here = api(root)
    here.patch("/admin/settings", {"audit_days": "500"})
    here.patch("/admin/settings", {"audit_days": "600"})
    here.patch("/admin/settings", {"audit_days": "600"})
    last, *others = here.get("/admin/audit?kind=installation_setting_changed")["items"]
    assert (last["before"], last["after"], len(others)) == ({"audit_days": "500"}, {"audit_days": "600"}, 1)


def test_only_administrators_change_them(api, ada):
    api(ada).get("/admin/settings", status=403)
    api(ada).patch("/admin/settings", {"audit_days": "500"}, status=403)


def test_a_command_does_the_same(app, api, root, unsaid):
    def run(*words):
        return app.test_cli_runner().invoke(args=["settings", *words]).output

    assert "AUDIT_DAYS=400  (default)" in run()
    assert "AUDIT_DAYS is 500 now." in run("set", "audit_days", "500")
    assert "AUDIT_DAYS=500  (database)" in run("list")
    assert "from 30 to 3650" in run("set", "AUDIT_DAYS", "3")
    run("unset", "audit_days")
    assert "AUDIT_DAYS=400  (default)" in run("list")


@pytest.fixture
def pepper_gone(app, monkeypatch, unsaid, tmp_path):
    """A secret was read from a file at the start, and the file cannot be read any more."""
    monkeypatch.setenv("PASSWORD_PEPPER_FILE", str(tmp_path / "gone"))


def test_a_file_that_is_gone_since_the_start_hinders_no_change(app, api, root, pepper_gone):
    assert of(api(root).patch("/admin/settings", {"audit_days": "500"}), "AUDIT_DAYS")["value"] == "500"


def test_nor_that_another_process_knows_of_it(app, api, root, ada, unsaid, monkeypatch, tmp_path):
    api(root).patch("/admin/settings", {"audit_days": "500"})
    app.config["SETTINGS"], stored.at = app.config["SETTINGS_GIVEN"], 0
    monkeypatch.setenv("PASSWORD_PEPPER_FILE", str(tmp_path / "gone"))
    api(ada).get("/projects")
    with app.app_context():
        assert of_this_app().audit_days == 500


def test_what_could_not_be_taken_is_tried_again(app, api, root, ada, unsaid, monkeypatch):
    """Else the process would go on with former settings without a word."""
    api(root).patch("/admin/settings", {"audit_days": "500"})
    app.config["SETTINGS"], stored.at = app.config["SETTINGS_GIVEN"], 0

    def fail(base, values):
        raise RuntimeError("not now")

    with monkeypatch.context() as broken, app.app_context():
        broken.setattr(stored, "combined", fail)
        with pytest.raises(RuntimeError):
            settings.refresh()
    api(ada).get("/projects")
    with app.app_context():
        assert of_this_app().audit_days == 500
        assert stored.at != 0


def test_what_is_wrong_is_called_as_on_the_page(browser, root, unsaid):
    page = browser(root).post("/admin/settings", {"audit_days": "7"}, status=422)
    assert page.says("Days that the audit log is kept must be a number from 30 to 3650")
