"""Owners connect repositories on pages without a script, and see what arrives."""

import re

import pytest

from tests.code_hosts.conftest import HOSTS, KINDS, URL, Host

WORDS = {"github": "Payload URL", "gitlab": "Trigger", "gitea": "Target URL", "plain": "curl"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_repository_is_connected_by_its_page(world, browser, kind):
    owner = browser(world.ada)
    assert "No repository is connected yet" in owner.get(HOSTS).text
    owner.get(f"{HOSTS}/new")
    page = owner.post(HOSTS, {"kind": kind, "url": "https://example.org/garden/stones"}, status=200)
    assert WORDS[kind] in page.text
    assert page.fields.get("", True)
    secret, address = re.findall(r'readonly value="([^"]+)"', page.text)
    (made,) = world.api.get(HOSTS)["items"]
    assert address == made["hook_url"]
    host = Host(world, {**made, "secret": secret})
    host.push("Fixes WALL-1")
    assert world.state() == "closed"
    log = owner.get(f"{HOSTS}/{made['id']}/deliveries").text
    assert "Closed" in log
    assert f"{URL}/issues/1" in log
    assert "garden/stones" in owner.get(HOSTS).text


def test_what_was_typed_wrong_is_kept(world, browser):
    page = browser(world.ada).post(HOSTS, {"kind": "gitea", "url": "javascript:x"}, status=422)
    assert page.fields["url"] == "javascript:x"
    assert page.fields["kind"] == "gitea"
    assert "Address must begin with https://" in page.text


def test_a_repository_gets_another_address_secret_and_end(world, browser):
    host, owner = world.connect(), browser(world.ada)
    at = f"{HOSTS}/{host.id}"
    owner.post(at, {"url": "https://example.org/garden/stones"})
    assert "https://example.org/garden/stones" in owner.get(at).text
    again = owner.post(f"{at}/secret", status=200)
    assert "Copy this secret" in again.text
    assert "The former one holds as well" in again.text
    assert "Disconnect" in owner.get(f"{at}/delete").text
    owner.post(f"{at}/delete")
    owner.get(at, status=404)
    host.send(b"{}", status=404)


def test_a_form_that_is_sent_twice_makes_one_connection_and_tells_one_secret(world):
    sent = {"kind": "plain", "url": "https://example.org/garden/stones"}
    one, two = world.api.post(HOSTS, sent), world.api.post(HOSTS, sent)
    assert one == two
    assert world.api.post(HOSTS, {**sent, "kind": "github"})["id"] != one["id"]
    new, again = (world.api.post(f"{HOSTS}/{one['id']}/secret", status=200)["secret"] for _ in range(2))
    assert new == again != one["secret"]
    Host(world, one).push("See WALL-1")  # the one that was in use holds on


def test_what_stands_in_timelines_stays_when_it_is_disconnected(world, host):
    host.push("Fixes WALL-1")
    world.api.delete(f"{HOSTS}/{host.id}")
    assert len(world.events()) == 2
    assert len(world.api.get(f"{URL}/issues/1/code")["items"]) == 1


def test_there_is_an_end_to_how_many(world):
    for _ in range(20):
        world.connect()
    assert "There are 20" in world.api.post(HOSTS, {"kind": "plain"}, status=409)["detail"]


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "svn"}, {"kind": "github", "url": "ftp://x"}, {"kind": "github", "x": 1}]
)
def test_what_cannot_be_connected_is_refused(world, sent):
    world.api.post(HOSTS, sent, status=422)


def test_an_issue_shows_its_code_to_all_who_see_it(world, browser, host):
    page = browser(world.ada)
    assert "<dt>Code</dt>" not in page.get(f"{URL}/issues/1").text
    host.merge("open", body="See WALL-1.")
    host.push(*(f"See WALL-1, part {number}" for number in range(7)))
    told = page.get(f"{URL}/issues/1").text
    assert "<dt>Code</dt>" in told
    assert "request" in told
    assert "open" in told
    host.merge("merged", "2026-03-01T12:00:00Z", body="See WALL-1.")
    assert '<span class="muted">merged</span>' in page.get(f"{URL}/issues/1").text
    assert "part 0" in page.get(f"{URL}/issues/1/code").text
    viewer = world.signed_in(world.make.member(world.project, "viewer"))
    code = viewer.get(f"{URL}/issues/1/code")
    assert code["total"] == 8
    assert (code["items"][0]["kind"], code["items"][0]["state"]) == ("merge_request", "merged")
    stranger = world.signed_in(world.make.person("Eve"))
    stranger.get(f"{URL}/issues/1/code", status=404)


def test_what_arrived_long_ago_is_forgotten(world, host):
    from webapp.code_hosts import service

    host.push("See WALL-1")
    world.run("UPDATE code_deliveries SET came_at = now() - interval '31 days'")
    with world.app.app_context():
        assert service.clear() == 1
    assert host.log() == []


def test_a_long_log_goes_on(world):
    host = world.connect("plain")
    for number in range(5):
        host.push(f"Nothing {number}")
    page = world.api.get(f"{HOSTS}/{host.id}/deliveries?limit=2")
    assert (page["total"], len(page["items"])) == (5, 2)
    later = world.api.get(page["next"])
    assert later["items"][0]["id"] < page["items"][1]["id"]


def test_code_costs_one_statement_and_only_where_there_is_some(world, browser, statements):
    page, host = browser(world.ada), world.connect()
    costs = []
    for _ in range(2):
        page.get(f"{URL}/issues/1")
        world.api.patch(f"{URL}/issues/1", {"priority": "high" if not costs else "low"})  # it is not kept any more
        statements.clear()
        page.get(f"{URL}/issues/1")
        costs.append(len([one for one in statements if "SAVEPOINT" not in one]))
        host.push(*(f"See WALL-1, part {number}" for number in range(9)))
    assert costs[1] - costs[0] <= 1


@pytest.mark.parametrize("number", [1, 9])
def test_the_list_of_repositories_costs_the_same_for_any_number(world, browser, statements, number):
    page = browser(world.ada)
    for _ in range(number):
        world.connect()
    page.get(HOSTS)
    statements.clear()
    page.get(HOSTS)
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 2
