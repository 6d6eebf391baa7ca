"""sqlmap and wapiti against the running server, logged in. Each has to find the faults of a careless site first.

`bin/test --attack` installs them. Neither looks for its way: what there is to attack is told them, all of it and each
once, so that both come to an end. They speak PostgreSQL alone, and what a payload makes of a statement is seen beside
their own judgement, too: where it breaks out of a value, the server's log has a trace.
"""

import json
import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from html import escape
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.attack.careless import careless
from tests.attack.targets import VALUES
from tests.browser.forms import Forms
from tests.databases import connected, empty_database
from tests.server.running import serving
from webapp.config import ROOT
from webapp.http.log import bare

SQLMAP = ROOT / "build/attackers/sqlmap/bin/sqlmap"
WAPITI = ROOT / "build/attackers/wapiti3/bin/wapiti"
# What belongs together: a stored script is found again by who has stored it. Headers and cookies it would judge by the
# page where it begins, which is the test's own; tests/deploy/test_observatory.py has them judged.
MODULES = ["sql,timesql", "xss,permanentxss", "redirect,crlf", "file,exec"]
# An answer that differs each time (a feed says when it was asked) would have it try thousands of them.
COLUMNS = "1-12"
# Seconds that nothing of this may take: whoever reaches it fails.
PATIENCE = 1800
# What of a form says nothing: it only lets the form through.
UNTYPED = ("csrf_token", "form_key", "version", "base")
# What ends the login, and what changes where everything is: it is attacked last.
LEFT = ("/auth/logout", "/auth/sign-ins", "/auth/password")
LAST = ("/admin/settings", "/auth/me", "/move", "/transfer", "/projects/MATRIX")
# Whose every link says from which list one came: wapiti writes the whole page anew for each of them, for each payload,
# and is at it for hours. Lists say the same, and are asked.
LEADING = {"issues.show", "board.show"}
# sqlmap runs beside each other, one for each core of a small machine.
BESIDE = 2

pytestmark = [
    pytest.mark.attack,
    pytest.mark.skipif(not (SQLMAP.exists() and WAPITI.exists()), reason="bin/test --attack installs them"),
]


def run(*command):
    """Let an attacker go on, and answer nothing that it asks."""
    done = subprocess.run(
        [*map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
    )
    return done.stdout + done.stderr


def injectable(folder, *requests):
    """Where sqlmap gets into the database by a marked value of these raw requests; everything it said."""
    folder.mkdir()
    for number, request in enumerate(requests):
        (folder / f"{number:03}-request").write_text(request)
    said = run(
        SQLMAP, "-l", folder, "--batch", "--flush-session", "--disable-coloring", "--dbms", "PostgreSQL", "--level", "1",
        "--union-cols", COLUMNS,
        "--output-dir", folder / "out", "--results-file", folder / "results.csv", "--ignore-code", "*",
        "--ignore-redirects", "--skip-waf", "--drop-set-cookie",
    )  # fmt: skip
    lines = (folder / "results.csv").read_text().splitlines() if (folder / "results.csv").exists() else []
    # What it took for a way in and then could not go is in that list, too.
    return [line for line in lines[1:] if line.strip() and "false positive or unexploitable" not in line], said


def found_by_wapiti(folder, address, modules, *options):
    """The kinds of what wapiti finds from this page on, with where."""
    report = folder / "report.json"
    said = run(
        WAPITI, "-u", address, "--scope", "domain", "--depth", "1", "-m", modules, "-f", "json", "-o", report,
        "--flush-session", "--store-session", folder, "--no-bugreport", "--log", folder / "wapiti.log", *options,
    )  # fmt: skip
    assert report.exists(), said[-3000:]
    told = json.loads(report.read_text())
    assert told["infos"]["crawled_pages_nbr"] > 4, told["infos"]
    kinds = {**told["vulnerabilities"], **told["anomalies"]}
    return {
        kind: [(one["method"], one["path"], one["parameter"], one["info"]) for one in all]
        for kind, all in kinds.items()
        if all
    }


@pytest.fixture(scope="module")
def seeded(server):
    """What the server has, and what can be asked of it."""
    return server.filled_by("tests.attack.targets")


@pytest.fixture(scope="module")
def forms(server, seeded):
    """The forms of all pages into which something can be typed, each kind once; what changes places comes last."""
    found = {}
    for path in seeded["pages"]:
        if "/WALL/" in path:  # has the same forms once more
            continue
        for form in on_page(server, seeded, path):
            if form.typed and not urlsplit(form.action).path.startswith(LEFT):
                found.setdefault((form.method, urlsplit(form.action).path, *sorted(form.typed)), form)
    return sorted(found.values(), key=lambda form: urlsplit(form.action).path.endswith(LAST))


def on_page(server, seeded, path):
    """What can be sent from a page; nothing from what is none."""
    try:
        answer = server.ask("GET", path, page=True, headers={"Cookie": f"{seeded['cookie']}={seeded['token']}"})
    except UnicodeDecodeError:
        return []  # a picture
    is_page = answer.status == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
    return Forms(server.url + path, answer.text).all.values() if is_page else []


def sent_by(form):
    """What a form sends as it is, with something in each of its fields."""
    given = [(name, value or a_value(name) if name in form.typed else value) for name, value in form.values if name]
    return [*given, *((name, a_value(name)) for name in form.typed.keys() - dict(given).keys())]


def a_value(name):
    """Something that works where it stands, so that what comes after it is looked at as well."""
    return VALUES.get(name, "a")


def of_form(form, seeded):
    """A form as sqlmap takes requests: an asterisk stands where it may go on."""
    said = "&".join(f"{quote(n)}={quote(v, safe='')}{'*' * (n in form.typed)}" for n, v in sent_by(form))
    heads = {"Cookie": f"{seeded['cookie']}={seeded['token']}", "Accept": "text/html"}
    path = urlsplit(form.action).path
    if form.method == "get":
        return raw("GET", form.action, f"{path}?{said}", heads)
    return raw("POST", form.action, path, {**heads, "Content-Type": "application/x-www-form-urlencoded"}, said)


def of_target(target, url, seeded):
    """The same of a request of a program."""
    marked = target["marked"]
    query = "&".join(f"{quote(n)}={quote(v, safe='')}{'*' * (n in marked)}" for n, v in target["query"].items())
    heads = {"Authorization": f"Bearer {seeded['token']}", "Accept": "application/json"}
    path = target["path"] + (f"?{query}" if query else "")
    if target["body"] is None:
        return raw(target["method"], url, path, heads)
    body = {name: with_mark(value) if name in marked else value for name, value in target["body"].items()}
    said = json.dumps(body).replace("*", "\\u002a").replace(MARK, "*")
    return raw(target["method"], url, path, {**heads, "Content-Type": "application/json"}, said)


MARK = "MARKED-HERE"


def with_mark(value):
    """A value with a mark behind its text, or behind that of its first part."""
    if isinstance(value, list):
        return [with_mark(value[0]) if value else MARK, *value[1:]]
    return f"{value}{MARK}" if isinstance(value, str) else value


def raw(method, url, path, heads, body=None):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", *(f"{n}: {v}" for n, v in heads.items())]
    return "\n".join([*lines, "", body or ""])


def listed(forms, seeded, url):
    """A page that leads to every page, and has every form."""
    rows = [f'<a href="{escape(link)}">x</a>' for link in links_of(seeded, url)]
    for form in forms:
        inputs = "".join(f'<input name="{escape(n)}" value="{escape(v)}">' for n, v in sent_by(form))
        rows.append(f'<form method="{form.method}" action="{escape(form.action)}">{inputs}<button>x</button></form>')
    return f"<!doctype html><title>x</title>{''.join(rows)}"


def links_of(seeded, url):
    """Where to read: pages, and what programs may ask for with a text."""
    pages = [url + path for path in seeded["pages"] if "/WALL/" not in path and not path.startswith(LEFT)]
    asked = [t for t in seeded["targets"] if t["method"] == "GET" and t["name"] not in LEADING]
    return [*pages, *(f"{url}{t['path']}?{urlencode(t['query'])}" for t in asked)]


LINE = re.compile(r"^\d\d:\d\d:\d\d \S* (?P<method>[A-Z]+) (?P<path>\S+) (?P<status>\d{3}) ", re.M)


def asked_since(log, begin):
    """How often the server was asked what, and how it answered: from its log."""
    with log.open(errors="replace") as lines:
        lines.seek(begin)
        text = lines.read()
    return [(m["method"], m["path"].partition("?")[0], int(m["status"])) for m in LINE.finditer(text)], text


def as_written(path):
    """An address as the log has it, where what would let somebody in is left out."""
    return bare(path).encode("unicode_escape").decode()


def judged(server, seeded, begin, wanted):
    """What the log says of an attack: nothing broke, and everything was met, by somebody who was logged in to the end."""
    asked, text = asked_since(server.log, begin)
    counted = Counter(status for *_, status in asked)
    met = {(method, path) for method, path, _ in asked}
    wanted = {(method, as_written(path)) for method, path in wanted}
    print(f"{len(asked)} requests, {len(wanted & met)} of {len(wanted)} addresses, {dict(counted)}")
    assert wanted - met == set()
    assert "Traceback" not in text
    # Whoever downloads while all others do is asked to come again.
    assert [
        one for one in asked if one[2] >= 500 and not (one[2] == 503 and one[1].endswith((".csv", ".jsonl")))
    ] == []
    assert server.ask("GET", "/auth/me", headers={"Authorization": f"Bearer {seeded['token']}"}).status == 200


# What sqlmap's payloads do where they have become a part of a statement, and are no value in it.
AT_WORK = r"pg_sleep|union all select null|chr\(\$"


def broken(database):
    """Statements that a payload has changed, as PostgreSQL has parsed them: what is a value says `$1` there.

    None, where they are not kept: the included PostgreSQL has no pg_stat_statements.
    """
    with closing(connected(database)) as connection, connection.cursor() as rows:
        rows.execute("SELECT current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'")
        if not rows.fetchone()[0]:
            return None
        rows.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        rows.execute(
            "SELECT query, calls FROM pg_stat_statements"
            " WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        kept = dict(rows.fetchall())
    print(f"{len(kept)} statements, carried out {sum(kept.values())} times")
    return [query for query in kept if re.search(AT_WORK, query, re.I) and "pg_stat_statements" not in query]


def test_sqlmap_finds_what_is_planted(database, tmp_path):
    with empty_database(database) as own, careless(own) as address:
        request = raw("GET", address, "/find?name=stone*", {})
        assert len(injectable(tmp_path / "sqlmap", request)[0]) == 1
        assert broken(own) != []


def test_sqlmap_gets_in_nowhere(server, seeded, forms, tmp_path):
    begin = server.log.stat().st_size
    requests = [of_target(target, server.url, seeded) for target in seeded["targets"]]
    requests += [of_form(form, seeded) for form in forms]
    with ThreadPoolExecutor(BESIDE) as pool:
        runs = [pool.submit(injectable, tmp_path / str(n), *requests[n::BESIDE]) for n in range(BESIDE)]
        results = [one.result() for one in runs]
    assert [line for found, _ in results for line in found] == []
    assert all("[*] ending @" in said for _, said in results)
    assert not broken(server.database)
    wanted = {(t["method"], t["path"]) for t in seeded["targets"]}
    judged(server, seeded, begin, wanted | {(f.method.upper(), urlsplit(f.action).path) for f in forms})


def test_wapiti_finds_what_is_planted(database, tmp_path):
    with careless(database) as address:
        found = found_by_wapiti(tmp_path, address + "/", ",".join(MODULES))
    assert {"SQL Injection", "Reflected Cross Site Scripting", "Stored Cross Site Scripting", "Open Redirect"} <= set(
        found
    )


@pytest.mark.parametrize("modules", MODULES)
def test_wapiti_finds_nothing(server, seeded, forms, tmp_path, modules):
    begin = server.log.stat().st_size
    options = ["-H", f"Cookie: {seeded['cookie']}={seeded['token']}"]
    for name in UNTYPED:
        options += ["--skip", name]
    with serving() as site:
        site.pages["/"] = listed(forms, seeded, server.url)
        found = found_by_wapiti(tmp_path, f"{site.origin}/", modules, *options)
    # It guesses by answers that differ, and so they do where a name is taken. PostgreSQL knows.
    if broken(server.database) == []:
        found = {kind: where for kind, where in found.items() if "SQL" not in kind}
    assert found == {}
    # Of what is no text some ask nothing.
    asked_by_all = modules in MODULES[:2]
    judged(server, seeded, begin, {(f.method.upper(), urlsplit(f.action).path) for f in forms if asked_by_all})
