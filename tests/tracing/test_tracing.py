"""What a collector of traces is sent by a server as it runs, and what it is never sent."""

import os
import re
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.conftest import KEY
from tests.databases import empty_database
from tests.doctor.conftest import Patient
from tests.mail import sink
from tests.make import PASSWORD
from tests.server.running import Person, Server
from webapp.config import ROOT

pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry is not installed")
from tests.tracing.collector import collecting

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ABOVE = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
SECRET = "s3cr3t-that-opens-a-door-0123456789"


@pytest.fixture(scope="module")
def collector():
    with collecting() as made:
        yield made


@pytest.fixture(scope="module")
def traced(database, collector, tmp_path_factory):
    with empty_database(database) as address, sink.running() as mail:
        server = Server(
            address, tmp_path_factory.mktemp("traced"), "http://a.test", WORKER="on", TRUSTED_PROXIES="1",
            MAIL_URL=mail.url, MAIL_FROM="cairn@example.org", WEBHOOK_ALLOWED="127.0.0.0/8,localhost",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="100",
        )  # fmt: skip
        try:
            server.wait_until_ready()
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="module")
def ada(traced):
    """Made by a command: where mail is sent, an account has to be confirmed first."""
    email = "ada@example.com"
    Patient(traced, traced.log.parent).run(
        "create-user", "--name", "Ada", "--email", email, "--password", PASSWORD, OTEL_EXPORTER_OTLP_ENDPOINT=""
    )
    return traced.log_in(Person("Ada", email, token=""))


def numbered(collector, answer):
    """The span of the request that was answered so."""
    number = answer.headers["X-Request-ID"]
    return collector.wait(
        lambda: next((one for one in collector.spans if one.attributes.get("cairn.request_id") == number), None)
    )


def test_a_request_is_told_by_its_route_with_its_statements(traced, ada, collector):
    project = traced.project(ada)
    span = numbered(collector, traced.ask("GET", project, by=ada))
    assert span.name == "GET /projects/<project:project>"
    assert span.attributes["http.response.status_code"] == 200
    assert span.attributes["enduser.id"].isdecimal()
    assert span.process["service.name"] == "cairn"
    assert any(re.match(r"SELECT \w+", name) for name in collector.wait(lambda: collector.within(span)))


def test_each_worker_sends(traced, collector):
    def processes():
        return {one.process["process.pid"] for one in collector.named("GET /robots.txt")}

    for worker in traced.workers:
        with traced.only(worker):
            if not traced_answers(traced):
                continue
    collector.wait(lambda: len(processes()) >= 2)


def traced_answers(traced):
    """The one that does jobs does not."""
    try:
        from http.client import HTTPConnection

        line = HTTPConnection("127.0.0.1", traced.port, timeout=3)
        line.request("GET", "/robots.txt")
        return line.getresponse().status == 200
    except OSError:
        return False


def test_a_trace_of_the_proxy_goes_on(traced, collector):
    span = numbered(collector, traced.ask("GET", "/robots.txt", headers=ABOVE))
    assert (span.trace, span.parent) == (TRACE, ABOVE["traceparent"].split("-")[2])


@pytest.fixture
def listener():
    """Takes webhooks, and keeps their headers."""
    taken = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(dict(self.headers))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, taken
        server.shutdown()


def test_what_is_sent_is_told_by_its_host_and_takes_no_trace_along(traced, ada, collector, listener):
    project = traced.project(ada)
    port, taken = listener
    hook = {"url": f"http://127.0.0.1:{port}/{SECRET}", "events": ["everything"]}
    assert traced.ask("POST", f"{project}/webhooks", hook, by=ada).status == 201
    assert traced.ask("POST", f"{project}/issues", {"title": "Heard"}, by=ada).status == 201
    (sent,) = collector.wait(lambda: collector.named("webhook"))[:1]
    assert sent.attributes["http.response.status_code"] == 204
    assert sent.attributes["server.address"].startswith("127.0.0.1")
    job = collector.wait(lambda: collector.named("job deliver_webhook"))[0]
    assert job.attributes["cairn.outcome"] == "done"
    assert (sent.trace, sent.parent) == (job.trace, job.id)
    assert not any(name.lower() == "traceparent" for name in taken[0])
    new = {"name": "Bob", "email": "bob@example.com", "password": PASSWORD}
    assert traced.ask("POST", "/auth/register", new).status < 300
    assert collector.wait(lambda: collector.named("mail"))[0].attributes["server.address"] == "localhost"


def test_no_secret_and_nothing_that_somebody_wrote_is_sent(traced, ada, collector):
    project = traced.project(ada)
    asked = [
        traced.ask("GET", f"/auth/reset/{SECRET}"),
        traced.ask("GET", f"/invitations/{SECRET}"),
        traced.ask("GET", f"/nothing/{SECRET}?token={SECRET}"),
        traced.ask("GET", f"{project}/issues.atom?token={SECRET}", by=ada),
        traced.ask("GET", f"{project}/issues?q={SECRET}", by=ada),
        traced.ask("POST", f"{project}/issues", {"title": SECRET, "body": SECRET}, by=ada),
        traced.ask("POST", "/auth/login", {"email": ada.email, "password": SECRET}),
    ]
    for answer in asked:
        numbered(collector, answer)
    everything = b"".join(collector.raw)
    assert b"/robots.txt" in everything
    for secret in (SECRET, ada.token, ada.password, ada.email, KEY):
        assert secret.encode() not in everything


def test_nothing_of_it_is_loaded_where_nobody_collects(traced):
    environ = {**os.environ, "DATABASE_URL": traced.database, "SECRET_KEY": KEY, "ENVIRONMENT": "development"}
    environ.pop("OTEL_EXPORTER_OTLP_ENDPOINT", None)
    code = "import sys, wsgi; print([name for name in sys.modules if name.startswith(('opentelemetry', 'requests'))])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[]\n", 0)


def test_an_endpoint_without_the_library_is_refused_in_words(traced, tmp_path):
    """Another library of that name is in its way."""
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").touch()
    path = f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"
    environ = {**os.environ, "DATABASE_URL": traced.database, "SECRET_KEY": KEY, "PYTHONPATH": path}
    environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4318"
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("cairn: OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed")


def test_a_collector_that_says_nothing_keeps_no_stop_waiting(database, tmp_path):
    """Each span goes alone, and none is taken: who waited for all of them would be killed after 20 seconds."""
    with empty_database(database) as address, socket.create_server(("127.0.0.1", 0), backlog=100) as mute:
        server = Server(
            address, tmp_path, "http://a.test", OTEL_BSP_MAX_EXPORT_BATCH_SIZE="1", OTEL_BSP_SCHEDULE_DELAY="100",
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{mute.getsockname()[1]}",
        )  # fmt: skip
        try:
            server.wait_until_ready()
            for _ in range(40):
                server.ask("GET", "/robots.txt")
            server.process.terminate()
            assert server.process.wait(15) == 0
        finally:
            server.stop()
    assert "Traceback" not in server.log.read_text()


def test_a_collector_that_is_gone_keeps_no_command_waiting():
    """What a command has not sent when it ends: the library would wait for half a minute."""
    code = (
        "from webapp import tracing\n"
        "tracing.begin('http://127.0.0.1:1').start()\n"
        "for _ in range(40):\n"
        "    with tracing.span('one', 'CLIENT'): pass\n"
    )
    environ = {**os.environ, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, timeout=20, check=True)
