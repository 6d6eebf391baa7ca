"""Where somebody is logged in, and ending that."""

from dataclasses import dataclass
from datetime import datetime

from webapp.access import Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import repository
from webapp.db import transaction
from webapp.errors import NotFound
from webapp.projects.standing import confirm

SHOWN = 100


@dataclass(frozen=True, slots=True)
class SignInRow:
    """A login that still stands; `current` is the one that asks."""

    id: int
    agent: str | None
    created_at: datetime
    ends_at: datetime
    current: bool


def listing(by: Viewer, here: int) -> list[SignInRow]:
    """The logins of a person, this one first and then the latest."""
    rows = repository.standing(by.id, here, SHOWN)
    return [SignInRow(row.id, row.agent, row.created_at, row.ends_at, row.id == here) for row in rows]


@transaction
def end(by: Viewer, sid: int) -> None:
    """End one of one's own logins: its tokens are refused from now on. Raises NotFound."""
    confirm()  # it may be the one that asks
    ended = repository.revoke_own(by.id, sid)
    if ended is None:
        raise NotFound()
    audit.note(Kind.SIGN_IN_ENDED, actor=by, target=audit.Target("sign_in", sid, ended.agent or ""))


@transaction
def end_others(by: Viewer, here: int) -> None:
    """End all of one's logins but this one."""
    ended = repository.revoke_all(by.id, but=here)
    audit.note(Kind.OTHERS_ENDED, actor=by, target=audit.person(by), after={"ended": ended})
