"""What programs that watch an installation are told, by the server as it runs."""

import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.running import PATIENCE, Server, ready
from webapp.config import ROOT

TOKEN = "6f1d0c9be2a84735a9c1e07d5b38f264"
# Told once there is something to tell.
SELDOM = {"cairn_jobs_total", "cairn_replication_lag_seconds", "cairn_unavailable_total"}
WATCHER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def watched(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("watched")
    with ready(database, folder, "http://a.test", METRICS_TOKEN=TOKEN) as server:
        yield server


def told(server: Server) -> dict[str, dict[tuple[str, ...], float]]:
    """Each metric, and its values by those of its labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    answer = server.ask("GET", "/metrics", headers=WATCHER)
    assert answer.status == 200
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {TOKEN}"}])
def test_only_who_has_the_token_is_told(watched, given):
    answer = watched.ask("GET", "/metrics", headers=given)
    assert answer.status == 401
    assert "cairn_" not in answer.text


def test_no_token_is_no_way_in(api):
    for given in ("", "Bearer ", "Bearer None"):
        api(Authorization=given).get("/metrics", status=401)


def test_what_all_workers_did_is_one_sum(watched):
    asked = "GET", "/robots.txt", "200"
    before = told(watched)["cairn_requests_total"].get(asked, 0)
    for worker in watched.workers:
        with watched.only(worker):
            for _ in range(3):
                assert watched.ask("GET", "/robots.txt").status == 200
    after = told(watched)
    assert after["cairn_requests_total"][asked] == before + 3 * len(watched.workers)
    assert after["cairn_request_seconds_count"]["/robots.txt",] == after["cairn_requests_total"][asked]


def test_addresses_and_methods_that_there_are_not_make_no_lines(watched):
    for name in ("a", "b", "c"):
        watched.ask("GET", f"/nothing/{name}")
        watched.ask(f"METHOD{name.upper()}", "/healthz")
    found = told(watched)["cairn_requests_total"]
    assert found["GET", "none", "404"] >= 3
    assert not [labels for labels in found if "METHOD" in labels[0] or "/nothing" in labels[1]]


def test_statements_and_the_database_are_told(watched):
    ada = watched.person()
    before = told(watched)["cairn_statements_total"][()]
    assert watched.ask("GET", "/projects", by=ada).status == 200
    found = told(watched)
    assert found["cairn_statements_total"][()] > before
    assert found["cairn_database_up"][()] == 1
    assert found["cairn_database_bytes"][()] > 1_000_000
    assert sum(found["cairn_database_connections"].values()) >= 1
    assert found["cairn_jobs_dead"][()] == 0
    assert {("light",), ("reads",), ("writes",)} == set(found["cairn_requests_running"])


def test_a_token_that_is_told_is_never_logged(watched):
    watched.ask("GET", "/metrics", headers=WATCHER)
    assert TOKEN not in watched.log.read_text()


def test_jobs_are_counted_and_the_folder_goes_with_the_server(database, tmp_path):
    places = [Path("/dev/shm"), Path(tempfile.gettempdir())]
    with ready(database, tmp_path, "http://a.test", METRICS_TOKEN=TOKEN, WORKER="on") as server:
        mine = f"cairn-counts-{server.process.pid}-*"
        assert [one for place in places for one in place.glob(mine)]
        eventually(lambda: "cairn_jobs_total" in told(server))
        assert {outcome for outcome, _ in told(server)["cairn_jobs_total"]} == {"done"}
    assert not [one for place in places for one in place.glob(mine)]


def test_the_board_and_the_rules_ask_for_what_is_told(watched):
    names = set(told(watched))
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    rules = (ROOT / "deploy" / "prometheus.yml").read_text()
    wanted = set(re.findall(r"\bcairn_\w+", " ".join([*asked, rules])))
    assert len(wanted) > 10
    assert not wanted - names - SELDOM
    documented = (ROOT / "docs" / "deployment.md").read_text()
    assert not {name for name in wanted if name.removesuffix("_bucket") not in documented}


def test_the_board_and_the_rules_know_the_labels(watched):
    """What is summed by a label that a metric has not, is one line without a name."""
    watched.ask("GET", "/robots.txt")
    documented = re.findall(r"`(cairn_\w+)(?:\{([\w,]+)\})?`", (ROOT / "docs" / "deployment.md").read_text())
    labels = {name: set(filter(None, given.split(","))) for name, given in documented}
    told = watched.ask("GET", "/metrics", headers=WATCHER).text
    for family in text_string_to_metric_families(told):
        for sample in family.samples[:1]:
            name = re.sub(r"_(bucket|sum|count)$", "", sample.name)
            assert set(sample.labels) - {"le"} == labels.get(name, set()), name
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    asked += re.findall(r"expr: (.+)", (ROOT / "deploy" / "prometheus.yml").read_text())
    for expression in asked:
        names = re.findall(r"\bcairn_\w+", expression)
        known = {"le"}.union(*(labels[name.removesuffix("_bucket")] for name in names))
        by = {label for given in re.findall(r"by \(([^)]+)\)", expression) for label in given.split(", ")}
        by |= set(re.findall(r"[{,](\w+)[=!]", expression)) - {"job"}
        assert by <= known, expression
