"""The whole way on a real server, with what docs/code-hosts.md says: Git pushes, and an issue is closed."""

import re
import subprocess
import sys
import time

import pytest

from tests.prepared import started_database
from tests.server.running import PATIENCE, Server
from webapp.config import ROOT

DOCS = (ROOT / "docs" / "code-hosts.md").read_text()


@pytest.fixture(scope="module")
def server(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with started_database(database, folder) as address:
        running = Server(address, folder, "http://localhost:5173", WORKER="on")
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.process.kill()


@pytest.fixture(scope="module")
def owner(server):
    return server.person()


@pytest.fixture
def issue(server, owner):
    """The address and the key of an open issue."""
    project = server.project(owner)
    made = server.ask("POST", f"{project}/issues", {"title": "A stone is loose"}, by=owner).json
    return f"{project}/issues/{made['number']}", made["key"], project


def connected(server, owner, project):
    made = server.ask("POST", f"{project}/code-hosts", {"kind": "plain"}, by=owner).json
    return re.sub(r"^http://[^/]+", f"http://127.0.0.1:{server.port}", made["hook_url"]), made["secret"]


def is_closed(server, owner, address):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.ask("GET", address, by=owner).json["state"] == "closed":
            return True
        time.sleep(0.1)
    return False


def block(language):
    """The code of this language that stands in the document."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    return found


def test_the_line_of_curl_closes_an_issue(server, owner, issue):
    address, key, project = issue
    url, secret = connected(server, owner, project)
    line = block("sh").replace("KEY-12", key)
    ran = subprocess.run(
        ["sh", "-c", line],
        env={"HOOK_URL": url, "SECRET": secret, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert '{"state":"taken"}' in ran.stdout, ran
    assert is_closed(server, owner, address)


def test_a_hook_of_git_closes_an_issue(server, owner, issue, tmp_path):
    address, key, project = issue
    url, secret = connected(server, owner, project)
    there, here = tmp_path / "there.git", tmp_path / "here"

    def git(*words, at=here):
        who = ("-c", "user.name=Eve", "-c", "user.email=eve@mason.example")
        return subprocess.run(["git", "-C", at, *who, *words], check=True, capture_output=True, text=True).stdout

    for folder, kind in ((there, ["--bare"]), (here, [])):
        folder.mkdir()
        git("init", "-q", "-b", "main", *kind, at=folder)
    hook = there / "hooks" / "post-receive"
    script = block("python").replace('"HOOK_URL"', f'"{url}"').replace('"SECRET"', f'"{secret}"')
    hook.write_text(script.replace("/usr/bin/env python3", sys.executable))
    hook.chmod(0o755)
    git("commit", "--allow-empty", "-q", "-m", "Begin")
    git("commit", "--allow-empty", "-q", "-m", f'Turn the "stone"\n\nIt wobbled, é. Fixes {key}.')
    git("push", "-q", str(there), "main")
    assert is_closed(server, owner, address)
    events = server.ask("GET", f"{address}/events", by=owner).json["items"]
    told = next(one["data"] for one in events if one["kind"] == "committed")
    assert (told["ref"], told["title"]) == (git("rev-parse", "HEAD").strip(), 'Turn the "stone"')
    assert secret not in server.log.read_text()
    assert url.rpartition("/")[2] not in server.log.read_text()
