"""What is kept in two processes, and changed in another: real commits, each on a connection of its own."""

from contextlib import closing

import pytest

from tests.clients import Api, Browser
from tests.databases import connected
from tests.make import Make
from tests.prepared import migrated_database
from webapp import create_app, keeping

LIST = "/projects/WALL/issues"


@pytest.fixture(scope="module")
def address(database):
    with migrated_database(database) as own:
        yield own


@pytest.fixture
def workers(address, settings, monkeypatch):
    """Two applications on one database, which keep what they keep apart from each other."""
    monkeypatch.setattr(keeping, "PARANOID", False)
    return [create_app(settings.model_copy(update={"database_url": address})) for _ in range(2)]


def test_what_one_changes_the_other_shows_at_once(workers, address):
    make = Make(workers[0])
    ada = make.person("Ada")
    make.issue(make.project(ada, key="WALL"), ada, title="Stone 0")
    looks = [Browser(app, ada) for app in workers]
    for number in range(1, 4):
        assert all(f"Stone {number - 1}" in look.get(LIST).text for look in looks * 2)
        Api(workers[number % 2], ada, {}).patch(f"{LIST}/1", {"title": f"Stone {number}"})
        assert all(f"Stone {number}" in look.get(at).text for look in looks for at in (LIST, f"{LIST}/1"))
    with closing(connected(address)) as psql, psql.cursor() as cursor:
        psql.autocommit = False
        cursor.execute("UPDATE issues SET title = 'By hand'")
        assert all("Stone 3" in look.get(LIST).text for look in looks * 2)  # and is kept so meanwhile
        psql.commit()
        assert all("By hand" in look.get(LIST).text for look in looks)
        cursor.execute("UPDATE issues SET title = 'Not at all'")
        psql.rollback()
        assert all("By hand" in look.get(LIST).text for look in looks)
        cursor.execute("UPDATE users SET name = 'Countess'")
        psql.commit()
        assert all("Countess" in look.get(LIST).text for look in looks)
    for app in workers:
        assert len(app.extensions["keeping"])


def test_a_client_is_told_of_an_issue_as_it_is_now(workers, address):
    make = Make(workers[0])
    owner = make.person("Owner")
    project = make.project(owner, key="DOOR", visibility="public")
    guest = make.member(project, "reporter")
    issue = make.issue(project, owner, title="Hinge 0")
    make.label(project, owner, name="rust")
    at = f"/projects/DOOR/issues/{issue.number}"
    owners, guests = ([Api(app, who, {}) for app in workers] for who in (owner, guest))

    def told():
        [one, *others] = [api.get(at) for api in (owners + guests) * 2]
        assert others == [one] * len(others)
        return one

    assert told()["title"] == "Hinge 0"
    owners[0].patch(at, {"title": "Hinge 1"})
    assert told()["title"] == "Hinge 1"
    guests[1].post(f"{at}/comments", {"body": "It creaks."})
    assert told()["comment_count"] == 1
    owners[1].patch(at, {"body": "Oil **it**.", "labels": ["rust"]})
    assert "<strong>it</strong>" in told()["body_html"]
    with closing(connected(address)) as psql, psql.cursor() as cursor:
        cursor.execute("UPDATE labels SET name = 'dust'")
        assert told()["labels"][0]["name"] == "dust"
        cursor.execute("UPDATE users SET name = 'Porter' WHERE id = %s", (owner.id,))
        assert told()["author"]["name"] == "Porter"
    owners[0].patch(at, {"private": True})
    for api in guests * 2:
        api.get(at, 404)
    assert [api.get(at)["private"] for api in owners * 2] == [True] * 4
    owners[0].delete(at)
    for api in owners:
        api.get(at, 410)


def test_a_client_that_has_an_issue_hears_that_it_is_the_same(workers):
    make = Make(workers[0])
    ada = make.person("Ada")
    issue = make.issue(make.project(ada, key="GATE"), ada)
    at = f"/projects/GATE/issues/{issue.number}"
    apis = [Api(app, ada, {}) for app in workers]
    tags = [api.send("GET", at).headers["ETag"] for api in apis * 2]
    assert len({*tags}) == 1
    for api in apis:
        api.send("GET", at, status=304, headers={"If-None-Match": tags[0]})
        api.send("GET", at, status=200, headers={"If-Match": tags[0]})
    apis[0].patch(at, {"title": "Another"})
    for api in apis * 2:
        assert api.send("GET", at, status=200, headers={"If-None-Match": tags[0]}).headers["ETag"] != tags[0]
        api.send("GET", at, status=412, headers={"If-Match": tags[0]})
