"""Whether archives are encrypted: they are where BACKUP_PASSPHRASE is set, and are read either way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from webapp import config
from webapp.backups.age import Decrypting, Encrypting, is_encrypted
from webapp.backups.errors import LockedBackup
from webapp.config import Settings

# What the name of an encrypted one ends with beside `.tar.zst`.
ENDING = ".age"
NEEDED = "The backup is encrypted: set BACKUP_PASSPHRASE to what it was made with. Nothing was changed."


def ending(settings: Settings) -> str:
    """What the names of archives end with, by the settings."""
    return ENDING if settings.backup_passphrase else ""


@contextmanager
def writing(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Where an archive is written to, so that it ends in the file as the settings want it."""
    passphrase = config.of_this_app().backup_passphrase
    if passphrase is None:
        yield file
        return
    encrypting = Encrypting(file, passphrase.get_secret_value())
    yield cast("IO[bytes]", encrypting)
    encrypting.close()


def reading(file: IO[bytes]) -> IO[bytes]:
    """An archive as it was before it was encrypted. Raises LockedBackup where the passphrase is not known."""
    if not is_encrypted(file):
        return file
    passphrase = config.of_this_app().backup_passphrase
    if passphrase is None:
        raise LockedBackup(NEEDED)
    return cast("IO[bytes]", Decrypting(file, passphrase.get_secret_value()))
