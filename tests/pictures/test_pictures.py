"""Pictures of other sites: shown by way of this one, to whoever reads, and to nobody else."""

import os
import re
import threading
import time

import pytest

from tests.attachments.pictures import picture, vast
from webapp.attachments import pictures
from webapp.config.allowed import Allowed
from webapp.config.keys import Ring
from webapp.errors import Unavailable
from webapp.pictures import service, store
from webapp.text import elsewhere
from webapp.text.markdown import render, version

FOREIGN = 'rel="nofollow noopener noreferrer ugc"'
SMALL = picture(size=(40, 30))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def shown(app, url, status=200, **headers):
    response = app.test_client().get(elsewhere.shown_at(url), headers=headers)
    assert response.status_code == status, response.text
    return response


def test_a_text_shows_it_and_links_to_it(site):
    html = render("![a *b*](https://b.org/c.png) [![d](https://b.org/e.png)](https://f.org)")
    src = r"/pictures/[0-9a-f]{32}/[0-9a-f]+"
    whole = rf'<a href="https://b.org/c.png" class="picture" {FOREIGN}><img src="{src}" alt="a b" loading="lazy"></a>'
    assert re.search(
        rf'^<p>{whole} <a href="https://f.org" {FOREIGN}><img src="{src}" alt="d" loading="lazy"></a></p>$', html
    )


@pytest.mark.parametrize(
    "url",
    [
        "/pictures/x/y",
        "//b.org/c.png",
        "data:image/png;base64,AA",
        "https://",
        "http:b.org",
        "https://b.org/" + "x" * 1_000,
    ],
)
def test_what_is_no_address_elsewhere_is_not_shown(site, url):
    assert "<img" not in render(f"![a]({url})")


@pytest.mark.parametrize(
    ("mode", "html"), [("off", "a"), ("link", f'<a href="https://b.org/c.png" class="image-link" {FOREIGN}>a</a>')]
)
def test_another_setting_shows_words(monkeypatch, mode, html):
    monkeypatch.setattr(elsewhere, "_mode", mode)
    assert render("![a](https://b.org/c.png)") == f"<p>{html}</p>\n"
    assert elsewhere.shown_at("https://b.org/c.png") is None


def test_html_is_made_anew_when_the_setting_or_the_key_is_another(monkeypatch):
    seen = set()
    for mode, key in (("off", "a"), ("link", "a"), ("proxy", "a"), ("proxy", "b")):
        monkeypatch.setattr(elsewhere, "_mode", mode)
        monkeypatch.setattr(elsewhere, "_keys", Ring(key))
        seen.add(version())
    assert len(seen) == 4
    assert max(seen) < 2**15  # the column is a smallint


def test_what_was_stored_with_another_setting_is_shown_with_this_one(api, ada, make, monkeypatch):
    make.issue(make.project(ada, key="WALL"), ada, body="![a](https://b.org/c.png)")
    assert "image-link" in api(ada).get("/projects/WALL/issues/1")["body_html"]
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    assert '<img src="/pictures/' in api(ada).get("/projects/WALL/issues/1")["body_html"]


def test_it_is_fetched_once_and_without_anything_of_its_reader(app, site):
    url = site.shows("/a.png", SMALL)
    first = shown(app, url, Cookie="cairn=secret", Referer="https://cairn.example/projects/SECRET")
    assert (first.mimetype, first.data) == ("image/png", SMALL)
    assert shown(app, url, **{"If-None-Match": first.headers["ETag"]}, status=304).data == b""
    [(path, headers)] = site.asked
    assert path == "/a.png"
    assert headers.keys() <= {"host", "connection", "accept", "accept-encoding", "user-agent"}


def test_a_large_one_is_made_small(app, site):
    response = shown(app, site.shows("/a.png", picture(size=(2_000, 1_000))))
    assert response.mimetype == "image/webp"


def test_it_cannot_be_run(app, site):
    headers = shown(app, site.shows("/a.png", SMALL)).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (SVG, {"Content-Type": "image/svg+xml"}), (b"<script>1</script>", {"Content-Type": "image/png"}), (b"", {}),
        (SMALL[:40], {}), (b"\x89PNG" + b"x" * 100, {}), (b"x" * (service.MOST + 1), {}), (vast(), {}),
    ],
    ids=["svg", "html", "empty", "cut", "broken", "long", "enormous"],
)  # fmt: skip
def test_what_is_no_bearable_picture_is_not_found_and_not_asked_for_again(app, site, body, headers):
    url = site.shows("/a", body, **headers)
    assert "cannot be shown" in shown(app, url, status=404, Accept="application/json").text
    shown(app, url, status=404)
    assert len(site.asked) == 1


def test_where_it_was_moved_to_is_asked_each_time_anew(app, site):
    site.shows("/b.png", SMALL)
    url = site.shows("/a.png", b"", status=302, Location="/b.png")
    assert shown(app, url).mimetype == "image/png"


@pytest.mark.parametrize(
    "place", ["/a.png", "file:///etc/passwd", "ftp://127.0.0.1/", "http://10.0.0.1/", "http://user@127.0.0.1/"]
)
def test_not_everywhere_is_gone_to(app, site, place):
    shown(app, site.shows("/a.png", b"", status=302, Location=place), status=404)
    assert len(site.asked) <= service.HOPS


def test_what_is_not_public_is_not_asked(app, site, monkeypatch):
    monkeypatch.setattr(service, "_allowed", Allowed())
    shown(app, site.shows("/a.png", SMALL), status=404)
    assert site.asked == []


@pytest.mark.parametrize(
    "change",
    [lambda s, u: ("0" * 32, u), lambda s, u: (s, u + "61"), lambda s, u: (s, "zz"), lambda s, u: ("é" * 32, u)],
)
def test_nobody_has_anything_fetched_that_no_text_shows(app, site, change):
    signature, said = elsewhere.shown_at(site.shows("/a.png", SMALL)).split("/")[2:]
    assert app.test_client().get("/pictures/{}/{}".format(*change(signature, said))).status_code == 404
    assert site.asked == []


def test_with_another_setting_nothing_is_fetched(app, site, monkeypatch):
    address = elsewhere.shown_at(site.shows("/a.png", SMALL))
    monkeypatch.setattr(elsewhere, "_mode", "link")
    assert app.test_client().get(address).status_code == 404


def aged(app, url, seconds):
    with app.app_context():
        path = store.find(url).path
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_after_a_day_it_is_asked_for_again_and_stays_if_its_site_is_gone(app, site):
    url = site.shows("/a.png", SMALL)
    shown(app, url)
    aged(app, url, service.FRESH + 1)
    site.shows("/a.png", b"", status=500)
    assert shown(app, url).data == SMALL
    shown(app, url)
    assert len(site.asked) == 2


def test_one_that_did_not_come_is_asked_for_again_later(app, site):
    url = site.shows("/a.png", b"", status=500)
    shown(app, url, status=404)
    site.shows("/a.png", SMALL)
    aged(app, url, service.FAILED + 1)
    shown(app, url)


def test_a_slow_site_stops_not_everybody(app, site, monkeypatch):
    site.seconds = 1.0
    monkeypatch.setattr(service.gate, "patience", 0.1)
    urls = [site.shows(f"/{number}.png", SMALL) for number in range(4)]
    answers = []
    threads = [
        threading.Thread(
            target=lambda url=url: answers.append(app.test_client().get(elsewhere.shown_at(url)).status_code)
        )
        for url in urls
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 503, 503]


def test_a_site_that_never_ends_is_cut(app, site, monkeypatch):
    monkeypatch.setattr(service, "SECONDS", 0.3)
    site.seconds = 2.0
    began = time.monotonic()
    shown(app, site.shows("/a.png", SMALL), status=404)
    assert time.monotonic() - began < 1.9


def test_the_oldest_go_when_they_are_too_many(app, site, monkeypatch):
    monkeypatch.setattr(store, "MOST", 5 * 4096)
    with app.app_context():
        urls = [f"https://b.org/{number}" for number in range(8)]
        for age, url in enumerate(urls):
            store.keep(url, SMALL)
            aged(app, url, 1000 - age)
        other = [path for path in store._home().iterdir() if path.name not in {store._path(url).name for url in urls}]
        for path in other:
            path.unlink()
        store.sweep()
        assert [store.find(url) is not None for url in urls] == [False] * 4 + [True] * 4


def test_while_others_are_read_it_is_refused_and_nothing_is_kept(app, site, monkeypatch):
    def busy(_):
        raise Unavailable("busy")

    monkeypatch.setattr(pictures, "looked_at", busy)
    url = site.shows("/a.png", SMALL)
    shown(app, url, status=503)
    with app.app_context():
        assert store.find(url) is None
