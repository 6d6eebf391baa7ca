"""Issues that arrive on the default branch as fixed are closed, as far as whoever connected the repository may."""

from collections.abc import Collection, Iterator, Mapping

from webapp.access import Viewer
from webapp.changes.want import Cause
from webapp.code_hosts import mentions
from webapp.code_hosts.mentions import Pair
from webapp.code_hosts.naming import Named, Naming
from webapp.code_hosts.rows import Outcome, Waiting, called
from webapp.editing import service as editing
from webapp.models.code_hosts import Piece
from webapp.projects.service import ProjectRow


def close(
    waiting: Waiting, found: Named, held: Collection[int], done: set[Pair], by: Viewer, outcome: Outcome
) -> None:
    """Close these held issues, those of a project in one change. What each closed before, `done`, it leaves alone."""
    fixing = {pair: one for pair, one in _fixing(found, held) if pair not in done}
    causes = {id: _cause(waiting.kind, one) for (_, id), one in reversed(fixing.items())}
    for home in {found.home(id) for id in causes}:
        own = {id: cause for id, cause in causes.items() if found.home(id) == home}
        _close(home, own, found, by, outcome)
    _note(waiting.host_id, fixing, {id for id, _ in outcome.left_open})


def _note(host_id: int, fixing: Mapping[Pair, Naming], left_open: Collection[int]) -> None:
    """What closed an issue, or found it closed, will not close it again."""
    for kind in Piece:
        pairs = [pair for pair, one in fixing.items() if one.written.kind == kind and pair[1] not in left_open]
        mentions.note_closed(kind, host_id, pairs)


def _close(home: ProjectRow, own: Mapping[int, Cause], found: Named, by: Viewer, outcome: Outcome) -> None:
    batch = editing.close_named(home, own, by, code=own)
    ids = {found.meant[id].number: id for id in own}
    outcome.closed += sorted(batch.changed)
    outcome.left_open += [(ids[one.number], one.detail) for one in batch.refused]


def _fixing(found: Named, held: Collection[int]) -> Iterator[tuple[Pair, Naming]]:
    for one in found.each:
        yield from (((one.written.ref, id), one) for id in one.closing if id in held)


def _cause(host: str, naming: Naming) -> Cause:
    written = naming.written
    return Cause(called(host, written.kind, written.ref), written.url)
