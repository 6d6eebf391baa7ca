"""What the worker does for backups."""

from webapp.backups import service
from webapp.jobs.tasks import periodic
from webapp.settings import service as settings

# A large installation takes long: what hangs for so many seconds ends its worker.
LIMIT = 6 * 3600


@periodic("back_up", every=3600, lane="backups", limit=LIMIT)
def back_up() -> None:
    """Make the backup of the day, once its hour has come."""
    settings.refresh()
    service.back_up()
