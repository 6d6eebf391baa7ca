"""A mail that says nothing but that mail arrives."""

from uuid import uuid4

from webapp import clock
from webapp.i18n import _
from webapp.mail.composing import Letter, composes
from webapp.mail.delivering import hand_over
from webapp.mail.office import office
from webapp.mail.rows import MailRow, Reader
from webapp.mail.writing import written


def _letter() -> Letter:
    return Letter(why=_("Somebody who runs this Cairn asked for this mail."))


@composes("test")
def letter_of_test(mail: MailRow) -> Letter:
    """The same for everybody."""
    return _letter()


def send_test(address: str) -> str:
    """Send one at once, past the queue; what the server answered. Raises Refused, Deferred and NoAddress."""
    reader = Reader(None, "", address, "UTC", is_active=True)
    now = clock.now()
    message_id = f"<{uuid4().hex}@{office().host}>"
    number = int(now.timestamp())  # where it lies, if it is not sent
    mail = MailRow(number, "test", {}, message_id, now, now, is_early=False, reader=reader)
    return hand_over(mail, written(mail, _letter()))
