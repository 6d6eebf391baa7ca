"""A real directory: OpenLDAP's slapd in a folder of its own, with people whose names are not easy.

`allow bind_anon_dn` makes it as careless as many are: it lets in whoever shows a name and no password, as nobody.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ldap3
import pytest

BASE = "dc=cairn,dc=test"
PEOPLE, LEFT, GROUPS, OTHERS = (f"ou={name},{BASE}" for name in ("people", "left", "groups", "others"))
READER, READS = f"cn=cairn,{BASE}", "reads all"
ROOT_DN, ROOT_PASSWORD = f"cn=root,{BASE}", "may do all"
SLAPD, SLAPADD = (shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin") for name in ("slapd", "slapadd"))
SECRET = "plain yellow kettles"
# By uid: the RDN, the name, and the addresses.
CROWD: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ann": ("uid=ann", "Ann Onym", ("ann@cairn.test",)),
    "ben": ("uid=ben", "Ben Onym", ("ben@cairn.test",)),
    "jörg": (r"cn=Müller\, Jörg (Vertrieb)", "Jörg Müller", ("joerg@cairn.test",)),
    "st*r": ("cn=Sta* Gazer", "Sta* Gazer", ("star@cairn.test",)),
    "p(ar)en": ("cn=P(ar)en", "P(ar)en", ("paren@cairn.test",)),
    "back\\slash": (r"cn=Back\\slash\+more", "Back Slash", ("back@cairn.test",)),
    "twin1": ("uid=twin1", "Twin One", ("twin@cairn.test",)),
    "twin2": ("uid=twin2", "Twin Two", ("twin@cairn.test",)),
    "nomail": ("uid=nomail", "No Mail", ()),
    "badmail": ("uid=badmail", "Bad Mail", ("not an address",)),
    "locked": ("uid=locked", "Locked Out", ("locked@cairn.test",)),
}
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
allow bind_anon_dn
sizelimit 100
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
maxsize 33554432
suffix "{base}"
rootdn "{root}"
rootpw "{password}"
directory {folder}/base
overlay memberof
overlay ppolicy
ppolicy_default "cn=policy,{base}"
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by anonymous auth by * none
"""


@dataclass(frozen=True)
class Slapd:
    """A directory that runs. `folder` has the certificate of its authority, `ca.pem`."""

    folder: Path
    port: int
    tls_port: int

    @property
    def settings(self) -> dict[str, Any]:
        """What Cairn is told of it."""
        return {
            "ldap_url": f"ldap://127.0.0.1:{self.port}",
            "ldap_bind_dn": READER,
            "ldap_bind_password": READS,
            "ldap_base_dn": PEOPLE,
            "ldap_group_base_dn": GROUPS,
        }

    @contextmanager
    def as_root(self) -> Iterator[ldap3.Connection]:
        """Change what is in it."""
        server = ldap3.Server("127.0.0.1", self.port, get_info=ldap3.NONE)
        with ldap3.Connection(server, ROOT_DN, ROOT_PASSWORD, auto_bind=True, raise_exceptions=True) as root:
            yield root

    def change(self, uid: str, **values: list[str]) -> None:
        """Give somebody other values of attributes."""
        with self.as_root() as root:
            root.modify(dn(uid), {name: [(ldap3.MODIFY_REPLACE, said)] for name, said in values.items()})

    def join(self, group: str, *uids: str) -> None:
        """Let these be the members of a group, which must have one."""
        with self.as_root() as root:
            members = [dn(uid) for uid in uids] or [READER]
            root.modify(f"cn={group},{GROUPS}", {"member": [(ldap3.MODIFY_REPLACE, members)]})

    def move(self, uid: str, name: str, base: str = PEOPLE) -> str:
        """Give somebody's entry another name, or another place; where it is then."""
        with self.as_root() as root:
            root.modify_dn(dn(uid), name, delete_old_dn=False, new_superior=base)
        return f"{name},{base}"


def dn(uid: str) -> str:
    """Where somebody's entry is at first."""
    return f"{CROWD[uid][0]},{PEOPLE}"


@contextmanager
def running(folder: Path) -> Iterator[Slapd]:
    """A directory for a while, with nobody but the crowd in it."""
    _certify(folder)
    (folder / "base").mkdir()
    configuration = folder / "slapd.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, base=BASE, root=ROOT_DN, password=ROOT_PASSWORD, reader=READER)
    )
    given = subprocess.run(
        [str(SLAPADD), "-f", str(configuration)], input=_ldif(), capture_output=True, text=True, check=False
    )
    assert given.returncode == 0, given.stderr
    found = Slapd(folder, _free_port(), _free_port())
    process = subprocess.Popen(
        [str(SLAPD), "-d", "0", "-f", str(configuration),
         "-h", f"ldap://127.0.0.1:{found.port} ldaps://127.0.0.1:{found.tls_port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await(found.tls_port, process)
        yield found
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def running_slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    if not (SLAPD and SLAPADD):
        pytest.skip("slapd is not installed")
    with running(tmp_path_factory.mktemp("slapd")) as found:
        yield found


@pytest.fixture
def slapd(running_slapd: Slapd) -> Iterator[Slapd]:
    """The directory as it was at first; what a test changes in it is put back."""
    before = dict(_entries(running_slapd))
    yield running_slapd
    after = dict(_entries(running_slapd))
    if after != before:
        _restore(running_slapd, before, after)


def _entries(slapd: Slapd) -> Iterator[tuple[str, dict[str, Any]]]:
    with slapd.as_root() as root:
        for base in (PEOPLE, LEFT, GROUPS):
            root.search(
                base, "(!(objectClass=organizationalUnit))", attributes=["*", "entryUUID", "pwdAccountLockedTime"]
            )
            for one in root.response:
                yield one["raw_attributes"]["entryUUID"][0].decode(), {"dn": one["dn"], **one["raw_attributes"]}


def _restore(slapd: Slapd, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    with slapd.as_root() as root:
        for key, was in before.items():
            now = after[key]
            if now["dn"] != was["dn"]:
                name, _, base = was["dn"].partition(",ou=")
                root.modify_dn(now["dn"], name, delete_old_dn=False, new_superior=f"ou={base}")
        for key, was in before.items():
            now, kept = after[key], {"dn", "entryUUID", "objectClass"}
            names = {name for name in {*was, *now} - kept if was.get(name) != now.get(name)}
            if names:
                changes = {name: [(ldap3.MODIFY_REPLACE, was.get(name, []))] for name in names}
                root.modify(was["dn"], changes)


def _certify(folder: Path) -> None:
    """An authority of our own, another that nobody should believe, and a certificate for `localhost` alone."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    for name in ("ca", "other"):
        _openssl(
            folder, *key, "-subj", f"/CN={name} of a test", "-addext", "keyUsage=critical,keyCertSign",
            "-keyout", f"{name}.key", "-out", f"{name}.pem",
        )  # fmt: skip
    _openssl(
        folder, *key, "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE",
        "-keyout", "server.key", "-out", "server.pem",
    )  # fmt: skip


def _openssl(folder: Path, *arguments: str) -> None:
    made = subprocess.run(["openssl", "req", "-x509", *arguments], cwd=folder, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr


def _ldif() -> str:
    units = [
        _entry(BASE, objectClass=["dcObject", "organization"], dc=["cairn"], o=["Cairn"]),
        *(
            _entry(unit, objectClass=["organizationalUnit"], ou=[unit.partition(",")[0].removeprefix("ou=")])
            for unit in (PEOPLE, LEFT, GROUPS, OTHERS)
        ),
        _entry(
            f"cn=policy,{BASE}",
            objectClass=["device", "pwdPolicy"],
            cn=["policy"],
            pwdAttribute=["userPassword"],
            pwdLockout=["TRUE"],
        ),
        _entry(
            READER, objectClass=["organizationalRole", "simpleSecurityObject"], cn=["cairn"], userPassword=[READS]
        ),
    ]
    groups = {f"cn={name},{GROUPS}": READER for name in ("developers", "reporters", "Chefs, alle")}
    groups |= {f"cn=owners,{OTHERS}": dn("ann")}
    named = [
        _entry(
            group.replace("Chefs, alle", r"Chefs\, alle"), objectClass=["groupOfNames"], member=[member],
            cn=[group.partition("cn=")[2].partition(",ou=")[0]],
        )
        for group, member in groups.items()
    ]  # fmt: skip
    return "\n".join([*units, *(_person(uid) for uid in CROWD), *named])


def _person(uid: str) -> str:
    name, called, addresses = CROWD[uid]
    own = [name.partition("=")[2].replace(r"\,", ",").replace(r"\\", "\\").replace(r"\+", "+")]
    more = {"pwdAccountLockedTime": ["000001010000Z"]} if uid == "locked" else {}
    return _entry(
        dn(uid), objectClass=["inetOrgPerson"], cn=own if name.startswith("cn=") else [called],
        sn=[called.split()[-1]], displayName=[called], uid=[uid], mail=list(addresses), userPassword=[SECRET], **more,
    )  # fmt: skip


def _entry(where: str, **values: list[str]) -> str:
    from base64 import b64encode

    lines = [f"dn:: {b64encode(where.encode()).decode()}"]
    lines += [f"{name}:: {b64encode(one.encode()).decode()}" for name, given in values.items() for one in given]
    return "\n".join([*lines, ""])


def _free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, f"slapd ended with {process.returncode}"
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.05)
    raise AssertionError("slapd does not listen")
