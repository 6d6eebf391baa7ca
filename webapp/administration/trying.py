"""A mail that an administrator has sent at once, to see whether the way to the server is right."""

from webapp.access import Viewer
from webapp.administration import health
from webapp.errors import Conflict, Invalid
from webapp.gates import Gate
from webapp.i18n import N_, Whole, _
from webapp.mail.headers import NoAddress
from webapp.mail.letters import send_test
from webapp.mail.smtp import Deferred, Refused

# A server that does not answer keeps a thread for some 15 seconds, which shall be one of each process.
gate = Gate(0, patience=0, refusal=N_("Another test is being sent at the moment. Try again in a few seconds."))


def send(address: str, by: Viewer) -> str:
    """Send a mail past the queue; what the server answered.

    Raises Forbidden, Conflict where no mail is sent or the server does not take it, Invalid for what is no address,
    Unavailable while another is sent.
    """
    health.require_mail(by)
    try:
        with gate.turn():
            return send_test(address)
    except NoAddress as error:
        raise Invalid.on("address", Whole(str(error))) from None
    except (Refused, Deferred) as error:
        raise Conflict(_("The server has not taken it: %(answer)s", answer=str(error))) from None
