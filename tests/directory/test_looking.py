"""What is read of a real directory, without anybody who logs in."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from tests.directory.slapd import CROWD, GROUPS, LEFT, PEOPLE, SECRET, dn
from webapp.config import Settings
from webapp.directory import line, looking

# What somebody may type who hopes that it becomes part of a filter.
INJECTED = (
    "*", "*)(uid=*))(|(uid=*", "ann)(|(uid=*", "ann*", "(ann)", "ann)", "an\\6e", "\\2a", "ann\x00", "|(uid=*)", "&",
    "ann)(userPassword=*", ")(objectClass=*", "\\", "a" * 320, "\udcff", "{login}", "{dn}",
)  # fmt: skip


@pytest.fixture
def settings(slapd):
    return lambda **more: Settings(_env_file=None, **{**slapd.settings, **more})


def found(settings, login):
    with line.to(settings) as there:
        return looking.by_login(there, settings, login)


def proves(settings, login, password):
    with line.to(settings) as there:
        person = looking.by_login(there, settings, login)
        return there.proves(person.dn, password)


@pytest.mark.parametrize("uid", CROWD)
def test_everybody_is_found_by_what_they_are_called_and_by_nothing_else(settings, uid):
    person = found(settings(), uid)
    assert (person.name, person.email) == (CROWD[uid][1], next(iter(CROWD[uid][2]), ""))
    assert len(person.id) == 36
    assert proves(settings(), uid, SECRET) is (uid != "locked")
    assert proves(settings(), uid, SECRET + "!") is False


@pytest.mark.parametrize("typed", INJECTED)
def test_what_is_typed_stays_a_name(settings, typed):
    assert found(settings(), typed) is None


def test_an_address_finds_as_well_in_any_case(settings):
    assert found(settings(), "ANN@cairn.test").email == "ann@cairn.test"
    assert found(settings(), "joerg@cairn.test").name == "Jörg Müller"


def test_two_entries_are_nobody(settings):
    with pytest.raises(looking.Ambiguous, match="twin"):
        found(settings(), "twin@cairn.test")


@pytest.mark.parametrize(("dn_", "password"), [(dn("ann"), ""), ("", SECRET), ("", "")])
def test_an_empty_name_or_password_never_proves_anything(settings, slapd, dn_, password):
    """The directory itself would say yes: it takes a name without a password for nobody."""
    with line.to(settings()) as there:
        assert there.proves(dn_, password) is False


def test_who_is_locked_is_known_to_be(settings, slapd):
    assert found(settings(), "locked").is_disabled
    assert not found(settings(), "ann").is_disabled
    slapd.change("ann", pwdAccountLockedTime=["000001010000Z"])
    assert found(settings(), "ann").is_disabled
    assert not proves(settings(), "ann", SECRET)


def test_groups_are_those_below_their_base(settings, slapd):
    slapd.join("developers", "ann", "jörg")
    slapd.join("Chefs\\, alle", "jörg")
    assert found(settings(), "ann").groups == ("developers",), "the owners among the others are anybody's to make"
    assert found(settings(), "jörg").groups == ("Chefs, alle", "developers")
    assert found(settings(ldap_group_base_dn=None), "ann").groups == ()


def test_groups_that_only_the_person_names_count_as_well(settings, slapd):
    slapd.join("Chefs\\, alle", "jörg")
    nobody = settings(ldap_group_filter="(cn=nobody {dn})", ldap_group_base_dn=GROUPS.upper().replace(",", ", "))
    assert found(nobody, "jörg").groups == ("Chefs, alle",)


def test_whoever_moves_or_is_renamed_stays_who_they_are(settings, slapd):
    before = found(settings(), "ann")
    moved = slapd.move("ann", "cn=Ann Other")
    after = found(settings(), "ann")
    assert (after.dn, after.id) == (moved, before.id)
    with line.to(settings()) as there:
        assert looking.by_id(there, settings(), before.id) == after


def test_whoever_is_elsewhere_is_found_no_more(settings, slapd):
    before = found(settings(), "ann")
    slapd.move("ann", "uid=ann", LEFT)
    with line.to(settings()) as there:
        assert looking.by_id(there, settings(), before.id) is None
        assert looking.by_id(there, settings(), "*") is None


def test_whom_the_filter_takes_no_more_is_found_no_more(settings, slapd):
    only = settings(ldap_user_filter=f"(&(uid={{login}})(memberOf=cn=developers,{GROUPS}))")
    slapd.join("developers", "ann")
    person = found(only, "ann")
    with line.to(only) as there:
        assert looking.by_id(there, only, person.id) == person
    slapd.join("developers", "ben")
    with line.to(only) as there:
        assert looking.by_id(there, only, person.id) is None


@pytest.mark.parametrize("how", ["ldaps", "starttls"])
def test_it_is_spoken_to_in_secret(settings, slapd, how):
    port = slapd.tls_port if how == "ldaps" else slapd.port
    where = {
        "ldap_url": f"{'ldaps' if how == 'ldaps' else 'ldap'}://localhost:{port}",
        "ldap_start_tls": how == "starttls",
    }
    right = settings(**where, ldap_ca_file=slapd.folder / "ca.pem")
    assert proves(right, "ann", SECRET)
    for wrong in (
        settings(**where, ldap_ca_file=slapd.folder / "other.pem"),
        settings(**where),
        settings(
            **{**where, "ldap_url": where["ldap_url"].replace("localhost", "127.0.0.1")},
            ldap_ca_file=right.ldap_ca_file,
        ),
    ):
        with pytest.raises(line.Trouble, match="CERTIFICATE_VERIFY_FAILED"):
            found(wrong, "ann")


def test_no_password_is_sent_before_the_line_is_secret(settings, listening):
    """A directory that has no StartTLS hears nothing of the account that searches."""
    heard = listening(lambda line_: line_.sendall(bytes.fromhex("300c02010178070a010204000400")))
    with pytest.raises(line.Trouble):
        found(settings(ldap_url=heard.url, ldap_start_tls=True, ldap_timeout=2), "ann")
    assert b"1.3.6.1.4.1.1466.20037" in heard.said
    assert b"reads all" not in heard.said


@pytest.mark.parametrize("change", [{"ldap_bind_password": "wrong"}, {"ldap_base_dn": "ou=nowhere,dc=cairn,dc=test"}])
def test_what_is_set_up_wrongly_is_trouble_and_nobodys_fault(settings, change):
    with pytest.raises(line.Trouble, match=r"invalidCredentials|noSuchObject"):
        found(settings(**change), "ann")


def test_a_dead_directory_is_trouble(settings):
    with pytest.raises(line.Trouble, match="refused"):
        found(settings(ldap_url="ldap://127.0.0.1:9"), "ann")
    with pytest.raises(line.Trouble, match="not found"):
        found(settings(ldap_url="ldap://nowhere.invalid"), "ann")


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("ldap", b""),
        ("ldaps", b""),
        ("ldap", b"0\x84\x7f\xff\xff\xff" + b"x" * 99),
        ("ldaps", b"\x16\x03\x03\x3f\xff" * 9),
    ],
)
def test_one_that_hangs_or_drips_is_waited_for_so_long_and_no_longer(settings, mute, scheme, words):
    url = mute(words).url.replace("smtp", scheme)
    began = time.monotonic()
    with pytest.raises(line.Trouble, match="within 1 seconds"):
        found(settings(ldap_url=url, ldap_timeout=1), "ann")
    assert time.monotonic() - began < 2


class Listening:
    """A server that answers whatever comes by what it is given, and keeps what was said."""

    def __init__(self, answer):
        self.said = b""
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"ldap://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with suppress(OSError):
            while True:
                taken, _ = self._socket.accept()
                with taken, suppress(OSError):
                    self.said += taken.recv(4096)
                    self._answer(taken)
                    self.said += taken.recv(4096)

    def stop(self):
        self._socket.close()


@pytest.fixture
def listening():
    made = []
    yield lambda answer: made.append(Listening(answer)) or made[-1]
    for one in made:
        one.stop()


GARBAGE = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", b"\x00" * 40, b"\xff" * 40, b"0\x00", b"0\x80\x00\x00",
    b"0\x05\x02\x01\x01a\x00", b"0\x0c\x02\x01\x01a\x07\n\x01\x00\x04\x00", b"0\x0c\x02\x01\x07a\x07\n\x01\x00\x04\x00\x04\x00",
    b"0\x0c\x02\x01\x01e\x07\n\x01\x00\x04\x00\x04\x00", b"",
)  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE)
def test_one_that_speaks_something_else_is_trouble(settings, listening, garbage):
    there = listening(lambda taken: taken.sendall(garbage) if garbage else taken.close())
    with pytest.raises(line.Trouble):
        found(settings(ldap_url=there.url, ldap_timeout=1), "ann")


@pytest.mark.parametrize("cut", range(1, 14))
def test_half_an_answer_is_trouble(settings, listening, cut):
    there = listening(lambda taken: taken.sendall(bytes.fromhex("300c02010161070a010004000400")[:cut]))
    with pytest.raises(line.Trouble):
        found(settings(ldap_url=there.url, ldap_timeout=1), "ann")


def test_a_referral_is_not_followed(settings, slapd, listening):
    elsewhere = listening(lambda taken: None)
    with slapd.as_root() as root:
        root.add(
            f"cn=elsewhere,{PEOPLE}",
            ["referral", "extensibleObject"],
            {"cn": "elsewhere", "uid": "ann", "ref": f"{elsewhere.url}/{PEOPLE}"},
            controls=[("2.16.840.1.113730.3.4.2", True, None)],
        )
    try:
        assert found(settings(), "ann").dn == dn("ann")
        assert elsewhere.said == b""
    finally:
        with slapd.as_root() as root:
            root.delete(f"cn=elsewhere,{PEOPLE}", controls=[("2.16.840.1.113730.3.4.2", True, None)])
