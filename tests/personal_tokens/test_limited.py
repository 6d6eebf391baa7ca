"""A token that is limited to projects: nothing outside of these is seen or changed through it, by any address."""

import pytest
from sqlalchemy import text

from tests.clients import HTML
from tests.personal_tokens.test_scopes import FOR_ANYBODY, Bearer, scope_of
from tests.safety.hidden import CANARY, SOUGHT, there_is
from tests.safety.test_private import QUERIES, Addresses, told
from tests.sso.conftest import Offer, acme, offer
from tests.test_permissions import ALLOWED, ways
from tests.test_permissions import there_is as all_there_is
from webapp import eyes
from webapp.access import Scope
from webapp.db import db, transacting
from webapp.http import scopes
from webapp.jobs.worker import drain
from webapp.models.projects import Membership, Project
from webapp.text import elsewhere

__all__ = ["acme", "offer"]

# Open to whoever is limited: what one is oneself, how pages look, and what lies in the token's own projects.
OPEN = {
    "accounts.avatar", "accounts.picture", "accounts.show", "all_issues.choose", "all_issues.index", "all_issues.new",
    "all_issues.query", "auth.me", "docs.openapi", "docs.redoc", "docs.swagger", "drafts.discard", "feeds.atom_of_all",
    "feeds.csv_of_all", "feeds.ics_of_all", "feeds.jsonl_of_all", "home.appearance", "home.change_appearance",
    "home.index", "home.manifest", "inbox.index", "inbox.update_many", "keys.choose", "keys.index", "keys.palette",
    "ops.healthz", "ops.readyz", "ops.robots", "pictures.show", "projects.index", "search.index", "styleguide.index",
    "styleguide.press",
}  # fmt: skip
# One of another project, which is not there.
ELSEWHERE = {
    "attachments.download", "attachments.remove", "attachments.show", "attachments.thumbnail", "inbox.put_to_sleep",
    "inbox.show", "inbox.snooze", "inbox.undo", "inbox.update",
}  # fmt: skip
# These ask nobody who they are, either: files of pages, and what leads to a login or is opened by its address.
FOR_ALL = FOR_ANYBODY | {"claiming.show", "home.login", "home.register", "members.invitation"}


@pytest.fixture
def door(make, ada, project):
    return make.project(ada, key="DOOR", name="Door")


@pytest.fixture
def limited(bearing, made):
    """A client with a token of somebody that is limited to projects."""

    def client(who, *keys, scope="admin"):
        return bearing(token=made(who, scope, projects=list(keys))[1])

    return client


class Limited(Bearer):
    """Somebody who asks with a token that is limited to a project."""

    def __init__(self, app, who, things, token):
        super().__init__(app, who, things, Scope.READ)
        self.api.headers["Authorization"] = f"Bearer {token}"


def expected_of(way, scope):
    """What somebody is answered who may use it, but with a token for another project."""
    least, endpoint = scope_of(way), way.rule.endpoint
    is_elsewhere = "project" in way.rule.arguments or endpoint in ELSEWHERE
    if least is None or list(Scope).index(Scope(scope)) < list(Scope).index(Scope(least)):
        return {"403", "404"} if is_elsewhere else {"403"}
    if is_elsewhere:
        return {"404"}
    return {ALLOWED} if endpoint in OPEN else {"403"}


@pytest.mark.parametrize("tongue", ["json", "page"])
@pytest.mark.parametrize("scope", ["write", "admin"])
def test_no_route_leads_to_another_project(app, make, made, monkeypatch, offer: Offer, scope, tongue):
    """Asked by somebody who may all of it, as an owner and an administrator."""
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    things, people = all_there_is(make, "public")
    root = people["admin"]
    make.project(root, key="OWN")
    with app.app_context(), transacting() as session:
        project = session.query(Project.id).filter_by(key="MATRIX").scalar()
        session.add(Membership(project_id=project, user_id=root.id, role="owner"))
    asker, wrong = Limited(app, root, things, made(root, scope, projects=["OWN"])[1]), []
    for way in ways(app, tongue):
        if (endpoint := way.rule.endpoint) in FOR_ALL or endpoint.startswith("packed_"):
            continue
        if (answer := asker.ask(way)) not in (expected := expected_of(way, scope)):
            wrong.append(f"{way}: expected {expected}, was {answer}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("tongue", ["json", "page"])
def test_in_its_own_project_it_does_what_another_does(app, make, made, monkeypatch, offer: Offer, tongue):
    """Every statement can be limited, also those that change something."""
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    things, people = all_there_is(make, "private")
    with app.app_context(), transacting() as session:
        project = session.query(Project.id).filter_by(key="MATRIX").scalar()
        session.add(Membership(project_id=project, user_id=people["admin"].id, role="owner"))
    asker = Limited(app, people["admin"], things, made(people["admin"], "admin", projects=["MATRIX"])[1])
    own = [way for way in ways(app, tongue) if "project" in way.rule.arguments or way.rule.endpoint in ELSEWHERE]
    asked = [(way, "403" if scope_of(way) is None else ALLOWED, asker.ask(way)) for way in own]
    wrong = [f"{way}: expected {expected}, was {answer}" for way, expected, answer in asked if answer != expected]
    assert not wrong, "\n".join(wrong)


def test_no_answer_has_a_word_of_another_project(app, make, made):
    """Its owner sees all of it, private issues as well, and asks for all that there is."""
    there = there_is(make)
    owner = there.people["owner"]
    seen = "".join(there.texts("owner", "/issues?q=is:all") + there.texts("owner", there.own))
    assert CANARY in seen
    client = there.as_("owner")
    client.headers["Authorization"] = f"Bearer {made(owner, 'admin', projects=['TWIN'])[1]}"
    asked, found = Addresses(app, there), []
    queries = ("", *QUERIES[1:4], "?q=is:all+sort:updated-desc", "?find=" + SOUGHT, "?timeline=all")
    for url in [*asked.others(queries), *asked.of_files(), *(one for one, _ in asked.of_issues())]:
        for headers in ({"Accept": "application/json"}, HTML):
            answer = client.send("GET", url, headers=headers)
            status, words = told(answer, url)
            path = url.partition("?")[0]
            is_own = path.startswith(there.own)
            words = words.replace(path, "")
            if "token=" in url:  # which lets whoever has it read by itself
                continue
            if CANARY in words or "HIDE" in words or status >= 500 or (is_own and status < 400):
                at = max(words.find(CANARY), words.find("HIDE"))
                found.append(f"{status} {url}: {words[max(at - 80, 0) :][:160]!r}")
    assert not found, "\n".join(found[:60])
    assert "Gate" in client.send("GET", there.twin + "/issues").text


def test_a_table_that_is_not_limited_is_found(make, made, monkeypatch):
    """A planted fault: what the test above looks at would tell of it."""
    from tests.safety.hidden import statements

    def anew():
        eyes.seen.cache_clear()
        for one in statements():
            one.__dict__.pop("limited", None)

    there = there_is(make)
    monkeypatch.setitem(eyes.LIMITED, "projects", "SELECT * FROM projects")
    anew()
    client = there.as_("owner")
    client.headers["Authorization"] = f"Bearer {made(there.people['owner'], projects=['TWIN'])[1]}"
    paths = ("/projects", "/issues?q=is:all", "/")
    words = "".join(client.send("GET", url, headers=headers).text for url in paths for headers in ({}, HTML))
    monkeypatch.undo()
    anew()
    assert "HIDE" in words or CANARY in words


def test_it_is_told_by_keys(api, ada, project, door):
    client = api(ada)
    made = client.post("/auth/tokens", {"name": "Report", "scope": "read", "projects": ["door", "WALL", "DOOR"]})
    assert made["projects"] == ["DOOR", "WALL"]
    whole = client.post("/auth/tokens", {"name": "Report", "scope": "read", "projects": None})
    assert [one["projects"] for one in client.get("/auth/tokens")["items"]] == [None, ["DOOR", "WALL"]]
    assert whole["projects"] is None


def test_a_form_names_projects_by_boxes_and_keys(make, browser, ada, project, door):
    for number in range(12):
        make.project(ada, key=f"P{number}", name=f"A {number}")
    page = browser(ada).get("/auth/tokens")
    assert page.says("Others, by their keys")
    sent = {"name": "Report", "scope": "read", "days": "30"}
    wrong = browser(ada).post("/auth/tokens", {**sent, "projects": "P1", "projects_named": "WALL, NONE"}, status=422)
    assert wrong.says("NONE")
    assert wrong.fields["projects_named"] == "WALL, NONE"
    assert wrong.says("Error")
    done = browser(ada).post("/auth/tokens", {**sent, "projects": "P1", "projects_named": "WALL, door"}, status=200)
    assert done.says("Only in DOOR, P1 and WALL")


@pytest.mark.parametrize("wrong", [[], [""], ["NONE"], ["WALL", "HERS"], "WALL", [1]])
def test_what_is_no_project_is_named(api, make, ada, eve, project, wrong):
    make.project(eve, key="HERS", visibility="private")
    body = {"name": "Report", "scope": "read", "projects": wrong}
    refused = api(ada).post("/auth/tokens", body, status=422)
    assert {one["field"].partition(".")[0] for one in refused["errors"]} == {"projects"}
    assert api(ada).get("/auth/tokens")["items"] == []


def test_other_addresses_say_what_it_is_limited_to(limited, ada, project, door):
    client = limited(ada, "WALL", "DOOR")
    for method, path in (("POST", "/projects"), ("GET", "/views"), ("GET", "/account/notifications")):
        refused = client.send(method, path, json={"name": "New"} if method == "POST" else None, status=403)
        assert "limited to DOOR and WALL" in refused.json["detail"]
        assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'
    client.get("/nowhere", status=404)


def test_it_works_where_it_is_for(limited, ada, project, door, make):
    client = limited(ada, "WALL")
    number = client.post("/projects/WALL/issues", {"title": "A stone"})["number"]
    client.patch(f"/projects/WALL/issues/{number}", {"title": "Another"})
    client.patch("/projects/WALL", {"description": "Dry."})
    make.issue(door, ada, title="A hinge")
    assert [one["key"] for one in client.get("/issues")["items"]] == [f"WALL-{number}"]
    assert [one["key"] for one in client.get("/projects")["items"]] == ["WALL"]
    assert client.get("/search?q=hinge")["items"] == []


def test_nothing_goes_to_another_project_or_names_it(api, limited, ada, project, door, make):
    mine, other = make.issue(project, ada), make.issue(door, ada, title="A hinge")
    client, at = limited(ada, "WALL"), f"/projects/WALL/issues/{mine.number}"
    client.post(f"{at}/move", {"project": "DOOR"}, status=422)
    client.post(f"{at}/relations", {"kind": "relates", "issue": f"DOOR-{other.number}"}, status=422)
    client.post(f"{at}/comments", {"body": f"Closes DOOR-{other.number}."})
    assert api(ada).get(f"/projects/DOOR/issues/{other.number}")["state"] == "open"
    client.patch("/projects/WALL", {"key": "DOOR"}, status=409)


def test_an_issue_that_moves_away_is_gone(app, api, limited, ada, project, door, make):
    issue = make.issue(project, ada, title="A stone that rolls")
    client, owner = limited(ada, "WALL"), api(ada)
    there = owner.post(f"/projects/WALL/issues/{issue.number}/move", {"project": "DOOR"}, status=200)["number"]
    drain(app)
    client.get(f"/projects/WALL/issues/{issue.number}", status=404)
    assert "rolls" not in "".join(client.send("GET", url).text for url in ("/", "/issues?q=is:all", "/inbox"))
    back = owner.post(f"/projects/DOOR/issues/{there}/move", {"project": "WALL"}, status=200)["number"]
    assert client.get(f"/projects/WALL/issues/{back}")["title"] == "A stone that rolls"
    client.send("GET", f"/projects/WALL/issues/{issue.number}", status=308)


def test_a_project_with_another_key_is_the_same(api, limited, ada, project, door):
    client = limited(ada, "WALL")
    api(ada).patch("/projects/WALL", {"key": "FENCE"})
    assert client.get("/projects/FENCE")["key"] == client.get("/projects/WALL")["key"] == "FENCE"
    assert "limited to FENCE" in client.get("/views", status=403)["detail"]
    assert limited(ada, "WALL").get("/projects/FENCE")["key"] == "FENCE"
    assert api(ada).get("/auth/tokens")["items"][1]["projects"] == ["FENCE"]


def test_a_project_that_is_deleted_widens_nothing(api, browser, limited, ada, project, door):
    client = limited(ada, "WALL")
    api(ada).send("DELETE", "/projects/WALL", json={"confirm": "WALL"}, status=204)
    client.get("/projects/DOOR", status=404)
    assert client.get("/projects")["items"] == client.get("/issues?q=is:all")["items"] == []
    assert "are gone" in client.get("/views", status=403)["detail"]
    assert api(ada).get("/auth/tokens")["items"][0]["projects"] == []
    assert browser(ada).get("/auth/tokens").says("are gone")


def test_nobody_administrates_through_it(api, make, limited, ada, project):
    root = make.person("Root", is_admin=True)
    hidden = make.project(ada, key="HIDDEN", visibility="private")
    make.member(hidden, "viewer")
    body = {"name": "Report", "scope": "admin", "projects": ["HIDDEN"]}
    refused = api(root).post("/auth/tokens", body, status=422)  # seen as an administrator alone
    assert "HIDDEN" in refused["errors"][0]["message"]
    own = make.project(root, key="OWN")
    client = limited(root, own.key)
    for path in ("/admin", "/admin/people", "/admin/audit", "/admin/jobs", "/admin/webhooks"):
        assert "limited to OWN" in client.get(path, status=403)["detail"]
    client.patch("/projects/OWN", {"description": "Mine."})


@pytest.mark.parametrize(
    ("scope", "keys", "sees"),
    [("read", ["WALL"], False), ("write", ["WALL"], False), ("admin", ["WALL"], False), ("read", None, False),
     ("write", None, False), ("admin", None, True)],
)  # fmt: skip
def test_an_administrator_sees_what_is_private_only_as_one(api, make, bearing, made, ada, scope, keys, sees):
    """By all ways that lead to it: alone, in lists, counts and texts that are sent as they are made."""
    root = make.person("Root", is_admin=True)
    wall, owner = make.project(ada, key="WALL", visibility="public"), api(ada)
    make.issue(wall, ada)
    owner.post("/projects/WALL/issues", {"title": "A hinge", "private": True})
    comment = owner.post("/projects/WALL/issues/1/comments", {"body": "A hinge.", "private": True})["id"]
    client = bearing(token=made(root, scope, projects=keys)[1])
    urls = (
        "/projects/WALL/issues", "/projects/WALL/issues?q=hinge", "/projects/WALL/board", "/search?q=hinge", "/issues",
        "/projects/WALL/issues.csv", "/issues.jsonl",
    )  # fmt: skip
    for url in urls:
        for headers in ({"Accept": "application/json"}, HTML):
            said = client.send("GET", url, headers=headers).text.replace("<mark>", "")
            assert ("A hinge" in said) == sees, (url, headers)
    assert ("A hinge" in client.send("GET", "/projects/WALL/issues/1", headers=HTML).text) == sees
    for url in ("/projects/WALL/issues/2", f"/projects/WALL/issues/1/comments/{comment}"):
        assert (client.send("GET", url).status_code == 200) == sees, url
    assert client.get("/projects/WALL")["open_issues"] == 1 + sees


def test_what_an_administrator_works_at_they_see_by_their_role(api, make, bearing, made, ada):
    root = make.person("Root", is_admin=True)
    make.project(ada, key="WALL", visibility="public")
    api(ada).post("/projects/WALL/members", {"email": root.email, "role": "member"})
    api(ada).post("/projects/WALL/issues", {"title": "A hinge", "private": True})
    for scope, keys in (("read", ["WALL"]), ("write", None)):
        assert bearing(token=made(root, scope, projects=keys)[1]).get("/projects/WALL/issues")["total"] == 1


def test_whoever_leaves_the_project_is_out(api, make, limited, ada):
    project = make.project(ada, key="WALL", visibility="private")
    mona = make.member(project, "member")
    client = limited(mona, "WALL")
    client.get("/projects/WALL")
    api(ada).delete(f"/projects/WALL/members/{mona.id}")
    client.get("/projects/WALL", status=404)


def test_it_is_looked_up_by_one_statement(limited, ada, project, statements):
    client = limited(ada, "WALL")
    client.get("/auth/me")  # notes that it was used today
    for path, budget in (("/auth/me", 1), ("/projects/WALL", 1), ("/projects/WALL/issues", 3), ("/projects/DOOR", 2)):
        statements.clear()
        client.send("GET", path)
        assert len(statements) <= budget, (path, statements)


def test_what_is_kept_for_others_is_not_shown(bearing, browser, made, ada, project, door, make):
    """A page that others were shown a moment ago has a relation to another project; a limited one is made anew."""
    mine, other = make.issue(project, ada), make.issue(door, ada, title="A hinge")
    whole = bearing(ada, "admin")
    whole.post(f"/projects/WALL/issues/{mine.number}/relations", {"kind": "relates", "issue": f"DOOR-{other.number}"})
    urls = (f"/projects/WALL/issues/{mine.number}", "/projects/WALL/issues", "/projects/WALL/board", "/inbox", "/")
    for url in urls:
        browser(ada).get(url)
        whole.send("GET", url, headers=HTML)
    token = made(ada, "admin", projects=["WALL"])[1]
    said = "".join(bearing(token=token).send("GET", url, headers=HTML).text for url in urls)
    assert "hinge" not in said


def test_an_export_is_limited_to_its_end(limited, ada, project, door, make):
    """It is made while it is sent, after the request."""
    make.issue(project, ada, title="A stone")
    make.issue(door, ada, title="A hinge")
    for path in ("/issues.csv", "/issues.jsonl", "/issues.atom", "/issues.ics?q=is:all"):
        said = limited(ada, "WALL").send("GET", path).text
        assert "hinge" not in said, path
    assert "A stone" in limited(ada, "WALL").send("GET", "/issues.csv").text


def test_it_is_in_the_audit_log(api, ada, project):
    api(ada).post("/auth/tokens", {"name": "Report", "scope": "read", "projects": ["WALL"]})
    (made,) = [one for one in api(ada).get("/auth/activity")["items"] if one["kind"] == "authn_token_created"]
    assert made["after"]["projects"] == ["WALL"]


def test_the_database_keeps_what_it_is_limited_to(app, made, ada, project):
    row, _ = made(ada, projects=["WALL"])
    with app.app_context():
        told = db.session.scalar(text("SELECT project_ids FROM personal_tokens WHERE id = :id").bindparams(id=row.id))
    assert told == [project.id]


def test_rooms_that_are_open_are_rooms(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {one.partition(".")[0] for one in endpoints} >= scopes.AMONG
    assert endpoints >= scopes.AMONG_TOO
