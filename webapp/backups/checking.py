"""Whether an archive is whole, and is one that this code can restore. All of it is read."""

from collections import Counter
from typing import IO

from webapp import migrations
from webapp.backups import manifest
from webapp.backups.container import Member, members
from webapp.backups.errors import DAMAGED, FOREIGN, BrokenBackup
from webapp.backups.manifest import Manifest, file_of, table_of

# What an archive says of itself is short, however many files were lost.
LONGEST = 64 * 1024 * 1024


def check(file: IO[bytes]) -> Manifest:
    """What the archive says of itself. Raises BrokenBackup if it is none, damaged, cut, or of a newer Cairn."""
    rest = members(file)
    told = read_manifest(next(rest))
    rows: Counter[str] = Counter()
    files = 0
    for member in rest:
        if table := table_of(member.name):
            rows[table] += sum(chunk.count(b"\n") for chunk in member.chunks())
        elif file_of(member.name):
            files += 1
        else:
            raise BrokenBackup(DAMAGED)
    if rows != Counter({table.name: table.rows for table in told.tables}) or files != told.files:
        raise BrokenBackup(DAMAGED)
    return told


def read_manifest(member: Member) -> Manifest:
    """The first of an archive's members. Raises BrokenBackup for one of another kind, or of a newer Cairn."""
    if member.name != manifest.NAME or member.size > LONGEST:
        raise BrokenBackup(FOREIGN)
    told = Manifest.read(member.read())
    if not migrations.knows(told.revision):
        raise BrokenBackup(
            f"The backup is at migration {told.revision}, which this code does not know. Nothing was changed. Restore"
            " it with the newer Cairn."
        )
    return told
