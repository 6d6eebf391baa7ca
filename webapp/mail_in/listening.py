"""Taking mail from a mail server by LMTP, where MAIL_IN says: for each recipient an answer of its own.

Several workers on one machine share the port. Nobody is asked for a password: only the mail server may reach it.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from webapp.mail_in import service
from webapp.mail_in.service import NoSuchAddress, TooLong

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("cairn")

# Of one message; and seconds between two tries to have the port.
MOST_RECIPIENTS, AGAIN = 100, 5.0
LONGEST_LINE = 1024 * 1024
# Seconds after which a client that says nothing is left.
SILENCE = 120
LATER = "451 4.3.0 Cairn cannot take it now. Send it again."


class Listener(threading.Thread):
    """Listens in a loop of its own, until it is told to leave."""

    def __init__(self, app: "Flask", host: str, port: int) -> None:
        super().__init__(name="mail-in", daemon=True)
        self.app, self.host, self.port = app, host, port
        self.loop = asyncio.new_event_loop()
        self.leaves = asyncio.Event()
        self.is_ready = threading.Event()

    def leave(self) -> None:
        """Take nothing more. A mail that is not answered yet is sent again by the server."""
        with suppress(RuntimeError):  # it has ended by itself
            self.loop.call_soon_threadsafe(self.leaves.set)

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._listen())

    async def _listen(self) -> None:
        while not self.leaves.is_set():
            try:
                server = await self.loop.create_server(self._spoken_to, self.host, self.port, reuse_port=True)
            except OSError as error:
                log.warning("mail_in: %s:%s cannot be listened at: %s", self.host, self.port, error.strerror or error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.leaves.wait(), AGAIN)
                continue
            self.port = server.sockets[0].getsockname()[1]
            self.is_ready.set()
            await self.leaves.wait()
            server.close()

    def _spoken_to(self) -> LMTP:
        most = service.most()
        return Speaker(Taker(self.app), data_size_limit=most, enable_SMTPUTF8=True, timeout=SILENCE, loop=self.loop)


class Speaker(LMTP):
    """Says what is said of a mail once for each of its recipients, as RFC 2033 asks."""

    line_length_limit = LONGEST_LINE
    command_size_limit = 2048

    async def smtp_DATA(self, arg: str) -> None:
        """Take a mail."""
        self.is_after_mail = False
        await super().smtp_DATA(arg)
        self.is_after_mail = False

    async def push(self, status: str | bytes) -> None:
        """Answer. What the handler says of each recipient stands in lines already."""
        said = status.decode() if isinstance(status, bytes) else status
        if getattr(self, "is_after_mail", False) and "\r\n" not in said and self.envelope is not None:
            said = "\r\n".join([said] * max(1, len(self.envelope.rcpt_tos)))
        await super().push(said)
        if said.startswith("354"):
            self.is_after_mail = True


class Taker:
    """What is done at each step; the database is asked in a thread, so that others need not wait."""

    def __init__(self, app: "Flask") -> None:
        self.app = app

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether there is such an address."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients. Send it to the others by itself."
        answer = await asyncio.to_thread(self._done, lambda: service.require_address(address))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        """Write it down for each recipient. What comes from nobody is a report on other mail, and is let go."""
        if (envelope.mail_from or "").strip("<>") == "":
            return "\r\n".join("250 2.0.0 Ignored: it is a report" for _ in envelope.rcpt_tos)
        content = envelope.content
        source = content if isinstance(content, bytes) else (content or "").encode()
        answers = [await asyncio.to_thread(self._done, self._receiving(source, one)) for one in envelope.rcpt_tos]
        return "\r\n".join(answers)

    @staticmethod
    def _receiving(source: bytes, recipient: str) -> Callable[[], object]:
        return lambda: service.receive(source, recipient)

    def _done(self, act: Callable[[], object]) -> str:
        """Do it, and say how it went."""
        try:
            with self.app.app_context():
                act()
        except NoSuchAddress as error:
            return f"550 5.1.1 {error}"
        except TooLong as error:
            return f"552 5.3.4 {error}"
        except Exception:  # whatever it is: what is not refused in words comes again, and is not lost
            log.warning("mail_in: a mail was put off", exc_info=True)
            return LATER
        return "250 2.0.0 Taken"
