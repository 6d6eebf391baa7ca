"""The settings about backups that are made by themselves."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class Backups(BaseSettings):
    """Where they go, when, and for how long."""

    backup_folder: Path | None = Field(
        None, description="Where the worker puts a backup each day, best on another disk; unset: none is made."
    )
    backup_hour: int = Field(3, ge=0, le=23, description="From which hour on, in UTC.")
    backup_keep: int = Field(14, ge=1, le=3650, description="Days after which a backup goes, once there is a newer.")
