"""Taking mail: written down at once, so that nothing is lost, and understood afterwards by the worker."""

from datetime import timedelta

from webapp.db import transaction
from webapp.jobs import service as jobs
from webapp.mail_in import addresses, reading, repository
from webapp.mail_in.addresses import ProjectAddress, Reply
from webapp.mail_in.rows import HeldIn, Told

# Who sends how often is counted for an hour; that a mail came before is known for so long.
KEPT = timedelta(days=90)
MANY = 1_000
# So many projects are named.
SHOWN = 100


class NoSuchAddress(Exception):
    """Nobody takes mail at this address."""


class TooLong(Exception):
    """A mail has more bytes than are taken."""


def require_address(recipient: str) -> None:
    """Go on only if mail to this address is taken here. Raises NoSuchAddress, for all reasons alike."""
    meant = addresses.meant(recipient)
    if isinstance(meant, Reply):
        known = repository.with_id(meant.user_id)
        if known is not None and addresses.is_signed(meant, known.epoch):
            return
    elif isinstance(meant, ProjectAddress) and repository.open_project(meant.key) is not None:
        return
    raise NoSuchAddress("There is no such address here, or it is no longer of any use.")


@transaction
def receive(source: bytes, recipient: str) -> bool:
    """Write a mail down, to be taken by the worker; False if it came before.

    Raises NoSuchAddress and TooLong.
    """
    if len(source) > addresses.inlet().most:
        raise TooLong(f"The mail has more than {addresses.inlet().most // 1024**2} MiB.")
    require_address(recipient)
    made = repository.add(reading.digest(source, recipient), recipient, source)
    if made is not None:
        jobs.enqueue("take_mail", {"id": made})
    return made is not None


def most() -> int:
    """How many bytes a mail may have."""
    return addresses.inlet().most


def reply_address(user_id: int, issue_id: int, *, private: bool = False) -> str:
    """Where this person answers about this issue by mail, by a private comment or not; empty where none is taken."""
    if addresses.inlet().pattern is None:
        return ""
    known = repository.with_id(user_id)
    return addresses.reply_address(user_id, issue_id, known.epoch, private=private) if known else ""


def held_in() -> list[HeldIn]:
    """How many mails wait in which projects. Whoever asks has asked for the right."""
    return repository.held_in(SHOWN)


def told(incoming_id: int) -> Told | None:
    """What there is to tell whoever sent a mail."""
    return repository.told(incoming_id)


@transaction
def clear() -> int:
    """Forget some of what came long ago; how many."""
    return repository.clear(KEPT, MANY)
