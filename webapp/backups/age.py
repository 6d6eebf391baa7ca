"""Files encrypted for a passphrase in the form of age, version 1, which `age --decrypt` opens without Cairn.

Its specification is https://c2sp.org/age: a key for the file, wrapped by what scrypt makes of the passphrase, and
then pieces of 64 KiB, each sealed by ChaCha20-Poly1305 with its number and whether it is the last. So nothing is
given out that was changed, cut, or put in another order, and neither way takes memory for more than a piece.
"""

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from webapp.backups.errors import DAMAGED, BrokenBackup, LockedBackup

MAGIC = b"age-encryption.org/v1\n"
STANZA = re.compile(rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n")
PIECE, TAG, NONCE = 64 * 1024, 16, 16
# 32 MiB and a tenth of a second. age itself takes 18 and 256 MiB, for words of people; ours must be random.
WORK = 15
# What more would take of memory, a head asks for before anything in it is known to be true.
MOST_WORK = 18
LINE = 128
WRONG = "The backup is encrypted, and BACKUP_PASSPHRASE is not the one that it was made with. Nothing was changed."
HEAVY = (
    "The backup is encrypted so that to try a passphrase takes more memory than Cairn has for it. Nothing was "
    "changed. Open it by `age --decrypt` on a machine that has more, and restore what comes out."
)


class Encrypting:
    """Where bytes are written that will be encrypted; `close` writes the last of them, and leaves the file open."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file, self._held, self._number = file, bytearray(), 0
        key, salt, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(NONCE)
        wrapped = _wrapping(passphrase, salt, WORK).encrypt(bytes(12), key, None)
        head = MAGIC + b"-> scrypt %b %d\n%b\n---" % (_written(salt), WORK, _written(wrapped))
        file.write(head + b" " + _written(_mac(key, head)) + b"\n" + nonce)
        self._cipher = _payload(key, nonce)

    def write(self, content: bytes) -> int:
        self._held += content
        while len(self._held) > PIECE:  # not at once when there are as many: they may be the last
            self._seal(PIECE, is_last=False)
        return len(content)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Without it the file is a cut one."""
        self._seal(PIECE, is_last=True)
        self._file.flush()

    def _seal(self, size: int, *, is_last: bool) -> None:
        piece = bytes(self._held[:size])
        del self._held[:size]
        self._file.write(self._cipher.encrypt(_numbered(self._number, is_last=is_last), piece, None))
        self._number += 1


class Decrypting:
    """The same for reading, from its beginning as often as wanted. Raises BrokenBackup for what is not as it was."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file, self._passphrase = file, passphrase
        self.seek(0)

    def seek(self, place: int) -> None:
        """Begin again; there is no other place."""
        assert place == 0
        self._file.seek(0)
        self._ready, self._pieces = bytearray(), self._opened()

    def seekable(self) -> bool:
        return True

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end."""
        if not self._ready:
            self._ready += next(self._pieces, b"")
        given = bytes(self._ready[:size])
        del self._ready[:size]
        return given

    def _opened(self) -> Iterator[bytes]:
        cipher = _payload(self._key(), self._file.read(NONCE))
        number, piece = 0, self._file.read(PIECE + TAG)
        while piece:
            following = self._file.read(PIECE + TAG)
            try:
                yield cipher.decrypt(_numbered(number, is_last=not following), piece, None)
            except InvalidTag:
                raise BrokenBackup(DAMAGED) from None
            number, piece = number + 1, following

    def _key(self) -> bytes:
        """The key of the file. Raises BrokenBackup for another passphrase, or a head that is none."""
        head = b"".join(self._file.readline(LINE) for _ in range(4))
        found = STANZA.fullmatch(head.removeprefix(MAGIC))
        if found is None:
            raise BrokenBackup(DAMAGED)
        if int(found[2]) > MOST_WORK:
            raise BrokenBackup(HEAVY)
        salt, wrapped, mac = (b64decode(found[part] + b"=" * (-len(found[part]) % 4)) for part in (1, 3, 4))
        try:
            key = _wrapping(self._passphrase, salt, int(found[2])).decrypt(bytes(12), wrapped, None)
        except InvalidTag:
            raise LockedBackup(WRONG) from None
        except MemoryError:
            raise BrokenBackup(HEAVY) from None
        if not hmac.compare_digest(mac, _mac(key, head.rpartition(b" ")[0])):
            raise BrokenBackup(DAMAGED)
        return key


def is_encrypted(file: IO[bytes]) -> bool:
    """Whether it begins as age's files do. It is read from its beginning afterwards."""
    file.seek(0)
    begins = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    return begins


def _wrapping(passphrase: str, salt: bytes, work: int) -> ChaCha20Poly1305:
    salted = b"age-encryption.org/v1/scrypt" + salt
    return ChaCha20Poly1305(Scrypt(salt=salted, length=32, n=2**work, r=8, p=1).derive(passphrase.encode()))


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=salt, info=purpose).derive(key)


def _payload(key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(key, nonce, b"payload"))


def _mac(key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(key, b"", b"header"), head, "sha256")


def _numbered(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _written(content: bytes) -> bytes:
    """As age writes bytes in a head: base64 without what fills it up."""
    return b64encode(content).rstrip(b"=")
