"""Whose files these are: a folder or bucket of files belongs to one database, and bears its id.

A database that does not know a file says nothing about the file, unless it is the file's own database. So where there
is no id, or another one, nothing is stored and nothing deleted.
"""

from concurrent.futures import Future, ThreadPoolExecutor

from webapp.attachments import repository, storage
from webapp.config import of_this_app
from webapp.db import release
from webapp.errors import Unavailable
from webapp.i18n import _
from webapp.stores.bucket import Away
from webapp.stores.choosing import here
from webapp.stores.place import Place

# Names of files are random, so those of the first shards tell as much as any others.
LOOKED_AT = 1_000
# So many seconds a balancer is kept waiting for a store.
AT_ONCE = 1.0

# One question for all who would not wait. A store that hangs is not asked by each of them.
_asking = ThreadPoolExecutor(1, "files")
_asked: dict[str, "Future[str | None]"] = {}


def trouble(*, at_once: bool = False) -> str:
    """Why the files are left alone, told to whoever runs Cairn; empty if they are this database's.

    Whoever wants to know `at_once` hears of a store that needs more than a moment that it does not answer.
    """
    place = here()
    try:
        ours, theirs = _ids(at_once=at_once)
    except OSError as error:
        return f"The folder {place} cannot be used: {error.strerror}. Nothing can be uploaded."
    except Away as away:
        return f"The bucket {place} cannot be used: {away.reason}. Files can be neither uploaded nor read."
    if theirs == ours:
        return ""
    setting = "CAIRN_DATA" if of_this_app().bucket is None else "FILES_URL"
    whose = "No database has claimed" if theirs is None else "Of another database are"
    return (
        f"{whose} the files in {place}. Nothing is uploaded there, and nothing deleted. Check DATABASE_URL and"
        f" {setting}. If they do belong together, run: flask --app wsgi claim-files"
    )


def require() -> None:
    """Go on only if the files are this database's. Raises Unavailable."""
    try:
        ours, theirs = _ids()
    except OSError as error:
        raise Unavailable(_("The folder for files cannot be used. Ask whoever runs this Cairn for room.")) from error
    if theirs != ours:
        raise Unavailable(
            _(
                "The folder for files is of another database, so nothing is stored in it or deleted."
                " Tell whoever runs this Cairn: /readyz says what to do."
            )
        )


def own() -> str:
    """The id of this database."""
    return str(repository.installation())


def take_over() -> None:
    """Let the files be this database's, whatever they were before."""
    storage.claim(own(), anew=True)


def _ids(*, at_once: bool = False) -> tuple[str, str | None]:
    """The id of this database, and the one that the files bear.

    A place that bears none is given this database's if there is no file in it, or if the database knows most of
    those that are: then they are of a Cairn that gave no ids yet.
    """
    ours, place = own(), here()
    release()  # a store may keep us waiting
    theirs = _heard(place) if at_once and of_this_app().bucket is not None else place.mark()
    if theirs is None and _is_likely_ours():
        theirs = storage.claim(ours)
    return ours, theirs


def _heard(place: Place) -> str | None:
    question = _asked.get(str(place))
    if question is None or question.done():
        question = _asked[str(place)] = _asking.submit(place.mark)
    try:
        return question.result(AT_ONCE)
    except TimeoutError:
        raise Away(f"it did not answer within {AT_ONCE:g} s") from None


def _is_likely_ours() -> bool:
    names = storage.some(LOOKED_AT)
    return not names or len(repository.known(names)) * 2 > len(names)
