"""What is wrong with an archive."""

from webapp.errors import CairnError

DAMAGED = "The backup is damaged or cut. Nothing was changed. Take another one."
FOREIGN = "The file is no backup that `flask backup` has written. Nothing was changed."


class BrokenBackup(CairnError):
    """An archive that is not restored; a sentence says why."""


class LockedBackup(BrokenBackup):
    """One that may be whole: what it was encrypted with is not known here."""
