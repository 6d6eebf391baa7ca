"""Administrators see what this runs on, what is wrong with it, how it is set up, and whether its mail arrives."""

import json
import subprocess

import pytest
from sqlalchemy import text

from webapp.administration.release import commit_of, version
from webapp.backups import marks
from webapp.config import ROOT, Settings
from webapp.config.secret_settings import SECRETS
from webapp.config.told import told
from webapp.db import transacting

PEPPER = "canary-pepper-0123456789-0123456789-01234"


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


def test_it_says_what_it_runs_on(api, root, make, ada):
    told = api(root).get("/admin/health")
    assert told["storage"]["migration"] == told["newest"]
    assert told["storage"]["postgres"].split(".")[0].isdecimal()
    assert told["storage"]["database"] > 1_000_000
    assert (told["storage"]["files"], told["storage"]["bytes"]) == (0, 0)
    assert told["release"] == version()


def test_files_are_counted(api, root, make, ada):
    from io import BytesIO

    make.project(ada, key="WALL")
    api(ada).post("/projects/WALL/attachments", data={"file": (BytesIO(b"eleven text"), "a.txt")})
    storage = api(root).get("/admin/health")["storage"]
    assert (storage["files"], storage["bytes"]) == (1, 11)


def test_it_says_what_the_doctor_finds(app, api, browser, root):
    found = api(root).get("/admin/health")["findings"]
    result = app.test_cli_runner().invoke(args=["doctor", "--json"]).stdout
    command = [json.loads(line) for line in result.splitlines()]
    assert found
    for one in found:
        assert {key: one[key] for key in ("level", "code", "said")} in command
    assert browser(root).get("/admin/health").says("ENVIRONMENT is development")


def test_secrets_are_never_shown(api, browser, root, settings):
    here = api(root).get("/admin/health")["settings"]
    assert {one["name"].lower() for one in here if one["is_secret"]} == set(SECRETS)
    assert all(one["value"] is None for one in here if one["is_secret"])
    page = browser(root).get("/admin/health").text
    assert settings.secret_key.get_secret_value() not in page
    assert settings.database_url not in page


def test_whatever_is_secret_is_known_as_such():
    secret = {name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)}
    assert secret <= set(SECRETS)


def test_each_setting_says_where_it_was_said(monkeypatch, tmp_path):
    file, kept = tmp_path / ".env", tmp_path / "pepper"
    file.write_text("PORT=8100\nHOST=0.0.0.0\nAUDIT_DAYS=\n")
    kept.write_text(PEPPER)
    monkeypatch.setenv("port", "8200")
    monkeypatch.setenv("PASSWORD_PEPPER_FILE", str(kept))
    monkeypatch.delenv("HOST", raising=False)
    found = {one.name: one for one in told(Settings(_env_file=file, registration="closed"), file)}
    assert (found["PORT"].origin, found["PORT"].value) == ("environment", "8200")
    assert (found["HOST"].origin, found["HOST"].value) == ("dotenv", "0.0.0.0")
    assert (found["PASSWORD_PEPPER"].origin, found["PASSWORD_PEPPER"].value) == ("file", None)
    assert (found["REGISTRATION"].origin, found["REGISTRATION"].value) == ("program", "closed")
    assert (found["AUDIT_DAYS"].origin, found["AUDIT_DAYS"].value) == ("default", "400")
    assert PEPPER not in str(found)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_the_commit_is_that_which_git_says():
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert commit_of(ROOT / ".git") == said.stdout.strip()


@pytest.mark.parametrize("kind", ["packed", "worktree", "detached"])
def test_the_commit_of_any_checkout_is_found(tmp_path, kind):
    def git(*words, at=tmp_path / "one"):
        named = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        done = subprocess.run(["git", *named, *words], cwd=at, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    (tmp_path / "one").mkdir()
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "One")
    there = tmp_path / "one"
    if kind == "packed":
        git("pack-refs", "--all")
    elif kind == "detached":
        git("checkout", "-q", "--detach")
    else:
        there = tmp_path / "two"
        git("worktree", "add", "-q", str(there))
    assert commit_of(there / ".git") == git("rev-parse", "HEAD", at=there)


def test_what_is_no_checkout_has_no_commit(tmp_path):
    assert commit_of(tmp_path / ".git") is None
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/gone\n")
    assert commit_of(tmp_path / ".git") is None


def test_a_mail_is_sent_at_once(api, browser, mailing, sink, root):
    answer = api(root).post("/admin/health/mail", {"address": "eve@example.com"}, status=200)["answer"]
    assert answer.startswith("250")
    page = browser(root)
    assert page.get(page.post("/admin/health/mail", {"address": "bob@example.com"}).location).says("250")
    assert [mail.to for mail in sink.mails] == [["eve@example.com"], ["bob@example.com"]]


def test_what_the_server_refuses_is_told_and_nothing_typed_is_lost(browser, mailing, sink, root):
    sink.says["rcpt"] = "550 No such person."
    page = browser(root).post("/admin/health/mail", {"address": "eve@example.com"}, status=409)
    assert page.says("550 No such person.")
    assert page.fields["address"] == "eve@example.com"


@pytest.mark.parametrize("address", ["", "eve", "eve@example.com\nBcc: all@example.com", "x" * 400])
def test_what_is_no_address_is_told_at_its_field(api, browser, mailing, sink, root, address):
    (error,) = api(root).post("/admin/health/mail", {"address": address}, status=422)["errors"]
    assert error["field"] == "address"
    assert not sink.mails


def test_where_no_mail_is_sent_that_is_told(api, browser, mailing, root):
    mailing.by(None, environment="production")
    assert "MAIL_URL" in api(root).post("/admin/health/mail", {"address": "a@example.com"}, status=409)["detail"]
    assert browser(root).get("/admin/health").says("sends no mail")


def test_others_are_refused(api, mailing, sink, ada):
    assert "administrators" in api(ada).get("/admin/health", status=403)["detail"]
    api(ada).post("/admin/health/mail", {"address": "eve@example.com"}, status=403)
    assert not sink.mails


def test_it_says_when_a_backup_was_made_and_whether_it_was_tried(app, api, browser, root, tmp_path, monkeypatch):
    def with_folder():
        monkeypatch.setitem(
            app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update={"backup_folder": tmp_path})
        )
        return api(root).get("/admin/health")

    assert api(root).get("/admin/health")["backups_folder"] is None
    assert with_folder()["backup"] is None
    assert "There is no backup" in str(with_folder()["findings"])
    for day in ("2020-01-01", "2020-01-02"):
        (tmp_path / f"cairn-{day}.tar.zst").write_bytes(b"x" * 2048)
    told = with_folder()
    assert (told["backup"]["name"], told["backup"]["bytes"]) == ("cairn-2020-01-02.tar.zst", 2048)
    assert told["backup"]["rehearsed_at"] is None
    assert "The newest backup" in str(told["findings"])
    assert browser(root).get("/admin/health").says("never tried by a restoration")
    marks.note(tmp_path / "cairn-2020-01-02.tar.zst")
    assert with_folder()["backup"]["rehearsed_at"] is not None
    assert browser(root).get("/admin/health").says("tried by a restoration")
    marks.forget(tmp_path / "cairn-2020-01-02.tar.zst")
    assert with_folder()["backup"]["rehearsed_at"] is None


def test_it_says_whether_a_worker_lives_and_webhooks_arrive(app, api, root, ada):
    assert api(root).get("/admin/health")["running"]["failing_webhooks"] == 0
    with app.app_context(), transacting() as session:
        session.execute(text("INSERT INTO job_rounds (task, began_at) VALUES ('one', now() + interval '1 hour')"))
        session.execute(
            text(
                "INSERT INTO webhooks (created_by, url, events, salt, failing_since)"
                f" VALUES ({ada.id}, 'https://a.example', '{{everything}}', '', now())"
            )
        )
    told = api(root).get("/admin/health")["running"]
    assert (told["failing_webhooks"], told["ended_webhooks"]) == (1, 0)
    assert told["worker_at"] is not None
