"""The API document is good for generators: whole clients come of it, without a warning, and they work."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.clients import token_of

HERE = Path(__file__).parent
# Of these the generator knows no type; their answers are bytes to it.
CONFIG = {
    "project_name_override": "cairn-client",
    "package_name_override": "cairn_client",
    "post_hooks": [],
    "content_type_overrides": {
        "application/atom+xml": "application/octet-stream",
        "application/x-ndjson": "application/octet-stream",
        "text/calendar": "application/octet-stream",
        "text/csv": "application/octet-stream",
    },
}


@pytest.fixture(scope="module")
def document(migrated, tmp_path_factory):
    """The API document, as a file."""
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_text(migrated.test_client().get("/openapi.json").text)
    return path


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """A folder with the tools that package-lock.json pins, and a function that runs them there."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm: the TypeScript client is not tried")
    folder = tmp_path_factory.mktemp("typescript")
    for file in (HERE / "typescript").iterdir():
        shutil.copy(file, folder)
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    return folder


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout + done.stderr


def names(document):
    paths = json.loads(document.read_text())["paths"]
    return {operation["operationId"] for methods in paths.values() for operation in methods.values()}


def test_a_typescript_client_compiles_strictly(node, document):
    tools = node / "node_modules" / ".bin"
    run([tools / "openapi-typescript", document, "--output", "api.ts"], node)
    strict = [
        "--strict",
        "--exactOptionalPropertyTypes",
        "--noUncheckedIndexedAccess",
        "--noEmit",
        "--skipLibCheck",
        "false",
    ]
    run([tools / "tsc", *strict, "--target", "es2022", "--module", "preserve", "use.ts", "api.ts"], node)
    body = (node / "api.ts").read_text().partition("export interface operations {")[2]
    assert set(re.findall(r"^    (\w+): \{$", body, re.MULTILINE)) == names(document)


@pytest.fixture(scope="module")
def client(document, tmp_path_factory):
    """The folder of a Python client, and what its generator said."""
    folder = tmp_path_factory.mktemp("python")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", document]
    said = run([*command, "--config", "config.json", "--meta", "none", "--output-path", "cairn_client"], folder)
    sys.path.insert(0, str(folder))
    yield folder / "cairn_client", said
    sys.path.remove(str(folder))


def test_a_python_client_has_every_operation(client, document):
    folder, said = client
    assert "warning" not in said.lower(), said
    modules = {path.stem for path in (folder / "api").rglob("*.py") if path.stem != "__init__"}
    assert modules == names(document)
    for path in folder.rglob("*.py"):
        importlib.import_module(".".join(path.relative_to(folder.parent).with_suffix("").parts))


def test_a_python_client_works(client, app, ada):
    generated = importlib.import_module("cairn_client")
    models = importlib.import_module("cairn_client.models")
    call = lambda tag, name: importlib.import_module(f"cairn_client.api.{tag}.{name}")  # noqa: E731
    transport = httpx.WSGITransport(app=app)
    held = generated.AuthenticatedClient(
        "http://localhost", token=token_of(app, ada), httpx_args={"transport": transport}
    )
    project = call("projects", "projects_create").sync(client=held, body=models.ProjectIn(name="Wall", key="WALL"))
    assert project.key == "WALL"
    for title in ("Loose", "Another"):
        body = models.IssueIn(title=title, labels=[])
        made = call("issues", "issues_create").sync_detailed("WALL", client=held, body=body, idempotency_key=title)
        assert made.status_code == 201
    listed = call("issues", "issues_list").sync("WALL", client=held, limit=1)
    assert (listed.total, [one.title for one in listed.items], listed.next_ is not None) == (2, ["Another"], True)
    stale = call("issues", "issues_update").sync_detailed(
        "WALL", 1, client=held, body=models.IssueEdit(title="Other"), if_match='"77"'
    )
    assert stale.status_code == 412
    kept = call("issues", "issues_update").sync("WALL", 1, client=held, body=models.IssueEdit(title="Other"))
    assert (kept.title, kept.milestone) == ("Other", None)
    gone = call("issues", "issues_delete").sync_detailed("WALL", 1, client=held)
    assert gone.status_code == 204
