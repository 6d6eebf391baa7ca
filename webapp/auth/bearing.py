"""Who asks with a personal access token."""

from webapp import faults
from webapp.access import Viewer
from webapp.auth import repository
from webapp.auth.rows import SignedIn
from webapp.auth.service import stands
from webapp.db import transaction


def holder(found: SignedIn | None) -> Viewer | None:
    """Whoever has a token, if it still stands.

    That it was used is noted once a day, apart from what is asked for. Raises Deactivated for an inactive person.
    """
    if found is None or not stands(found, found.epoch):
        return None
    if not found.is_known_today:
        assert found.viewer.sid is not None
        faults.if_it_can(_note_use, found.viewer.sid)
    return found.viewer


@transaction
def _note_use(token_id: int) -> None:
    repository.note_use(token_id)
