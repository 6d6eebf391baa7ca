"""A reload (HUP) brings new code and settings, or changes nothing."""

import shutil
import signal
import time

import pytest

from tests.server.running import PATIENCE, ready, wait
from webapp.config import ROOT

REFUSED = "cairn: nothing was reloaded"


@pytest.fixture
def checkout(tmp_path):
    """A copy of the code that a test may change."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "webapp", root / "webapp", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("gunicorn.conf.py", "wsgi.py"):
        shutil.copy(ROOT / name, root / name)
    for name in ("templates", "static", "migrations"):
        (root / name).symlink_to(ROOT / name)
    return root


@pytest.fixture
def served(checkout, database, tmp_path):
    with ready(database, tmp_path, "http://localhost:5173", checkout) as running:
        yield running


def reload(server):
    server.process.send_signal(signal.SIGHUP)


def is_replaced(server, before):
    return len(server.workers) == 2 and not server.workers & before


def test_it_brings_new_code(served, checkout):
    assert "X-New" not in served.ask("GET", "/healthz").headers
    file = checkout / "webapp/http/policies.py"
    file.write_text(file.read_text().replace("ALWAYS = {", 'ALWAYS = {\n    "X-New": "1",', 1))
    before = served.workers
    reload(served)
    wait(lambda: is_replaced(served, before))
    assert served.ask("GET", "/healthz").headers["X-New"] == "1"


def test_it_brings_new_settings(served, checkout):
    (checkout / ".env").write_text("BASE_URL=https://cairn.example.org\n")
    before = served.workers
    reload(served)
    wait(lambda: is_replaced(served, before))
    assert served.ask("GET", "/healthz", headers={"Host": "evil.test"}).status == 400


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (".env", "DB_POOL_SIZE=many\n", "cairn: DB_POOL_SIZE: "),
        ("webapp/home/routes.py", "def (\n", "SyntaxError"),
        ("webapp/home/routes.py", "import nothing_of_that_name\n", "ModuleNotFoundError"),
        ("gunicorn.conf.py", "workers = nobody\n", "NameError"),
    ],
    ids=["setting", "syntax", "import", "gunicorn"],
)
def test_what_cannot_be_loaded_leaves_the_server_as_it_is(served, checkout, file, text, said):
    before, place = served.workers, checkout / file
    was = place.read_text() if place.exists() else ""
    place.write_text(text + was)
    reload(served)
    wait(lambda: REFUSED in served.log.read_text())
    told = served.log.read_text()
    assert said in told
    assert "many" not in told
    assert served.workers == before
    assert served.ask("GET", "/readyz").status == 200
    place.write_text(was)
    reload(served)
    wait(lambda: is_replaced(served, before))
    assert served.ask("GET", "/readyz").status == 200


def test_a_stop_while_it_is_tried_is_heard(served, checkout):
    (checkout / "wsgi.py").write_text("import time\ntime.sleep(3)\n" + (checkout / "wsgi.py").read_text())
    reload(served)
    time.sleep(0.5)
    served.process.terminate()
    served.process.wait(PATIENCE)
    assert served.process.returncode == 0
