"""Mails with links as they arrive, and what stands in them."""

import re
from collections.abc import Callable

import pytest

from tests.mail.sink import Mailing, Sink


@pytest.fixture
def arrived(mailing: Mailing, sink: Sink) -> Callable[[], list[tuple[str, str, str]]]:
    """What arrived since it was asked last: to whom, the subject, and the path of its first link or nothing."""
    seen = 0

    def arrived() -> list[tuple[str, str, str]]:
        nonlocal seen
        mailing.drain()
        new, seen = sink.mails[seen:], len(sink.mails)
        return [(one.to[0], str(one.message["Subject"]), path_in(one.body())) for one in new]

    return arrived


@pytest.fixture
def link(arrived: Callable[[], list[tuple[str, str, str]]]) -> Callable[[str], str]:
    """The path of the link in the only mail with one that arrived, which goes to this address."""

    def link(address: str) -> str:
        ((to, _, path),) = [one for one in arrived() if re.search(r"/[\w-]{43}$", one[2])]
        assert to == address
        return path

    return link


def path_in(text: str) -> str:
    found = re.search(r"https://cairn\.test(/\S+)", text)
    return found[1] if found else ""
