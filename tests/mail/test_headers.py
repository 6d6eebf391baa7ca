"""The head of a mail: whatever stands in names and titles, it says what it should and nothing else."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.mail.conftest import letter
from webapp import clock
from webapp.db import transacting
from webapp.mail import headers
from webapp.mail.blocks import Gathering
from webapp.mail.composing import MailingList, Stop
from webapp.models.accounts import User

NAMES = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Id", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Auto-Submitted", "X-Auto-Response-Suppress", "Reply-To", "MIME-Version", "Content-Type",
}  # fmt: skip
HOSTILE = [
    "x\r\nBcc: evil@example.com",
    "x\nBcc: evil@example.com\n\nA body",
    "x\r\n\r\n<script>",
    "x\rBcc: evil@example.com",
    "x\u2028Bcc: evil@example.com\x85Bcc: evil@example.com\x0bBcc: evil@example.com",
    "=?utf-8?q?x=0D=0ABcc=3A_evil=40example=2Ecom?=",
    "=?utf-8?b?eA0KQmNjOiBldmlsQGV4YW1wbGUuY29t?=",
    'Ada" <evil@example.com>, "Bob',
    "Ada <evil@example.com>",
    "Ada, Bob; evil@example.com:",
    "\\",
    "\x00\x1b[31mred",
]
TONGUES = ["Jürgen Größer", "שלום עולם", "مرحبا بالعالم", "修复登录问题", "🪨 rock", "Zoë 修复 שלום, a mix"]
LONG = "A stone of the wall is loose and nobody knows why, " * 8


@pytest.fixture
def sent(mailing, sink, post, ada, composed):
    """What arrives of a letter, as bytes and as a program reads it."""

    def send(to=None, **given):
        composed("thing", letter(**given))
        post("thing", to or ada, {})
        mailing.drain()
        return sink.mails[-1]

    return send


def head(received):
    return BytesHeaderParser(policy=policy.compat32).parsebytes(received.source)


def read(value):
    """As mail programs read a header that may be coded."""
    return str(make_header(decode_header(value)))


def phrase(value):
    """The name before an address. Python's own parser leaves a blank between two coded words, which is none."""
    name = re.sub(r"\r?\n(?=[ \t])", "", value).rpartition(" <")[0]
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else read(name)


@pytest.mark.parametrize("text", [*HOSTILE, *TONGUES, LONG])
def test_a_title_is_a_subject_and_no_more(sent, text):
    received = sent(title=text, who=text, by=text)
    found = head(received)
    assert {*found.keys()} <= NAMES
    assert len(found.keys()) == len({*found.keys()})
    assert received.to == [received.message["To"].addresses[0].addr_spec]
    subject = read(re.sub(r"\r?\n(?=[ \t])", "", found["Subject"]))
    shown = " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028]", " ", text).split())
    assert subject == (shown if len(shown) <= 180 else subject[:179] + "…")
    assert subject[:100] == shown[:100]


@pytest.mark.parametrize("name", [*HOSTILE, *TONGUES, LONG[:100]])
def test_a_name_is_a_name_and_no_address(mailing, sink, make, post, composed, name):
    person = make.person("Ada")
    composed("thing", letter(by=name, mailing_list=MailingList("ROCK", name)))
    with mailing.app.app_context(), transacting() as session:
        session.get_one(User, person.id).name = name.replace("\x00", "")
    post("thing", person, {})
    mailing.drain()
    [received] = sink.mails
    found = head(received)
    assert {*found.keys()} <= NAMES
    for header, address in (("To", person.email), ("From", "cairn@cairn.test")):
        [one] = received.message[header].addresses
        assert one.addr_spec == address
    shown = " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028]", " ", name).split())
    assert phrase(found["To"]) == shown
    assert phrase(found["From"]) == f"{shown} (Cairn)"[:100]
    assert re.search(r"<rock\.cairn\.test>$", found["List-Id"])


@given(some.text(max_size=250))
def test_any_text_is_one_header(text):
    coded = f"Subject: {headers.coded('Subject', text)}\r\nTo: {headers.mailbox(text, 'ada@example.com')}\r\n\r\n"
    assert coded.isascii()
    assert max(map(len, coded.split("\r\n"))) < 998
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", coded)
    parsed = message_from_bytes(coded.encode(), policy=policy.compat32)
    assert [*parsed.keys()] == ["Subject", "To"]
    assert parsed.get_payload() == ""


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "@example.com", "ada@example.com\r\nBcc: evil@example.com", "a b@example.com",
                "ada@example.com,evil@example.com", "<ada@example.com>"],
)  # fmt: skip
def test_what_is_no_address_gets_no_mail(mailing, sink, post, row, address):
    number = post("test", address, {})
    mailing.drain()
    assert (sink.mails, sink.connections, row(number).state) == ([], 0, "failed" if address else "dropped")


def test_a_domain_beyond_ascii_is_written_as_the_dns_has_it(mailing, sink, post):
    post("test", "ada@bücher.example", {})
    mailing.drain()
    assert sink.mails[0].to == ["ada@xn--bcher-kva.example"]
    assert sink.mails[0].message["To"] == "ada@xn--bcher-kva.example"


def test_nobody_else_is_named_in_it(mailing, sink, post, composed, ada, eve):
    composed("thing", letter())
    for who in (ada, eve):
        post("thing", who, {})
    mailing.drain()
    for received in sink.mails:
        assert len(received.to) == 1
        [other] = {ada.email, eve.email} - {*received.to}
        assert other.encode() not in received.source


def test_it_says_that_a_program_wrote_it_and_when(sent):
    message = sent().message
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert abs((parsedate_to_datetime(message["Date"]) - clock.now()).total_seconds()) < 60


def test_it_belongs_to_a_list_that_one_click_leaves(sent, ended, ada):
    received = sent(mailing_list=MailingList("ROCK", "Rockery"), stop=Stop("thing", {"issue": 12}))
    found = head(received)
    assert found["List-Id"] == '"Rockery" <rock.cairn.test>'
    assert re.fullmatch(r"<https://cairn\.test/mail/stop/[\w.-]+>", found["List-Unsubscribe"])
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["List-Unsubscribe"].strip("<>") in received.body()


def test_without_encryption_there_is_no_one_click(mailing, sent, sink, ended):
    """RFC 8058 wants an https address; others are still shown."""
    mailing.by(sink.url, base_url="http://cairn.test")
    found = head(sent(stop=Stop("thing", {})))
    assert "List-Unsubscribe" in found
    assert "List-Unsubscribe-Post" not in found


def test_answers_go_where_the_letter_says(sent):
    assert sent(reply_to="reply+abc@cairn.test").message["Reply-To"] == "reply+abc@cairn.test"
    assert sent().message["Reply-To"] is None


def test_links_are_of_this_site_whatever_the_request_said(mailing, sent):
    received = sent()
    assert {*re.findall(r"https?://[^/\s\"<]+", received.body() + received.body("html"))} == {"https://cairn.test"}


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example", "x", "/a b", '/"'])
def test_a_link_to_elsewhere_is_a_mistake(path):
    with pytest.raises(ValueError, match="No path"):
        Gathering("https://cairn.test").at(path)
