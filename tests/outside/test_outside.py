"""Whatever somebody calls an inner address, nothing is sent to it."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from webapp.config.allowed import Allowed
from webapp.outside import asking, guard
from webapp.outside.guard import Refused

NOTHING = Allowed()
INNER = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "[::1]", "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]", "[fc00::1]",
    "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]",
)  # fmt: skip
ODD = (
    "0", "127.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "0177.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
    "127.0.0.1.", "１２７.0.0.1", "256.0.0.1", "1.2.3.4.5",
)  # fmt: skip


@pytest.fixture
def canary() -> Iterator[tuple[int, list[str]]]:
    """A listener on loopback: its port, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                came.append("somebody")
                line.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
    thread.join(2)


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: list[str]) -> list[str]:
    """Let names lead to these addresses, others each time they are asked for; who was asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int, *rest: object, **more: object) -> list[object]:
        found = addresses[min(len(asked), len(addresses) - 1)]
        asked.append(host)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize("host", [*INNER, *ODD])
def test_no_spelling_of_an_inner_address_is_asked(host, canary):
    port, came = canary
    with pytest.raises(Refused):
        asking.post(f"http://{host}:{port}/", b"", {}, NOTHING)
    assert not came


@pytest.mark.parametrize("host", INNER)
def test_no_name_of_an_inner_address_is_asked(host, canary, monkeypatch):
    port, came = canary
    leads_to(monkeypatch, ["93.184.215.14", host.strip("[]")])
    with pytest.raises(Refused):
        asking.post(f"http://hook.example:{port}/", b"", {}, NOTHING)
    assert not came


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org", "example.org", "",
        "http://", "https://user:password@example.org/", "https://user@example.org/", "https://@example.org/",
        "https://example.org:22/", "https://example.org:0/", "https://example.org:99999/", "https://example.org:x/",
        "https://exa mple.org/", "https://example.org/\r\nX: y", "https://example.org\\@127.0.0.1/", "http://[::1/",
        "https://" + "a" * 64 + ".org/", "https://example.org/" + "a" * 2000, "https://..org/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(Refused):
        guard.target(url)


@pytest.mark.parametrize("host", ["93.184.215.14", "8.8.8.8", "[2606:4700::1111]", "[64:ff9b::808:808]"])
def test_public_addresses_are_not(host):
    assert guard.addresses(guard.target(f"https://{host}/"), NOTHING, 1)


def test_names_in_other_scripts_are_asked_as_name_servers_know_them():
    found = guard.target("https://Bücher.example:8443/bestellt?ü=1")
    assert (found.host_header, found.path) == ("xn--bcher-kva.example:8443", "/bestellt?%C3%BC=1")


def test_a_name_is_looked_up_once(canary, monkeypatch):
    """Whoever answers otherwise the second time is not asked a second time."""
    port, came = canary
    asked = leads_to(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    to: list[str] = []

    def connect(address: tuple[str, int], *rest: object) -> socket.socket:
        to.append(address[0])
        raise OSError("nobody is there")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(asking.Failed):
        asking.post(f"http://hook.example:{port}/", b"", {}, NOTHING)
    assert (asked, to, came) == (["hook.example"], ["93.184.215.14"], [])


def test_a_network_and_a_name_may_be_allowed(monkeypatch):
    allowed = Allowed.of(["127.0.0.0/8", "intranet.example"])
    leads_to(monkeypatch, ["10.0.0.7"])
    for url in ("http://127.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://intranet.example/"):
        assert guard.addresses(guard.target(url), allowed, 1)
    for url in ("http://10.0.0.7/", "http://other.example/", "http://[::1]/"):
        with pytest.raises(Refused):
            guard.addresses(guard.target(url), allowed, 1)
    for entry in ("10.0.0.0/33", "10.0.0.1/8", "127.1", "https://intranet.example", ""):
        with pytest.raises(ValueError):
            Allowed.of([entry])


def request(line: socket.socket) -> bytes:
    """All that is asked: whoever closes while some of it is on its way may take back the answer, too."""
    said = b""
    while part := line.recv(65536):
        said += part
        head, _, body = said.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        if head != said and len(body) >= (int(length[1]) if length else 0):
            break
    return said


def answering(answer: bytes, slowly: float = 0.0, tls: ssl.SSLContext | None = None) -> tuple[int, list[bytes]]:
    """A server on loopback that says this to one who comes: its port, and what it was told."""
    told: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server, server.accept()[0] as plain, suppress(OSError):
            line = tls.wrap_socket(plain, server_side=True) if tls else plain
            told.append(request(line))
            size = 1 if slowly else len(answer)
            for at in range(0, len(answer), size):
                line.sendall(answer[at : at + size])
                time.sleep(slowly)
            line.close()

    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1], told


HERE = Allowed.of(["127.0.0.0/8"])


def test_what_is_told_of_an_answer_is_not_what_it_says():
    port, told = answering(b"HTTP/1.1 200 OK\r\nServer: x\r\nSet-Cookie: a=b\r\nContent-Length: 6\r\n\r\nsecret")
    answer = asking.post(f"http://127.0.0.1:{port}/a?b", b"{}", {"X-Own": "1"}, HERE)
    assert (answer.status, dict(answer.headers)) == (200, {"server": "x"})
    assert told[0].startswith(b"POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % port)


def test_a_redirect_is_not_followed(canary):
    inner, came = canary
    port, _ = answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\n\r\n" % inner)
    assert asking.post(f"http://127.0.0.1:{port}/", b"", {}, HERE).status == 302
    assert not came


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 90, b" "])
def test_whoever_answers_slowly_is_left(answer, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.4)
    port, _ = answering(answer, slowly=0.05)
    began = time.monotonic()
    with pytest.raises(asking.Failed):
        asking.post(f"http://127.0.0.1:{port}/", b"", {}, HERE)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
def test_whoever_goes_on_slowly_after_the_answer_is_left(head, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.5)
    port, _ = answering(head + b"x" * 900, slowly=0.01)
    began = time.monotonic()
    with suppress(asking.Failed):
        asking.post(f"http://127.0.0.1:{port}/", b"", {}, HERE)
    assert time.monotonic() - began < 3


def test_whoever_says_nothing_of_tls_is_cut(mute):
    """Also while TLS has the socket, and would go on waiting for its own time."""
    line = asking.Line(
        guard.target(mute().url.replace("smtp", "https")), [ip_address("127.0.0.1")], time.monotonic() + 8
    )
    began = time.monotonic()
    with line.within(0.3), pytest.raises(OSError):
        line.connect()
    line.let_go()
    assert time.monotonic() - began < 3


def test_what_is_told_of_an_answer_can_be_stored():
    port, _ = answering(b"HTTP/1.1 200 OK\r\nServer: a\0b\x01\x1b[31m\x85\r\nContent-Length: 0\r\n\r\n")
    answer = asking.post(f"http://127.0.0.1:{port}/", b"", {}, HERE)
    assert answer.headers["server"].isprintable()


def test_no_more_is_read_than_the_bound():
    port, _ = answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000_000)
    assert asking.post(f"http://127.0.0.1:{port}/", b"", {}, HERE).is_yes


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 500])
def test_what_is_no_answer_is_told_as_that(answer):
    port, _ = answering(answer or b"\r\n")
    with pytest.raises(asking.Failed):
        asking.post(f"http://127.0.0.1:{port}/", b"", {}, HERE)


@pytest.mark.parametrize(("name", "is_right"), [("localhost", True), ("other.example", False), ("127.0.0.1", False)])
def test_the_certificate_is_compared_with_the_name(certificate, monkeypatch, name, is_right):
    """Whatever address it leads to."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(certificate))
    asked: list[str | None] = []
    tls.sni_callback = lambda line, named, context: asked.append(named)
    port, told = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", tls=tls)
    leads_to(monkeypatch, ["127.0.0.1"])
    allowed = Allowed.of(["localhost", "127.0.0.0/8"])
    if is_right:
        assert asking.post(f"https://{name}:{port}/", b"{}", {}, allowed).is_yes
    else:
        with pytest.raises(asking.Failed, match="in secret"):
            asking.post(f"https://{name}:{port}/", b"{}", {}, allowed)
        assert not told
    assert asked == [None if name[0].isdigit() else name]
