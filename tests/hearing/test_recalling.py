"""What waits is recalled by all that lets somebody hear of it no longer: for a burst, for quiet hours, for a digest."""

import pytest

from tests.hearing.conftest import URL
from webapp.digests import service as digests

ONE = f"{URL}/1"
LONG = 4 * 3600
# Who waits for what.
WAITING = {"author": "the burst", "commenter": "quiet hours", "stranger": "the digest"}
SETTING = 'UPDATE notification_settings SET ways = ways || \'{"commented": "%s"}\' WHERE user_id = :person'
EXCEPTION = (
    "INSERT INTO notification_exceptions (user_id, project_id, ways)"
    ' VALUES (:person, :project, \'{"commented": "%s"}\')'
)
WATCH = "INSERT INTO %s_watches (%s_id, user_id, level) VALUES (:%s, :person, 'nothing')"
ENDS = {
    "the issue is muted": WATCH % (("issue",) * 3),
    "the project is muted": WATCH % (("project",) * 3),
    "the rule is nothing": SETTING % "nothing",
    "the rule is the inbox alone": SETTING % "inbox",
    "the rule of the project is nothing": EXCEPTION % "nothing",
    "who reads is deactivated": "UPDATE users SET is_active = false WHERE id = :person",
    "who reads is removed": "WITH gone AS (DELETE FROM memberships WHERE user_id = :person)"
    " UPDATE projects SET visibility = 'private' WHERE id = :project",
    "the project is private": "UPDATE projects SET visibility = 'private' WHERE id = :project",
    "the project is archived": "UPDATE projects SET archived_at = now() WHERE id = :project",
    "the issue is deleted": "UPDATE issues SET deleted_at = now() WHERE id = :issue",
}
# These leave alone whom they do not touch.
LEAVES = {"the project is private": {"author", "commenter"}}
GOES = {
    "nothing": ("SELECT :person, :project, :issue", {*WAITING}),
    "another rule": (SETTING.replace("commented", "state") % "nothing", {*WAITING}),
    "the rule of the project is another way by mail": (EXCEPTION % "mail", {*WAITING}),
}


@pytest.fixture
def waits(wall, mailing, sink):
    """Something waits for three people; lets that become of each what a statement says, and gives those who were told."""
    wall.who["stranger"] = stranger = wall.make.person("Eve")
    wall.run("UPDATE projects SET visibility = 'public'")
    wall.make.comment(wall.project, wall.issue, stranger)
    (hour,) = wall.run("SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::int")[0]
    for name, way, quiet in (("author", "mail", None), ("commenter", "mail", hour), ("stranger", "digest", None)):
        wall.run(
            "INSERT INTO notification_settings (user_id, ways, quiet_from, quiet_to, digest)"
            " VALUES (:id, jsonb_build_object('commented', cast(:way AS text)), :quiet, :quiet_to, 'hourly')",
            id=wall.who[name].id, way=way, quiet=quiet, quiet_to=None if quiet is None else (quiet + 2) % 24,
        )  # fmt: skip
    wall.forget()
    wall.api.post(f"{ONE}/comments", {"body": "A secret."})
    mailing.drain()

    def told(statement):
        assert not [one for one in sink.mails if "A secret." in one.body()]
        for name in WAITING:
            known = {"person": wall.who[name].id, "project": wall.project.id, "issue": wall.issue.id}
            wall.run(statement, **{key: value for key, value in known.items() if f":{key}" in statement})
        wall.run("UPDATE deliveries SET created_at = created_at - interval '2 hours' WHERE way = 'digest'")
        with wall.app.app_context():
            digests.post_due()
        mailing.drain(ahead=LONG)
        addresses = {wall.who[name].email: name for name in WAITING}
        return {addresses[one.to[0]] for one in sink.mails if one.to[0] in addresses}

    return told


def states(wall, names):
    ids = [wall.who[name].id for name in names]
    found = wall.run("SELECT state FROM deliveries WHERE way <> 'inbox' AND user_id = ANY(:ids)", ids=ids)
    return {state for (state,) in found}


@pytest.mark.parametrize("end", ENDS)
def test_what_waits_is_recalled(wall, waits, end):
    left = LEAVES.get(end, set())
    assert waits(ENDS[end]) == left
    assert states(wall, WAITING.keys() - left) == {"dropped"}


@pytest.mark.parametrize("end", GOES)
def test_what_does_not_end_it_lets_it_go(wall, waits, end):
    statement, left = GOES[end]
    assert waits(statement) == left
    assert states(wall, WAITING) == {"sent"}


def test_what_was_noted_before_it_said_as_what_it_is_told_goes(wall, waits):
    wall.run("UPDATE deliveries SET news = '{}'")
    assert waits(ENDS["the rule is nothing"]) == {*WAITING}


def test_of_what_is_told_as_several_things_one_that_is_wanted_is_enough(wall, mailing, sink):
    wall.api.patch(ONE, {"assignees": [wall.who["author"].id], "state": "closed"})
    wall.run(
        'INSERT INTO notification_settings (user_id, ways) VALUES (:id, \'{"state": "mail"}\')',
        id=wall.who["author"].id,
    )
    mailing.drain()
    wall.run('UPDATE notification_settings SET ways = \'{"state": "mail", "assigned": "nothing"}\'')
    mailing.drain(ahead=LONG)
    assert [one for one in sink.mails if one.to == [wall.who["author"].email]]
