"""Files that nothing has any more go: into a trash first, because what is not found is not always gone.

A database that was restored to an earlier day does not know the files of the days since. So what a sweep takes
can be put back for 30 days, and a sweep that would take much takes nothing and asks a person.
"""

import logging
import time
from datetime import date, timedelta

from webapp import eyes
from webapp.attachments import ownership, repository, storage
from webapp.db import is_changing, release, transaction
from webapp.errors import CairnError, Conflict
from webapp.stores.choosing import here
from webapp.stores.place import SHARDS

HOUR = 3_600
# How long a file rests in the trash.
KEPT = timedelta(days=30)
# So many files may go at once in any case; beyond, a tenth of those that there are.
FEW, TENTH = 20, 10
# How much of the folder an upload has swept.
SHARE = 16

log = logging.getLogger("cairn.files")


def sweep(*, anyway: bool = False) -> int:
    """Put into the trash what no text has named within a day, and the files without a row; says how many.

    Raises Unavailable if the folder is not this database's, Conflict if it would be more than a tenth of all
    files and more than a few, unless it shall be so `anyway`.
    """
    ownership.require()
    return _swept(SHARDS, anyway=anyway)


def sweep_some() -> None:
    """The same for a sixteenth of the files, if nobody has done so within an hour.

    A refusal is logged, and so is a disk that will not: the upload that it comes with is stored already. Not within a
    change: that may be undone, and then its rows come back without their files.
    """
    if is_changing():
        return
    try:
        if storage.is_due(HOUR):
            ownership.require()
            with eyes.through(None):  # what whoever uploads does not see is not gone
                _swept(SHARDS[int(time.time() // HOUR) % SHARE :: SHARE])
    except CairnError as refused:
        log.warning("files_not_swept: %s", refused.detail)
    except OSError as error:
        log.warning("files_not_swept: %s: %s", error.strerror, error.filename)


def _swept(shards: tuple[str, ...], *, anyway: bool = False) -> int:
    today = repository.today()
    untied = _forget_untied()
    release()  # what lies there is listed and moved without the database
    _rest(untied, today)
    settled, orphans = 0, list[str]()
    for shard in shards:
        found = storage.settled(shard)
        settled += len(found)
        orphans += sorted(set(found) - repository.known(found)) if found else []
        release()
    if not anyway:
        _refuse_much(len(orphans), settled, len(SHARDS) // len(shards))
    _rest(orphans, today)
    here().empty_trash(today - KEPT)
    return len(untied) + len(orphans)


def _refuse_much(orphans: int, settled: int, share: int) -> None:
    """Names are random: of all files there are as many times more as of all shards."""
    if orphans * TENTH > settled and orphans * share > FEW:
        # Who runs the command reads it.
        refused = (
            f"{orphans:,} of {settled:,} files belong to nothing that this database knows. That is more than a tenth,"
            " so none was taken. Was the database restored to an earlier day, or is DATABASE_URL another one's? If"
            " they may go, run: flask --app wsgi clean-files --anyway"
        )
        raise Conflict(refused)


def _rest(names: list[str], today: date) -> None:
    for name in names:
        here().rest(name, today)


@transaction
def _forget_untied() -> list[str]:
    return list(repository.forget_untied())
