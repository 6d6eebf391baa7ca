"""Those who own a project hear by mail that posts wait there, once of all that come within a while."""

import pytest

WALL = "/projects/WALL"
ISSUES, COMMENTS, MODERATION = f"{WALL}/issues", f"{WALL}/issues/1/comments", f"{WALL}/moderation"
SUBJECT = "Posts wait for approval in Rockery"

pytestmark = pytest.mark.usefixtures("careful", "wall")


@pytest.fixture
def told(mailing, sink):
    """What was mailed of it since the last time: to whom, about what, and the words."""
    mailing.drain(ahead=240)
    sink.mails.clear()

    def mails():
        mailing.drain(ahead=240)
        found = [(one.message["To"], one.message["Subject"], one.body()) for one in sink.mails]
        sink.mails.clear()
        return [one for one in found if one[1] == SUBJECT]

    return mails


def test_owners_hear_of_what_waits_once_and_nobody_else(api, make, ada, eve, wall, told):
    second = make.member(wall, "owner")
    for role in ("maintainer", "member"):
        make.member(wall, role)
    for title in ("Pills", "More pills"):
        api(eve).post(ISSUES, {"title": title})
    comment = api(eve).post(COMMENTS, {"body": "Pills!"})["id"]
    mails = told()
    assert len(mails) == 2
    for who in (ada, second):
        (body,) = [body for to, _, body in mails if who.email in to]
        for words in (
            "3 posts wait for your decision",
            "WALL-2 Pills",
            "WALL-3 More pills",
            f"WALL/issues/1#c{comment}",
            "Eve",
            MODERATION,
        ):
            assert words in body, words
    assert told() == []


def test_the_next_that_waits_is_told_by_another_mail(api, ada, eve, told):
    api(eve).post(ISSUES, {"title": "Pills"})
    assert ["1 post waits" in body for _, _, body in told()] == [True]
    api(eve).post(ISSUES, {"title": "More pills"})
    assert ["2 posts wait" in body for _, _, body in told()] == [True]


def test_what_is_decided_before_the_mail_goes_is_not_told(api, ada, eve, told):
    api(eve).post(ISSUES, {"title": "Pills"})
    api(ada).post(MODERATION, {"verdict": "keep", "posts": ["2"]}, status=200)
    assert told() == []


def test_who_owns_it_no_more_is_not_told(api, make, ada, eve, wall, told):
    second = make.member(wall, "owner")
    api(eve).post(ISSUES, {"title": "Pills"})
    api(ada).patch(f"{WALL}/members/{second.id}", {"role": "member"})
    assert [second.email in to for to, _, _ in told()] == [False]


def test_what_waits_for_nothing_is_not_told(api, make, ada, wall, told):
    api(make.member(wall, "member")).post(ISSUES, {"title": "A stone"})
    assert told() == []
