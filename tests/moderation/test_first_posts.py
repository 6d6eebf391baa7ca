"""What somebody new writes in a public project is seen by its members once one of these has approved it."""

import pytest
from sqlalchemy import text

from webapp.db import db
from webapp.jobs.worker import drain

WALL = "/projects/WALL"
ISSUES, COMMENTS, MODERATION = f"{WALL}/issues", f"{WALL}/issues/1/comments", f"{WALL}/moderation"
PILLS = {"title": "Pills", "body": "Cheap pills!"}

pytestmark = pytest.mark.usefixtures("careful", "wall")


def decide(api, by, verdict, *posts, status=200):
    return api(by).post(MODERATION, {"verdict": verdict, "posts": list(posts)}, status=status)


def waiting(api, by):
    return [one["post"] for one in api(by).get(MODERATION)["items"]]


def count(app, statement):
    with app.app_context():
        return db.session.execute(text(statement)).scalar()


def test_an_issue_waits_and_is_there_for_its_author_and_members_alone(api, make, ada, eve, wall):
    member, reporter, bob = make.member(wall, "member"), make.member(wall, "reporter"), make.person("Bob")
    made = api(eve).post(ISSUES, PILLS)
    assert (made["held"], made["private"]) == (True, True)
    for who in (eve, member, ada):
        assert api(who).get(f"{ISSUES}/2")["held"] is True
    for who in (bob, reporter):
        api(who).get(f"{ISSUES}/2", status=404)
    api().get(f"{ISSUES}/2", status=404)
    assert [one["title"] for one in api(bob).get(ISSUES)["items"]] == ["A stone is loose"]


def test_approving_shows_it_and_says_so_of_its_author_only_by_then(api, ada, eve):
    api(eve).post(ISSUES, PILLS)
    api(eve).post(COMMENTS, {"body": "Pills!"})
    comment = api(eve).get(COMMENTS)["items"][0]
    assert comment["held"]
    assert api().get(f"{ISSUES}/1")["comment_count"] == 0
    assert sorted(waiting(api, ada)) == [f"1c{comment['id']}", "2"]
    assert decide(api, ada, "keep", "2", f"1c{comment['id']}") == {"done": 2, "left": []}
    assert waiting(api, ada) == []
    shown = api().get(f"{ISSUES}/2")
    assert (shown["title"], shown["private"], "held" in shown, shown["version"]) == ("Pills", False, False, 2)
    assert api().get(f"{ISSUES}/1")["comment_count"] == 1
    assert [one["body"] for one in api().get(COMMENTS)["items"]] == ["Pills!"]


def test_who_was_approved_often_enough_waits_no_more(api, ada, eve):
    for number in (2, 3):
        assert api(eve).post(ISSUES, PILLS)["held"]
        decide(api, ada, "keep", str(number))
    assert "held" not in api(eve).post(ISSUES, PILLS)
    assert "held" not in api(eve).post(COMMENTS, {"body": "Seen."})


def test_what_was_rejected_counts_for_nothing(api, ada, eve):
    for number in (2, 3, 4):
        assert api(eve).post(ISSUES, PILLS)["held"]
        decide(api, ada, "remove", str(number))
    assert api(eve).post(ISSUES, PILLS)["held"]


def test_what_waits_counts_for_nothing(api, eve):
    for _ in range(4):
        assert api(eve).post(ISSUES, PILLS)["held"]


def test_approval_in_one_project_is_none_in_another(api, make, ada, eve):
    make.project(ada, key="SCREE", visibility="public")
    for number in (2, 3):
        api(eve).post(ISSUES, PILLS)
        decide(api, ada, "keep", str(number))
    assert api(eve).post("/projects/SCREE/issues", PILLS)["held"]


@pytest.mark.parametrize("role", ["viewer", "reporter", "member", "maintainer", "owner", "admin"])
def test_who_was_let_in_waits_for_nothing(api, make, wall, role):
    who = make.person("Root", is_admin=True) if role == "admin" else make.member(wall, role)
    if role != "viewer":
        assert "held" not in api(who).post(ISSUES, {"title": "A stone"})


@pytest.mark.parametrize("visibility", ["internal", "private"])
def test_only_public_projects_hold(api, ada, eve, wall, visibility):
    api(ada).patch(WALL, {"visibility": visibility})
    if visibility == "internal":
        assert "held" not in api(eve).post(ISSUES, PILLS)
    assert "held" not in api(ada).post(ISSUES, PILLS)


def test_nothing_is_held_unless_that_is_wished(app, api, eve, monkeypatch):
    settings = app.config["SETTINGS"].model_copy(update={"approve_first_posts": 0})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    assert "held" not in api(eve).post(ISSUES, PILLS)


def test_administrators_wish_it_while_cairn_runs(app, api, make, eve, monkeypatch):
    from webapp.config import stored

    settings = app.config["SETTINGS"].model_copy(update={"approve_first_posts": 0})
    monkeypatch.setitem(
        app.config,
        "SETTINGS",
        type(settings)(**{n: getattr(settings, n) for n in settings.model_fields_set - {"approve_first_posts"}}),
    )
    monkeypatch.setattr(stored, "at", stored.at)
    root = make.person("Root", is_admin=True)
    api(root).patch("/admin/settings", {"approve_first_posts": "-1"}, status=422)
    api(root).patch("/admin/settings", {"approve_first_posts": "1"})
    assert api(eve).post(ISSUES, PILLS)["held"]


def test_neither_its_author_nor_a_member_shows_it_otherwise(api, ada, eve):
    api(eve).post(ISSUES, PILLS)
    comment = api(eve).post(COMMENTS, {"body": "Pills!"})["id"]
    for who in (eve, ada):
        told = api(who).patch(f"{ISSUES}/2", {"private": False}, status=409)
        assert "waits for approval" in told["detail"]
    api(eve).patch(f"{COMMENTS}/{comment}", {"private": False}, status=403)
    api(ada).patch(f"{COMMENTS}/{comment}", {"private": False}, status=409)
    many = api(ada).patch(f"{ISSUES}?q=is:all", {"private": False})
    assert (many["changed"], [one["number"] for one in many["refused"]]) == (0, [2])
    api().get(f"{ISSUES}/2", status=404)
    assert api().get(COMMENTS)["items"] == []


def test_its_author_changes_it_while_it_waits(api, eve):
    api(eve).post(ISSUES, PILLS)
    assert api(eve).patch(f"{ISSUES}/2", {"title": "Better pills"})["held"]
    comment = api(eve).post(COMMENTS, {"body": "Pills!"})["id"]
    assert api(eve).patch(f"{COMMENTS}/{comment}", {"body": "More pills!"})["held"]


def test_what_is_meant_to_be_private_stays_so(api, ada, eve):
    """A report of a hole in the wall is not shown to all by approving it."""
    api(eve).post(ISSUES, {**PILLS, "private": True})
    decide(api, ada, "keep", "2")
    shown = api(ada).get(f"{ISSUES}/2")
    assert (shown["private"], "held" in shown) == (True, False)
    api().get(f"{ISSUES}/2", status=404)


def test_what_is_moved_waits_there(api, make, ada, eve):
    make.project(ada, key="SCREE", visibility="public")
    api(eve).post(ISSUES, PILLS)
    api(ada).post(f"{ISSUES}/2/move", {"project": "SCREE"}, status=200)
    assert [one["key"] for one in api(ada).get("/projects/SCREE/moderation")["items"]] == ["SCREE-1"]
    assert waiting(api, ada) == []


def test_a_rejected_one_is_restored_as_it_was(api, ada, eve):
    api(eve).post(ISSUES, PILLS)
    comment = api(eve).post(COMMENTS, {"body": "Pills!"})["id"]
    decide(api, ada, "remove", "2", f"1c{comment}")
    assert len(api(ada).get(f"{WALL}/trash")["items"]) == 2
    assert waiting(api, ada) == []
    api(ada).post(f"{ISSUES}/2/restoration", {}, status=200)
    api(ada).post(f"{COMMENTS}/{comment}/restoration", {}, status=200)
    assert sorted(waiting(api, ada)) == [f"1c{comment}", "2"]
    api().get(f"{ISSUES}/2", status=404)
    assert api().get(COMMENTS)["items"] == []


def test_who_is_rejected_and_blocked_writes_no_more(api, ada, eve):
    api(eve).post(ISSUES, PILLS)
    api(eve).post(ISSUES, PILLS)
    assert decide(api, ada, "block", "2", "3")["done"] == 2
    assert [one["user"]["name"] for one in api(ada).get(f"{WALL}/blocks")["items"]] == ["Eve"]
    api(eve).post(ISSUES, PILLS, status=403)


def test_a_member_is_not_blocked_and_their_post_stays(api, make, ada, wall):
    member = make.member(wall, "member")
    api(member).post(ISSUES, {"title": "Mine"})
    api(make.person("Bob")).post(f"{ISSUES}/2/reports", {"reason": "spam"}, status=200)
    told = decide(api, ada, "block", "2")
    assert (told["done"], told["left"][0]["post"]) == (0, "2")
    assert "Remove them from the project first" in told["left"][0]["detail"]
    assert api().get(f"{ISSUES}/2")["title"] == "Mine"


def test_maintainers_decide_and_owners_block(api, browser, make, ada, eve, wall):
    maintainer = make.member(wall, "maintainer")
    api(eve).post(ISSUES, PILLS)
    assert decide(api, maintainer, "block", "2", status=403)
    page = browser(maintainer).get(MODERATION)
    assert (page.says("Reject"), page.says("Reject and block")) == (True, False)
    assert decide(api, maintainer, "keep", "2")["done"] == 1
    for role in ("viewer", "reporter", "member"):
        api(make.member(wall, role)).get(MODERATION, status=403)
    api(eve).get(MODERATION, status=403)


def test_to_decide_twice_changes_nothing(api, ada, eve):
    api(eve).post(ISSUES, PILLS)
    decide(api, ada, "keep", "2")
    before = api(ada).get(f"{ISSUES}/2")
    told = decide(api, ada, "keep", "2", "2")
    assert (told["done"], [one["post"] for one in told["left"]]) == (0, ["2"])
    assert api(ada).get(f"{ISSUES}/2") == before


def test_what_is_not_there_is_left_with_a_reason(api, make, ada, eve, wall):
    other = make.project(ada, key="SCREE", visibility="public")
    make.issue(other, ada)
    comment = api(ada).post("/projects/SCREE/issues/1/comments", {"body": "Here."})["id"]
    told = decide(api, ada, "remove", "99", f"1c{comment}")
    assert (told["done"], [one["post"] for one in told["left"]]) == (0, ["99", f"1c{comment}"])
    assert decide(api, ada, "keep", f"1c{comment}")["done"] == 0
    assert api().get("/projects/SCREE/issues/1/comments")["total"] == 1
    for wrong in ([], ["c1"], ["1c"], ["1c0"], ["1c01"], ["1@"], ["x"], ["1"] * 101):
        assert "posts" in decide(api, ada, "keep", *wrong, status=422)["errors"][0]["field"]


def test_people_hear_of_it_when_it_is_approved_and_once(app, api, make, ada, eve, wall, mailing, sink):
    member = make.member(wall, "member")
    mailing.drain(ahead=240)
    sink.mails.clear()
    for who in (ada, member):
        api(who).send("PUT", f"{WALL}/watch", json={"level": "all"}, status=200)
    api(eve).post(ISSUES, {**PILLS, "body": f"@{member.handle}"})
    comment = api(eve).post(COMMENTS, {"body": f"Pills, @{member.handle}!"})["id"]
    api(eve).patch(f"{ISSUES}/2", {"title": "Pills and more"})
    mailing.drain(ahead=240)
    assert {ada.email in mail.message["To"] for mail in sink.mails} == {True}  # that something waits
    sink.mails.clear()
    assert api(member).get("/inbox")["items"] == []
    decide(api, ada, "keep", "2", f"1c{comment}")
    mailing.drain(ahead=240)
    told = [mail for mail in sink.mails if member.email in mail.message["To"]]
    assert len(told) == 2
    assert "Eve" in told[0].body()
    assert {one["issue"]["number"] for one in api(member).get("/inbox")["items"]} == {1, 2}
    decide(api, ada, "keep", "2", f"1c{comment}")
    mailing.drain(ahead=240)
    assert len([mail for mail in sink.mails if member.email in mail.message["To"]]) == 2


def test_hooks_hear_of_it_when_it_is_approved(app, api, ada, eve):
    drain(app)
    api(ada).post(f"{WALL}/webhooks", {"url": "https://example.org/hook", "events": ["everything"]})
    api(eve).post(ISSUES, PILLS)
    comment = api(eve).post(COMMENTS, {"body": "Pills!"})["id"]
    drain(app)
    assert count(app, "SELECT count(*) FROM webhook_deliveries") == 0
    decide(api, ada, "keep", "2")
    drain(app)
    assert count(app, "SELECT count(*) FROM webhook_deliveries") == 1
    decide(api, ada, "keep", f"1c{comment}")
    drain(app)
    assert count(app, "SELECT count(*) FROM webhook_deliveries") == 2


def test_what_is_said_on_an_issue_that_waits_is_told_with_it(app, api, ada, eve):
    drain(app)
    api(ada).post(f"{WALL}/webhooks", {"url": "https://example.org/hook", "events": ["everything"]})
    api(eve).post(ISSUES, PILLS)
    comment = api(eve).post(f"{ISSUES}/2/comments", {"body": "Pills!"})["id"]
    decide(api, ada, "keep", f"2c{comment}")
    drain(app)
    assert count(app, "SELECT count(*) FROM webhook_deliveries") == 0
    decide(api, ada, "keep", "2")
    drain(app)
    assert count(app, "SELECT count(*) FROM webhook_deliveries") == 2


def test_the_audit_log_says_who_decided(api, ada, eve):
    api(eve).post(ISSUES, PILLS)
    api(eve).post(ISSUES, PILLS)
    decide(api, ada, "keep", "2")
    decide(api, ada, "remove", "3")
    noted = [one for one in api(ada).get(f"{WALL}/audit")["items"] if one["kind"].startswith("post_")]
    assert [(one["kind"], one["target"]["name"]) for one in noted] == [
        ("post_rejected", "WALL-3"),
        ("post_approved", "WALL-2"),
    ]


def test_pages_say_so_to_its_author_and_those_who_decide(browser, ada, eve):
    author, owner = browser(eve), browser(ada)
    author.post(ISSUES, PILLS)
    author.post(COMMENTS, {"body": "Pills!"})
    for url in (f"{ISSUES}/2", f"{ISSUES}/1"):
        assert author.get(url).says("Waits for approval; only you and the project's members see it")
        page = owner.get(url)
        assert page.says("Waits for approval; only its author and the project's members see it")
        assert MODERATION in page.links
        assert MODERATION not in author.get(url).links
    assert owner.get(WALL).says("2 posts wait for your decision")
    assert not author.get(WALL).says("wait for your decision")


def test_an_owner_decides_by_forms(api, browser, ada, eve):
    api(eve).post(ISSUES, PILLS)
    owner = browser(ada)
    page = owner.get(MODERATION)
    assert page.says("Cheap pills!")
    assert owner.post(MODERATION, {"verdict": "keep"}, status=422).says("A post is required")
    owner.post(MODERATION, {"verdict": "keep", "posts": "2"})
    assert owner.get(MODERATION).says("Nothing waits")
    assert api().get(f"{ISSUES}/2")["title"] == "Pills"
    assert not owner.get(WALL).says("for your decision")


def test_to_block_asks_who_that_is(api, ada, eve, monkeypatch):
    """Whoever finds an open browser may reject, but shut nobody out."""
    from webapp.http import freshness

    api(eve).post(ISSUES, PILLS)
    monkeypatch.setattr(freshness, "holds", lambda _claims: False)
    told = api(ada).send("POST", MODERATION, json={"verdict": "block", "posts": ["2"]})
    assert told.status_code == 401
    assert decide(api, ada, "remove", "2")["done"] == 1


def test_a_page_takes_few_statements(api, ada, eve, statements):
    for _ in range(3):
        api(eve).post(ISSUES, PILLS)
    client = api(ada)
    client.get(MODERATION)
    statements.clear()
    client.get(MODERATION)
    sent = [one for one in statements if "SAVEPOINT" not in one]
    assert len(sent) <= 2, "\n\n".join(sent)
