"""What programs that fill in every form there is run into, and people do not: a field that nobody sees, and haste.

Whoever is caught is refused plainly, with the form as they typed it: the field may have been filled by somebody's
password manager, and a person who is told of a mail that never comes waits for it in vain. To send the form again is
all that it takes a person; a program that sends the same is refused again. Only forms have this: who sends JSON says
that they are a program, and is under the limits alone.
"""

import hmac

from flask import current_app, request

from webapp import clock
from webapp.config.keys import Ring
from webapp.errors import Invalid
from webapp.http import csrf
from webapp.http.identity import identity
from webapp.http.negotiation import wants_page
from webapp.i18n import _

# The field that stays empty: of a name that a program wants to fill, and that no browser knows anything for.
FIELD = "homepage"
# When the form was shown, signed for whom.
SHOWN = "shown"
# Nobody types a name, an address and a password faster; a password manager still needs somebody's press.
SECONDS = 2


def shown() -> str:
    """What a form holds beside the field: this moment, signed for this browser alone."""
    moment = _milliseconds()
    return f"{moment}.{_ring().mac(f'{moment}.{csrf.value()}').hex()}"


def check() -> None:
    """Refuse a form that no person sent. Raises Invalid."""
    if not wants_page():
        return
    if request.form.get(FIELD):
        raise Invalid.on("", _("A field that people do not see was filled in, as programs do. Send the form again."))
    if not _was_typed(request.form.get(SHOWN, "")):
        raise Invalid.on("", _("This was faster than people type. Send the form again."))


def _was_typed(sent: str) -> bool:
    """Whether a form was shown to this browser, and not just now."""
    moment = sent.partition(".")[0]
    if not (moment.isascii() and moment.isdigit()) or len(sent) > 100:
        return False
    is_ours = any(
        hmac.compare_digest(sent.encode(), f"{moment}.{mac.hex()}".encode())
        for value in csrf.expected(identity())
        for mac in _ring().macs(f"{moment}.{value}")
    )
    return is_ours and _milliseconds() - int(moment) >= SECONDS * 1000


def _milliseconds() -> int:
    return int(clock.now().timestamp() * 1000)


def _ring() -> Ring:
    ring: Ring = current_app.config["KEYS"]["visit"]
    return ring
