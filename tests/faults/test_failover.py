"""The hosts of deploy/ha: whichever breaks, the others go on, and nobody starts anything again by hand."""

import json
import time
from contextlib import closing
from functools import partial

import pytest

from tests.faults.lab import lab, lacking
from tests.faults.laid import APPLICATIONS, DATABASES
from tests.faults.ledger import wait
from tests.faults.load import GONE, PASSWORD, Caller, Load, log_in

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(bool(lacking()), reason=f"This machine {lacking()}."),
]
ROUNDS = 3
# Seconds: longer than a balancer needs to see it, and than a client waits.
LASTS = 20


@pytest.fixture(scope="module")
def hosts():
    with lab() as made:
        for name in ("first", "ada"):  # the first one is an administrator
            made.command("create-user", "--name", name, "--email", f"{name}@example.org", "--password", PASSWORD)
        yield made


@pytest.fixture
def written(hosts):
    """Clients that may be had as often as one likes, on hosts that are whole."""
    wait(lambda: hosts.is_whole() and hosts.synchronous() and hosts.is_served())
    token = log_in(hosts, "ada@example.org")
    with closing(Caller(hosts, token)) as caller:
        status, said = caller.insist("POST", "/projects", {"name": "Rockery"}, key=f"project-{time.monotonic_ns()}")
    assert status == 201, said
    return partial(Load, hosts, token, f"/projects/{json.loads(said)['key']}")


def broken(hosts, written, breaking, mending, until):
    """What came of writes before, during and after a fault, which lasts `until` that holds and writes are taken."""
    load = written()
    with load:
        load.wait_for()
        breaking()
        wait(until)
        load.wait_for()
        mending()
        load.wait_for()
        wait(hosts.is_whole)
        load.wait_for()
    wait(hosts.is_served)
    return load.figures()


def settle(hosts, written, breaking, mending, until):
    """The figures, after a check of what holds for each fault."""
    figures = broken(hosts, written, breaking, mending, until)
    assert (figures.lost, figures.twice) == (0, 0), figures
    assert not figures.failed[GONE]
    assert not hosts.fallen()
    wait(lambda: hosts.rows(DUE) == [0])
    return figures


# Jobs that workers have left for a minute.
DUE = "SELECT count(*) FROM jobs WHERE run_at < now() - interval '1 minute' OR state = 'dead'"


def replaced(hosts, name):
    """Until another one leads, and not this one."""
    return lambda: hosts.leader() not in ("", name)


def test_r33_a_leader_that_dies_is_replaced(hosts, written, tell):
    name = hosts.leader()
    power = hosts.hosts[name].kill, lambda: hosts.revive(name)
    tell("R33 the leading database host dies", settle(hosts, written, *power, replaced(hosts, name)))
    assert hosts.leader() != name


def test_r33_postgresql_alone_is_started_again(hosts, written, tell):
    host = hosts.hosts[hosts.leader()]
    postgres = host.running("postgres")
    assert postgres
    figures = settle(hosts, written, lambda: host.kill(postgres), nothing, hosts.leader)
    tell("R33 the leading PostgreSQL alone dies", figures)


def nothing():
    """What has to be done about it."""


def test_r34_a_leader_that_is_cut_off_is_replaced(hosts, written, tell):
    name = hosts.leader()
    host = hosts.hosts[name]
    tell("R34 the leading host is cut off", settle(hosts, written, host.cut, host.mend, replaced(hosts, name)))
    assert hosts.leader() != name


def apart(hosts, name):
    """A cut between this database host and the other two, which applications do not see; and its mending."""
    rest = [hosts.hosts[other] for other in DATABASES if other != name]
    return partial(hosts.hosts[name].cut_from, rest), partial(hosts.hosts[name].mend_to, rest), replaced(hosts, name)


def test_r34_a_leader_that_only_applications_reach_acknowledges_nothing(hosts, written, tell):
    name = hosts.leader()
    tell(
        "R34 the leading host is cut off from the other databases alone", settle(hosts, written, *apart(hosts, name))
    )
    assert hosts.leader() != name


def test_r35_a_leader_that_is_frozen_is_replaced(hosts, written, tell):
    name = hosts.leader()
    host = hosts.hosts[name]
    tell("R35 the leading host is frozen", settle(hosts, written, host.freeze, host.thaw, replaced(hosts, name)))
    assert hosts.leader() != name


@pytest.mark.parametrize("way", ["kill", "cut", "freeze"])
def test_r36_a_synchronous_standby_that_is_gone_is_replaced(hosts, written, tell, way):
    [name] = hosts.synchronous()
    host, leader = hosts.hosts[name], hosts.leader()
    back = {"kill": lambda: hosts.revive(name), "cut": host.mend, "freeze": host.thaw}
    figures = settle(hosts, written, getattr(host, way), back[way], lambda: hosts.synchronous() not in ([], [name]))
    tell(f"R36 the synchronous standby: {way}", figures)
    assert hosts.leader() == leader


@pytest.mark.parametrize(("way", "name"), list(zip(["kill", "cut", "freeze"], APPLICATIONS, strict=True)))
def test_r37_an_application_host_that_is_gone_is_not_missed(hosts, written, tell, way, name):
    """Each time another one: the balancer remembers for a while which has left requests unanswered."""
    host = hosts.hosts[name]
    back = {"kill": lambda: hosts.begin_application(name), "cut": host.mend, "freeze": host.thaw}
    figures = settle(hosts, written, getattr(host, way), back[way], lambda: time.sleep(LASTS) is None)
    tell(f"R37 an application host for {LASTS} s: {way}", figures)


def test_r38_a_leader_hands_over_when_it_is_asked(hosts, written, tell):
    name = hosts.leader()
    tell("R38 switchover", settle(hosts, written, hosts.switch_over, nothing, replaced(hosts, name)))
    assert hosts.leader() != name


def test_r37_what_is_uploaded_to_one_host_is_there_for_the_others(hosts, written):
    token = log_in(hosts, "ada@example.org")
    edge, line = "edge", "\r\n"
    parts = [
        f"--{edge}",
        'Content-Disposition: form-data; name="file"; filename="a.txt"',
        "",
        "stone",
        f"--{edge}--",
        "",
    ]
    sent = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={edge}"}
    status, made = hosts.ask(APPLICATIONS[0], 8000, "POST", f"{written.args[2]}/attachments", line.join(parts), sent)
    assert status == 201, made
    told = {hosts.ask(name, 8000, "GET", json.loads(made)["url"], None, sent) for name in APPLICATIONS}
    assert told == {(200, "stone")}


@pytest.fixture
def direct(hosts):
    """Applications that speak to PostgreSQL without a pooler in between."""
    for pooled in (False, True):
        for name in APPLICATIONS:
            hosts.hosts[name].kill()
            hosts.begin_application(name, pooled=pooled)
        wait(hosts.is_served)
        if not pooled:
            yield


def test_r35_without_a_pooler_it_is_the_same(hosts, direct, written, tell):
    name = hosts.leader()
    host = hosts.hosts[name]
    figures = settle(hosts, written, host.freeze, host.thaw, replaced(hosts, name))
    tell("R35 the leading host is frozen, no pgbouncer", figures)
    assert hosts.leader() != name


@pytest.fixture
def asynchronous(hosts, written):
    hosts.configure(synchronous_mode=False)
    wait(lambda: not hosts.synchronous() and hosts.is_whole())
    yield written
    hosts.configure(synchronous_mode=True)
    wait(lambda: hosts.synchronous())


def test_r34_without_a_synchronous_standby_it_is_seen_to_lose(hosts, asynchronous, tell):
    """The control: whoever sees no loss here would see none anywhere."""
    for _ in range(ROUNDS):
        figures = broken(hosts, asynchronous, *apart(hosts, hosts.leader()))
        if figures.lost:
            break
    tell("R34 control: asynchronous, cut off from the other databases alone", figures)
    assert figures.lost
