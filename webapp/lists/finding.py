"""Which issues a query finds, by their ids, and for whom: for those who do not look at a list."""

from collections.abc import Sequence

from webapp.access import Viewer
from webapp.errors import Invalid
from webapp.i18n import Whole
from webapp.lists import queries
from webapp.lists.asked import asked
from webapp.lists.service import sought
from webapp.projects.service import ProjectRow
from webapp.text.query import Unreadable


def found_by(
    text: str, project: ProjectRow, by: Viewer | None, limit: int, among: Sequence[int] | None = None
) -> list[int]:
    """The ids of the issues of a project that a query finds, no more than the limit; of some if these are given.

    Raises Invalid on `q`.
    """
    return queries.ids_matching(sought(text, project, by).where, limit, among)


def is_for_all(text: str) -> bool:
    """Whether a query finds the same for everybody, as far as that is known. Raises Invalid on `q`."""
    try:
        return asked(text).lasts
    except Unreadable as error:
        raise Invalid.on("q", Whole(error)) from None
