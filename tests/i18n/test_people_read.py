"""Words that were English wherever they were read, each at its place."""

import pytest

from webapp.auth import agents
from webapp.http.problems import TITLES
from webapp.i18n import catalogues, formats, speaking
from webapp.models.reactions import Feeling
from webapp.reactions.rows import Reacted

HEADERS = {"Accept-Language": "de"}


@pytest.fixture
def speaks(german):
    with speaking("de"):
        yield


@pytest.mark.usefixtures("speaks")
def test_reactions():
    assert Reacted(Feeling.UP).called == "Daumen hoch"
    assert Reacted(Feeling.HEART, count=1, mine=True).called == "1 Person: Herz, auch Sie"
    assert Reacted(Feeling.HEART, count=2000).called == "2.000 Personen: Herz"


@pytest.mark.usefixtures("speaks")
def test_keys_and_agents():
    assert formats.keys("Ctrl Shift P") == "Strg Umschalt P"
    assert agents.called(None) == "Unbekannt"
    assert agents.called("Mozilla/5.0 (X11; Linux x86_64) Firefox/1") == "Firefox unter Linux"


@pytest.mark.parametrize("status", [404, 405, 415])
def test_what_the_library_refuses(app, german, status):
    client, english = app.test_client(), TITLES[status]
    url, method, sent = {
        404: ("/nowhere", "GET", {}),
        405: ("/auth/login", "DELETE", {}),
        415: ("/auth/login", "POST", {"data": "x", "content_type": "text/plain"}),
    }[status]
    answer = client.open(url, method=method, headers={**HEADERS, "Accept": "application/json"}, **sent)
    assert answer.status_code == status
    assert answer.json["title"] == catalogues.catalogue("de").gettext(english) != english


def test_what_a_browser_installs(app, german):
    answer = app.test_client().get("/manifest.webmanifest", headers=HEADERS)
    assert (answer.json["lang"], answer.json["shortcuts"][0]["name"]) == ("de", "Neuer Vorgang")
    assert "Accept-Language" in answer.headers["Vary"]
    assert app.test_client().get("/manifest.webmanifest").json["shortcuts"][0]["name"] == "New issue"


def test_colours_and_columns(app, ada, make, german):
    from tests.clients import Api

    make.project(ada, key="WALL")
    client = Api(app, ada, HEADERS)
    refused = client.post("/projects/WALL/labels", {"name": "x", "color": "red"}, status=422)
    assert refused["errors"][0]["message"].startswith("muss # und sechs Zeichen")
    refused = client.get("/projects/WALL/board?by=x", status=422)
    assert refused["errors"][0]["message"].startswith("muss status, assignee")
