"""Handing mails to a server by SMTP: on connections that several use after each other, and never for long."""

import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Timer

from webapp import tracing
from webapp.config.mail_url import MailServer, Tls
from webapp.i18n import N_
from webapp.i18n.retelling import kept
from webapp.outside.breaker import Breaker
from webapp.outside.patience import Cuttable

CONNECTING = 5.0  # seconds, beside those for all the rest
IDLE = 3.0  # seconds that a connection is kept for the next mail
MOST = 100  # mails over one connection: many servers allow no more
LATE = kept(N_("%(host)s did not answer in time."))
ALONE = kept(N_("%(host)s did not answer several times, and is left alone for a minute."))
OPEN = kept(N_("%(host)s cannot be spoken to in secret: %(why)s"))
AWAY = kept(N_("%(host)s cannot be reached: %(why)s"))
# Servers do not agree on what a line end is other than this one; between two that do not, a mail could hide another.
_ENDS = re.compile(rb"\r\n|\r|\n")


class Refused(Exception):
    """The server will not take this mail, now or later. Its words are the server's."""


class Deferred(Exception):
    """It was not taken now. Its words are the server's, or say what went wrong."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """From where to where a mail goes, whatever stands in it."""

    sender: str
    to: str


class Line(Cuttable, smtplib.SMTP):
    """A connection. Whatever the server does, `within` ends the wait for it."""

    def __init__(self, server: MailServer, own_name: str) -> None:
        super().__init__(local_hostname=own_name, timeout=server.timeout)
        self.server, self.used = server, 0
        self._host = server.host  # smtplib's, which STARTTLS compares with the certificate

    def open(self) -> None:
        """Connect, encrypt and log in, as the settings say. Raises Deferred for a server that cannot do that."""
        self.connect(self.server.host, self.server.port)
        self.ehlo()
        if self.server.tls in (Tls.REQUIRED, Tls.OFFERED) and self.has_extn("starttls"):
            self.starttls(context=_context(self.server.tls))
            self.ehlo()
        elif self.server.tls is Tls.REQUIRED:
            raise Deferred(
                f"{self.server.host} does not offer STARTTLS. If that is as it should be, add ?tls=none to MAIL_URL."
            )
        if self.server.user:
            self._log_in(self.server.user, self.server.password)

    def hand_over(self, envelope: Envelope, message: bytes) -> str:
        """What the server says to a mail that it takes. Raises Refused and Deferred."""
        options = [] if envelope.to.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
        if options and not self.has_extn("smtputf8"):
            said = f"{self.server.host} does not take addresses that are not ASCII."
            raise Refused(said)
        self.used += 1
        self._expect(*self.mail(envelope.sender, options), is_about_this=False)
        self._expect(*self.rcpt(envelope.to))
        try:
            return _told(*self._expect(*self.data(_ENDS.sub(b"\r\n", message))))
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from None

    def still_answers(self) -> bool:
        """Whether it can be used again: the server may have hung up."""
        try:
            return self.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def hang_up(self) -> None:
        """Close it, without waiting for a farewell."""
        with suppress(OSError, smtplib.SMTPException):
            if self.sock is not None:
                self.sock.settimeout(0.5)
                self.putcmd("quit")
        self.close()
        self.let_go()

    def _log_in(self, user: str, password: str) -> None:
        """What is beyond ASCII, smtplib cannot send. Raises SMTPAuthenticationError."""
        if f"{user}{password}".isascii():
            self.login(user, password)
            return
        plain = b64encode("\0".join(["", user, password]).encode()).decode()
        code, said = self.docmd("AUTH", f"PLAIN {plain}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, said)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = socket.create_connection((host, port), min(CONNECTING, timeout))
        made.settimeout(timeout)
        self.watch(made)
        if self.server.tls is Tls.ALWAYS:
            return _context(Tls.ALWAYS).wrap_socket(made, server_hostname=host)
        return made

    def _expect(self, code: int, said: bytes, *, is_about_this: bool = True) -> tuple[int, bytes]:
        """What was said, if it is a yes. A no to the sender is about this installation, and may be mended."""
        if code in (250, 251):
            return code, said
        if code < 0:
            raise smtplib.SMTPServerDisconnected(_told(code, said))
        raise _refusal(code, said) if is_about_this else Deferred(_told(code, said))


def try_out(server: MailServer, own_name: str) -> None:
    """Connect, encrypt and log in, and send nothing. Raises Deferred with what went wrong."""
    line = Line(server, own_name)
    try:
        with line.within(server.timeout + CONNECTING):
            line.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Deferred(_what_failed(error, line)) from error
    finally:
        line.hang_up()


class Sending:
    """Sends to one server. Threads may share it."""

    def __init__(self, server: MailServer, own_name: str, breaker: Breaker) -> None:
        self._server, self._own_name, self._breaker = server, own_name, breaker
        self._lines: list[tuple[float, Line]] = []
        self._lock = Lock()

    def send(self, envelope: Envelope, message: bytes) -> str:
        """The server's answer. Raises Refused for good, Deferred for now."""
        host = self._server.host
        if not self._breaker.lets(host):
            raise Deferred(ALONE % {"host": host})
        line = self._taken() or Line(self._server, self._own_name)
        try:
            with (
                tracing.span("mail", "CLIENT", server_address=host),
                line.within(self._server.timeout + (0 if line.used else CONNECTING)),
            ):
                if not line.used:
                    line.open()
                answer = line.hand_over(envelope, message)
        except (OSError, smtplib.SMTPException) as error:
            self._breaker.failed(host)
            line.hang_up()
            raise Deferred(_what_failed(error, line)) from error
        except (Refused, Deferred):
            self._keep(line)
            raise
        self._keep(line)
        return answer

    def close_idle(self) -> None:
        """Close the connections that nobody has used for some seconds."""
        with self._lock:
            now = time.monotonic()
            old = [line for since, line in self._lines if now - since >= IDLE]
            self._lines = [(since, line) for since, line in self._lines if now - since < IDLE]
        for line in old:
            line.hang_up()

    def _taken(self) -> Line | None:
        """One that is still open, if there is one."""
        while True:
            with self._lock:
                if not self._lines:
                    return None
                _, line = self._lines.pop()
            with line.within(1):
                answers = line.still_answers()
            if answers and not line.is_late:
                return line
            line.hang_up()

    def _keep(self, line: Line) -> None:
        """For the next mail, if it can be used for one, and comes soon."""
        self._breaker.answered(self._server.host)
        if line.sock is None or line.is_late or line.used >= MOST or not line.used:
            line.hang_up()
            return
        with self._lock:
            self._lines.append((time.monotonic(), line))
        timer = Timer(IDLE + 0.1, self.close_idle)
        timer.daemon = True
        timer.start()


def _context(tls: Tls) -> ssl.SSLContext:
    """Where encryption is only taken if offered, a wrong certificate is better than none."""
    context = ssl.create_default_context()
    if tls is Tls.OFFERED:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _refusal(code: int, said: bytes | str) -> Exception:
    """421 says that the server is about to go, whatever was asked."""
    return Refused(_told(code, said)) if 500 <= code < 600 else Deferred(_told(code, said))


def _what_failed(error: Exception, line: Line) -> str:
    host = line.server.host
    if line.is_late or isinstance(error.__context__ or error, TimeoutError):
        return LATE % {"host": host}
    if isinstance(error, smtplib.SMTPResponseException):
        return _told(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLError):
        return OPEN % {"host": host, "why": error.reason or error}
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return AWAY % {"host": host, "why": said}


def _told(code: int, said: bytes | str) -> str:
    """The server's words in one line."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(f"{code} {text}".split())
