"""Searching through all that somebody sees."""

import pytest

from webapp.db import db, transacting

URL = "/projects/WALL/issues"


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


def titles(answer):
    return [hit["issue"]["title"] for hit in answer["items"]]


def test_the_title_counts_more_than_a_comment(api, make, project, ada):
    make.comment(project, make.issue(project, ada, title="Other"), ada, "it will crash")
    make.issue(project, ada, title="Crash at start")
    make.issue(project, ada, title="Text", body="There is a crash.")
    assert titles(api(ada).get("/search?q=crash")) == ["Crash at start", "Text", "Other"]


def test_the_last_word_may_be_a_beginning(api, make, project, ada):
    make.issue(project, ada, title="Crash at start")
    assert titles(api(ada).get("/search?q=crash+sta")) == ["Crash at start"]
    assert titles(api(ada).get("/search?q=cra+start")) == []


NEWER = db.text("""
    INSERT INTO issues (project_id, number, title, author_id, status_id)
    SELECT :project, n, 'Plain', :ada, (SELECT min(id) FROM statuses WHERE project_id = :project)
    FROM generate_series(2, :many) n
""")


LATE = db.text("""
    INSERT INTO issues (id, project_id, number, title, author_id, status_id)
    SELECT :id, :project, 1, 'Plain', :ada, (SELECT min(id) FROM statuses WHERE project_id = :project)
""")


@pytest.mark.parametrize("many", [3, 200])
@pytest.mark.parametrize("last", [200, 5_000, 40_000, 70_000, 200_000])
def test_what_is_old_is_found_by_its_words_and_by_their_beginnings(app, api, make, project, ada, many, last):
    make.issue(project, ada, title="Quokka")
    with app.app_context(), transacting():
        db.session.execute(NEWER, {"project": project.id, "ada": ada.id, "many": many})
        db.session.execute(db.text("UPDATE projects SET next_number = :last"), {"last": last + 1})
    found = [titles(api(ada).get(f"/search?q={q}")) for q in ("quok", "quokka", "quok&project=WALL", "quok+plain")]
    assert found == [["Quokka"], ["Quokka"], ["Quokka"], []]


@pytest.mark.parametrize("numbers", [2, 70_000, 300_000])
def test_what_is_old_is_found_in_several_projects_be_they_many_or_few_issues(app, api, make, project, ada, numbers):
    elsewhere = make.project(ada, key="ELSE")
    make.issue(project, ada, title="Quokka")
    with app.app_context(), transacting():
        values = {"id": 1_000_000, "project": elsewhere.id, "ada": ada.id}
        db.session.execute(LATE, values)
        db.session.execute(db.text("UPDATE projects SET next_number = :numbers"), {"numbers": numbers})
    eve = make.person("Eve")
    make.issue(make.project(eve, key="HIDE"), eve, title="Quokka")
    words = ("quok", "quokka", "quokak", "quokka&project=WALL", "quokak&project=WALL", "quok+plain")
    found = [titles(api(ada).get(f"/search?q={q}")) for q in words]
    assert found == [["Quokka"]] * 5 + [[]]
    assert [one["title"] for one in api(ada).get(f"{URL}?q=quokka")["items"]] == ["Quokka"]


def test_words_are_marked_and_escaped(browser, make, project, ada):
    make.issue(project, ada, title="<b>Crash</b>", body="<script>Größe</script>")
    page = browser(ada).get("/search?q=crash+grosse")
    assert "&lt;b&gt;<mark>Crash</mark>&lt;/b&gt;" in page.text
    assert "&lt;script&gt;<mark>Größe</mark>" in page.text


@pytest.mark.parametrize(
    ("q", "title", "shown"),
    [
        ("C++", "C++ is slow", "<mark>C++</mark> is slow"),
        ("c#", "In C# only", "In <mark>C#</mark> only"),
        (".net", "On .NET 8", "On <mark>.NET</mark> 8"),
        ("user", "getUserName fails", "get<mark>User</mark>Name fails"),
        ("getUserName", "getUserName fails", "<mark>getUserName</mark> fails"),
        ("👍", "So 👍🏽 good", "So <mark>👍</mark>🏽 good"),
        ("zerowidth", "A zero\u200bwidth one", "A <mark>zero\u200bwidth</mark> one"),
    ],
)
def test_names_with_signs_and_parts_and_emoji_are_found_and_marked(browser, api, make, project, ada, q, title, shown):
    make.issue(project, ada, title="C and net and use, zero width")
    make.issue(project, ada, title=title)
    assert titles(api(ada).get("/search", query_string={"q": q})) == [title]
    assert shown in browser(ada).get("/search", query_string={"q": q}).text


def test_a_comment_is_linked(browser, make, project, ada):
    comment = make.comment(project, make.issue(project, ada), ada, "it wobbles")
    page = browser(ada).get("/search?q=wobbles")
    assert f"{URL}/1#c{comment.id}" in page.links
    assert "<mark>wobbles</mark>" in page.text


@pytest.mark.parametrize(
    ("q", "body"),
    [
        ("WOBBLES", "it Wobbles"),
        ("wobb*", "it wobbles"),
        ("C++", "C++ is slow"),
        (".net", "On .NET 8"),
        ("user", "getUserName fails"),
        ("getusername", "getUserName fails"),
        ("snake", "snake_case"),
        ("grosse", "Die Größe"),
        ("👍", "So 👍🏽 good"),
        ("a" * 80, "a" * 80),
    ],
)
def test_a_comment_is_linked_however_its_words_are_written(browser, make, project, ada, q, body):
    make.comment(project, make.issue(project, ada), ada, "Something else")
    comment = make.comment(project, make.issue(project, ada), ada, body)
    assert f"{URL}/2#c{comment.id}" in browser(ada).get("/search", query_string={"q": q}).links


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("crahs", "crash"), ("crsh", "crash"), ("craash", "crash"), ("cresh", "crash"), ("падаит", "падает")],
)
def test_one_slip_a_word_is_forgiven(api, browser, make, project, ada, typed, meant):
    make.issue(project, ada, title=f"A {meant} there")
    answer = api(ada).get(f"/search?q={typed}+there")
    assert (titles(answer), answer["instead"]) == ([f"A {meant} there"], {typed: meant})
    assert browser(ada).get(f"/search?q={typed}").says(f"Nothing has “{typed}”. Showing what has “{meant}”.")


def test_a_slip_in_each_of_two_words_is_forgiven(api, make, project, ada):
    make.issue(project, ada, title="A crash there")
    make.issue(project, ada, title="A crush somewhere")
    answer = api(ada).get("/search?q=crahs+thare")
    assert (titles(answer), answer["instead"]) == (["A crash there"], {"crahs": "crash", "thare": "there"})


@pytest.mark.parametrize("typed", ['"crash there"', "crash-there", '"there crash"'])
def test_nothing_is_taken_for_a_slip_where_only_the_order_differs(api, make, project, ada, typed):
    make.issue(project, ada, title="A crash and also there")
    make.issue(project, ada, title="A crush over there")
    answer = api(ada).get("/search", query_string={"q": typed})
    assert (titles(answer), answer["instead"]) == ([], {})


def test_a_word_that_is_right_is_not_taken_for_a_slip_beside_one(api, make, project, ada):
    """Though it could be one of another word that stands more often beside what is meant by the other."""
    for title in ("Rush there", *["Rash there"] * 3):
        make.issue(project, ada, title=title)
    answer = api(ada).get("/search?q=rush+thare")
    assert (titles(answer), answer["instead"]) == (["Rush there"], {"thare": "there"})


def test_a_hidden_project_tells_nothing(api, make, project, ada, eve):
    make.issue(project, ada, title="Secret plans")
    for words in ("secret", "secrte", "WALL-1", "secr", "is:open secret"):
        for client in (api(eve), api()):
            answer = client.get("/search", query_string={"q": words})
            assert (answer["items"], answer["total"], answer["instead"]) == ([], 0, {})
    api(eve).get("/search?q=secret&project=WALL", status=404)
    api(eve).get(f"{URL}/similar?title=secret", status=404)


@pytest.mark.parametrize("q", ["WALL-1", "wall-1", "%231"])
def test_a_number_leads_straight_to_the_issue(api, browser, make, project, ada, q):
    make.issue(project, ada)
    assert browser(ada).get(f"/search?q={q}&project=WALL", status=303).location == f"{URL}/1"
    assert titles(api(ada).get(f"/search?q={q}&project=WALL")) == ["A stone is loose"]


def test_a_search_can_keep_to_one_project(api, make, project, ada):
    make.issue(make.project(ada, key="SCREE"), ada, title="Loose there")
    make.issue(project, ada, title="Loose here")
    assert titles(api(ada).get("/search?q=loose&project=wall")) == ["Loose here"]
    assert len(titles(api(ada).get("/search?q=loose"))) == 2


def test_a_query_is_understood(api, make, project, ada):
    make.issue(project, ada, title="Crash one")
    make.issue(project, ada, title="Crash two")
    api(ada).patch(f"{URL}/1", {"state": "closed"})
    assert titles(api(ada).get("/search?q=is:open+crash")) == ["Crash two"]


def test_results_come_in_pages(api, make, project, ada):
    for _ in range(5):
        make.issue(project, ada, title="Crash")
    first = api(ada).get("/search?q=crash&limit=3")
    rest = api(ada).get(first["next"])
    assert (len(first["items"]), len(rest["items"]), first["total"], rest["next"]) == (3, 2, 5, None)


@pytest.mark.parametrize(
    "q", ["", "+++", "& | ! <-> :* ' \\", '"', "(", "a:b:c", "sort:nothing", "x" * 900, "- -", "#0", "é" * 500]
)
def test_any_text_is_answered(api, browser, make, project, ada, q):
    make.issue(project, ada)
    assert api(ada).get("/search", query_string={"q": q})["items"] == []
    browser(ada).get("/search", query_string={"q": q})


@pytest.mark.parametrize("q", ["a\0b", "x" * 10_000])
def test_what_is_no_text_is_refused(api, ada, q):
    api(ada).get("/search", query_string={"q": q}, status=422)


@pytest.mark.parametrize("q", ["crash", "crash there"])
def test_a_search_costs_six_statements(browser, make, project, ada, statements, q):
    for _ in range(10):
        make.comment(project, make.issue(project, ada, title="Crash"), ada, "there")
    client = browser(ada)
    statements.clear()
    client.get("/search", query_string={"q": q})
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= 6


def test_a_state_can_be_chosen(api, browser, make, project, ada):
    for title in ("Crash at start", "Crash at end"):
        make.issue(project, ada, title=title)
    client = api(ada)
    client.patch(f"{URL}/1", {"state": "closed"})
    assert titles(client.get("/search?q=cra&state=open")) == ["Crash at end"]
    assert titles(client.get("/search?q=cra&state=closed&project=WALL")) == ["Crash at start"]
    assert titles(client.get("/search?q=(crash&state=closed")) == ["Crash at start"]
    page = browser(ada).get("/search?q=cra&state=open")
    assert "/search?q=cra" in page.links
    assert page.fields["state"] == "open"


def test_the_newest_can_come_first(api, make, project, ada):
    make.issue(project, ada, title="Crash")
    make.issue(project, ada, title="Text", body="There is a crash.")
    assert titles(api(ada).get("/search?q=crash")) == ["Crash", "Text"]
    assert titles(api(ada).get("/search?q=crash&order=newest")) == ["Text", "Crash"]
    assert titles(api(ada).get("/search?q=is:open+crash&order=newest")) == ["Text", "Crash"]


def test_a_project_that_is_near_comes_first(api, browser, make, project, ada):
    make.issue(project, ada, title="Text", body="There is a crash.")
    make.issue(make.project(ada, key="GATE"), ada, title="Crash")
    client, someone = api(ada), browser(ada)
    assert titles(client.get("/search?q=crash")) == ["Crash", "Text"]
    assert titles(client.get("/search?q=crash&near=wall")) == ["Text", "Crash"]
    assert "/search?q=crash&near=WALL" in someone.get("/search?q=crash&project=WALL").links
    came = {"Referer": f"http://localhost{URL}/1", "Accept": "application/json"}
    places = someone.client.get("/palette?q=crash", headers=came).json["items"]
    assert [one["key"] for one in places[:2]] == ["WALL-1", "GATE-1"]


def test_a_hit_says_why(api, browser, make, project, ada):
    for name in ("area::gate", "bug", "old", "odd"):
        make.label(project, ada, name)
    make.issue(project, ada, title="Other", labels=["bug", "old", "odd", "area::gate"], body="Text")
    make.issue(project, ada, title="The gate")
    make.comment(project, make.issue(project, ada, title="Third"), ada, "gate")
    hits = api(ada).get("/search?q=gate")["items"]
    assert {hit["issue"]["title"]: hit["found_in"] for hit in hits} == {
        "Other": ["label"], "The gate": ["title"], "Third": ["comment"]
    }  # fmt: skip
    page = browser(ada).get("/search?q=gate")
    assert page.says("by its label area::gate")
    assert page.says("by its title")
    assert page.text.count('class="label"') == 3


def test_excerpts_are_without_markdown(api, make, project, ada):
    body = "# Steps\n\n```sh\nopen **gate**\n```\n\n| a | b |\n|---|:-:|\n| [gate](http://x.test) | `2 * 3` |\n- [ ] mend"
    make.issue(project, ada, body=body)
    text = "".join(piece["text"] for piece in api(ada).get("/search?q=gate")["items"][0]["snippet"])
    assert " ".join(text.split()) == "Steps open gate a b gate 2 * 3 mend"


def test_similar_issues_are_near_by_rare_words_and_open_first(api, make, project, ada):
    for title in ("The app is slow", "The app is blue", "Pagination breaks the app", "Pagination is wrong"):
        make.issue(project, ada, title=title)
    api(ada).patch(f"{URL}/4", {"state": "closed"})
    found = [one["title"] for one in api(ada).get(f"{URL}/similar?title=The+pagination+of+the+app")["items"]]
    assert found[0] == "Pagination breaks the app"
    assert found[-1] == "Pagination is wrong"


def test_no_title_has_no_similar_issues(api, browser, make, project, ada):
    make.issue(project, ada)
    assert api(ada).get(f"{URL}/similar?title=+++")["items"] == []
    browser(ada).get(f"{URL}/similar")


def test_a_preview_shows_similar_issues(browser, make, project, ada):
    make.issue(project, ada, title="Pagination breaks")
    page = browser(ada).post(f"{URL}/preview", {"title": "Pagination is slow", "body": "x"}, status=200)
    assert f"{URL}/1" in page.links


def test_every_page_can_search(browser, make, project, ada):
    page = browser(ada).get(URL)
    assert 'role="search"' in page.text
    assert 'name="project" value="WALL"' in page.text


@pytest.mark.parametrize("word", ["all", "relevance"])
def test_a_word_that_is_called_like_a_choice_stays_in_all_addresses(api, browser, make, project, ada, word):
    for number in range(3):
        make.issue(project, ada, title=f"{word} {number}")
    further = api(ada).get(f"/search?q={word}&limit=2")["next"]
    assert titles(api(ada).get(further)) == [f"{word} 0"]
    links = [link for link in browser(ada).get(f"/search?q={word}&state=open").links if link.startswith("/search?")]
    assert links
    assert [link for link in links if f"q={word}" not in link] == []
    assert f"/search?q={word}" in links  # all states, by relevance: said by no more than that
