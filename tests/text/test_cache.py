"""The HTML beside a text is never that of another text, whoever changes what while it is made."""

import pytest

from webapp.db import db, transacting
from webapp.text import cache

URL = "/projects/WALL/issues/1"


@pytest.fixture
def meanwhile(app, make, ada, monkeypatch):
    """Let this SQL happen while the next text is rendered."""
    project = make.project(ada, key="WALL")
    issue = make.issue(project, ada, body="old")
    make.comment(project, issue, ada, "old")
    real = cache.render  # type: ignore[attr-defined]

    def happens(sql: str) -> None:
        def render(text: str, links: object = None) -> str:
            monkeypatch.setattr(cache, "render", real)
            with transacting():
                db.session.execute(db.text(sql))
            return real(text, links)  # type: ignore[arg-type]

        with app.app_context(), transacting():
            db.session.execute(db.text("UPDATE issues SET html_version = NULL"))
            db.session.execute(db.text("UPDATE comments SET html_version = NULL"))
        monkeypatch.setattr(cache, "render", render)

    return happens


def test_an_edit_meanwhile_is_not_overwritten(api, ada, meanwhile):
    meanwhile("UPDATE issues SET body = 'new'")
    api(ada).get(URL)
    assert "new" in api(ada).get(URL)["body_html"]


def test_a_comments_edit_meanwhile_is_not_overwritten(api, ada, meanwhile):
    meanwhile("UPDATE comments SET body = 'new'")
    api(ada).get(f"{URL}/comments")
    assert "new" in api(ada).get(f"{URL}/comments")["items"][0]["body_html"]


@pytest.mark.parametrize("url", [URL, f"{URL}/comments"])
def test_what_was_deleted_meanwhile_is_still_told_once(api, ada, meanwhile, url):
    meanwhile("DELETE FROM issues")
    api(ada).get(url)


def test_what_was_made_is_kept(api, ada, meanwhile, statements):
    meanwhile("SELECT 1")
    reader = api(ada)
    reader.get(URL)
    statements.clear()
    reader.get(URL)
    assert not any("UPDATE" in one for one in statements)
