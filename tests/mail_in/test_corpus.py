"""Mails as programs really write them, and as they should not: each becomes what its writer meant, or nothing."""

from email.message import EmailMessage
from pathlib import Path

import pytest

CORPUS = Path(__file__).parent / "corpus"
SEEN = (
    "eight_bit_heads", "encoded_heads", "no_boundary", "unended_multipart", "broken_base64", "unknown_encoding",
    "bad_parameters", "signed", "two_texts", "broken_multipart",
)  # fmt: skip
MEANS = {
    "gmail": "Yes, *this* one.",
    "gmail_html_only": "Yes, **this** one.\n\n- first\n- second",
    "outlook_windows": "Seen it too.\n\nBest regards",
    "outlook_german": "Schön.",
    "outlook_web": "It “moves”.",
    "apple_mail": "Look:\n\nand mend it.\n\n[note.txt]",
    "iphone": "On my way.",
    "thunderbird_flowed": "This is one long line that was broken for a terminal.\n\nFrom here it is another one.",
    "thunderbird_below": "On 28/11/2026 09:58, Ada (Cairn) wrote:\n> Which of them?\nThe third.\n> And when?\nTomorrow.",
    "gnus": '"Ada" (Cairn) <cairn@in.test> writes:\n\n> Ada commented.\n>\n>   It moves.\n\nBy three degrees.',
    "k9": "Tomorrow, at 10\u202fo’clock.",
    "list_footer": "I would not.",
    "french": "D’accord.",
    "japanese": "見ました。",
    "wrong_charset": "Schön “gesagt”.",
    "unknown_charset": "Schön.",
    "no_charset_8bit": "Schön.",
    "winmail": "See the attachment.\n\n[winmail.dat]",
    "nuls": "Seen.\n[31m",
    "calendar": "Let us meet.\n\n[text]",
    "forwarded_mail": "This came.\n\n[message.eml]",
    "inline_picture": "Look: [stone]\n\n![stone.gif]",
    "html_tricks": "Seen.\n\nx\n<<",
    **dict.fromkeys(SEEN, "Seen."),
}
IGNORED = (
    "attribution_only", "blank", "vacation", "vacation_old", "out_of_office", "bounce", "our_own", "our_list", "loop",
    "two_writers", "nobody_wrote", "no_heads", "binary",
)  # fmt: skip


def source(desk, name):
    raw = (CORPUS / f"{name}.eml").read_bytes()
    for mark, value in (("from", desk.bob.email), ("to", desk.address()), ("name", name)):
        raw = raw.replace(b"{" + mark.encode() + b"}", value.encode())
    return raw


def test_each_of_them_has_its_meaning():
    assert {path.stem for path in CORPUS.glob("*.eml")} == {*MEANS, *IGNORED}


@pytest.mark.parametrize("half", [0, 1])
def test_what_a_person_wrote_is_taken(desk, half):
    """One project for many of them."""
    differ = {}
    for name in [*MEANS][half::2]:
        became = desk.take(source(desk, name))
        body = desk.comments()[-1] if became[0] == "taken" else ""
        said = "\n".join(line.partition("](/attachments/")[0] + "]" * ("](/att" in line) for line in body.split("\n"))
        if became != ("taken", "") or said != MEANS[name]:
            differ[name] = (*became, body)
    assert differ == {}


def test_what_nobody_wrote_is_ignored_and_not_answered(desk, sink):
    became = {name: desk.take(source(desk, name))[0] for name in IGNORED}
    assert became == dict.fromkeys(IGNORED, "ignored")
    assert (desk.comments(), sink.mails) == ([], [])


def nested(depth: int) -> str:
    inner = "Content-Type: text/plain\n\nSeen.\n"
    for place in range(depth):
        inner = f'Content-Type: multipart/mixed; boundary="b{place}"\n\n--b{place}\n{inner}\n--b{place}--\n'
    return inner


BOMBS = {
    "deep": nested(40),
    "deeper": nested(2_000),
    "many": 'Content-Type: multipart/mixed; boundary="b"\n\n' + "--b\nContent-Type: text/plain\n\nx\n" * 5_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_made_to_break_it_is_ignored(desk, name):
    head = f"From: {desk.bob.email}\nTo: {desk.address()}\nMessage-ID: <{name}@client.test>\nMIME-Version: 1.0\n"
    assert desk.take((head + BOMBS[name]).encode())[0] == "ignored"


@pytest.mark.parametrize(
    "piece", ["<b>", "<!--", "<a ", "</", "<", "&", "<![CDATA[", "<blockquote>", "<a href=http://x>"]
)
def test_html_that_does_not_end_takes_no_time(desk, piece):
    letter = EmailMessage()
    letter["From"], letter["Message-ID"] = desk.bob.email, "<1@client.test>"
    letter.set_content(f"<p>Seen.</p>{piece * (300_000 // len(piece))}", subtype="html")
    assert desk.take(letter) == ("taken", "")


def test_more_mails_than_anybody_writes_are_ignored(desk, monkeypatch):
    monkeypatch.setattr("webapp.mail_in.taking.HOURLY", 2)
    became = [desk.take(desk.letter(f"Number {number}."))[0] for number in range(3)]
    assert became == ["taken", "taken", "ignored"]


def test_a_text_that_is_too_long_is_cut(desk):
    assert desk.take(desk.letter("long words " * 20_000)) == ("taken", "")
    (body,) = desk.comments()
    assert (len(body) <= 65_536, body.endswith("*The rest of the mail was too long.*")) == (True, True)
