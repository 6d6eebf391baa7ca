"""A site that has each fault that the attackers look for: who finds nothing here has not looked.

Its database is PostgreSQL, as Cairn's is: what is looked for there is looked for here.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2

from tests.databases import connected

HOME = """<!doctype html><title>Careless</title>
<a href="/find?name=stone">find</a> <a href="/greet?name=you">greet</a> <a href="/go?to=/">go</a> <a href="/said">said</a>
<form action="/say" method="post"><input name="text" value="x"><button>Say</button></form>"""


@contextmanager
def careless(database: str) -> Iterator[str]:
    """The address of such a site, for as long as the block takes."""
    link = connected(database)
    rows = link.cursor()
    rows.execute(
        "CREATE TEMPORARY TABLE stones (name text, weight int); INSERT INTO stones VALUES ('stone', 3), ('rock', 7)"
    )
    lock, said = threading.Lock(), ["Nothing yet."]

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, given = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            pages = {
                "/": lambda: HOME,
                "/find": lambda: find(given.get("name", [""])[0]),
                "/greet": lambda: f"<title>x</title>Good day, {given.get('name', [''])[0]}.",
                "/said": lambda: "<title>x</title>" + "<br>".join(said),
            }
            if path == "/go":
                self.answer(302, "", Location=given.get("to", ["/"])[0].replace("\\r", "").replace("\\n", ""))
            else:
                self.answer(200 if path in pages else 404, pages.get(path, lambda: "Nothing.")())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
            said.extend(parse_qs(body).get("text", []))
            self.answer(303, "", Location="/said")

        def answer(self, status: int, text: str, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode("utf-8", "replace"))

        def log_message(self, *_: Any) -> None:
            pass

    def find(name: str) -> str:
        try:
            with lock:
                rows.execute(f"SELECT weight FROM stones WHERE name = '{name}'")
                found = rows.fetchall()
        except (psycopg2.Error, ValueError) as error:
            return f"<title>x</title>PG::SyntaxError: ERROR: {error}"
        return f"<title>x</title>{len(found)} found: {found}"

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
    link.close()
