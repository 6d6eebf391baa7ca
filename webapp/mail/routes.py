from webapp.http import Feature, Page, Reply
from webapp.mail import nearness, unsubscribing
from webapp.mail.schemas import EndedOut
from webapp.mail.showing import Framed, Inside, Source

bp = Feature("mail")


@bp.page("/mail/stop/<signed:stop_token>", secret=True)
def confirm_stop(stop_token: str) -> Reply[None]:
    """Ask whether mails like the one with this link are to stop: programs that look at links must change nothing."""
    return Page("mail/stop.html", token=stop_token, what=unsubscribing.ending(stop_token).told())


@bp.post("/mail/stop/<signed:stop_token>", secret=True, anonymous=True, signed=True)
def stop(stop_token: str) -> Reply[EndedOut]:
    """Stop mails like the one with this link (RFC 8058).

    For whom it was sent to, whoever asks. The answer is no redirect, as programs of mail do not follow one.
    """
    ending = unsubscribing.ending(stop_token)
    ended = EndedOut(ended=ending.told())
    ending.carry_out()
    return Page("mail/stopped.html", ended, what=ended.ended)


@bp.page("/dev/mail", secret=True)
def lying() -> Reply[None]:
    """The mails that were written last in development, where none is sent."""
    return Page("mail/lying.html", mails=nearness.newest())


@bp.page("/dev/mail/<number:mail>", secret=True)
def lying_one(mail: int) -> Reply[None]:
    """One of them, as text and as HTML."""
    return Framed("mail/lying_one.html", mail=nearness.one(mail))


@bp.page("/dev/mail/<number:mail>/html", secret=True)
def lying_html(mail: int) -> Reply[None]:
    """Its HTML alone, in which nothing runs and for which nothing is loaded."""
    return Inside(nearness.one(mail).body("html"))


@bp.page("/dev/mail/<number:mail>/source", secret=True)
def lying_source(mail: int) -> Reply[None]:
    """All of it, as a server would get it."""
    return Source(nearness.one(mail).source)
