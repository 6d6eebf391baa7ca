"""What is not signed with the secret of its address is refused, and what comes twice is taken once."""

import time

import pytest

from tests.code_hosts.conftest import HOSTS, hashed, headers_of, standard


def test_what_is_signed_right_is_taken(host):
    assert host.send(host.payload("push")) == {"state": "taken"}


def test_another_secret_is_refused(world, host):
    other = world.connect(host.kind)
    answer = host.send(host.payload("push"), secret=other.secret, status=401)
    assert answer["title"] == "The signature is not right"
    assert world.run("SELECT count(*) FROM code_deliveries") == [(0,)]


def test_a_body_that_was_changed_is_refused(world):
    for kind in ("github", "gitea"):
        host = world.connect(kind)
        headers = headers_of(kind, "push", host.secret, b"{}", "1")
        host.send(b"{} ", headers=headers, status=401)


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=é", "sha1=0123", "sha256=" + "0" * 64])
def test_a_wrong_signature_is_refused(world, signature):
    for kind, name in (
        ("github", "X-Hub-Signature-256"),
        ("gitea", "X-Gitea-Signature"),
        ("gitlab", "X-Gitlab-Token"),
    ):
        world.connect(kind).send(b"{}", headers={name: signature.encode().decode("latin-1")}, status=401)


def test_no_signature_is_refused(host):
    host.send(host.payload("push"), headers={}, status=401)


def test_a_signature_of_another_kind_is_refused(world):
    gitlab = world.connect("gitlab")
    gitlab.send(b"{}", headers={"X-Hub-Signature-256": f"sha256={hashed(gitlab.secret, b'{}')}"}, status=401)
    github = world.connect("github")
    github.send(b"{}", headers={"X-Gitlab-Token": github.secret}, status=401)


@pytest.mark.parametrize("name", ["X-Gitea-Signature", "X-Forgejo-Signature", "X-Hub-Signature-256"])
def test_gitea_and_forgejo_sign_under_several_names(world, name):
    host = world.connect("gitea")
    sent = hashed(host.secret, b"{}")
    host.send(b"{}", headers={name: f"sha256={sent}" if "Hub" in name else sent, "X-Forgejo-Event": "push"})


@pytest.mark.parametrize("kind", ["gitlab", "plain"])
def test_standard_webhooks_are_taken_while_they_are_fresh(world, kind):
    host = world.connect(kind)
    host.send(b"{}", headers=standard(host.secret, b"{}", "msg_1"))
    host.send(b"{}", headers=standard(host.secret, b"{}", "msg_2", time.time() - 600), status=401)
    moved = standard(host.secret, b"{}", "msg_3") | {"webhook-id": "msg_4"}
    host.send(b"{}", headers=moved, status=401)


@pytest.mark.parametrize("moment", ["", "now", "-1", "9" * 400, "٣٤٥"])
def test_an_odd_time_is_refused(world, moment):
    host = world.connect("plain")
    headers = standard(host.secret, b"{}", "msg_1") | {"webhook-timestamp": moment.encode().decode("latin-1")}
    host.send(b"{}", headers=headers, status=401)


def test_an_unknown_address_is_not_there(world, host):
    host.at = f"/hooks/{'x' * 43}"
    host.send(b"{}", status=404)


def test_the_same_delivery_is_taken_once(world, host):
    payload = host.payload("push")
    host.send(payload, message_id="one")
    assert host.send(payload, message_id="one") == {"state": "known"}
    assert world.run("SELECT count(*) FROM code_deliveries") == [(1,)]


def test_the_former_secret_holds_for_a_day(world, host):
    former, rotated = host.secret, world.api.post(f"{HOSTS}/{host.id}/secret", status=200)
    assert rotated["secret"] != former
    host.send(host.payload("push"), secret=rotated["secret"])
    host.send(host.payload("push"), secret=former)
    world.run("UPDATE code_hosts SET former_until = now() - interval '1 second'")
    host.send(host.payload("push"), secret=former, status=401)


def test_the_secret_is_told_once_and_stands_nowhere(world, host):
    assert "secret" not in world.api.get(f"{HOSTS}/{host.id}")
    (row,) = world.run("SELECT row_to_json(code_hosts)::text FROM code_hosts")
    assert host.secret.removeprefix("whsec_") not in row[0]


def test_the_address_is_in_no_log(host):
    from webapp.http.log import _SECRET

    assert _SECRET.sub(r"\1\2…", host.at) == "/hooks/…"


def test_what_is_too_large_is_refused(world):
    world.connect("plain").send(b" " * (5 * 1024 * 1024 + 1), status=413)


def test_more_than_a_form_may_have_is_taken(world):
    host = world.connect("github")
    host.send(b'{"ref": "refs/heads/main", "x": "' + b"x" * 3_000_000 + b'"}')


def test_a_login_that_comes_along_opens_nothing(world, host):
    """A Bearer token of a login is none of the secret, and is not refused as a bad login either."""
    answer = host.send(b"{}", headers={"Authorization": world.api.headers["Authorization"]}, status=401)
    assert answer["title"] == "The signature is not right"
