"""What says that it fixes an issue closes it when it arrives on the default branch, with rights that are asked then."""

import threading
import time
from contextlib import closing

import pytest

from tests.code_hosts.conftest import HOSTS, URL
from tests.databases import connected
from webapp.errors import CairnError, Forbidden
from webapp.jobs.tasks import TASKS

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def other(world):
    """A project that Ada alone sees, with an issue."""
    project = world.make.project(world.ada, key="ROOF", name="Roof")
    world.make.issue(project, world.ada)
    return project


def test_a_commit_closes_what_it_fixes(world, host):
    host.push("Turn the stone, fixes WALL-1")
    assert world.state() == "closed"
    closed = world.events(kinds=["closed"])[0]
    assert closed["actor"]["id"] == world.ada.id
    assert closed["data"]["code"].startswith("commit ")
    assert host.log()[0]["closed"] == ["WALL-1"]


def test_another_branch_closes_nothing_until_it_arrives(world, host):
    host.push("Fixes WALL-1", branch="turn")
    assert world.state() == "open"
    host.push("Fixes WALL-1", branch="main")
    assert world.state() == "closed"


def test_a_merge_request_closes_when_it_is_merged_into_the_default_branch(world, host):
    host.merge("open")
    host.merge("closed", "2026-03-01T12:00:00Z")
    assert world.state() == "open"
    host.merge("merged", "2026-03-01T13:00:00Z", into="next")
    assert world.state() == "open"
    host.merge("merged", "2026-03-01T14:00:00Z")
    assert world.state() == "closed"
    assert "5" in world.events(kinds=["closed"])[0]["data"]["code"]


@pytest.mark.parametrize("message", ["Does not fix WALL-1", "See WALL-1", "> fixes WALL-1", "Will fix WALL-1 later?"])
def test_the_words_are_those_of_comments(world, message):
    world.connect("plain").push(message)
    assert world.state() == "open"


def test_all_that_a_push_fixes_is_one_change(world, host):
    for _ in range(2):
        world.make.issue(world.project, world.ada)
    host.push("Fixes WALL-1", "Closes WALL-2 and WALL-3")
    closed = [world.events(number, ["closed"])[0] for number in (1, 2, 3)]
    assert len({one["change_id"] for one in closed}) == 1
    assert closed[0]["data"]["code"] != closed[1]["data"]["code"] == closed[2]["data"]["code"]


def test_what_was_opened_again_stays_open_though_the_commit_comes_again(world, host):
    host.push("Fixes WALL-1")
    world.api.patch(f"{URL}/issues/1", {"state": "open"})
    host.push("Fixes WALL-1")
    assert world.state() == "open"
    host.push("Fixes WALL-1, really")
    assert world.state() == "closed"


def test_what_is_closed_already_is_left_alone(world, host):
    world.api.patch(f"{URL}/issues/1", {"state": "closed"})
    host.push("Fixes WALL-1")
    assert len(world.events(kinds=["closed"])) == 1
    assert host.log()[0]["closed"] == []


def test_what_is_blocked_stays_open_and_the_log_says_why(world, host):
    world.make.issue(world.project, world.ada)
    world.api.post(f"{URL}/issues/1/relations", {"kind": "blocked_by", "issue": "WALL-2"})
    host.push("Fixes WALL-1")
    assert world.state() == "open"
    assert host.log()[0]["left_open"] == [{"key": "WALL-1", "detail": "It is blocked by WALL-2."}]


def test_what_a_commit_closed_can_be_undone(world, host):
    host.push("Fixes WALL-1")
    change = world.events(kinds=["closed"])[0]["change_id"]
    world.api.post(f"{URL}/issues/1/undo", {"change": change}, status=200)
    assert world.state() == "open"


def test_other_projects_are_reached_with_the_rights_of_who_connected(world, host, other):
    host.push("Fixes ROOF-1")
    assert world.state(at="/projects/ROOF") == "closed"


def test_a_project_that_the_connector_does_not_see_is_not_touched(world, other):
    owner = world.make.member(world.project, "owner")
    host = world.connect("github", api=world.signed_in(owner))
    host.push("Fixes ROOF-1, see WALL-1")
    assert world.state(at="/projects/ROOF") == "open"
    assert world.events(at="/projects/ROOF") == []
    assert len(world.events()) == 1


def test_the_log_tells_nobody_of_projects_that_they_do_not_see(world, host, other):
    owner = world.signed_in(world.make.member(world.project, "owner"))
    host.push("Fixes ROOF-1", "See NOPE-4 and WALL-7")
    (mine,), (theirs,) = host.log(), host.log(owner)
    assert (mine["named"], mine["closed"], mine["unknown"]) == (["ROOF-1"], ["ROOF-1"], ["NOPE-4", "WALL-7"])
    assert (theirs["named"], theirs["closed"], theirs["unknown"]) == ([], [], ["WALL-7"])
    assert theirs["elsewhere"] == 1


def test_whoever_makes_a_new_secret_does_not_get_the_rights_of_who_made_the_former(world, host, other):
    owner = world.signed_in(world.make.member(world.project, "owner"))
    former = host.secret
    host.secret = owner.post(f"{HOSTS}/{host.id}/secret", status=200)["secret"]
    host.push("Fixes ROOF-1")
    assert world.state(at="/projects/ROOF") == "open"
    host.push("Fixes ROOF-1, as Ada", secret=former)
    assert world.state(at="/projects/ROOF") == "closed"


@pytest.mark.parametrize("role", ["reporter", "viewer"])
def test_rights_that_were_taken_away_since_are_missed(world, role):
    owner = world.make.member(world.project, "owner")
    host = world.connect("github", api=world.signed_in(owner))
    world.run("UPDATE memberships SET role = :role WHERE user_id = :id", role=role, id=owner.id)
    host.push("Fixes WALL-1")
    assert world.state() == "open"
    (row,) = host.log()
    if role == "reporter":
        assert row["named"] == ["WALL-1"]
        assert row["left_open"][0]["detail"].startswith("Whoever connected the repository may not close it")
    else:
        assert row["unknown"] == ["WALL-1"]


def test_nothing_is_done_for_who_is_gone(world):
    owner = world.make.member(world.project, "owner")
    host = world.connect("github", api=world.signed_in(owner))
    world.run("DELETE FROM memberships WHERE user_id = :id", id=owner.id)
    host.push("Fixes WALL-1")
    world.run("UPDATE users SET is_active = false WHERE id = :id", id=owner.id)
    host.push("Fixes WALL-1")
    assert (world.state(), world.events()) == ("open", [])
    answers = [one["answer"] for one in host.log()]
    assert answers[0].startswith("Whoever connected the repository is no longer active")
    assert answers[1].startswith("Whoever connected the repository no longer sees the project")


def test_an_archived_project_is_left_alone(world, host):
    world.api.post(f"{URL}/archive", status=200)
    host.push("Fixes WALL-1")
    world.api.delete(f"{URL}/archive", status=200)
    assert host.log()[0]["unknown"] == ["WALL-1"]


def test_what_is_in_the_trash_is_left_alone(world, host):
    world.api.delete(f"{URL}/issues/1")
    host.push("Fixes WALL-1")
    assert host.log()[0]["unknown"] == ["WALL-1"]


def test_a_right_that_is_taken_away_meanwhile_is_not_used(committed_world):
    """A job waits for the issue; by the time that it gets it, who connected the repository may not write there."""
    world = committed_world
    owner = world.make.member(world.project, "owner")
    host = world.connect("github", api=world.signed_in(owner))
    host.send(host.pushed("Fixes WALL-1"))
    ((delivery,),) = world.run("SELECT id FROM code_deliveries")
    ended = []

    def take():
        with world.app.app_context():
            try:
                TASKS["take_code"].function(id=delivery)
            except CairnError as error:
                ended.append(error)

    thread = threading.Thread(target=take)
    with closing(connected(world.app.config["SETTINGS"].database_url)) as connection:
        connection.autocommit = False
        cursor = connection.cursor()
        cursor.execute("SELECT FROM issues FOR UPDATE")
        thread.start()
        until = time.monotonic() + 30
        while not world.run(WAITING)[0][0] and time.monotonic() < until:
            time.sleep(0.02)
        cursor.execute("UPDATE memberships SET role = 'viewer' WHERE user_id = %s", [owner.id])
        connection.commit()
    thread.join()
    assert isinstance(ended[0], Forbidden)
    assert (world.state(), world.events()) == ("open", [])
    world.work()  # the job is there still, and asks anew
    assert host.log()[0]["unknown"] == ["WALL-1"]
