"""Restoring an archive for the rehearsal only: beside what is in use, and away again."""

from pathlib import Path

from webapp import config
from webapp.backups import beside, marks, places
from webapp.backups.restoring import Restored, restore_into


def rehearse(path: Path) -> Restored:
    """Do all that a restoration does, on the same server and beside the files in use, and throw it away."""
    with places.beside() as place, beside.another(config.of_this_app()) as engine:
        restored = restore_into(engine, place, path)
    marks.note(path)
    return restored
