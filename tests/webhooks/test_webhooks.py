"""Whoever asked for it is told of what happens, by a request that they can check."""

import base64
import hashlib
import hmac
import json
import socket
import time
from datetime import UTC, datetime

import pytest

from tests.webhooks.conftest import URL
from webapp.config.allowed import Allowed
from webapp.jobs.tasks import TASKS
from webapp.outside import asking
from webapp.webhooks import sending, signing, standing
from webapp.webhooks import service as webhooks

HOOKS = f"{URL}/webhooks"


def verified(headers, body, secret):
    """As a receiver does it by the specification, without a line of Cairn's."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split()


def test_a_change_is_told_with_what_the_api_says_of_it(world):
    made = world.hook()
    assert made["secret"].startswith("whsec_")
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    ((headers, body),) = world.hears()
    assert verified(headers, body, made["secret"])
    assert not verified(headers, body + b" ", made["secret"])
    told = json.loads(body)
    assert told["type"] == "issue.prioritised" or told["type"].startswith("issue.")
    assert told["data"]["issue"] == world.api.get(f"{URL}/issues/1")
    assert told["data"]["actor"] == {"id": world.ada.id, "name": "Ada"}
    events = world.api.get(f"{URL}/issues/1/events")["items"]
    assert told["data"]["events"] == [events[-1]]
    assert told["data"]["url"] == "https://cairn.example.org/projects/HOOK/issues/1"


def test_a_comment_is_told_with_its_text(world):
    world.hook(events=["commented"])
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    comment = world.api.post(f"{URL}/issues/1/comments", {"body": "Seen."})
    ((_, body),) = world.hears()
    assert json.loads(body)["data"]["comments"] == [comment]


def test_the_secret_is_told_once_and_stands_nowhere(world):
    made = world.hook()
    assert "secret" not in world.api.get(f"{HOOKS}/{made['id']}")
    bare = base64.b64decode(made["secret"].removeprefix("whsec_"))
    (row,) = world.run("SELECT salt, row_to_json(webhooks)::text FROM webhooks")
    assert made["secret"] not in row[1]
    assert bare.hex() not in row[1]
    assert bytes(row[0]) != bare


def test_the_former_secret_holds_for_a_day_after_it_was_changed(world):
    first = world.hook()
    second = world.api.post(f"{HOOKS}/{first['id']}/secret", status=200)
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    ((headers, body),) = world.hears()
    assert verified(headers, body, first["secret"])
    assert verified(headers, body, second["secret"])
    world.run("UPDATE webhooks SET former_until = now() - interval '1 second'")
    world.api.patch(f"{URL}/issues/1", {"priority": "low"})
    headers, body = world.hears()[-1]
    assert not verified(headers, body, first["secret"])
    assert verified(headers, body, second["secret"])


def test_what_was_not_taken_is_sent_again_under_the_same_id(world):
    hook = world.hook()
    world.receiver.status = 500
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    world.hears()
    world.receiver.status = 204
    (first, body), (second, again) = world.hears(ahead=60)
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again
    (row,) = world.api.get(f"{HOOKS}/{hook['id']}/deliveries")["items"]
    assert (row["state"], row["tries"], row["status"]) == ("sent", 2, 204)
    assert world.api.get(f"{HOOKS}/{hook['id']}")["failing_since"] is None


def test_it_is_given_up_after_a_day_and_can_be_sent_again(world):
    hook = world.hook()
    world.receiver.status = 500
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    assert len(world.hears(ahead=2 * 86_400)) == 8
    at = f"{HOOKS}/{hook['id']}/deliveries"
    (row,) = world.api.get(at)["items"]
    assert (row["state"], row["answer"]) == ("failed", "It answered 500.")
    detail = world.api.get(f"{at}/{row['id']}")
    assert "what it says" not in json.dumps(detail)
    world.receiver.status = 200
    again = world.api.post(f"{at}/{row['id']}")
    assert again["message_id"] == row["message_id"]
    assert world.hears()[-1][1].decode() == detail["body"]


def test_a_redirect_is_not_followed_but_told(world):
    hook = world.hook()
    world.receiver.status = 302
    made = world.api.post(f"{HOOKS}/{hook['id']}/test")
    assert len(world.hears()) == 1
    assert "302" in world.api.get(f"{HOOKS}/{hook['id']}/deliveries/{made['id']}")["answer"]


def test_it_is_switched_off_after_five_days_and_its_owners_hear_of_it(world, mailing):
    hook = world.hook()
    world.receiver.status = 503
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    world.hears()
    world.run("UPDATE webhooks SET failing_since = now() - interval '6 days'")
    world.hears(ahead=60)
    off = world.api.get(f"{HOOKS}/{hook['id']}")
    assert off["is_on"] is False
    assert "503" in off["ended_by"]
    assert world.run("SELECT user_id, kind FROM mails WHERE kind = 'webhook_off'") == [(world.ada.id, "webhook_off")]
    count = len(world.receiver.came)
    world.api.patch(f"{URL}/issues/1", {"priority": "low"})
    assert len(world.hears(ahead=86_400)) == count
    on = world.api.patch(f"{HOOKS}/{hook['id']}", {"is_on": True})
    assert on["is_on"]
    assert on["failing_since"] is None
    assert on["ended_by"] is None


def test_what_waits_for_a_deleted_hook_is_not_sent(world):
    hook = world.hook()
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    world.api.delete(f"{HOOKS}/{hook['id']}")
    assert world.hears() == []


@pytest.mark.parametrize(
    "end", ["UPDATE issues SET deleted_at = now()", "UPDATE projects SET archived_at = now()", "DELETE FROM projects"]
)
def test_of_what_is_gone_when_it_is_to_be_sent_nothing_is_told(world, end):
    world.hook()
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    world.run("SELECT 1")
    world.run(end)
    assert world.hears() == []


def test_a_hook_of_a_project_tells_nothing_of_others(world, make, ada):
    world.hook()
    other = make.project(ada, key="OTHER")
    make.issue(other, ada)
    assert world.hears() == []


def test_a_hook_of_all_is_told_of_all(world, api, make, ada):
    admin = api(make.person("Root", is_admin=True))
    hook = world.hook("/admin/webhooks", admin, events=["opened"])
    make.issue(make.project(ada, key="OTHER"), ada, title="Over there")
    ((_, body),) = world.hears()
    assert json.loads(body)["data"]["key"] == "OTHER-1"
    assert admin.get(f"/admin/webhooks/{hook['id']}/deliveries")["total"] == 1
    world.api.get("/admin/webhooks", status=403)
    world.api.get(f"{HOOKS}/{hook['id']}", status=404)


def test_many_issues_are_told_some_at_a_time(world, make, ada):
    world.hook(events=["closed"])
    world.hook(events=["closed"], form="slack")
    for number in range(60):
        make.issue(world.project, ada, title=f"Stone {number}")
    world.api.patch(f"{URL}/issues?q=is:open", {"state": "closed"})
    came = [json.loads(body) for _, body in world.hears()]
    told = [one["data"]["items"] for one in came if one.get("type") == "issues.changed"]
    assert [len(items) for items in told] == [50, 11]
    assert len(came) == 3
    assert len({item["key"] for items in told for item in items}) == 61
    (line,) = [one["text"] for one in came if "text" in one]
    assert line.startswith("Ada changed 61 issues: <https://cairn.example.org/projects/HOOK/issues")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "http://2130706433/", "ftp://example.org/", "http://[::1]/"]
)
def test_an_inner_address_is_refused_when_it_is_saved(app, api, make, ada, url):
    make.project(ada, key="HOOK")
    refused = api(ada).post(HOOKS, {"url": url}, status=422)
    assert refused["detail"].startswith("url: must ")


def test_a_page_shows_what_is_done_with_it(world, browser):
    page = browser(world.ada)
    made = page.post(
        HOOKS, {"url": world.receiver.url, "form": "standard", "events": ["opened", "closed"]}, status=200
    )
    assert "whsec_" in made.fields.get("secret", made.text)
    (hook,) = world.api.get(HOOKS)["items"]
    assert hook["events"] == ["opened", "closed"]
    at = f"{HOOKS}/{hook['id']}"
    wrong = page.post(at, {"url": "http://10.0.0.1/", "form": "standard", "events": "everything"}, status=422)
    assert "must lead to a public address" in wrong.text
    page.post(f"{at}/test")
    world.hears()
    (row,) = world.api.get(f"{at}/deliveries")["items"]
    for address in (HOOKS, f"{HOOKS}/new", at, f"{at}/edit", f"{at}/delete", f"{at}/deliveries"):
        page.get(address)
    assert "&#34;type&#34;: &#34;test&#34;" in page.get(f"{at}/deliveries/{row['id']}").text
    page.post(f"{at}/deliveries/{row['id']}")
    assert len(world.hears()) == 2
    page.post(at, {"is_on": "false"})
    assert world.api.get(at)["is_on"] is False


def test_a_form_that_is_sent_twice_makes_one_hook_and_tells_one_secret(world):
    one, two = world.hook(events=["closed"]), world.hook(events=["closed"])
    assert one == two
    assert world.hook(events=["opened"])["id"] != one["id"]
    at = f"{URL}/webhooks/{one['id']}/secret"
    new, again = (world.api.post(at, status=200)["secret"] for _ in range(2))
    assert new == again != one["secret"]
    world.api.post(f"{URL}/webhooks/{one['id']}/test")
    world.hears()
    headers, body = world.receiver.came[-1]
    assert verified(headers, body, one["secret"])  # the one that was in use holds on


def test_a_chat_room_is_told_of_no_secret(world, browser):
    page = browser(world.ada)
    made = page.post(
        f"{URL}/webhooks", {"url": world.receiver.url, "form": "slack", "events": "everything"}, status=200
    )
    assert made.says("Slack is told from now on")
    assert "ecret" not in "".join(made.words)
    program = page.post(f"{URL}/webhooks", {"url": world.receiver.url, "events": "everything"}, status=200)
    assert program.says("Copy this secret")


def test_what_waits_can_be_looked_at_again_also_after_a_try(world, browser):
    log = f"{URL}/webhooks/{world.hook()['id']}/deliveries"
    page, world.receiver.status = browser(world.ada), 500
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    world.hears()
    (one,) = world.api.get(log)["items"]
    assert page.get(f"{log}/{one['id']}").says("Waiting, tries: 1 · Refresh")
    world.receiver.status = 200
    world.hears(ahead=86_400)
    assert not page.get(f"{log}/{one['id']}").says("Refresh")


def test_several_of_one_host_are_told_apart(world, browser):
    world.hook()
    secret = f"{world.receiver.url.removesuffix('in')}T01/B02/hush"
    room = world.api.post(HOOKS, {"url": secret, "form": "slack"})
    for address in (HOOKS, f"{HOOKS}/{room['id']}"):
        page = browser(world.ada).get(address)
        assert page.says("/…hush")
        assert "T01" not in page.text
    assert browser(world.ada).get(HOOKS).says(world.receiver.url.removeprefix("http://"))


def test_a_form_without_a_tick_is_not_taken_for_everything(world, browser):
    page = browser(world.ada)
    assert '<input type="hidden" name="events" value="">' in page.get(f"{HOOKS}/new").text
    nothing = {"url": world.receiver.url, "form": "standard", "events": ""}
    assert page.post(HOOKS, nothing, status=422).says("Events must have at least one entry")
    at = f"{HOOKS}/{world.hook()['id']}"
    assert page.post(at, nothing, status=422).says("Events must have")
    assert page.post(at, {**nothing, "url": "", "events": "opened"}, status=422).says("Address is required")


def test_a_host_that_does_not_answer_is_left_alone_for_a_while(world):
    hook = world.hook()
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = f"http://127.0.0.1:{server.getsockname()[1]}/"
    world.run("UPDATE webhooks SET url = :url", url=nobody)
    for title in "abcde":
        world.api.patch(f"{URL}/issues/1", {"title": title})
    world.hears()
    log = world.api.get(f"{HOOKS}/{hook['id']}/deliveries")["items"]
    assert sorted(one["tries"] for one in log) == [0, 0, 1, 1, 1]
    world.run("UPDATE webhooks SET url = :url", url=world.receiver.url)
    assert len(world.hears(ahead=120)) == 5


def test_what_waits_for_it_is_looked_at_the_seldomer_the_longer_it_waits(world):
    world.hook()
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = f"http://127.0.0.1:{server.getsockname()[1]}/"
    world.run("UPDATE webhooks SET url = :url", url=nobody)
    for title in "abcde":
        world.api.patch(f"{URL}/issues/1", {"title": title})
    world.hears()
    world.run("UPDATE webhook_deliveries SET created_at = now() - interval '10 hours'")
    world.run("UPDATE jobs SET run_at = now() WHERE task = 'deliver_webhook'")
    world.hears()
    waits = world.run(
        "SELECT jobs.run_at - now() > interval '50 minutes' FROM jobs"
        " JOIN webhook_deliveries AS d ON jobs.key = 'webhook:' || d.id WHERE d.tries = 0"
    )
    assert [one for (one,) in waits] == [True, True]


def test_what_may_not_be_reached_any_more_is_not(world, monkeypatch):
    hook = world.hook()
    here = standing.standing()
    monkeypatch.setattr(standing, "_standing", standing.Standing(here.site, here.keys, Allowed()))
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    assert world.hears() == []
    (row,) = world.api.get(f"{HOOKS}/{hook['id']}/deliveries")["items"]
    assert row["answer"].startswith("The address must lead to a public address")


def test_what_was_deleted_is_told_without_the_issue(world):
    world.hook(events=["deleted"])
    world.api.delete(f"{URL}/issues/1")
    ((_, body),) = world.hears()
    told = json.loads(body)["data"]
    assert (told["key"], told["issue"]) == ("HOOK-1", None)


def test_what_was_moved_elsewhere_is_not_told_there(world, make, ada):
    make.project(ada, key="OTHER")
    world.hook()
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    world.run("UPDATE issues SET project_id = (SELECT id FROM projects WHERE key = 'OTHER'), number = 77")
    assert world.hears() == []


def test_a_change_that_is_heard_twice_is_told_once(world):
    world.hook()
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    (change,) = world.run("SELECT change_id FROM events ORDER BY id DESC LIMIT 1")[0]
    world.hears()
    with world.app.app_context():
        webhooks.hear(change)
    assert len(world.hears()) == 1


def test_a_hook_that_says_that_it_is_gone_is_switched_off_at_once(world):
    hook = world.hook()
    world.receiver.status = 410
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    world.hears()
    assert world.api.get(f"{HOOKS}/{hook['id']}")["is_on"] is False


def test_old_deliveries_are_forgotten(world):
    hook = world.hook()
    world.api.post(f"{HOOKS}/{hook['id']}/test")
    world.run("UPDATE webhook_deliveries SET created_at = now() - interval '31 days'")
    world.api.post(f"{HOOKS}/{hook['id']}/test")
    with world.app.app_context():
        assert webhooks.clear() == 1
    assert world.api.get(f"{HOOKS}/{hook['id']}/deliveries")["total"] == 1


def test_the_signature_is_that_of_the_specification(world, monkeypatch):
    """The example of the specification: what its libraries verify, too."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    monkeypatch.setattr(signing, "_keys", lambda salt: [key])
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signing.signed("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [b""])
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_who_presses_a_button_often_is_told_to_wait(world):
    hook = world.hook()
    for _ in range(5):
        world.api.post(f"{HOOKS}/{hook['id']}/test")
    refused = world.api.post(f"{HOOKS}/{hook['id']}/test", status=409)
    assert "Wait until they were sent" in refused["detail"]
    assert len(world.hears()) == 5
    world.api.post(f"{HOOKS}/{hook['id']}/test")


def test_what_was_sent_but_not_noted_comes_again_as_the_same(world, monkeypatch):
    """As after a worker that was killed in between."""
    world.hook()
    world.api.patch(f"{URL}/issues/1", {"priority": "high"})
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.hears()
    (first, body), (second, again) = world.hears(ahead=60)
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again


def test_a_hook_that_hangs_keeps_nobody_waiting_but_its_lane(world, mute, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    server = mute()
    world.hook(url=server.url.replace("smtp", "http"))
    begun = time.monotonic()
    for number in range(10):
        world.api.patch(f"{URL}/issues/1", {"title": str(number)})
    assert time.monotonic() - begun < 5
    assert server.connections == 0
    world.hears()
    assert server.connections == 3
    assert TASKS["deliver_webhook"].lane == "webhooks"
    assert [task for task in TASKS.values() if task.lane == "webhooks"] == [TASKS["deliver_webhook"]]


def test_what_may_not_be_told_any_more_is_not_tried_again(world):
    hook = world.hook()
    world.receiver.status = 500
    world.api.post(f"{URL}/issues/1/comments", {"body": "Not so."})
    world.hears()
    world.run("UPDATE comments SET deleted_at = now()")
    assert len(world.hears(ahead=86_400)) == 1
    (row,) = world.api.get(f"{HOOKS}/{hook['id']}/deliveries")["items"]
    assert row["state"] == "dropped"
