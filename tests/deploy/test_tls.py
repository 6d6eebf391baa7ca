"""What the shipped proxy speaks, asked by a client that would take less."""

import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest

from tests.deploy.test_nginx import NGINX, OPENSSL, configured, needs_nginx
from tests.server.running import free_port

pytestmark = needs_nginx


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where the proxy listens; nothing is behind it."""
    with listening(tmp_path_factory.mktemp("nginx")) as port:
        yield port


@contextmanager
def listening(folder: Path, **instead: str) -> Iterator[int]:
    port = free_port()
    whole = configured(folder, http=free_port(), https=port, upstream=free_port())
    for name, value in instead.items():
        whole.write_text(re.sub(rf"{name} [^;]+;", f"{name} {value};", whole.read_text()))
    proxy = subprocess.Popen([str(NGINX), "-p", folder, "-e", folder / "error.log", "-c", whole])
    try:
        while not is_spoken(port):
            sleep(0.05)
        yield port
    finally:
        proxy.terminate()
        proxy.wait(10)


def is_spoken(port: int, *options: str) -> bool:
    """Whether somebody is understood there who wants this and takes any certificate."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            pass
    except OSError:
        return False
    asked = [str(OPENSSL), "s_client", "-connect", f"127.0.0.1:{port}", "-brief", *options]
    return subprocess.run(asked, input=b"", capture_output=True, timeout=10).returncode == 0


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_what_is_safe_is_spoken(port, version):
    assert is_spoken(port, version)


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_old_versions_are_refused(port, version):
    assert not is_spoken(port, version, "-cipher", "DEFAULT:@SECLEVEL=0")


# What a client of TLS 1.2 may still propose: without forward secrecy, in CBC, without a secret at all.
WEAK = ["AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA", "NULL-SHA256", "AECDH-AES256-SHA"]


@pytest.mark.parametrize("cipher", WEAK)
def test_weak_ciphers_are_refused(port, cipher):
    assert is_spoken(port, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
    assert not is_spoken(port, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")


def test_what_it_takes_has_forward_secrecy(port):
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", port), 5) as link, context.wrap_socket(link) as spoken:
        assert spoken.version() == "TLSv1.3"
        assert spoken.cipher() is not None


def test_a_proxy_that_takes_more_is_found(tmp_path):
    """Planted faults: what the tests above ask for is understood by one that is not strict."""
    everything = {"ssl_protocols": "TLSv1 TLSv1.1 TLSv1.2", "ssl_ciphers": "ALL:NULL:@SECLEVEL=0"}
    with listening(tmp_path, **everything) as port:
        assert is_spoken(port, "-tls1", "-cipher", "DEFAULT:@SECLEVEL=0")
        assert [one for one in WEAK if not is_spoken(port, "-tls1_2", "-cipher", f"{one}:@SECLEVEL=0")] == []
