"""A mail as it goes over the wire."""

from email.message import EmailMessage
from email.policy import SMTP

from webapp.mail.composing import Letter
from webapp.mail.drawing import Drawn, draw
from webapp.mail.headers import head_of
from webapp.mail.office import office
from webapp.mail.rows import MailRow


def written(mail: MailRow, letter: Letter) -> bytes:
    """The whole mail, in ASCII: its head, then its text and the same as HTML. Raises NoAddress."""
    drawn = draw(mail, letter)
    return head_of(mail, letter, drawn, office()).encode() + _body(drawn, mail.message_id)


def _body(drawn: Drawn, message_id: str) -> bytes:
    """Coded so that no server on the way need change anything, and what is ASCII can be read as it is."""
    message = EmailMessage(policy=SMTP)
    message.set_content(drawn.text, cte="quoted-printable")
    message.add_alternative(drawn.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{message_id[1:17]}")
    return message.as_bytes()
