"""The settings about backups that are made by themselves."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from .strength import refuse_weak


class Backups(BaseSettings):
    """Where they go, when, and for how long."""

    backup_folder: Path | None = Field(
        None, description="Where the worker puts a backup each day, best on another disk; unset: none is made."
    )
    backup_hour: int = Field(3, ge=0, le=23, description="From which hour on, in UTC.")
    backup_passphrase: SecretStr | None = Field(
        None, description="Encrypts backups, as age does; 32 random characters or more. Without it they are lost."
    )
    backup_keep: int = Field(14, ge=1, le=3650, description="Days after which a backup goes, once there is a newer.")

    @field_validator("backup_passphrase")
    @classmethod
    def _is_strong(cls, passphrase: SecretStr | None) -> SecretStr | None:
        if passphrase is not None:
            refuse_weak("BACKUP_PASSPHRASE", passphrase.get_secret_value())
        return passphrase
