"""What a backup and a restoration do in either kind of place."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from secrets import token_hex

from webapp import config
from webapp.backups import files, objects
from webapp.backups.ending import finally_doing
from webapp.backups.files import Brought, Held
from webapp.backups.objects import BroughtObjects, HeldObjects
from webapp.errors import Conflict
from webapp.faults import OperationalError
from webapp.stores.bucket import Bucket
from webapp.stores.choosing import here
from webapp.stores.folder import Folder
from webapp.stores.place import Place

AnyHeld = Held | HeldObjects
AnyBrought = Brought | BroughtObjects
Names = Iterable[tuple[str, bool]]


@contextmanager
def holding() -> Iterator[Callable[[Names], AbstractContextManager[AnyHeld]]]:
    """What holds files that rows name. The rows must be looked at within the block."""
    place = here()
    if isinstance(place, Bucket):
        with objects.holding(place) as folder:
            yield partial(objects.held, place, folder)
    else:
        yield partial(files.held, _folder(place))


@contextmanager
def bringing(place: Place) -> Iterator[AnyBrought]:
    """Bring files to where there are none; what fails in the block takes them back. Raises Conflict.

    A database that falls silent may have committed all the same, so then they stay: files without a database can be
    moved away, but a database without its files is nobody's wish.
    """
    brought = _brought(place)
    with finally_doing(brought.tidy):
        try:
            yield brought
        except OperationalError:
            raise
        except BaseException:
            brought.take_back()
            raise


@contextmanager
def beside() -> Iterator[Place]:
    """Another place on the same disk or in the same bucket, gone at the end."""
    place = here()
    if isinstance(place, Bucket):
        other = place.below(f"rehearsal-{token_hex(8)}")
        with finally_doing(partial(other.clear, "")):
            yield other
        return
    data = config.of_this_app().cairn_data
    data.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".rehearsal-", dir=data))
    with finally_doing(partial(shutil.rmtree, folder, ignore_errors=True)):
        yield Folder(folder / "files")


def _brought(place: Place) -> AnyBrought:
    if isinstance(place, Bucket):
        if not objects.is_empty(place):
            raise Conflict(
                f"There are files in {place} already. Nothing was changed. Empty it, or name another folder of it by"
                " FILES_URL."
            )
        return BroughtObjects(place)
    home = _folder(place).home
    if not files.is_empty(_folder(place)):
        raise Conflict(
            f"There are files in {home} already. Nothing was changed. Move that folder away, or name another by"
            " CAIRN_DATA."
        )
    return Brought(home)


def _folder(place: Place) -> Folder:
    assert isinstance(place, Folder)
    return place
