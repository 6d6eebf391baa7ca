"""Whoever has no account yet is written to in the language of the request that caused it."""

import pytest

from tests.clients import Api

NEW = {"name": "Grace", "email": "grace@example.com", "password": "eleven purple otters"}
GERMAN, ENGLISH = {"Accept-Language": "de"}, {"Accept-Language": "en"}


@pytest.fixture
def tongue(mailing, sink):
    """The language of the last mail."""

    def tongue():
        mailing.drain()
        return "de" if 'lang="de"' in sink.mails[-1].body("html") else "en"

    return tongue


@pytest.mark.parametrize(("headers", "language"), [(GERMAN, "de"), (ENGLISH, "en")])
def test_who_registers(app, german, tongue, headers, language):
    Api(app, None, headers).post("/auth/register", NEW)
    assert tongue() == language


@pytest.mark.parametrize(("profile", "headers", "language"), [("de", ENGLISH, "de"), (None, GERMAN, "de")])
def test_who_is_invited_by_somebody(app, api, ada, make, german, tongue, profile, headers, language):
    make.project(ada, key="WALL")
    api(ada).patch("/auth/me", {"language": profile})
    Api(app, ada, headers).post("/projects/WALL/members", {"email": NEW["email"], "role": "member"})
    assert tongue() == language


def test_who_has_an_account_is_written_to_in_their_own(app, api, ada, german, tongue):
    api(ada).patch("/auth/me", {"language": "de"})
    Api(app, None, ENGLISH).send("POST", "/auth/forgotten", json={"email": ada.email})
    assert tongue() == "de"
