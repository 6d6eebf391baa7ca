"""Who asks with a personal access token."""

from collections.abc import Mapping

from webapp import faults
from webapp.access import Scope, Viewer
from webapp.auth import repository
from webapp.auth.service import stands
from webapp.db import AnyRow, transaction


def holder(row: AnyRow | None) -> Viewer | None:
    """Whoever has the token that a row of HOLDER tells of, if it still stands.

    That it was used is noted once a day, apart from what is asked for. Raises Deactivated for an inactive person.
    """
    if row is None or not stands(row, row.token_epoch):
        return None
    if not row.is_known_today:
        faults.if_it_can(_note_use, row.sid)
    return Viewer.of(row, sid=row.sid, epoch=row.token_epoch, scope=Scope(row.scope), within=within(row.within))


def within(named: Mapping[str, str] | None) -> Mapping[int, str] | None:
    """The projects that a token is limited to, by id, of the column `within`."""
    return None if named is None else {int(id): key for id, key in named.items()}


@transaction
def _note_use(token_id: int) -> None:
    repository.note_use(token_id)
