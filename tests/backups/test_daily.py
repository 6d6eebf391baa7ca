"""The backup that the worker makes each day."""

from datetime import timedelta

import pytest

from webapp import clock
from webapp.backups import jobs
from webapp.db import transacting
from webapp.jobs import queue
from webapp.jobs import service as queued
from webapp.jobs.doing import carry_out
from webapp.ops import service as ops


class Daily:
    """Asks for a backup as the worker does, with these settings; answers what lies in the folder."""

    def __init__(self, made, folder, monkeypatch):
        self.made, self.folder, self.monkeypatch = made, folder, monkeypatch

    def __call__(self, **settings):
        told = {"backup_folder": self.folder, "backup_hour": 0, "backup_keep": 14, **settings}
        config = self.made.app.config
        self.monkeypatch.setitem(config, "SETTINGS", config["SETTINGS"].model_copy(update=told))
        with self.made.app.app_context():
            jobs.back_up()
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def daily(full, tmp_path, monkeypatch):
    folder = tmp_path / "backups"
    folder.mkdir()
    return Daily(full, folder, monkeypatch)


def name(days=0):
    return f"cairn-{clock.now().date() - timedelta(days=days)}.tar.zst"


def test_one_is_made_that_can_be_restored(daily, full, empty):
    assert daily() == [name()]
    assert empty.run("restore", daily.folder / name()).exit_code == 0
    assert empty.files() == full.files()


def test_a_day_has_one(daily):
    daily()
    before = (daily.folder / name()).stat().st_mtime_ns
    assert daily() == [name()]
    assert (daily.folder / name()).stat().st_mtime_ns == before


def test_none_is_made_before_its_hour_or_without_a_folder(daily):
    assert daily(backup_hour=24) == []
    assert daily(backup_folder=None) == []


def test_old_ones_go_and_what_is_not_ours_stays(daily):
    others = ["cairn.conf", "cairn-2020-01-01.tar", "notes.txt"]
    draft = ".cairn-2026-01-01.tar.zst.0123456789abcdef"
    for one in (*others, draft, name(13), name(14), name(400)):
        (daily.folder / one).touch()
    assert daily() == sorted([*others, name(13), name()])


def test_old_ones_stay_where_no_new_one_could_be_made(daily, full):
    (daily.folder / name(400)).touch()
    (full.data / "files").rename(full.data / "away")
    (full.data / "files").write_text("no folder")
    try:
        with pytest.raises(OSError, match="files"):
            daily()
    finally:
        (full.data / "files").unlink()
        (full.data / "away").rename(full.data / "files")
    assert [path.name for path in daily.folder.iterdir()] == [name(400)]


def notes(made):
    with made.app.app_context():
        return [one for one in ops.readiness().notes if "backup" in one]


def test_whoever_asks_whether_it_is_ready_hears_of_trouble(daily, full):
    daily(backup_hour=24)
    assert notes(full) == [f"There is no backup in {daily.folder} yet."]
    (daily.folder / name(3)).touch()
    assert notes(full)[0].startswith(f"The newest backup in {daily.folder} is of ")
    daily()
    assert notes(full) == []


def test_a_failure_is_told_until_it_has_succeeded(prepared, tmp_path, monkeypatch):
    folder = tmp_path / "absent"
    told = {"backup_folder": folder, "backup_hour": 0}
    monkeypatch.setitem(prepared.app.config, "SETTINGS", prepared.app.config["SETTINGS"].model_copy(update=told))
    with prepared.app.app_context(), transacting():
        queued.enqueue("back_up", {}, key="back_up")
    drain(prepared)
    failed = "The daily backup failed, and is tried again. See `flask jobs`, and the worker's log."
    assert notes(prepared) == [failed]
    folder.mkdir()
    prepared.ask("UPDATE jobs SET run_at = now() WHERE task = 'back_up'")
    drain(prepared)
    assert notes(prepared) == []
    assert [path.name for path in folder.iterdir()] == [name()]


def drain(made):
    """What the worker does in the lane of backups, and in no other."""
    with made.app.app_context():
        taken = queue.take("backups", "me", 1, lease=30)
    for job in taken:
        carry_out(made.app, "me", job)


def test_the_settings_are_told_where_they_are_wrong(settings):
    for wrong in ({"backup_hour": 24}, {"backup_keep": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            type(settings)(_env_file=None, **wrong)
