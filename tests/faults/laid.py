"""Files of deploy/ha filled in for the hosts of the lab, as `envsubst` fills them in for real ones."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from string import Template

from tests.faults.clusters import is_running
from webapp.config import ROOT

SOURCE = ROOT / "deploy" / "ha"
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
DATABASES, APPLICATIONS = ("db1", "db2", "db3"), ("app1", "app2", "app3")
FRONT, STORE, OUTSIDE = "front", "store", "outside"
SITE = "cairn.example.org"
# The last place of each address.
PLACES = {"db1": 11, "db2": 12, "db3": 13, "app1": 21, "app2": 22, "app3": 23, FRONT: 30, STORE: 40, OUTSIDE: 50}
ADDRESSES = {name: f"10.77.0.{place}" for name, place in PLACES.items()}
SECRETS = (
    "DB_PASSWORD", "SUPERUSER_PASSWORD", "REPLICATION_PASSWORD", "PATRONI_PASSWORD", "SECRET_KEY",
    "FILES_ACCESS_KEY_ID", "FILES_SECRET_ACCESS_KEY",
)  # fmt: skip
ROOM = 3_000_000_000


def programs() -> Path | None:
    """Where Debian's newest PostgreSQL is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else None


def folder() -> Path:
    """A new one, in memory if there is room: processes are killed here, and no disk need prove itself.

    Those of runs that were killed go.
    """
    memory = Path("/dev/shm")
    for left in memory.glob("cairn-lab-*"):
        if not is_running(int(left.name.split("-")[2])):
            shutil.rmtree(left)
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    made = Path(tempfile.mkdtemp(prefix=f"cairn-lab-{os.getpid()}-", dir=memory if is_roomy else None))
    made.chmod(0o755)
    return made


class Laid:
    """A folder for each host, with secrets that all of them know."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = {name: secrets.token_hex(32) for name in SECRETS}

    def values(self, name: str) -> dict[str, str]:
        home = self.home(name)
        named = {host.upper(): ADDRESSES[host] for host in (*DATABASES, *APPLICATIONS)}
        return self.secrets | named | {
            "NAME": name, "ADDRESS": ADDRESSES[name], "NETWORK": "10.77.0.0/24", "SITE": SITE,
            "CERTIFICATE": str(home / "site.pem"), "PROGRAMS": str(programs()), "CLUSTER": str(home / "cluster"),
            "PASSFILE": str(home / "pgpass"), "SOCKETS": str(home), "ETCD_DATA": str(home / "etcd"),
            "USERLIST": str(home / "userlist.txt"), "CAIRN_DATA": str(home / "cairn"), "SHARED_BUFFERS": "32MB",
            "FILES_URL": f"s3://cairn/files?endpoint=http://{ADDRESSES[STORE]}:9000",
        }  # fmt: skip

    def home(self, name: str) -> Path:
        return self.folder / name

    def lay(self, name: str, file: str) -> Path:
        """Fill in a file for a host, as `envsubst` does."""
        path = self.home(name) / file
        path.write_text(Template((SOURCE / file).read_text()).substitute(self.values(name)))
        return path

    def environ(self, *files: Path) -> dict[str, str]:
        """What programs get that systemd would start with these as EnvironmentFile."""
        told = {"PATH": PATH, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        for file in files:
            lines = [line.partition("=") for line in file.read_text().splitlines() if line and line[0] != "#"]
            told |= {name: value for name, _, value in lines}
        return told
