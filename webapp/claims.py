"""What a change rests on: who acts in it, and the rights that were asked for. All of it is asked again at its end.

A change may wait for a row while somebody takes its right away. So whatever a transaction asks by `require` is
noted here, and so is each `by` that it is handed; before it commits, webapp/projects/standing.py asks anew. Nobody
has to remember that. Outside a transaction nothing is noted: a page shows what may be tried.
"""

from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.access import Do, Viewer


@dataclass(frozen=True, slots=True)
class Claim:
    """That `by` may do something in a project; without a project, that they are who they were.

    `as_admin`: that they are an administrator.
    """

    by: "Viewer"
    do: "Do | None" = None
    project_id: int | None = None
    author_id: int | None = None
    refusal: str = ""
    as_admin: bool = False


@dataclass(slots=True)
class Claims:
    """Those of a transaction: what is still to be asked again, and what was, which then holds until the end."""

    pending: dict[Claim, None] = field(default_factory=dict)
    settled: set[Claim] = field(default_factory=set)


_open: ContextVar[Claims | None] = ContextVar("claims", default=None)


def begin() -> None:
    """Note claims from here on."""
    _open.set(Claims())


def end() -> None:
    """Forget them."""
    _open.set(None)


def note(claim: Claim) -> None:
    """Let the open transaction, if there is one, rest on this as well."""
    claims = _open.get()
    # Most transactions ask all at their end: then nothing is settled yet, and a look would take six calls.
    if claims is not None and not (claims.settled and claim in claims.settled):
        claims.pending[claim] = None


def acts(by: "Viewer | None") -> None:
    """Note who acts."""
    if by is not None:
        note(Claim(by))


def pending() -> list[Claim]:
    """What is to be asked again."""
    claims = _open.get()
    return list(claims.pending) if claims is not None else []


def settle(granted: Collection[Claim]) -> None:
    """Note what was asked again and still holds: it is not asked a third time.

    What was refused stays pending: whoever catches that refusal cannot commit what it was about.
    """
    claims = _open.get()
    if claims is None:
        return
    if len(granted) == len(claims.pending):  # nothing was noted meanwhile: the hashes are known
        claims.settled.update(claims.pending)
        claims.pending = {}
    else:
        claims.settled.update(granted)
        claims.pending = {claim: None for claim in claims.pending if claim not in claims.settled}
