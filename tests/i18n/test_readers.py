"""Each reader is answered in their language, whoever looked before them."""

import re

import pytest

from tests.clients import HTML, Api
from webapp import keeping
from webapp.db import transacting
from webapp.http import assets
from webapp.mail import service as mail

GERMAN, ENGLISH = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}, {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def plainly(app, monkeypatch, german):
    """What is kept is used."""
    monkeypatch.setattr(keeping, "PARANOID", False)
    app.extensions["keeping"].clear()


def asked(browser, url, headers):
    response = browser.client.get(url, headers={**HTML, **headers})
    assert response.status_code in (200, 404), response.text[:300]
    return response


class TestWhichLanguage:
    @pytest.mark.parametrize(
        ("header", "code"),
        [
            ("de", "de"), ("de-CH", "de"), ("en;q=0.3, de;q=0.8", "de"), ("fr, de;q=0.2", "de"), ("fr", "en"),
            ("", "en"), ("*", "en"), ("nonsense;;q", "en"),
        ],
    )  # fmt: skip
    def test_a_browser_says_it(self, browser, header, code):
        page = asked(browser(), "/auth/login", {"Accept-Language": header})
        assert f'<html lang="{code}"' in page.text
        assert page.headers["Content-Language"] == code
        assert "Accept-Language" in page.headers["Vary"]

    def test_a_profile_overrides_the_browser(self, api, browser, ada):
        assert api(ada).get("/auth/me")["language"] is None
        assert api(ada).patch("/auth/me", {"language": "de"})["language"] == "de"
        page = asked(browser(ada), "/auth/me", ENGLISH)
        assert "Ihr Konto" in page.text
        assert '<option value="de" selected>Deutsch' in page.text
        api(ada).patch("/auth/me", {"language": None})
        assert "Your account" in asked(browser(ada), "/auth/me", ENGLISH).text

    def test_a_form_takes_the_choice_back(self, browser, ada):
        look = browser(ada)
        look.post("/auth/me", {"language": "de"})
        assert look.get("/auth/me").says("Gesichert.")
        look.post("/auth/me", {"language": ""})
        assert look.get("/auth/me").says("Saved.")

    def test_only_what_is_offered_can_be_chosen(self, api, ada):
        problem = api(ada).patch("/auth/me", {"language": "fr"}, status=422)
        assert problem["errors"] == [{"field": "language", "message": "must be one of en or de"}]

    def test_a_language_that_is_offered_no_more_is_not_spoken(self, api, browser, ada, monkeypatch):
        from webapp.i18n import languages

        api(ada).patch("/auth/me", {"language": "de"})
        monkeypatch.setattr(languages, "OFFERED", ("en", "fr"))
        assert "Your account" in asked(browser(ada), "/auth/me", GERMAN).text
        look = browser(ada)
        assert 'value="de" selected>Deutsch<' in look.get("/auth/me").text
        look.post("/auth/me", {"name": "Ada L.", "language": "de"})
        assert api(ada).get("/auth/me")["language"] == "de", "it stays chosen"
        api(ada).patch("/auth/me", {"language": "ja"}, status=422)


class TestErrors:
    def test_a_client_hears_them_in_its_language(self, app, make, ada):
        client = Api(app, ada, GERMAN)
        problem = client.get("/projects/NOPE", status=404)
        assert problem["title"] == "Seite nicht gefunden"
        assert problem["detail"] == "Unter dieser Adresse ist nichts, oder Sie können es nicht sehen."
        wrong = client.send("POST", "/projects", status=422, json={"name": 1}).json
        assert {"field": "name", "message": "muss Text sein"} in wrong["errors"]
        assert Api(app, ada, {}).get("/projects/NOPE", status=404)["title"] == "Page not found"

    def test_so_does_a_browser(self, browser):
        page = asked(browser(), "/nowhere", GERMAN)
        assert "<h1>Seite nicht gefunden</h1>" in page.text
        assert "<h1>Page not found</h1>" in asked(browser(), "/nowhere", ENGLISH).text


class TestWhatIsKept:
    @pytest.fixture
    def looks(self, api, make, ada):
        project = make.project(ada, key="WALL", name="Wall", visibility="public")
        ask = api(ada)
        ask.post("/projects/WALL/labels", {"name": "bug", "color": "#d34467"})
        day = ask.post("/projects/WALL/milestones", {"title": "Spring", "due_on": "2031-03-01"})["id"]
        fields = {"labels": ["bug"], "milestone": day, "assignees": [ada.id], "due_on": "2031-01-01"}
        ask.post("/projects/WALL/issues", {"title": "A stone is loose", "body": "It moves.", **fields})
        ask.post("/projects/WALL/issues/1/comments", {"body": "I saw it."})
        assert project
        wall = "/projects/WALL"
        return [
            wall, f"{wall}/issues", f"{wall}/issues/1", f"{wall}/board", f"{wall}/milestones", f"{wall}/labels",
            f"{wall}/milestones/{day}", "/",
        ]  # fmt: skip

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_readers_who_take_turns_never_see_each_others(self, app, browser, ada, looks, signed_in):
        look = browser(ada if signed_in else None)
        alone = {}
        for code, headers in (("en", ENGLISH), ("de", GERMAN)):
            app.extensions["keeping"].clear()
            alone[code] = {url: asked(look, url, headers) for url in looks}
        app.extensions["keeping"].clear()
        for _again in range(2):
            for url in looks:
                for code, headers in (("en", ENGLISH), ("de", GERMAN), ("en", ENGLISH)):
                    page = asked(look, url, headers)
                    assert f'<html lang="{code}"' in page.text
                    assert ("Zum Inhalt springen" in page.text) == (code == "de")
                    assert ("Skip to main content" in page.text) == (code == "en")
                    assert page.headers.get("ETag") == alone[code][url].headers.get("ETag")
        tags = {page.headers["ETag"] for pages in alone.values() for page in pages.values() if "ETag" in page.headers}
        assert len(tags) == sum("ETag" in page.headers for pages in alone.values() for page in pages.values())

    def test_ages_and_dates_are_those_of_the_language(self, browser, ada, looks):
        page = asked(browser(ada), "/projects/WALL/issues/1", GERMAN)
        assert "gerade eben" in page.text
        assert "just now" not in page.text
        assert "01.01.2031" in page.text


def test_a_mail_is_in_the_language_of_its_reader(app, api, ada, mailing, sink):
    api(ada).patch("/auth/me", {"language": "de"})
    with app.app_context(), transacting():
        mail.post("test", ada, {})
    mailing.drain()
    assert 'lang="de"' in sink.mails[-1].body("html")


def test_a_script_says_what_it_says_in_the_language_of_the_page(app, browser):
    address = re.findall(r'src="([^"]*/app\.de\.js)"', asked(browser(), "/auth/login", GERMAN).text)[0]
    with app.test_request_context(
        address
    ):  # an application has the address from its start, if the language is offered
        script = assets.translated("de")
    assert '_("Gesichert.")' in script.get_data(as_text=True)
    assert "immutable" in script.headers["Cache-Control"]
    assert "app.js" in asked(browser(), "/auth/login", ENGLISH).text
    assert '_("Saved.")' in app.test_client().get(address.replace(".de", "")).text
