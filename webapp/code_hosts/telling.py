"""Commits and merge requests are told in the timelines of the issues that they name, each once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from webapp.access import Viewer
from webapp.code_hosts import mentions, repository
from webapp.code_hosts.mentions import Known, Pair
from webapp.code_hosts.naming import Named, Naming
from webapp.code_hosts.reading import Written
from webapp.code_hosts.rows import Waiting, called
from webapp.events import service as events
from webapp.events.kinds import Committed, Happening, MergeRequested
from webapp.models.code_hosts import Piece
from webapp.projects.service import ProjectRow

# What happens to the issues of a project, by whom.
Acts = dict[tuple[ProjectRow, Viewer], list[tuple[int, Happening]]]


def tell(waiting: Waiting, found: Named, present: Collection[int], by: Viewer) -> set[Pair]:
    """Tell what is new of all this in the issues that are still there; which of it has closed its issue before."""
    closed: set[Pair] = set()
    new: list[tuple[Written, int]] = []
    for kind in Piece:
        each = [one for one in found.each if one.written.kind == kind]
        known = _known(waiting.host_id, kind, each)
        closed |= {pair for pair, one in known.items() if one.has_closed}
        new += _noted(waiting, [pair for pair in _pairs(each, present) if _is_new(*pair, known)])
    for (home, actor), happened in _acts(waiting.kind, new, found, by).items():
        events.record_each(home.id, actor, happened)
    return closed


def _noted(waiting: Waiting, fresh: list[tuple[Written, int]]) -> list[tuple[Written, int]]:
    """The same once it is written down."""
    ids = mentions.keep(waiting.host_id, waiting.kind, {written.ref: written for written, _ in fresh}.values())
    mentions.note([(ids[written.ref], issue_id, written.state) for written, issue_id in fresh])
    return fresh


def _known(host_id: int, kind: Piece, each: Sequence[Naming]) -> dict[Pair, Known]:
    refs, ids = {one.written.ref for one in each}, {id for one in each for id in one.names}
    return mentions.known(host_id, kind, refs, ids) if each else {}


def _pairs(each: Sequence[Naming], present: Collection[int]) -> Iterator[tuple[Written, int]]:
    for one in each:
        yield from ((one.written, id) for id in one.names if id in present)


def _is_new(written: Written, issue_id: int, known: dict[Pair, Known]) -> bool:
    """Whether the issue was not told that yet. What came to be earlier than what it was told is old, too."""
    told = known.get((written.ref, issue_id))
    if told is None:
        return True
    late = written.stated_at is not None and told.stated_at is not None and written.stated_at < told.stated_at
    return told.state != written.state and not late


def _acts(host: str, new: Sequence[tuple[Written, int]], found: Named, by: Viewer) -> Acts:
    """What happened, by who did it. Who that is their confirmed address says; else it is told by who connected it."""
    acts: Acts = defaultdict(list)
    homes = {found.home(id) for _, id in new}
    emails = {written.email for written, _ in new if written.email}
    members = {home: repository.members(home.id, sorted(emails)) for home in homes}
    for written, id in new:
        home = found.home(id)
        author = members[home].get(written.email) if written.state in (None, "open") else None
        acts[home, author or by].append((id, _happened(host, written, None if author else written.author or None)))
    return acts


def _happened(host: str, written: Written, author: str | None) -> Happening:
    told = written.ref, called(host, written.kind, written.ref), written.title, written.url, author, written.branch
    return MergeRequested(*told, written.state) if written.state is not None else Committed(*told)
