"""Owners block somebody from their project: they read what all read, and take part in nothing."""

import pytest
from sqlalchemy import text

from webapp.db import transacting

WALL = "/projects/WALL"
BLOCKS, ISSUE = f"{WALL}/blocks", f"{WALL}/issues/1"
# What somebody outside of a project may do in a public one, and who is blocked may not.
ACTS = [
    ("POST", f"{WALL}/issues", {"title": "Pills"}),
    ("POST", f"{ISSUE}/comments", {"body": "Pills!"}),
    ("PUT", f"{ISSUE}/reactions/heart", None),
    ("PATCH", f"{WALL}/issues/2", {"title": "Pills"}),
    ("POST", f"{WALL}/issues/2/closure", {}),
    ("DELETE", f"{ISSUE}/comments/{{comment}}", None),
    ("PATCH", f"{ISSUE}/comments/{{comment}}", {"body": "More pills"}),
]


@pytest.fixture
def comment(make, ada, eve):
    """Eve's, on Ada's issue; the second issue is Eve's own."""
    project = make.project(ada, key="WALL", visibility="public")
    issue = make.issue(project, ada)
    make.issue(project, eve, title="Hers")
    return make.comment(project, issue, eve)


def block(api, ada, eve, status=201):
    return api(ada).post(BLOCKS, {"handle": eve.handle}, status=status)


@pytest.mark.parametrize(("method", "url", "body"), ACTS)
def test_who_is_blocked_takes_part_in_nothing(api, ada, eve, comment, method, url, body):
    block(api, ada, eve)
    assert (
        "not allowed" in api(eve).send(method, url.format(comment=comment.id), json=body, status=403).json["detail"]
    )


def test_no_file_either(api, ada, eve, comment):
    block(api, ada, eve)
    from io import BytesIO

    sent = {"file": (BytesIO(b"pills"), "pills.txt")}
    api(eve).send("POST", f"{WALL}/attachments", data=sent, status=403)


@pytest.mark.parametrize("visibility", ["public", "internal"])
def test_they_go_on_reading(api, browser, ada, eve, comment, visibility):
    api(ada).patch(WALL, {"visibility": visibility})
    block(api, ada, eve)
    assert api(eve).get(f"{ISSUE}/comments")["items"]
    for url in (WALL, f"{WALL}/issues", ISSUE, f"{WALL}/board"):
        api(eve).get(url)
        assert 'name="body"' not in browser(eve).get(url).text
    api(eve).post(f"{ISSUE}/comments", {"body": "Pills!"}, status=403)


def test_what_is_not_for_all_is_not_theirs_to_read(api, ada, eve, comment):
    block(api, ada, eve)
    api(ada).patch(WALL, {"visibility": "private"})
    api(eve).get(WALL, status=404)


def test_others_and_other_projects_are_as_before(api, make, ada, eve, comment):
    make.project(ada, key="SCREE", visibility="public")
    block(api, ada, eve)
    api(make.person("Bob")).post(f"{ISSUE}/comments", {"body": "Seen."})
    api(eve).post("/projects/SCREE/issues", {"title": "A stone"})


def test_forms_and_tokens_are_refused_alike(api, browser, ada, eve, comment):
    token = api(eve).post("/auth/tokens", {"name": "Bot", "scope": "write"})["token"]
    block(api, ada, eve)
    browser(eve).post(f"{ISSUE}/comments", {"body": "Pills!"}, status=403)
    bearer = {"Authorization": f"Bearer {token}"}
    api().post(f"{ISSUE}/comments", {"body": "Pills!"}, status=403, headers=bearer)


def test_an_owner_does_it_by_forms_and_takes_it_back(api, browser, ada, eve, comment):
    owner = browser(ada)
    assert BLOCKS in owner.get(f"{WALL}/edit").links
    assert owner.get(BLOCKS).says("Nobody is blocked.")
    owner.post(BLOCKS, {"handle": f"@{eve.handle.upper()}"})
    assert owner.get(BLOCKS).says("Blocked by Ada")
    told = api(ada).get(BLOCKS)["items"]
    assert [(one["user"]["name"], one["blocked_by"]["name"]) for one in told] == [("Eve", "Ada")]
    owner.post(f"{BLOCKS}/{eve.id}/delete")
    api(eve).post(f"{ISSUE}/comments", {"body": "Seen."})
    api(ada).delete(f"{BLOCKS}/{eve.id}", status=404)


def test_what_they_wrote_stays(api, ada, eve, comment):
    block(api, ada, eve)
    assert api(ada).get(f"{ISSUE}/comments")["items"][0]["body"] == "Seen."
    assert api(eve).get(f"{WALL}/issues/2")["title"] == "Hers"


@pytest.mark.parametrize("role", ["viewer", "reporter", "member", "maintainer", "owner"])
def test_a_member_is_removed_first(api, make, ada, comment, role):
    from webapp.projects import service as projects

    with make.app.app_context():
        project = projects.get("WALL", ada)
    member = make.member(project, role)
    assert "Remove them" in str(block(api, ada, member, status=409))


def test_who_cannot_be_blocked_is_named_and_stays_typed(api, browser, make, ada, eve, comment):
    root = make.person("Root", is_admin=True)
    for other, words in ((root, "cannot be blocked"), (ada, "cannot be blocked")):
        assert words in str(block(api, ada, other, status=409))
    unknown = api(ada).post(BLOCKS, {"handle": "nobody-at-all"}, status=422)
    assert [(one["field"], one["message"]) for one in unknown["errors"]] == [("handle", "belongs to nobody here.")]
    assert browser(ada).post(BLOCKS, {"handle": "nobody-at-all"}, status=422).fields["handle"] == "nobody-at-all"
    block(api, ada, eve)
    assert "already" in str(block(api, ada, eve, status=409))


def test_it_is_known_to_owners_alone(api, make, ada, eve, comment):
    block(api, ada, eve)
    for who in (make.person("Bob"), eve):
        api(who).get(BLOCKS, status=403)
    api().get(BLOCKS, status=401)


def test_a_mail_to_the_project_opens_nothing(api, ada, eve, comment):
    """Mail asks the same right: `can` of a project as its sender sees it."""
    from webapp.access import Do, can
    from webapp.projects import service as projects

    block(api, ada, eve)
    with api(ada).client.application.app_context():
        assert not can(eve, Do.OPEN_ISSUE, projects.get("WALL", eve))
        assert not can(eve, Do.COMMENT, projects.get("WALL", eve))


@pytest.mark.parametrize(("tongue", "budget"), [("page", 3), ("json", 2)])
def test_a_page_takes_few_statements(api, browser, ada, eve, comment, statements, tongue, budget):
    block(api, ada, eve)
    client = browser(ada) if tongue == "page" else api(ada)
    client.get(BLOCKS)
    statements.clear()
    client.get(BLOCKS)
    sent = [one for one in statements if "SAVEPOINT" not in one]
    assert len(sent) <= budget, "\n\n".join(sent)


def test_a_handle_that_led_to_another_account_leads_to_the_one_that_is_kept(app, api, ada, eve, comment):
    with app.app_context(), transacting() as session:
        former = "INSERT INTO former_users (id, user_id, handle) VALUES (900000, :id, 'longago')"
        session.execute(text(former), {"id": eve.id})
    made = api(ada).post(BLOCKS, {"handle": "@LongAgo"}, status=201)
    assert made["user"]["id"] == eve.id
