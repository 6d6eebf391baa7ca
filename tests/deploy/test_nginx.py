"""The proxy's configuration, read by a real nginx, where one is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from webapp.config import ROOT

CONFIGURATION = (ROOT / "deploy/nginx.conf").read_text()
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")


def filled_in(**values: str) -> str:
    text = CONFIGURATION
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


@pytest.mark.skipif(not (NGINX and OPENSSL), reason="nginx or openssl is not installed")
def test_nginx_takes_the_configuration_without_a_warning(tmp_path: Path):
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=cairn.test",
         "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    site = filled_in(SERVER_NAME="cairn.test", UPSTREAM="127.0.0.1:8000")
    # A test changes no port below 1024: those may be taken, or not be ours.
    site = site.replace("listen 80;", "listen 127.0.0.1:18080;").replace("listen 443 ", "listen 127.0.0.1:18443 ")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/nginx.pid;\nevents {{}}\nhttp {{\n"
        + "".join(f"{kind}_temp_path {tmp_path};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + f"access_log off;\n{site.replace('/etc/nginx/tls', str(tmp_path))}}}\n"
    )
    told = subprocess.run(
        [NGINX, "-t", "-q", "-p", tmp_path, "-e", "stderr", "-c", tmp_path / "nginx.conf"],
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
