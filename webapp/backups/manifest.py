"""What an archive says of itself, before all else in it."""

import json
import re
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ValidationError

from webapp.backups.errors import DAMAGED, FOREIGN, BrokenBackup

NAME = "manifest.json"
# Raised by whatever former code could not restore rightly.
FORMAT = 1
_TABLE = re.compile(r"tables/([a-z0-9_]+)/\d+")
_FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{30}(?:\.thumb)?)")


class Table(BaseModel):
    """A table: the columns that are in the archive, in order, and how many rows."""

    name: str
    columns: list[str]
    rows: int


class Manifest(BaseModel):
    """Whose the archive is, and what has to be in it.

    `sequences` have the next number of each; `lost` are files that rows name and that were not there.
    """

    format: int = FORMAT
    revision: str
    installation: UUID
    made_at: datetime
    tables: list[Table]
    sequences: dict[str, int]
    files: int
    lost: list[str]

    @property
    def rows(self) -> int:
        """How many there are in all tables."""
        return sum(table.rows for table in self.tables)

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Raises BrokenBackup for one that this code does not know."""
        try:
            told = json.loads(content)
            if told["format"] > FORMAT:
                raise BrokenBackup(
                    f"The backup has the format {told['format']}, and this code knows up to {FORMAT}. Nothing was"
                    " changed. Restore it with the newer Cairn."
                )
            return cls.model_validate(told)
        except ValidationError:
            raise BrokenBackup(DAMAGED) from None
        except (ValueError, KeyError, TypeError):
            raise BrokenBackup(FOREIGN) from None


def table_of(member: str) -> str | None:
    """The table whose rows a member has."""
    found = _TABLE.fullmatch(member)
    return found[1] if found else None


def file_of(member: str) -> tuple[str, str] | None:
    """The folder and the name of the file that a member is. There are no others: none leads out of the folder."""
    found = _FILE.fullmatch(member)
    return (found[1], found[2]) if found else None
