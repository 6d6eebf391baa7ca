"""Importing GitHub's issues, in all their dresses."""

import bz2
import gzip
import io
import json
import lzma
import tarfile

import pytest

from tests.exchange.exports import comment, issue
from tests.text.corpora import FOLDER
from webapp import claims
from webapp.db import db, transacting
from webapp.exchange import referring, repository


def get(api, ada, path=""):
    return api(ada).get(f"/projects/WALL/issues{path}")


def test_what_an_issue_was_it_still_is(api, ada, bring):
    closed = {"state": "closed", "closed_at": "2020-03-03T00:00:00Z", "state_reason": "not_planned"}
    labels = [{"name": "Bug: bad", "color": "02E10C", "description": "Broken"}, "plain"]
    bring([issue(7, labels=labels, **closed)])
    found = get(api, ada, "/7")
    assert (found["key"], found["title"], found["body"]) == ("WALL-7", "Issue 7", "Text")
    assert (found["state"], found["close_reason"], found["closed_at"]) == (
        "closed",
        "not_planned",
        "2020-03-03T00:00:00Z",
    )
    assert (found["created_at"], found["updated_at"]) == ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z")
    assert [(label["name"], label["color"]) for label in found["labels"]] == [
        ("Bug: bad", "#02e10c"),
        ("plain", "#7d7871"),
    ]
    assert found["author"]["name"] == "Octo"


def test_the_next_issue_gets_the_next_number(api, ada, bring):
    bring([issue(7)])
    assert api(ada).post("/projects/WALL/issues", {"title": "Mine"})["number"] == 8
    project = api(ada).get("/projects/WALL")
    assert (project["open_issues"], project["name"], project["owner_id"]) == (2, "acme/wall", ada.id)


@pytest.mark.parametrize("inside", ["list", "text", "beside"])
def test_comments_are_found_wherever_they_stand(api, ada, bring, tmp_path, inside):
    found = [comment(11, 1), comment(12, 1, user=None, updated_at="2020-04-04T00:00:00Z")]
    if inside == "beside":
        (tmp_path / "comments.json").write_text(json.dumps(found))
    content = {"list": found, "text": json.dumps(found), "beside": None}[inside]
    bring([issue(1, comments=5, comments_content=content)])
    comments = get(api, ada, "/1/comments")["items"]
    assert [(one["body"], one["author"]["name"]) for one in comments] == [
        ("Comment 11", "mona"),
        ("Comment 12", "ghost"),
    ]
    assert [one["edited_at"] for one in comments] == [None, "2020-04-04T00:00:00Z"]
    assert get(api, ada, "/1")["comment_count"] == 2


@pytest.mark.parametrize("ending", [".gz", ".xz"])
def test_a_packed_file_is_read(api, ada, bring, tmp_path, ending):
    pack = {".gz": gzip.compress, ".xz": lzma.compress}[ending]
    (tmp_path / f"issues.json{ending}").write_bytes(pack(json.dumps([issue(1)]).encode()))  # type: ignore[operator]
    bring(None, name=f"issues.json{ending}")
    assert get(api, ada)["total"] == 1


@pytest.mark.parametrize("kind", ["folder", "tar"])
def test_one_file_an_item_is_read(api, ada, bring, tmp_path, kind):
    items = {
        "issues/1.json": {
            "type": "issue",
            "issue": issue(1),
            "events": [{**comment(5), "event": "commented"}, {"event": "closed"}],
        },
        "issues/2.json": {"type": "pull", "issue": issue(2), "events": []},
    }
    target = tmp_path / "all"
    if kind == "folder":
        (target / "issues").mkdir(parents=True)
        for name, content in items.items():
            (target / name).write_text(json.dumps(content))
    else:
        target = tmp_path / "all.tar.gz"
        with tarfile.open(target, "w:gz") as tar:
            for name, content in items.items():
                data = json.dumps(content).encode()
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    bring(None, name=target.name)
    assert [item["number"] for item in get(api, ada)["items"]] == [2, 1]
    assert get(api, ada, "/1/comments")["items"][0]["body"] == "Comment 5"
    assert get(api, ada, "/2")["labels"][0]["name"] == "pull request"


ARCHIVE = {
    "repo": "ietf/wg",
    "labels": [{"name": "editorial", "description": "Words", "color": "c2e0c6"}],
    "issues": [
        {
            "number": 3,
            "title": "From the group",
            "url": "https://github.com/ietf/wg/issues/3",
            "state": "CLOSED",
            "author": "chair",
            "assignees": [],
            "labels": ["editorial"],
            "body": "B",
            "createdAt": "2019-01-01T00:00:00Z",
            "updatedAt": "2019-01-02T00:00:00Z",
            "closedAt": "2019-01-02T00:00:00Z",
            "comments": [
                {"author": "a", "body": "same", "createdAt": "2019-01-01T01:00:00Z", "updatedAt": "2019-01-01T01:00:00Z"},
                {"author": "a", "body": "same", "createdAt": "2019-01-01T01:00:00Z", "updatedAt": "2019-01-01T01:00:00Z"},
            ],
        }
    ],
    "pulls": [{"number": 4, "title": "A pull", "state": "MERGED", "author": None, "body": None, "labels": [], "createdAt": "2019-01-03T00:00:00Z"}],
}  # fmt: skip


def test_a_working_groups_archive_is_read(api, ada, bring):
    bring(ARCHIVE, name="archive.json")
    bring(None, name="archive.json")
    found = get(api, ada, "/3")
    assert (found["state"], found["comment_count"]) == ("closed", 2)
    assert found["labels"][0]["color"] == "#c2e0c6"
    assert get(api, ada, "/4")["author"]["name"] == "ghost"


def test_the_database_says_which_labels_are_the_same(api, ada, bring):
    bring([issue(1, labels=["ΟΔΟΣ", "οδοσ", "İ"]), issue(2, labels=["οδος", "İ", "i"])])
    labels = {label["name"]: label["issue_count"] for label in api(ada).get("/projects/WALL/labels")["items"]}
    assert labels["ΟΔΟΣ"] == 1
    assert sum(labels.values()) == sum(len(get(api, ada, f"/{number}")["labels"]) for number in (1, 2))
    assert "1 unchanged" in bring([issue(1, labels=["οδοσ"])])


def test_pull_requests_may_be_left_out(api, ada, bring):
    bring([issue(1), issue(2, pull_request={"url": "x"})], "--pull-requests", "skip")
    assert [item["number"] for item in get(api, ada)["items"]] == [1]


def test_a_second_run_changes_nothing(api, ada, bring):
    export = [issue(1, comments_content=[comment(1)], labels=[{"name": "a", "color": "ffffff"}]), issue(2)]
    bring(export)
    before = [get(api, ada, path) for path in ("?state=all", "/1", "/1/comments", "/1/events")]
    assert "2 unchanged" in bring(export)
    assert [get(api, ada, path) for path in ("?state=all", "/1", "/1/comments", "/1/events")] == before


def test_a_later_export_brings_what_is_new(api, ada, bring):
    bring([issue(1, comments_content=[comment(1)])])
    later = issue(
        1,
        title="Renamed",
        comments_content=[comment(1), comment(2)],
        labels=["new"],
        state="closed",
        closed_at="2021-01-01T00:00:00Z",
    )
    told = bring([later, issue(2)])
    assert "1 issues added, 1 changed" in told
    found = get(api, ada, "/1")
    assert (found["title"], found["comment_count"], found["state"]) == ("Renamed", 2, "closed")
    assert [label["name"] for label in found["labels"]] == ["new"]
    assert api(ada).get("/projects/WALL")["closed_issues"] == 1
    assert [event["kind"] for event in get(api, ada, "/1/events")["items"]] == [
        "opened", "renamed", "labelled", "moved_status", "closed",
    ]  # fmt: skip


def test_what_was_edited_here_is_kept(api, ada, bring):
    bring([issue(1)])
    api(ada).patch("/projects/WALL/issues/1", {"title": "Ours"})
    assert "1 kept" in bring([issue(1, title="Theirs")])
    assert get(api, ada, "/1")["title"] == "Ours"


def test_a_comment_here_leaves_an_issue_as_it_was_imported(api, ada, bring):
    bring([issue(1)])
    api(ada).post("/projects/WALL/issues/1/comments", {"body": "Ours"})
    before = get(api, ada, "/1")
    assert "1 unchanged" in bring([issue(1)])
    assert get(api, ada, "/1") == before


def test_the_last_activity_never_moves_backwards(api, ada, bring):
    bring([issue(1)])
    api(ada).post("/projects/WALL/issues/1/comments", {"body": "Ours"})
    before = get(api, ada, "/1")
    assert "1 changed" in bring([issue(1, title="Theirs", updated_at="2020-05-05T00:00:00Z")])
    after = get(api, ada, "/1")
    assert (after["title"], after["updated_at"]) == ("Theirs", before["updated_at"])


def test_what_happened_only_over_there_is_an_activity_too(api, ada, bring):
    bring([issue(1)])
    assert "1 changed" in bring([issue(1, updated_at="2020-05-05T00:00:00Z")])
    assert get(api, ada, "/1")["updated_at"] == "2020-05-05T00:00:00Z"


@pytest.mark.parametrize("purged", [False, True])
def test_what_was_deleted_here_stays_deleted(app, api, ada, bring, purged):
    bring([issue(1), issue(2)])
    api(ada).delete("/projects/WALL/issues/1")
    if purged:
        with app.app_context(), transacting():
            db.session.execute(db.text("DELETE FROM issues WHERE number = 1"))
    later = issue(1, title="Again", comments_content=[comment(1)], labels=["new"])
    assert "1 left out as deleted here" in bring([later, issue(2)])
    assert [item["number"] for item in get(api, ada, "?state=all")["items"]] == [2]
    assert api(ada).get("/projects/WALL/labels")["items"] == []
    assert api(ada).get("/projects/WALL")["open_issues"] == 1


def test_what_was_moved_and_deleted_there_for_good_does_not_come_back(app, api, ada, bring, make):
    bring([issue(1), issue(2)])
    make.project(ada, key="OTHER")
    api(ada).post("/projects/WALL/issues/1/move", {"project": "OTHER"}, status=200)
    api(ada).delete("/projects/OTHER/issues/1")
    with app.app_context(), transacting():
        db.session.execute(db.text("DELETE FROM issues WHERE deleted_at IS NOT NULL"))
    assert "1 left out as deleted here" in bring([issue(1), issue(2)])
    api(ada).get("/projects/WALL/issues/1", status=404)


@pytest.mark.parametrize("way", ["at once", "after its time"])
def test_what_was_deleted_restored_moved_and_deleted_for_good_comes_back_nowhere(app, api, ada, bring, make, way):
    bring([issue(1), issue(2)])
    make.project(ada, key="OTHER")
    client = api(ada)
    client.delete("/projects/WALL/issues/1")
    client.post("/projects/WALL/issues/1/restoration", status=200)
    client.post("/projects/WALL/issues/1/move", {"project": "OTHER"}, status=200)
    client.delete("/projects/OTHER/issues/1")
    if way == "at once":
        client.delete("/projects/OTHER/trash/1")
    else:
        with app.app_context(), transacting():
            age = "UPDATE issues SET deleted_at = now() - interval '31 days' WHERE deleted_at IS NOT NULL"
            db.session.execute(db.text(age))
        client.get("/projects/OTHER/trash")
    assert "1 left out as deleted here" in bring([issue(1), issue(2)])
    client.get("/projects/WALL/issues/1", status=404)


def test_a_number_that_was_deleted_elsewhere_is_brought_in_here(api, ada, bring, make):
    """The event that tells of it has come along, and says the number of the other project."""
    other = make.project(ada, key="OTHER")
    for _ in range(3):
        make.issue(other, ada)
    client = api(ada)
    client.delete("/projects/OTHER/issues/3")
    client.post("/projects/OTHER/issues/3/restoration", status=200)
    bring([issue(1)])
    client.post("/projects/OTHER/issues/3/move", {"project": "WALL"}, status=200)
    client.delete("/projects/WALL/issues/2")
    client.delete("/projects/WALL/trash/2")
    bring([issue(1), issue(2), issue(3)])
    assert sorted(one["number"] for one in get(api, ada, "?state=all")["items"]) == [1, 3]


def test_a_label_that_was_deleted_here_comes_back_only_with_an_issue(api, ada, bring):
    bring([issue(1, labels=["old"])])
    api(ada).delete(f"/projects/WALL/labels/{api(ada).get('/projects/WALL/labels')['items'][0]['id']}")
    bring([issue(1, labels=["old"])])
    assert api(ada).get("/projects/WALL/labels")["items"] == []


@pytest.mark.parametrize("length", [200, 201, 256])
def test_an_imported_title_can_be_edited_and_is_whole_somewhere(api, browser, ada, bring, length):
    title = "A long story " * 30
    bring([issue(1, title=title[:length])])
    assert "1 unchanged" in bring([issue(1, title=title[:length])])
    found = get(api, ada, "/1")
    assert (len(found["title"]), title[:length].strip() in (found["title"], found["body"].splitlines()[0])) == (
        200,
        True,
    )
    api(ada).patch("/projects/WALL/issues/1", {"title": found["title"], "priority": "high"})


def test_a_time_without_a_zone_is_one_in_utc(api, ada, bring):
    naive = {"created_at": "2020-02-02T00:00:00", "updated_at": "2020-02-02T00:00:00"}
    bring([issue(1, **naive, comments_content=[comment(1, **naive), comment(2)])])
    assert "1 unchanged" in bring([issue(1, **naive)])
    assert get(api, ada, "/1")["created_at"] == "2020-02-02T00:00:00Z"


def test_a_file_named_by_an_odd_digit_is_read(api, ada, bring, tmp_path):
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "²").with_suffix(".json").write_text(json.dumps({"type": "issue", "issue": issue(1)}))
    bring(None, name="all")
    assert get(api, ada)["total"] == 1


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000])
def test_a_comment_of_no_issue_is_told(bring, tmp_path, number):
    (tmp_path / "comments.json").write_text(json.dumps([comment(1, number)]))
    assert "issue_url names no issue" in bring([issue(1)], ok=False)


def test_an_issue_of_our_own_is_never_written_over(api, ada, bring, make):
    make.issue(make.project(ada, key="WALL"), ada)
    assert "WALL-1 exists" in bring([issue(1), issue(2)], ok=False)
    assert get(api, ada)["total"] == 1


def test_an_imported_person_cannot_log_in(api, ada, bring):
    bring([issue(1)])
    api().post("/auth/login", {"email": "octo", "password": ""}, status=401)
    api().post("/auth/login", {"email": "Octo", "password": "Octo"}, status=401)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([issue(1), issue(2, title=None)], "record 2 of issues.json (issue 2): title"),
        ([issue(1), issue(0)], "record 2"),
        ([issue(1), issue(1)], "issue 1 stands twice"),
        ([issue(1), issue(2, created_at="yesterday")], "created_at"),
        ([issue(1), issue(2, created_at="0001-01-01T00:00:00+05:00")], "created_at"),
        ([issue(1), "x"], "record 2"),
        ([issue(1), issue(2, comments_content=[comment(1), {"id": 2}])], "record 2 of issues.json, comment 2"),
        ([issue(1), issue(2, comments_content="[")], "its comments are not JSON"),
        ("[{]", "line 1, column 3"),
        (
            [issue(1), issue(2, state="weird")],
            "record 2 of issues.json (issue 2): state: must be open, closed or merged",
        ),
        ([issue(1), issue(10**12)], "number"),
        ([], "issues.json holds no issues"),
        ({"issues": [], "pulls": []}, "issues.json holds no issues"),
        ({"issues": 3}, "neither a list of issues nor an archive"),
        ("[" * 100_000, "issues.json cannot be read: it is nested too deeply"),
        ('{"a": 1}', "neither a list of issues nor an archive"),
        ("", "is not JSON"),
    ],
)
def test_a_broken_file_leaves_nothing_and_says_where(api, ada, bring, content, told):
    output = bring(content, ok=False)
    assert "Nothing was imported." in output
    assert told in output
    api(ada).get("/projects/WALL", status=404)


PACKED = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}


def tarred(content):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        info = tarfile.TarInfo("1.json")
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    return data.getvalue()


EXPORT = json.dumps([issue(1, body="x" * 3000)]).encode()
ITEM = json.dumps({"type": "issue", "issue": issue(1, body="".join(map(chr, range(32, 3000))))}).encode()


@pytest.mark.parametrize("damage", ["cut", "corrupt"])
@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize(("content", "kind"), [(EXPORT, "json"), (tarred(ITEM), "tar")], ids=["file", "tar"])
def test_a_damaged_file_is_told_in_one_sentence(bring, tmp_path, content, kind, packing, damage):
    packed = PACKED[packing](content)  # type: ignore[operator]
    middle = len(packed) // 2
    broken = packed[:middle] if damage == "cut" else packed[:middle] + bytes(20) + packed[middle + 20 :]
    (tmp_path / f"all.{kind}.{packing}").write_bytes(broken)
    told = bring(None, name=f"all.{kind}.{packing}", ok=False)
    assert told.startswith("Nothing was imported. ")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("content", [EXPORT, tarred(ITEM), b"\xef\xbb\xbf" + EXPORT], ids=["file", "tar", "marked"])
def test_the_first_bytes_tell_how_a_file_is_packed(api, ada, bring, tmp_path, content, packing):
    (tmp_path / "all.dat").write_bytes(PACKED[packing](content))  # type: ignore[operator]
    bring(None, name="all.dat")
    assert get(api, ada)["total"] == 1


def test_an_empty_folder_makes_no_project(api, ada, bring, tmp_path):
    (tmp_path / "all").mkdir()
    assert "all holds no issues" in bring(None, name="all", ok=False)
    api(ada).get("/projects/WALL", status=404)


def test_a_name_is_cleaned_like_any_text(api, ada, bring):
    bring([issue(1, user={"login": "a\ud800" + "b" * 5000})])
    assert len(get(api, ada, "/1")["author"]["name"]) == 100


def test_hostile_text_is_kept_as_text(api, ada, bring):
    bring([issue(1, title="a\x00b\x07 \r\n c", body="x\x00y\r\nz \ud800 <script>alert(1)</script>", labels=["  "])])
    found = get(api, ada, "/1")
    assert found["title"] == "ab c"
    assert found["body"].startswith("xy\nz ")
    assert "<script" not in found["body_html"]


def test_an_unknown_owner_is_told(bring):
    assert "--owner" in bring([issue(1)], "--owner", "nobody@example.com", ok=False)


def test_a_bad_key_is_told(app, ada, tmp_path):
    (tmp_path / "issues.json").write_text("[]")
    result = app.test_cli_runner().invoke(args=["import", "github", str(tmp_path / "issues.json"), "--project", "1x"])
    assert result.exit_code == 2


REAL = [FOLDER / name for name in ("github-f2e-notes/issues.json", "github-rust-00001-05000/issues.json.gz")]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.parent.name)
def test_a_real_archive_comes_in_whole_and_is_shown(app, api, browser, ada, path):
    if not path.exists():
        pytest.skip("no real archives beside this checkout")
    for _ in range(2):
        result = app.test_cli_runner().invoke(args=["import", "github", str(path), "--project", "REAL"])
        assert result.exit_code == 0, result.output
    assert " 0 issues added, 0 changed" in result.output.replace("REAL:", "")
    someone, client = browser(ada), api(ada)
    url = "/projects/REAL/issues?state=all&limit=20"
    for _ in range(5):
        for item in client.get(url)["items"]:
            assert someone.get(f"/projects/REAL/issues/{item['number']}").h1.startswith(item["title"][:20])
        url = client.get(url)["next"]
        if not url:
            break


def test_imported_texts_are_tied_by_what_they_name(api, browser, ada, bring):
    archive = [issue(1, body="Like #2, `#2`, #3 and @octo"), issue(2, body="WALL-1")]
    bring(archive)
    bring(archive)
    assert get(api, ada, "/1")["body_html"].count("<a ") == 1
    assert browser(ada).get("/projects/WALL/issues/2").text.count("mentioned this in") == 1
    assert browser(ada).get("/projects/WALL/issues/1").says("mentioned this in WALL-2 Issue 2")


def test_what_has_moved_to_another_project_is_not_brought_in_again(api, ada, make, bring):
    make.project(ada, key="SCREE")
    bring([issue(7), issue(8)])
    api(ada).post("/projects/WALL/issues/7/move", {"project": "SCREE"}, status=200)
    bring([issue(7, title="Newer", updated_at="2021-01-01T00:00:00Z"), issue(8)])
    assert [one["number"] for one in get(api, ada)["items"]] == [8]
    assert api(ada).send("GET", "/projects/WALL/issues/7", status=308)


@pytest.fixture
def limits_end_with_their_transactions(monkeypatch):
    """As in life: here all are savepoints of one."""
    end = claims.end

    def ended():
        db.session.execute(db.text("SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '1s'"))
        end()

    monkeypatch.setattr(claims, "end", ended)


@pytest.mark.usefixtures("limits_end_with_their_transactions")
def test_an_import_has_time_for_what_it_looks_for_and_waits_for(bring, monkeypatch):
    """The project may be large, and people hold rows for longer than a page would wait."""

    def limit(name):
        return db.session.scalar(db.text(f"SHOW {name}"))

    seen = {}
    purged, copy = repository.purged, referring.copy  # type: ignore[attr-defined]
    noting = {
        "purged": lambda *given: seen.update(read=limit("statement_timeout")) or purged(*given),
        "copy": lambda *given: seen.update(waited=limit("lock_timeout")) or copy(*given),
    }
    monkeypatch.setattr(repository, "purged", noting["purged"])
    monkeypatch.setattr(referring, "copy", noting["copy"])
    bring([issue(1, body="Like #2"), issue(2)])
    assert seen == {"read": "1min", "waited": "30s"}
