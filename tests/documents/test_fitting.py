"""Issues by their words."""

import pytest
from sqlalchemy import func, select

from webapp.db import db, transacting
from webapp.documents import repository
from webapp.models.issues import Issue

TEXTS = {
    1: "panic in std::vec::Vec at src/foo_bar.py:12, error E0308",
    2: "Größe stimmt nicht, Straße fehlt",
    3: "Приложение падает при входе",
    4: "日本語の検索が壊れている",
    5: "한국어 검색",
    6: "1e5 is 0x1F and v1.2.3-rc1, 100%",
    7: "Η αναζήτηση είναι αργή",
}


@pytest.fixture
def texts(make, project, ada):
    for body in TEXTS.values():
        make.issue(project, ada, title="Something", body=body)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["std::vec"], 1), (["vec"], 1), (["foo_bar.py"], 1), (["src/foo_bar"], 1), (["e0308"], 1), (["E0308", "panic"], 1),
        (["grosse"], 2), (["GRÖSSE"], 2), (["strasse"], 2), (["Straße", "fehlt"], 2),
        (["ПАДАЕТ"], 3), (["при входе"], 3), (["検索"], 4), (["日本語"], 4), (["검색"], 5),
        (["1e5"], 6), (["0x1f"], 6), (["v1.2.3-rc1"], 6), (["ΑΡΓΗ"], 7), (["αναζητηση"], 7),
        (["pan*"], 1), (["паде*"], None), (["пада*"], 3), (["std vec"], 1), (["vec std"], None), (["語日"], None),
    ],
)  # fmt: skip
def test_words_of_any_language_and_of_code(texts, found, words, number):
    assert found(*words) == ([number] if number else [])


NAMES = {
    1: "Written in C++ and C", 2: "Written in C#", 3: "Written in F# for ASP.NET", 4: "Written in C, on the net",
    5: "It calls getUserName of the HTTPServer", 6: "node.js reads a/b, snake_case and kebab-case",
    7: "Thanks 👍🏽 from 👩\u200d💻 in 🇩🇪", 8: "A zero\u200bwidth and a soft\u00adhyphen", 9: "❤️ and 👍",
}  # fmt: skip


@pytest.fixture
def names(make, project, ada):
    for body in NAMES.values():
        make.issue(project, ada, title="Something", body=body)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["C++"], [1]), (["c#"], [2]), (["F#"], [3]), ([".NET"], [3]), (["asp.net"], [3]), (["net"], [3, 4]),
        (["C"], [1, 2, 4]), (["in C++ and"], [1]), (["in C and"], [1]), (["written in c"], [1, 2, 4]), (["C++*"], [1]),
        (["c+"], [1, 2, 4]), (["user"], [5]), (["getUserName"], [5]), (["getusername"], [5]), (["server"], [5]), (["HTTP"], [5]),
        (["serv*"], [5]), (["calls getUserName of"], [5]), (["calls user of"], [5]), (["HTTPServer"], [5]), (["rname"], []),
        (["node.js"], [6]), (["js"], [6]), (["a/b"], [6]), (["snake_case"], [6]), (["case"], [6]), (["kebab-case"], [6]),
        (["👍"], [7, 9]), (["👍🏽"], [7, 9]), (["👩\u200d💻"], [7]), (["💻"], [7]), (["🇩🇪"], [7]), (["🇪🇩"], []), (["❤"], [9]),
        (["❤️"], [9]), (["thanks 👍 from"], [7]), (["🎉"], []), (["zerowidth"], [8]), (["zero"], []), (["zero*"], [8]),
        (["soft\u00adhyphen"], [8]), (["softhyphen"], [8]), (["so\u200bfthy\u2060phen\ufeff"], [8]),
    ],
)  # fmt: skip
def test_names_with_signs_and_parts_and_emoji(names, found, words, numbers):
    assert found(*words) == numbers


@pytest.mark.parametrize("word", ["+++", "", " ", "&", "|", "!", "<->", ":*", "'", "\\", "*", "!!!", "…"])
def test_signs_alone_fit_nothing(texts, found, word):
    assert found(word) == []


@pytest.mark.parametrize(
    "word", ["panic & | !", "'panic'", "panic:*", "panic\\", "!panic", "panic <-> ", "pa\u0301nic"]
)
def test_operators_are_only_signs(texts, found, word):
    assert found(word) == [1]


def test_signs_beside_a_word_say_nothing(texts, found):
    assert found("panic", "-", "&") == [1]


def test_any_number_of_words_is_asked(texts, found):
    assert found(*["panic"] * 5000) == [1]
    assert found("x" * 10_000) == found(" ".join(["panic"] * 5000)) == []


def test_a_phrase_does_not_reach_from_one_text_into_another(make, project, ada, found):
    issue = make.issue(project, ada, title="Loose stone", body="falls down")
    make.comment(project, issue, ada, "again today")
    assert found("loose stone") == found("again today") == [1]
    assert found("stone falls") == found("down again") == []


def test_only_the_projects_that_are_asked_about(make, ada, project, found):
    other = make.project(ada, key="SCREE")
    make.issue(other, ada, title="Loose")
    assert (found("loose"), found("loose", projects=[project.id, other.id]), found("loose", projects=[])) == (
        [],
        [1],
        [],
    )


def test_more_projects_than_the_index_is_asked_about(make, ada, project, found):
    make.issue(project, ada, title="Loose")
    assert found("loose", projects=[project.id, *range(10_000, 10_200)]) == [1]
    assert found("loose", projects=list(range(10_000, 10_200))) == []


MANY = db.text("""
    INSERT INTO issues (project_id, number, title, body, author_id, status_id)
    SELECT :project, n, 'Stone ' || CASE WHEN n % 4000 = 0 THEN 'rare' ELSE 'plain' END,
        CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END || CASE WHEN n <= 1500 THEN ' old' ELSE '' END,
        :ada, (SELECT min(id) FROM statuses WHERE project_id = :project)
    FROM generate_series(1, 12000) n
""")


@pytest.fixture
def many(app, project, ada):
    with app.app_context(), transacting():
        db.session.execute(MANY, {"project": project.id, "ada": ada.id})
        db.session.execute(db.text("UPDATE projects SET next_number = 12001 WHERE id = :id"), {"id": project.id})


@pytest.mark.parametrize(
    ("words", "number"),
    [(["stone"], 12000), (["even", "stone"], 6000), (["rare"], 3), (["old"], 1500), (["rare", "odd"], 0)],
)
def test_common_and_rare_words_are_found_exactly(many, found, words, number):
    assert len(found(*words)) == number


def test_a_condition_costs_one_statement_at_most(many, found, statements):
    statements.clear()
    found("stone")
    assert len([one for one in statements if "SAVEPOINT" not in one]) == 2


@pytest.mark.parametrize("others", [[], [10_000]])
def test_of_a_common_word_no_more_is_looked_through_than_a_few_blocks(app, many, project, others):
    with app.app_context():
        ids, number, _ = repository.probed("'odd'", [project.id, *others], 1001)
        oldest = db.session.execute(select(func.min(Issue.id)).where(Issue.number >= 12_000 - 6 * 1024)).scalar_one()
    each = {int(id) for id in ids[1:-1].split(",")}
    assert len(each) == number == 1001
    assert min(each) >= oldest


def test_each_issue_is_looked_at_in_one_block_alone(app, many, project):
    with app.app_context():
        assert repository.probed("'stone'", [project.id], 20_000)[1] == 12_000
