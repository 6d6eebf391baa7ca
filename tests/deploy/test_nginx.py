"""The proxy's configuration, read by a real nginx, where one is installed."""

import shutil
import ssl
import subprocess
import time
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.server.running import PATIENCE, free_port
from webapp.config import ROOT

CONFIGURATION = (ROOT / "deploy/nginx.conf").read_text()
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")
needs_nginx = pytest.mark.skipif(not (NGINX and OPENSSL), reason="nginx or openssl is not installed")


def filled_in(**values: str) -> str:
    text = CONFIGURATION
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def configured(folder: Path, **ports: int) -> Path:
    """The shipped configuration as a whole one of nginx, which keeps to a folder and to ports that are ours."""
    subprocess.run(
        [str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=cairn.test",
         "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    site = filled_in(SERVER_NAME="cairn.test", UPSTREAM=f"127.0.0.1:{ports.get('upstream', 8000)}")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{ports.get('http', 18080)};")
    site = site.replace("listen 443 ", f"listen 127.0.0.1:{ports.get('https', 18443)} ")
    site = site.replace("/etc/nginx/tls", str(folder)).replace("/var/log/nginx", str(folder))
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
        "events {}\nhttp {\n"
        + "".join(f"{kind}_temp_path {folder};\n" for kind in temporary)
        + f"access_log {folder}/access.log;\n{site}}}\n"
    )
    return whole


@needs_nginx
def test_nginx_takes_the_configuration_without_a_warning(tmp_path: Path):
    told = subprocess.run(
        [NGINX, "-t", "-q", "-p", tmp_path, "-e", "stderr", "-c", configured(tmp_path)],  # type: ignore[list-item]
        capture_output=True, text=True,
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (0, "")


def test_nothing_is_left_to_fill_in_but_the_two_values():
    assert "${" not in filled_in(SERVER_NAME="cairn.test", UPSTREAM="127.0.0.1:8000")


def test_what_a_client_says_about_itself_is_overwritten():
    for line in ("X-Forwarded-For $remote_addr;", "X-Forwarded-Proto $scheme;", "X-Request-ID $request_id;"):
        assert f"proxy_set_header {line}" in CONFIGURATION
    for name in ("Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP"):
        assert f'proxy_set_header {name} "";' in CONFIGURATION


def test_no_location_drops_the_headers_of_its_server():
    """One proxy_set_header of its own, and a location inherits none of the others."""
    outside, *locations = CONFIGURATION.split("location ")
    assert "proxy_set_header" in outside
    assert all("proxy_set_header" not in location for location in locations)


def test_idle_connections_end_before_gunicorn_ends_them():
    assert "keepalive_timeout 4s;" in CONFIGURATION
    assert "\nkeepalive = 5\n" in (ROOT / "gunicorn.conf.py").read_text()


@needs_nginx
def test_no_stranger_goes_on_in_a_trace_or_begins_one(tmp_path: Path):
    """What Cairn is asked, where a client says that it comes from a trace."""
    heard: list[dict[str, str]] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listening) as upstream:
        Thread(target=upstream.serve_forever, daemon=True).start()
        port = free_port()
        whole = configured(tmp_path, http=free_port(), https=port, upstream=upstream.server_port)
        proxy = subprocess.Popen([str(NGINX), "-p", tmp_path, "-e", tmp_path / "error.log", "-c", whole])
        try:
            ask(port, traceparent=f"00-{'4b' * 16}-{'0f' * 8}-01", tracestate="a=1", accept="text/html")
        finally:
            proxy.terminate()
            proxy.wait(PATIENCE)
            upstream.shutdown()
    assert heard[0]["accept"] == "text/html"
    assert not {"traceparent", "tracestate"} & set(heard[0])


def ask(port: int, **headers: str) -> None:
    """Ask as soon as there is somebody to ask."""
    deadline = time.monotonic() + PATIENCE
    while True:
        link = HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=ssl._create_unverified_context())
        try:
            link.request("GET", "/", headers={"Host": "cairn.test", **headers})
            assert link.getresponse().status == 204
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        finally:
            link.close()
