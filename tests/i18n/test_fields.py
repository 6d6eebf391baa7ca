"""Fields have a name in the language of whoever reads what is wrong with them."""

import gc
from importlib import import_module

from tests.clients import Api
from webapp.features import FEATURES, routes
from webapp.http.feature import Operation
from webapp.http.typed import UNSEEN
from webapp.i18n import speaking
from webapp.i18n.fields import NAMES, called

for feature in FEATURES:
    import_module(routes(feature))

GERMAN = {"Accept-Language": "de"}
# What nobody sees on a page: programs send it, or pages send it for themselves.
PLAIN = UNSEEN | {
    "challenge_token", "cookie", "cursor", "expected", "factor_token", "link_token", "purpose", "refresh_token", "setup_token", "up_to", "was",
}  # fmt: skip


def sent():
    """The fields of all that a form can send, and what it can send beside them."""
    for one in (one for one in gc.get_objects() if isinstance(one, Operation)):
        for schema in filter(None, (one.body, one.query if one.form else None)):
            yield from (*schema.model_fields, *getattr(schema, "beside", ()))


def test_whatever_a_form_sends_has_a_name():
    fields = set(sent())
    assert len(fields) > 90
    assert sorted(fields - NAMES.keys() - PLAIN) == []


def test_no_name_is_for_nothing():
    alone = {name for name in NAMES if "." not in name}
    assert sorted(alone - set(sent()) - {"file", "files"}) == []


def test_a_part_is_called_as_the_whole(german):
    with speaking("de"):
        assert (called("labels.0"), called("due_on")) == ("Labels", "Fällig")


class TestWhatIsWrong:
    def test_a_field_is_called_as_on_the_page(self, browser, german):
        page = browser().post("/auth/register", {"name": "", "email": "x"}, status=422, headers=GERMAN)
        assert page.says("E-Mail muss")
        assert page.says("Passwort")

    def test_the_text_of_a_comment_is_no_description(self, api, ada, browser, make):
        make.project(ada, key="WALL")
        api(ada).post("/projects/WALL/issues", {"title": "A stone"})
        page = browser(ada).post("/projects/WALL/issues/1/comments", {"body": " "}, status=422)
        assert page.says("Comment is required")

    def test_a_sentence_stands_for_itself_however_it_begins(self, ada, browser, make):
        make.project(ada, key="WALL")
        look = browser(ada)
        look.post("/projects/WALL/labels", {"name": "stone", "color": "#d34467"})
        page = look.post("/projects/WALL/labels", {"name": "stone", "color": "#d34467"}, status=409)
        assert '<li><a href="#name">stone is already a label of this project.</a></li>' in page.text

    def test_half_a_sentence_is_one_in_a_language_whose_words_begin_with_capitals(self, browser, written):
        written("de", 'msgid "is required"\nmsgstr "Pflichtfeld ist leer"\n')
        page = browser().post("/auth/register", {"name": ""}, status=422, headers=GERMAN)
        assert page.says("Name Pflichtfeld ist leer")

    def test_what_speaks_of_no_field_is_said_in_the_language_too(self, browser, german):
        page = browser().post("/auth/login", {"email": "x@example.org", "password": "x"}, status=401, headers=GERMAN)
        assert not page.says("Invalid credentials")

    def test_a_page_without_the_form_says_it_in_words(self, ada, api, browser, make):
        make.project(ada, key="WALL")
        api(ada).post("/projects/WALL/issues", {"title": "A stone"})
        page = browser(ada).post("/projects/WALL/issues/1/watch", {"level": "?"}, status=422)
        assert page.says("What you hear of must be one of")

    def test_what_is_permitted_is_listed_as_the_language_does(self, app, ada, make, german):
        make.project(ada, key="WALL")
        message = Api(app, ada, GERMAN).get("/projects/WALL/issues?state=?", status=422)["errors"][0]["message"]
        assert message.endswith("open, closed oder all")
