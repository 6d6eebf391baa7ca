"""No mail keeps the worker busy or makes it fail, whatever is in it: all other jobs would wait for that one."""

import codecs
import encodings
import pkgutil
import random
from time import process_time

import pytest

from tests.mail_in.test_corpus import CORPUS
from webapp.mail_in import heads, reading
from webapp.mail_in.parsing import Unreadable, parsed

HEAD = b"From: bob@example.org\r\nSubject: x\r\n"
PLAIN = b"Content-Type: text/plain"
NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300))
LONG = {
    "parameters": HEAD + PLAIN + b"; a=b" * 300_000 + b"\r\n\r\nhi",
    "quotation marks": HEAD + PLAIN + b'; name="' + b'\\";' * 60_000 + b"\r\n\r\nhi",
    "a file's name": HEAD + b'Content-Disposition: attachment; filename="' + b'\\";' * 60_000 + b"\r\n\r\nhi",
    "pieces of a name": HEAD + PLAIN + b"".join(b"; name*%d=b" % n for n in range(100_000)) + b"\r\n\r\nhi",
    "coded words": b"From: bob@example.org\r\nSubject: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\n\r\nhi",
    "depth": HEAD + NESTED + PLAIN + b"\r\n\r\n" + b"\n" * 400_000,
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 400_000,
    "lines": HEAD + b"\r\n" + b"\n" * 25_000_000,
    "flowing lines": HEAD + PLAIN + b"; format=flowed\r\n\r\n" + b"> a \n" * 100_000,
    "quoted lines": HEAD + b"\r\n" + b"> a\n\n" * 100_000,
    "lines like heads": HEAD + b"\r\n" + b"From: a@b.c\n" * 50_000,
    "rules": HEAD + b"\r\n" + b"_" * 200_000,
    "orders": HEAD + b"\r\n" + b"!close\n" * 30_000,
    "brackets": b"From: " + b"(" * 100_000 + b"bob@example.org\r\n\r\nhi",
    "angles": b"From: " + b"<" * 100_000 + b"bob@example.org\r\n\r\nhi",
    "commas": b"From: " + b"," * 100_000 + b"bob@example.org\r\n\r\nhi",
    "who says what": HEAD + b"Authentication-Results: mx; " + b"(" * 100_000 + b"\r\n\r\nhi",
    "answers": b"From: bob@example.org\r\nSubject: " + b"Re: " * 50_000 + b"\r\n\r\nhi",
}


def read(source: bytes) -> str:
    """All that is done with what is in a mail; what there is to say of it."""
    try:
        message = parsed(source)
        reading.is_authentic(message, "mx")
        reading.digest(source, "a@in.test")
        reading.automatic(message, "cairn.test")
        letter = reading.letter_of(message)
    except Unreadable as error:
        return str(error)
    told = [
        letter.sender,
        letter.subject,
        letter.words,
        *(one.name for one in letter.files),
        *map(str, letter.orders),
    ]
    return "\n".join(told)


@pytest.mark.parametrize("name", LONG)
def test_no_mail_takes_long(name):
    began = process_time()
    read(LONG[name])
    assert process_time() - began < 3


@pytest.mark.parametrize("name", [one.name for one in pkgutil.iter_modules(encodings.__path__)])
def test_whatever_a_text_is_coded_in_it_can_be_stored(name):
    raw = bytes(range(256)) + rb"\ud800 +2AA- " + "\ud800".encode("utf-8", "surrogatepass")
    for piece in (raw, raw + b"x", raw[256:]):
        heads.text_of(piece, name).encode()


def test_what_is_broken_anywhere_is_read_or_refused():
    """Pieces of real mails, cut, doubled and mixed; a failure says by which of them."""
    chance = random.Random(13)
    mails = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]
    for number in range(1_500):
        pieces = chance.choice(mails).split(b"\n")
        for _ in range(chance.randint(1, 8)):
            other = chance.choice(mails).split(b"\n")
            at, begin = chance.randrange(len(pieces) + 1), chance.randrange(len(other))
            pieces[at : at + chance.choice((0, 1, 3))] = other[begin : begin + chance.choice((0, 1, 4))]
        source = bytearray(b"\n".join(pieces) or b"\n")
        for _ in range(chance.choice((0, 0, 5))):
            source[chance.randrange(len(source))] = chance.randrange(256)
        try:
            read(bytes(source)).encode()
        except Exception as error:
            error.add_note(f"mail {number}: {bytes(source)!r}")
            raise


def test_a_codec_that_is_none_of_mail_is_known_by_its_own_name():
    assert {codecs.lookup(name).name for name in heads.NOT_OF_MAIL} == set(heads.NOT_OF_MAIL)
