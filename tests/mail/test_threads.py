"""Mails about one thing stand together in a mail program: by the algorithm of RFC 5256, from a real mailbox."""

import mailbox
import re
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from itertools import pairwise

import pytest

from tests.mail.conftest import letter


class Container:
    def __init__(self, message=None):
        self.message, self.parent, self.children = message, None, []

    def is_above(self, other):
        while other is not None:
            if other is self:
                return True
            other = other.parent
        return False

    def take(self, child):
        if child.parent is not None:
            child.parent.children.remove(child)
        child.parent = self
        self.children.append(child)


def references(messages):
    """The threads of RFC 5256, REFERENCES: steps 1 to 5, as lists of subjects."""
    known: dict[str, Container] = {}
    for message in messages:
        tie(known, message)
    roots = [pruned for one in known.values() if one.parent is None for pruned in prune(one, is_root=True)]
    return [[read(message) for message in everything(root)] for root in gathered(sorted(roots, key=first_date))]


def tie(known, message):
    own = known.setdefault(message["Message-ID"], Container())
    own.message = message
    named = re.findall(r"<[^>]+>", message.get("References") or message.get("In-Reply-To") or "")
    chain = [known.setdefault(one, Container()) for one in named]
    for above, below in pairwise(chain):
        if below.parent is None and not below.is_above(above):
            above.take(below)
    if chain and not own.is_above(chain[-1]):
        chain[-1].take(own)


def gathered(roots):
    by_subject: dict[str, Container] = {}
    for one in roots:
        subject = base_subject(one)
        if subject in by_subject:
            by_subject[subject].take(one)
        else:
            by_subject[subject] = one
    return by_subject.values()


def prune(one, *, is_root=False):
    children = [kept for child in one.children for kept in prune(child)]
    one.children = children
    if one.message is not None:
        return [one]
    if not children:
        return []
    if is_root and len(children) > 1:
        return [one]
    for child in children:
        child.parent = one.parent
    return children


def everything(one):
    own = [one.message] if one.message is not None else []
    return [*own, *(message for child in sorted(one.children, key=first_date) for message in everything(child))]


def first_date(one):
    return min(parsedate_to_datetime(message["Date"]) for message in everything(one))


def read(message):
    return str(make_header(decode_header(re.sub(r"\s*\n\s+", " ", message["Subject"]))))


def base_subject(one):
    return re.sub(r"^((re|fwd?):\s*)+", "", read(everything(one)[0]), flags=re.IGNORECASE)


@pytest.fixture
def delivered(mailing, sink, post, composed, ada, tmp_path):
    """Letters as they lie in a mailbox, read back from it."""

    def deliver(*letters):
        for place, one in enumerate(letters):
            composed(f"kind{place}", one)
            post(f"kind{place}", ada, {})
            mailing.drain()
        box = mailbox.mbox(tmp_path / "box")
        for received in sink.mails:
            box.add(received.source)
        box.flush()
        return list(mailbox.mbox(tmp_path / "box"))

    return deliver


def test_what_is_about_one_thing_is_one_thread(delivered):
    """Also when the title changes, and although the first mail of it may never have come."""
    messages = delivered(
        letter(title="One", thread="issue-1"),
        letter(title="Two", thread="issue-2"),
        letter(title="One, renamed", thread="issue-1"),
        letter(title="Другой", thread="issue-2"),
        letter(title="Alone"),
        letter(title="One", thread="issue-1"),
    )
    assert references(messages) == [["One", "One, renamed", "One"], ["Two", "Другой"], ["Alone"]]


def test_every_mail_has_a_name_of_its_own(delivered):
    messages = delivered(*(letter(thread="issue-1") for _ in range(3)))
    assert len({message["Message-ID"] for message in messages}) == 3
    assert all(re.fullmatch(r"<[0-9a-f]{32}@cairn\.test>", message["Message-ID"]) for message in messages)
    assert {message["In-Reply-To"] for message in messages} == {"<issue-1@cairn.test>"}


def test_an_answer_of_a_reader_stands_in_the_thread(delivered):
    messages = delivered(letter(title="One", thread="issue-1"))
    answer = mailbox.mboxMessage()
    answer["Subject"], answer["Date"], answer["Message-ID"] = "Re: One", messages[0]["Date"], "<mine@example.com>"
    answer["References"] = f"{messages[0]['References']} {messages[0]['Message-ID']}"
    assert references([*messages, answer]) == [["One", "Re: One"]]
