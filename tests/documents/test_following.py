"""The document of an issue follows whatever happens to it, whoever does it."""

import json

import pytest

from webapp.db import db, transacting

URL = "/projects/WALL/issues"


@pytest.fixture
def issue(make, project, ada):
    make.label(project, ada, "granite")
    return make.issue(project, ada, title="Loose stone", body="At the gate.", labels=["granite"])


@pytest.mark.parametrize("word", ["loose", "gate", "granite", "1"])
def test_a_new_issue_is_found_by_all_its_texts(issue, found, word):
    assert found(word) == [1]


def test_a_new_text_takes_the_place_of_the_old(api, ada, issue, found):
    api(ada).patch(f"{URL}/1", {"title": "Firm pebble", "body": "At the well."})
    assert (found("pebble", "well"), found("loose"), found("gate")) == ([1], [], [])


def test_what_has_no_words_writes_no_document(api, ada, issue, statements):
    api(ada).patch(f"{URL}/1", {"priority": "high"})
    assert not [one for one in statements if "issue_documents" in one]


def test_a_comment_is_found_until_it_is_deleted_and_after_it_is_restored(api, ada, issue, found):
    client = api(ada)
    at = f"{URL}/1/comments/{client.post(f'{URL}/1/comments', {'body': 'It wobbles'})['id']}"
    seen = [found("wobbles", "loose")]
    client.patch(at, {"body": "It sways"})
    seen += [found("wobbles"), found("sways")]
    client.delete(at)
    seen += [found("sways"), found("loose")]
    client.post(f"{at}/restoration", status=200)
    assert seen == [[1], [], [1], [], [1]]


def test_labels_come_and_go(api, ada, make, project, issue, found):
    make.label(project, ada, "basalt")
    api(ada).patch(f"{URL}/1", {"labels": ["basalt"]})
    assert (found("basalt"), found("granite"), found("loose", "gate")) == ([1], [], [1])


def test_a_title_is_found_as_a_phrase_however_often_it_and_the_labels_change(api, ada, make, project, issue, found):
    make.label(project, ada, "basalt of the coast")
    client = api(ada)
    for number in range(200):
        labels = ["granite", "basalt of the coast"][: 1 + number % 2]
        client.patch(f"{URL}/1", {"title": f"{'a b ' * 45}stone {number} wobbles", "labels": labels})
    assert (found("stone 199 wobbles"), found("basalt of the coast"), found("at the gate")) == ([1], [1], [1])


def short(number: int) -> str:
    """Another word for each number, and so short that a text has room for more of them than a document has places."""
    more, last = divmod(number, 36)
    return (short(more) if more else "") + "0123456789abcdefghijklmnopqrstuvwxyz"[last]


def test_a_new_title_of_a_text_of_any_length_is_found_as_a_phrase(api, ada, make, project, issue, found):
    make.label(project, ada, "basalt of the coast")
    api(ada).patch(f"{URL}/1", {"body": " ".join(map(short, range(16_400)))})
    api(ada).patch(f"{URL}/1", {"title": "A firm pebble"})
    api(ada).patch(f"{URL}/1", {"labels": ["basalt of the coast"]})
    assert (found("a firm pebble"), found("basalt of the coast")) == ([1], [1])


def test_a_renamed_label_is_found_by_its_new_name(api, ada, issue, found):
    label = api(ada).get("/projects/WALL/labels")["items"][0]["id"]
    api(ada).patch(f"/projects/WALL/labels/{label}", {"name": "basalt"})
    assert (found("basalt"), found("granite"), found("loose")) == ([1], [], [1])


def test_a_merged_label_is_found_by_the_other_name(api, ada, make, project, issue, found):
    other = make.label(project, ada, "basalt").id
    label = next(one["id"] for one in api(ada).get("/projects/WALL/labels")["items"] if one["name"] == "granite")
    api(ada).post(f"/projects/WALL/labels/{label}/merge", {"into": other}, status=200)
    assert (found("basalt"), found("granite")) == ([1], [])


def test_a_deleted_label_is_found_no_more(api, ada, issue, found):
    api(ada).delete(f"/projects/WALL/labels/{api(ada).get('/projects/WALL/labels')['items'][0]['id']}")
    assert (found("granite"), found("loose")) == ([], [1])


def test_a_deleted_issue_has_no_document_until_it_is_restored(app, api, ada, issue, found):
    api(ada).delete(f"{URL}/1")
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM issue_documents")) == 0
    api(ada).post(f"{URL}/1/restoration", status=200)
    assert found("loose", "granite") == [1]


def test_what_happens_to_a_deleted_issue_brings_no_document_back(app, api, ada, issue, found):
    label = api(ada).get("/projects/WALL/labels")["items"][0]["id"]
    api(ada).delete(f"{URL}/1")
    api(ada).patch(f"/projects/WALL/labels/{label}", {"name": "basalt"})
    assert found("basalt") == found("loose") == []


def test_a_moved_issue_is_found_where_it_is(api, ada, make, project, issue, found):
    other = make.project(ada, key="SCREE")
    api(ada).post(f"{URL}/1/move", {"project": "SCREE"}, status=200)
    assert (found("loose"), found("loose", projects=[other.id])) == ([], [1])


def test_undoing_is_followed_too(api, browser, ada, issue, found):
    api(ada).patch(f"{URL}/1", {"title": "Firm pebble"})
    change = api(ada).get(f"{URL}/1/events")["items"][-1]["change_id"]
    api(ada).post(f"{URL}/1/undo", {"change": change}, status=200)
    assert (found("loose"), found("pebble")) == ([1], [])


def test_what_is_imported_is_found(app, ada, project, found, tmp_path):
    said = {"id": 1, "user": {"login": "mona"}, "body": "It wobbles", "created_at": "2020-02-02T00:00:00Z",
            "updated_at": "2020-02-02T00:00:00Z"}  # fmt: skip
    issue = {"number": 7, "title": "Schräg", "body": "text", "state": "open", "user": {"login": "octo"},
             "labels": [{"name": "granite"}], "created_at": "2020-01-02T03:04:05Z", "updated_at": "2020-01-02T03:04:05Z",
             "closed_at": None, "html_url": "https://github.com/a/b/issues/7", "comments": [said]}  # fmt: skip
    (tmp_path / "issues.json").write_text(json.dumps([issue]))
    result = app.test_cli_runner().invoke(
        args=["import", "github", str(tmp_path / "issues.json"), "--project", "wall", "--owner", ada.email]
    )
    assert result.exit_code == 0, result.output
    assert found("schrag", "granite") == [7]


def test_a_deleted_project_takes_its_documents_along(app, api, ada, issue):
    api(ada).delete("/projects/WALL", json={"confirm": "WALL"})
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM issue_documents")) == 0


def test_documents_can_be_written_anew(app, issue, found):
    with app.app_context(), transacting():
        db.session.execute(db.text("DELETE FROM issue_documents"))
    assert found("loose") == []
    assert "1 issues" in app.test_cli_runner().invoke(args=["reindex"]).output
    assert found("loose") == [1]


def test_a_thread_of_any_length_is_written(api, ada, make, project, issue, found):
    words = " ".join(f"w{number}" for number in range(9000))
    for _ in range(5):
        make.comment(project, issue, ada, words)
    make.comment(project, issue, ada, "".join(chr(number) for number in range(0x20000, 0x29000)))
    api(ada).patch(f"{URL}/1", {"title": "Still here"})
    assert found("still", "w77") == [1]
