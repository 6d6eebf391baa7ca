"""Real servers, real processes, real kills: each test has a folder of its own."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.embedded.folders import (
    AS_ROOT,
    Application,
    acquire,
    answers,
    ask,
    copied,
    kill_server,
    nobody,
    recall,
    remember,
    runs,
    starts,
    wait_until,
)
from webapp import embedded
from webapp.embedded import EmbeddedError, binaries, locks, server
from webapp.embedded import home as homes
from webapp.embedded.programs import works


def install_in(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that the wheel is installed in that folder."""
    original = binaries.installed()
    _, package, site = original.parents[:3]
    (packages / package.name).mkdir(parents=True)
    for part in (original.parent, package.with_name(f"{binaries.WHEEL}.libs")):
        copied(part, packages / part.relative_to(site))
    monkeypatch.setattr(binaries, "installed", lambda _: packages / original.relative_to(site))


def in_a_fork(act: Callable[[], None], *, uid: int | None = None) -> None:
    """Do it in a forked child, which must end well."""
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(BaseException):
            if uid is not None:
                os.setgroups([])
                os.setuid(uid)
            act()
            status = 0
        os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def test_a_first_start_makes_the_database(fresh):
    lease = acquire(fresh)
    assert ask(lease.url(), "SELECT current_database()") == "cairn"
    lease.release()


def test_the_application_is_no_superuser(home):
    lease = acquire(home)
    assert ask(lease.url("other"), "SELECT current_setting('is_superuser')") == "off"
    lease.release()


def test_nothing_listens_on_the_network(home):
    lease = acquire(home)
    assert ask(lease.url(), "SHOW listen_addresses") == ""
    assert (home / "run").stat().st_mode & 0o077 == 0
    lease.release()


def test_the_server_stops_with_the_last_lease(home):
    lease = acquire(home)
    with Application(home) as other:
        other.url()
        lease.release()
        assert runs(home)
    assert not runs(home)


def test_data_outlives_the_server(home):
    lease = acquire(home)
    remember(lease.url())
    lease.release()
    lease = acquire(home)
    assert recall(lease.url()) == "kept"
    lease.release()


def test_data_survives_a_killed_server(home):
    lease = acquire(home)
    remember(lease.url())
    kill_server(home)
    again = acquire(home)
    assert recall(again.url()) == "kept"
    again.release()
    lease.release()
    assert not runs(home)


def test_a_killed_application_leaves_its_server_to_the_next(home):
    with Application(home) as application:
        remember(application.url())
        application.kill()
    assert runs(home)
    lease = acquire(home)
    assert recall(lease.url()) == "kept"
    lease.release()
    assert not runs(home)


def test_data_survives_when_application_and_server_are_killed(home):
    with Application(home) as application:
        remember(application.url())
        application.kill()
    kill_server(home)
    lease = acquire(home)
    assert recall(lease.url()) == "kept"
    lease.release()


def test_a_kept_server_that_is_killed_is_started_again_once(home):
    leases = [acquire(home) for _ in range(3)]
    remember(url := leases[0].url())
    for lease in leases:
        lease.keep()
    begun = starts(home)
    kill_server(home)
    locks.wait_until_free(home / "alive.lock")
    wait_until(lambda: answers(url))
    assert recall(url) == "kept"
    assert starts(home) == begun + 1
    for lease in leases:
        lease.release()
    assert not runs(home)


def test_a_kept_server_ends_with_the_last_lease(home):
    lease = acquire(home)
    lease.keep()
    lease.release()
    time.sleep(0.5)
    assert not runs(home)
    assert embedded.revive(home, durable=False) == ""
    assert not runs(home)


def test_a_database_that_is_gone_is_not_made_anew_for_a_running_application(home):
    lease = acquire(home)
    kill_server(home)
    locks.wait_until_free(home / "alive.lock")
    (home / "data18").rename(home / "elsewhere")
    assert "is gone" in embedded.revive(home, durable=False)
    assert not (home / "data18").exists()
    lease.release()


def test_a_first_start_that_is_killed_can_be_repeated(fresh):
    for moment in (0.1, 0.25, 0.4, 0.8):
        with Application(fresh) as application:
            time.sleep(moment)
            application.kill()
    lease = acquire(fresh)
    assert ask(lease.url(), "SELECT 1") == 1
    lease.release()
    assert not runs(fresh)


def test_what_killed_starts_left_is_removed(home):
    (home / "draft-x").mkdir()
    acquire(home).release()
    assert not list(home.glob("draft-*"))


def test_first_starts_at_once_share_one_server(fresh):
    applications = [Application(fresh) for _ in range(4)]
    servers = {ask(application.url(), "SELECT pg_postmaster_start_time()") for application in applications}
    for application in applications:
        application.process.communicate()
    assert len(servers) == 1
    assert not runs(fresh)


def test_a_database_asked_for_twice_at_once_is_made_once(home):
    lease = acquire(home)
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda _: server.create_database(homes.claim(home), "twin"), range(4)))
    assert ask(lease.url("twin"), "SELECT current_database()") == "twin"
    lease.release()


@pytest.mark.parametrize("name", ["a b", "a%20b", 'it\'s "$HOME", `x`; #?&@', "a,b", "x" * 120])
def test_any_path_will_do(folder, name):
    lease = acquire(folder / name / "postgres")
    assert ask(lease.url(), "SELECT 1") == 1
    lease.release()


def test_the_socket_folder_of_a_long_path_is_private_and_removed(folder, pattern):
    home = copied(pattern, folder / ("x" * 120) / "postgres")
    lease = acquire(home)
    socket_folder = homes.claim(home).socket.parent
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    lease.release()
    assert not socket_folder.exists()


@pytest.mark.parametrize(
    "content", ["", "1", f"{os.getpid()}\n/x\n0\n5432\n/x\n\n0 0\nready\n"], ids=["empty", "init", "own"]
)
def test_a_stale_pid_file_is_not_believed(home, content):
    (home / "data18" / "postmaster.pid").write_text(content)
    lease = acquire(home)
    assert ask(lease.url(), "SELECT 1") == 1
    lease.release()


def test_a_forked_child_does_not_end_the_lease(home):
    lease = acquire(home)
    in_a_fork(lease.release)
    assert ask(lease.url(), "SELECT 1") == 1
    lease.release()


def test_a_forked_child_does_not_prolong_the_lease(home):
    lease = acquire(home)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write)
        os.read(read, 1)
        os._exit(0)
    with Application(home) as other:
        other.url()
        lease.release()
    assert not runs(home)
    os.close(write)
    os.waitpid(child, 0)
    os.close(read)


@pytest.mark.skipif(not AS_ROOT, reason="changes the user")
def test_an_ordinary_user_needs_no_root(fresh):
    account = nobody()
    if not works([binaries.installed() / "postgres", "--version"], account):
        pytest.skip("nobody cannot reach this checkout")
    fresh.mkdir(parents=True)
    os.chown(fresh, account.uid, -1)

    def use() -> None:
        lease = acquire(fresh)
        remember(lease.url())
        lease.release()

    in_a_fork(use, uid=account.uid)
    assert fresh.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="what root does for a user's own folder")
def test_root_leaves_a_folder_usable_for_its_owner(home):
    for lock in home.glob("*.lock"):
        lock.unlink()
    os.chown(home, nobody().uid, -1)
    acquire(home).release()
    assert {lock.stat().st_uid for lock in home.glob("*.lock")} == {nobody().uid}


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as someone else")
def test_root_keeps_the_data_apart_where_the_server_cannot_go(folder, monkeypatch, caplog):
    (apart := folder / "var").mkdir()
    (closed := folder / "root").mkdir(mode=0o700)
    monkeypatch.setattr(homes, "APART", (apart,))
    lease = acquire(closed / "postgres")
    remember(lease.url())
    lease.release()
    lease = acquire(closed / "postgres")
    assert recall(lease.url()) == "kept"
    lease.release()
    assert (closed / "postgres").resolve().parent == apart
    assert closed.stat().st_mode & 0o777 == 0o700
    assert len(caplog.messages) == 1


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as someone else")
def test_data_that_the_server_can_no_longer_reach_is_not_forgotten(home):
    home.parent.chmod(0o700)
    with pytest.raises(EmbeddedError, match="can no longer reach"):
        acquire(home)


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as someone else")
def test_programs_that_the_server_cannot_reach_are_copied(folder, home, monkeypatch):
    closed = folder / "site-packages"
    install_in(closed, monkeypatch)
    closed.chmod(0o700)
    lease = acquire(home)
    assert ask(lease.url(), "SELECT 1") == 1
    lease.release()
    assert len(list(home.glob("programs-*"))) == 1


def test_programs_at_any_path_will_do(folder, fresh, monkeypatch):
    install_in(folder / 'it\'s "$HOME" `x`', monkeypatch)
    lease = acquire(fresh)
    assert ask(lease.url(), "SELECT 1") == 1
    lease.release()


def test_a_missing_wheel_says_what_to_do(fresh, monkeypatch):
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    with pytest.raises(EmbeddedError, match="set DATABASE_URL"):
        acquire(fresh)


def test_a_folder_that_cannot_be_made_says_what_to_do():
    with pytest.raises(EmbeddedError, match="set DATABASE_URL, or CAIRN_DATA"):
        acquire(Path("/proc/cairn"))
