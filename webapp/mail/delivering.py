"""From a mail that waits to the answer of the server that took it."""

from functools import lru_cache

from webapp import eyes
from webapp.i18n import N_, speaking
from webapp.mail import lying
from webapp.mail.composing import composer
from webapp.mail.headers import NoAddress, ascii_address
from webapp.mail.office import Office, office
from webapp.mail.rows import MailRow, State
from webapp.mail.smtp import Deferred, Envelope, Refused, Sending
from webapp.mail.writing import written
from webapp.outside.breaker import Breaker

_breaker = Breaker()


def deliver(mail: MailRow) -> tuple[State, str]:
    """Compose and send it: what has become of it, and why. Raises Deferred if it may be taken later.

    Sent again, because nobody noted that it was sent, it is the same mail to whoever reads it: it has the same
    Message-ID.
    """
    if not mail.reader.is_active:
        return State.DROPPED, N_("The reader's account is deactivated.")
    if not mail.reader.address:
        return State.DROPPED, N_("The reader has no address.")
    known = composer(mail.kind)
    if known is None:
        raise Deferred(f"Nobody here composes mails of the kind {mail.kind}.")
    if not mail.reader.is_confirmed and not known.is_own:
        return State.DROPPED, N_("The reader's address is not confirmed.")
    try:
        with speaking(mail.reader.language), eyes.through(mail.reader.id or eyes.NOBODY):
            letter = known.compose(mail)
            message = None if letter is None else written(mail, letter)
        if message is None:
            return State.DROPPED, N_("What it would have told is no longer so, or no longer for its reader.")
        return State.SENT, hand_over(mail, message)
    except (Refused, NoAddress) as refusal:
        return State.FAILED, str(refusal)


def hand_over(mail: MailRow, message: bytes) -> str:
    """Give it to the server, or put it into the folder: the answer. Raises Refused, Deferred and NoAddress."""
    here = office()
    if here.server is not None:
        return _sending(here).send(Envelope(here.sender.address, ascii_address(mail.reader.address)), message)
    if here.folder is not None:
        return lying.lay(here.folder, mail.id, message)
    raise Deferred("No mail is sent: MAIL_URL is not set.")


@lru_cache(maxsize=4)
def _sending(here: Office) -> Sending:
    assert here.server is not None
    return Sending(here.server, here.host, _breaker)
