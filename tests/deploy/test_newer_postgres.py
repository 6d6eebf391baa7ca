"""The commands by which docs/deployment.md moves to a newer PostgreSQL, carried out as they stand there.

There is no Docker here: a stand-in runs each command of the two images by the programs of two versions.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.folders import AS_ROOT, nobody, reachable_folder
from webapp.config import ROOT
from webapp.embedded import binaries

VERSIONS = [16, *(version for version in (15, 17) if binaries.elsewhere(version).is_dir())]
# What is asked of `docker compose -f FILE`, done with the programs in $OLD before `git pull`, then in $NEW. The
# entrypoint of the image refuses to start beside an older database, makes one where there is none, and runs our script.
DOCKER = r"""#!/bin/sh
set -eu
export PATH="$(cat "$BOX/programs"):$PATH" PGHOST="$BOX" PGUSER=postgres
shift 3
case "$1 $2" in
"stop db") pg_ctl --pgdata="$BOX/volume/18/docker" stop >/dev/null ;;
"exec -T") shift 3; exec "$@" ;;
"run --rm") shift 6; exec sh -c "$(printf %s "$2" | sed "s|/var/lib/postgresql|$BOX/volume|g")" ;;
"up -d")
    if [ "$3" = --wait ]; then
        for found in "$BOX"/volume/*/docker; do [ ! -s "$found/PG_VERSION" ] || exit 1; done
        make_database 19
    fi ;;
esac
"""
GIT = """#!/bin/sh
[ "$1" = pull ] && printf %s "$NEW" >"$BOX/programs"
"""
MAKE = """#!/bin/sh
set -eu
export PATH="$(cat "$BOX/programs"):$PATH" PGHOST="$BOX"
data=$BOX/volume/$1/docker
mkdir -p "$BOX/volume/$1"
initdb --pgdata="$data" --username=postgres --encoding=UTF8 --locale=C --no-sync >/dev/null
pg_ctl --pgdata="$data" --wait --log="$BOX/log" --options="-k '$BOX' -c listen_addresses='' -c fsync=off" start >/dev/null
sh "$BOX/postgres-init.sh" >/dev/null
"""


class Box:
    """A folder where the commands run, as a user who is not root."""

    def __init__(self, path: Path, old: int) -> None:
        self.path = path
        (path / "bin").mkdir()
        for name, text in {"docker": DOCKER, "git": GIT, "make_database": MAKE}.items():
            (path / "bin" / name).write_text(text)
            (path / "bin" / name).chmod(0o755)
        shutil.copy(ROOT / "deploy" / "postgres-init.sh", path)
        (path / "programs").write_text(str(binaries.installed(old)))
        if AS_ROOT:
            for found in (path, *path.rglob("*")):
                os.chown(found, nobody().uid, nobody().gid)

    def run(self, script: str) -> str:
        settings = {"BOX": str(self.path), "NEW": str(binaries.installed()), "DB_PASSWORD": "secret", "LC_ALL": "C"}
        return subprocess.run(
            ["/bin/sh", "-euc", script],
            cwd=self.path,
            env={"PATH": f"{self.path}/bin:/usr/bin:/bin", **settings},
            user=nobody().uid if AS_ROOT else None,
            group=nobody().gid if AS_ROOT else None,
            extra_groups=[] if AS_ROOT else None,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def ask(self, statement: str) -> str:
        psql = binaries.installed() / "psql"
        return self.run(f'"{psql}" -XAt --host="$BOX" --username=cairn --dbname=cairn --command="{statement}"')


@pytest.fixture(params=VERSIONS)
def box(request: pytest.FixtureRequest) -> Iterator[Box]:
    path = reachable_folder()
    short = path.rename(path.with_name(path.name.replace(" ", "-")))
    box = Box(short, request.param)
    try:
        box.run("make_database 18")
        yield box
    finally:
        for running in short.glob("volume/*/docker/postmaster.pid"):
            box.run(f'PATH="$(cat "$BOX/programs"):$PATH" pg_ctl --pgdata={running.parent} stop >/dev/null')
        shutil.rmtree(short)


def commands() -> str:
    section = (ROOT / "docs" / "deployment.md").read_text().partition("### A newer PostgreSQL")[2]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1]


def test_the_commands_move_all_to_a_newer_image_and_keep_the_old(box):
    box.ask("CREATE TABLE memory AS SELECT n, 'Ærø ' || n AS word FROM generate_series(1, 3000) n")
    before = box.ask("SELECT count(*), md5(string_agg(word, ',' ORDER BY n)) FROM memory")
    box.run(commands())
    assert box.ask("SELECT count(*), md5(string_agg(word, ',' ORDER BY n)) FROM memory") == before
    assert box.ask("SHOW server_version").startswith("18.")
    assert box.ask("SELECT tableowner FROM pg_tables WHERE tablename = 'memory'") == "cairn"
    assert (box.path / "volume" / "before" / "18" / "docker" / "PG_VERSION").exists()


def test_a_command_left_out_stops_the_rest_and_loses_nothing(box):
    box.ask("CREATE TABLE memory AS SELECT 1 AS n")
    with pytest.raises(subprocess.CalledProcessError):
        box.run(re.sub(r"docker [^\n]* run .*?\n.*?\n", "", commands()))
    assert (box.path / "volume" / "18" / "docker" / "PG_VERSION").exists()
    assert not (box.path / "volume" / "19").exists()
