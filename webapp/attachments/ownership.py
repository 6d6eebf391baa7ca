"""Whose files these are: a folder of files belongs to one database, and bears its id.

A database that does not know a file says nothing about the file, unless it is the file's own database. So in a
folder that bears no id, or another one, nothing is stored and nothing deleted.
"""

from webapp.attachments import repository, storage
from webapp.errors import Unavailable
from webapp.i18n import _

# Names of files are random, so those of the first shards tell as much as any others.
LOOKED_AT = 1_000


def trouble() -> str:
    """Why the files are left alone, told to whoever runs Cairn; empty if they are this database's."""
    folder = storage.home()
    try:
        own, theirs = _ids()
    except OSError as error:
        return f"The folder {folder} cannot be used: {error.strerror}. Nothing can be uploaded."
    if theirs == own:
        return ""
    whose = "No database has claimed" if theirs is None else "Of another database are"
    return (
        f"{whose} the files in {folder}. Nothing is uploaded there, and nothing deleted. Check DATABASE_URL and"
        " CAIRN_DATA. If they do belong together, run: flask --app wsgi claim-files"
    )


def require() -> None:
    """Go on only if the folder is this database's. Raises Unavailable."""
    try:
        own, theirs = _ids()
    except OSError as error:
        raise Unavailable(_("The folder for files cannot be used. Ask whoever runs this Cairn for room.")) from error
    if theirs != own:
        raise Unavailable(
            _(
                "The folder for files is of another database, so nothing is stored in it or deleted."
                " Tell whoever runs this Cairn: /readyz says what to do."
            )
        )


def take_over() -> None:
    """Let the folder be this database's, whatever it was before."""
    storage.claim(str(repository.installation()), anew=True)


def _ids() -> tuple[str, str | None]:
    """The id of this database, and the one that the folder bears.

    A folder that bears none is given this database's if there is no file in it, or if the database knows most of
    those that are: then they are of a Cairn that gave no ids yet.
    """
    own, theirs = str(repository.installation()), storage.owner()
    if theirs is None and _is_likely_ours():
        theirs = storage.claim(own)
    return own, theirs


def _is_likely_ours() -> bool:
    names = storage.some(LOOKED_AT)
    return not names or len(repository.known(names)) * 2 > len(names)
